"""Surnames that many people bear in Germany, Austria, Switzerland and the English-speaking countries.

Such a name and a town fit many people, in a pool that happens to hold only one of them too. Spelt as rules.folding.fold
spells them.
"""

COMMON = frozenset(
    """
    mueller muller schmidt schneider fischer weber meyer wagner becker schulz hoffmann schaefer schafer koch bauer
    richter klein wolf schroeder neumann schwarz zimmermann braun krueger kruger hofmann hartmann lange schmitt werner
    schmitz krause meier lehmann schmid schulze maier koehler kohler herrmann koenig konig walter mayer huber kaiser
    fuchs peters lang scholz moeller moller weiss jung hahn schubert vogel friedrich keller guenther gunther frank
    berger winkler roth beck lorenz baumann franke albrecht schuster simon ludwig boehm bohm winter kraus martin
    schumacher kraemer kramer vogt stein jaeger jager otto sommer gross seidel heinrich brandt haas schreiber graf
    schulte dietrich ziegler kuhn kuehn kuhn pohl engel horn busch bergmann thomas voigt sauer arnold wolff pfeiffer
    gruber moser steiner pichler eder reiter hofer leitner egger lechner wallner aigner brunner binder ebner mayr
    auer wimmer haider lackner winkler strasser schwaiger stadler riegler holzer bruckner steininger schwarz
    meier meyer mueller baumgartner gerber brunner steiner frei huber suter zimmermann moser widmer wyss graf roth
    baumann kunz bucher hofer lehmann kaufmann buehler buhler christen bachmann egli hess studer burri
    nguyen yilmaz kaya celik demir sahin oeztuerk ozturk nowak kowalski novak horvat
    ernst haupt paul peter michel schmitt schuetz schutz thiel hein ritter nagel marx stefan jansen hansen petersen
    andersen christiansen janssen claus claussen jensen sorensen lindner schilling bayer barth fiedler
    smith jones williams brown taylor davies wilson evans johnson miller davis walker white clark hall wright green
    hughes edwards roberts robinson thompson harris lewis clarke jackson wood turner hill cooper ward moore king
    """.split()
)
