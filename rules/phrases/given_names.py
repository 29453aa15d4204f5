"""Given names: short forms with the names they are used for, and common names, to tell them from family names.

Spelt as rules.folding.fold spells them. Only short forms that people are called by: names that share a root long ago
(Jürgen and Georg) are names of different people today.
"""

# "short: formal formal", German and English.
_SHORT = """
abby: abigail|achim: joachim|alex: alexander alexandra alexis|alf: alfred|andi: andreas andrea
andy: andreas andrea andrew|angie: angelika angela|anni: anna annemarie|annie: anna anne ann|ann: anne anna
toni: anton antonia antonius|tony: anthony anton|antoni: anton|babsi: barbara|barb: barbara|basti: sebastian
bastian: sebastian|wast: sebastian|wastl: sebastian|bea: beate beatrice beatrix|becky: rebecca|bella: isabella
baerbel: barbara|barbel: barbara|steffie: stefanie stephanie|lisi: elisabeth|koebi: jakob|ueli: ulrich|res: andreas
saemi: samuel|kari: karl|housi: hans|gundi: kunigunde gudrun|mimi: maria|nici: nicole|rosl: rosa rosemarie
burgi: walburga|hermi: hermine|wiggerl: ludwig|girgl: georg|kurtl: kurt|jogi: joachim|joggi: jakob|lore: eleonore
hannelore: johanna|zenzi: kreszenz|woody: woodrow|ben: benjamin benedikt bernhard
benni: benjamin|benny: benjamin|bene: benedikt|bernd: bernhard
berni: bernhard bernadette|bert: albert hubert robert norbert herbert berthold|bertl: albert hubert berthold
beth: elizabeth bethany|betty: elizabeth elisabeth bettina|betti: bettina elisabeth|bill: william|billy: william
will: william|bine: sabine|biene: sabine|bob: robert|bobby: robert|brad: bradley|gitti: brigitte birgit
caro: carolin caroline carola|karo: karolin karoline karola|cathy: catherine catharina|charlie: charles charlotte
chuck: charles|chris: christian christine christina christoph christopher|christl: christine christiane
christel: christine christiane|christa: christine|christoph: christopher|claus: nikolaus|klaus: nikolaus
conny: cornelia konrad constanze|conni: cornelia konrad|konny: cornelia konrad|connie: constance cornelia|dan: daniel
danny: daniel|dani: daniel daniela|dave: david|deb: deborah|debbie: deborah|dick: richard
didi: dieter dietmar dietrich|dieter: dietrich|don: donald|doro: dorothea dorothee|drew: andrew
ed: edward edwin edmund|eddie: edward eduard edgar|eddi: eduard edgar|edi: eduard|elli: elisabeth eleonore
ella: gabriella elisabeth|evi: eva evelyn|fanny: franziska stefanie|ferdl: ferdinand|ferdi: ferdinand
flo: florian florentine florence|flori: florian|franzi: franziska|franzl: franz|frank: francis franklin
fred: alfred frederick manfred frederic|freddy: alfred frederick manfred|freddie: frederick alfred
fredi: alfred manfred|fredl: alfred manfred|frieder: friedrich|friedl: friedrich friederike gottfried|fritz: friedrich
gabi: gabriele gabriela|gaby: gabriele gabriela|gerd: gerhard|gert: gerhard|gerti: gertrud gertraud
gerry: gerald gerhard|gitta: brigitte|gitte: brigitte|greg: gregory gregor|gregor: gregory|grete: margarete
gretl: margarete|greta: margarete|guenni: guenter guenther|guenter: guenther|gunter: gunther|gustl: august gustav
hanna: johanna hannah|hannah: johanna|hanne: johanna hannelore|hanni: johanna hannelore|hannes: johannes johann
hajo: hansjoachim hansjuergen
hans: johannes johann|hansi: hans johann johannes|hank: henry|harry: harald henry harold|hedi: hedwig
heidi: adelheid heidemarie heidrun|heiner: heinrich|heini: heinrich|heinz: heinrich|henni: henriette henning
herb: herbert|herbie: herbert|hilde: hildegard|horsti: horst|hubsi: hubert|hubi: hubert|inge: ingeborg ingrid
ines: inez|jack: john jackson|jakob: jacob|jan: johannes|jeff: jeffrey geoffrey|geoff: geoffrey|jen: jennifer
jenny: jennifer|jenni: jennifer|jerry: gerald jerome jeremy|jessi: jessica|jess: jessica|jim: james|jimmy: james
joe: joseph josef|joey: joseph|jo: johannes johanna joachim josef joanne jochen|jochen: joachim|joschi: josef
jupp: josef|sepp: josef|seppl: josef|pepi: josef|john: jonathan|johnny: john|jon: jonathan john|jonny: jonathan
josh: joshua|juli: julia juliane julian|jule: julia juliane|kalle: karl|karli: karl
kate: katherine catherine katharine|katie: katherine catherine|kathi: katharina katrin|kathy: katherine kathleen
kati: katharina katrin|kathrin: katharina|katrin: katharina|kaethe: katharina|katja: katharina|kim: kimberly
larry: lawrence|lasse: lars|laurenz: lorenz|len: leonard|leni: helene magdalena helena|lena: helena magdalena
leo: leonhard leopold leonard leonie|leon: leonhard|lexi: alexandra|lili: elisabeth|lilli: elisabeth lilian
lilly: elisabeth lillian|lisa: elisabeth|liesl: elisabeth|lisbeth: elisabeth|liz: elizabeth elisabeth|lizzy: elizabeth
lissi: elisabeth|loisl: alois|lois: alois|lotte: charlotte liselotte|lotti: charlotte|lou: louis louise|luggi: ludwig
lutz: ludwig|maggie: margaret|margit: margarete|margret: margarete|marge: margaret|mandy: amanda|manni: manfred
manu: manuel manuela emanuel|marci: marcel|matt: matthew|matze: matthias|mattes: matthias|hias: matthias
hiasl: matthias|max: maximilian maxwell|maxi: maximilian maximiliane|maxl: maximilian|meg: margaret|mel: melanie
melli: melanie|micha: michael michaela|michi: michael michaela|michl: michael|mick: michael|mike: michael
maik: michael|mitch: mitchell|mitzi: maria|molly: mary|moni: monika|nat: nathaniel natalie natalia
nate: nathan nathaniel|ned: edward|nele: cornelia|nicki: nicole|nico: nikolaus nicolas nicole|niko: nikolaus nikolai
nick: nicholas nicolas nikolaus|nicky: nicole nicholas|niki: nikolaus nicole|niklas: nikolaus|norb: norbert
olli: oliver|olly: oliver oliver|oli: oliver|ossi: oskar oswald|paddy: patrick|pam: pamela|pat: patrick patricia
patti: patricia|patty: patricia|peggy: margaret|pete: peter|petzi: petra|phil: philipp philip phillip|pit: peter
poldi: leopold|ray: raymond|reini: reinhard reinhold|resi: theresia theresa therese|rick: richard frederick
ricky: richard|richie: richard|rike: friederike ulrike henrike|rob: robert|robby: robert|robbie: robert|rolli: roland
roli: roland|ron: ronald|ronny: ronald|rosi: rosa rosemarie roswitha|rudi: rudolf ruediger|ruedi: rudolf|rupi: rupert
sabse: sabine|sally: sarah|sam: samuel samantha|sammy: samuel|sandi: sandra alexandra|sandy: sandra alexandra
sascha: alexander|schorsch: georg|sigi: siegfried sieglinde siegmund|siggi: siegfried sieglinde sigmund
stan: stanley stanislaus|steff: stefan stefanie|steffi: stefanie|stephi: stephanie|steve: steven stephen
stevie: steven stephen|sue: susan suzanne|susi: susanne susanna|suse: susanne|susie: susan|tanni: tanja
ted: theodore edward|teddy: theodore|terri: theresa|terry: terence theresa|theo: theodor theodore matthaeus
thea: dorothea theodora|tim: timothy|timmy: timothy|timo: timotheus|tina: christina martina bettina kristina valentina
tine: christine martina|tini: martina christine|tobi: tobias|toby: tobias|tom: thomas|tommy: thomas|thommy: thomas
traudl: gertraud edeltraud waltraud|traudi: gertraud waltraud|trudi: gertrud|uli: ulrich ulrike|ulli: ulrich ulrike
ulla: ursula ulrike|uschi: ursula|ursel: ursula|val: valentin valerie valentina|valli: valerie|vali: valentin
vreni: verena|verni: verena|vicki: viktoria victoria|vicky: viktoria victoria|vinz: vinzenz|vinzi: vinzenz
vroni: veronika|waldi: waldemar oswald|walli: walburga waltraud|walt: walter|wally: walter waltraud
willi: wilhelm wilfried willibald|willy: wilhelm william|wim: wilhelm|wolf: wolfgang wolfram|wolfi: wolfgang
xandi: alexander alexandra|xandl: alexander|zach: zachary
"""
# Spellings of one name.
_SPELLINGS = """
stefan stephan steffan stephen|stefanie stephanie|markus marcus|marko marco|mark marc|karl carl|karsten carsten
klaus claus|klara clara|clemens klemens|konrad conrad|kornelia cornelia|katharina catharina katarina
christina kristina|christine kristine|christian kristian|philipp philip phillip filip|matthias mathias mattias
rudolf rudolph|josef joseph|ralf ralph|rainer reiner|walter walther|thorsten torsten|torben thorben|juergen jurgen
guenther guenter gunther gunter|jan jann|sara sarah|lukas lucas|luka luca|oskar oscar|viktor victor|viktoria victoria
tilman tilmann|helmut hellmut helmuth|hermann herrmann|annette anette|anika annika|isabel isabell isabelle|jakob jacob
michaela mikaela|nikolas nicolas nicholas niklas|patrik patrick|swen sven|silvia sylvia
theresa teresa therese theresia|tanja tanya|tatjana tatiana|yvonne ivonne|eric erik erich|dirk dierk|gerhard gerhart
hanna hannah|johann johan|lothar lotar|martha marta|natalie nathalie|rene renee|sofie sophie sofia sophia|ursula ursel
maike meike|heike haike|jens jenns|joern jorn|bjoern bjorn|soeren soren|anna ana|elisabeth elizabeth
kathrin katrin cathrin catrin|dominik dominic
"""
# Names that stand in no row above.
_COMMON = """
adam adele adelheid adrian agata ahmed aisha alan albrecht alessandro alexa alina alisa alwin amelie amy anastasia
andre angelo anita anke anja anne annegret anneliese annett antje ariane armin arne arno arnold arthur astrid august
aurelia axel ayse barry birgit birte bodo boris brian britta bruno burkhard camilla carina carla carlo carmen cem
chiara claudia claudio constantin corinna corinne cristina dagmar damian daria denis dennis diana diane diego
dominique dora doreen dorian doris edda edith egon ekkehard elena elias elif elin elisa elke ellen elsa emil emilia
emily emma emre enrico enno erika erna ernst erwin esther etienne eugen eva ewald fabian fabienne fatma felix
felicitas fernando finja finn fiona francesca francesco francois frauke friedhelm gary georg gerda gerlinde gero gesa
gilbert gina giulia giuseppe gloria grace graham gudrun guido gunda gunnar guy hakan hanno harriet hartmut hasan
heather heiko helga helen helge hella hendrik henrik henry herta hiltrud holger howard hugh hugo ian ibrahim ida ignaz
igor ilka ilona ilse imke ina inga ingmar ingo irene irina iris irma irmgard ivan ivo jacqueline jana jane jannis
jannik jaroslav jasmin jason jean jelena joan joana joelle joerg jolanta jonas jost joyce juan judith julius justin
justus jutta kai karen karin keith kerstin kevin kilian kirsten knut korbinian kristin krzysztof kurt kyle laura lea
leah leila lennart liam liesbeth lina linda linus louisa lucia lucy luis luise luzia lydia lynn magnus maja malgorzata
malte mara marcel marek maren margot maria marianne marie marina mario marion marit marlene marlies martin marvin
maurice mehmet melissa merle merlin mia michel michele mila milan mirco mirja mirjam mohamed mona monica monique
moritz murat mustafa nadia nadine nadja naomi natascha neil nelly niamh nils nina noah noel nora oezlem olaf ole otto
pascal paul paula pauline pawel pedro peer petra philippa pia pierre piotr rachel raimund ramona raphael regina regine
renata renate reto ria riccardo rita robin roger rolf roman romy ronja rosalie roy ruben russell ruth ryan sabrina
samira sandro saskia scott sean selina sergej serkan sharon sibylle sigrid silke silvan simon simone sina sonja stella
steffen stuart svenja svetlana sylke tamara till thilo tilo tristan tugba udo ulf urban urs uta ute uwe valeria
vanessa veit vera veronica viola vincent vladimir volker volkmar wendy werner wiebke wilma winfried xaver yannick
yasmin zoe beat regula
"""


def _rows(text: str) -> list[str]:
    return text.strip().replace("\n", "|").split("|")


def _used_for() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in _rows(_SHORT):
        short, _, formal = row.partition(":")
        found.setdefault(short, set()).update(formal.split())
    for row in _rows(_SPELLINGS):
        # The first spelling stands for all: two names meet when they share one they may stand for.
        for spelling in row.split()[1:]:
            found.setdefault(spelling, set()).add(row.split()[0])
    return {short: frozenset(formal) for short, formal in found.items()}


# Which names a short form or spelling may stand for.
FORMAL: dict[str, frozenset[str]] = _used_for()
GIVEN: frozenset[str] = (
    frozenset(_COMMON.split()) | FORMAL.keys() | {name for names in FORMAL.values() for name in names}
)
