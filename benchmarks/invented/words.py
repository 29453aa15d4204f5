"""The vocabulary of the made-up firm: names, towns, trades and goods. Nobody and nothing of it exists."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

OWN = {
    "name": "Alpstein Gastrobedarf AG",
    "domains": ["alpstein-gastro.ch", "alpstein-gastro.at"],
    "authserv_id": "gw2.bodanhost.ch",
    "trusted_arc": ["hotelverband-liste.ch", "gewerbe-post.at"],
    "phone": "+41 71 858 40 00",
    "vat_id": "CHE-417.206.552 MWST",
    "city": "Rorschach",
    "webform_sender": "shop@alpstein-gastro.ch",
    "fax_gateway": "combox@telefonanlage.example",
    "staff": [
        ["Regula Brunner-Zogg", "r.brunner@alpstein-gastro.ch"],
        ["Thomas Keller", "t.keller@alpstein-gastro.ch"],
        ["Gerhard Pichlmair", "g.pichlmair@alpstein-gastro.at"],
        ["Verkauf Innendienst", "verkauf@alpstein-gastro.ch"],
        ["Servicestelle Österreich", "service@alpstein-gastro.at"],
    ],
}
FOREIGN_AUTHSERV = ("mx.fremdhost.net", "spamfilter.hosting-sued.example", "mail7.provider-relay.net")
# How our numbers are built.
NUMBERS: dict[str, Callable[[Random], str]] = {
    "customer": lambda rng: f"{rng.randint(10, 39)}-{rng.randint(1000, 9999)}-{rng.choice('ABCDEFHKM')}",
    "order": lambda rng: f"AB/{rng.choice((24, 25, 26))}/{rng.randint(1, 99999):05}",
    "invoice": lambda rng: f"{rng.choice((2024, 2025, 2026))}.{rng.randint(10000, 19999)}",
    "offer": lambda rng: f"OFF-{rng.randint(100000, 999999)}",
    "ticket": lambda rng: f"SR.{rng.randint(10000, 99999)}",
}
FIRST: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    # (women, men) by culture
    "de": (
        tuple(
            """Regula Ursina Seraina Barbara Vreni Corinne Sibylle Franziska Annelies Roswitha Waltraud Hedwig Gerlinde
            Veronika Theresia Elfriede Ingeborg Cornelia Bettina Friederike Mechthild Lieselotte Magdalena Karoline
            Johanna Helene Rosmarie Dagmar Gudrun Ottilie Leonie Mirjam Nadja Selina Xenia Verena Adelheid""".split()
        ),
        tuple(
            """Urs Beat Reto Ueli Hansruedi Köbi Josef Alois Gebhard Ignaz Leopold Ferdinand Xaver Korbinian Ludwig
            Benedikt Severin Wendelin Meinrad Gallus Luzius Balthasar Ambros Kilian Quirin Vinzenz Eberhard Gottfried
            Hartmut Volker Lorenz Matthäus Clemens Rupert Engelbert Fridolin Jürg Björn Jörg""".split()
        ),
    ),
    "it": (
        tuple("Chiara Giulia Federica Martina Alessia Ornella Graziella Patrizia Loredana Silvana Ilaria".split()),
        tuple("Matteo Lorenzo Davide Giancarlo Fabrizio Stefano Emanuele Tiziano Renato Ivano Gabriele".split()),
    ),
    "fr": (
        tuple("Amélie Céline Hélène Sandrine Mathilde Élodie Solange Aurélie Ghislaine Noémie".split()),
        tuple("Thierry Laurent Benoît Jean-Luc Gaël Rémi Yves Olivier Grégoire Cédric".split()),
    ),
    "nl": (
        tuple("Anneke Marieke Sanne Femke Lotte Hanneke Wilma Tineke".split()),
        tuple("Joost Maarten Sjoerd Willem Bram Dirk Gijs Ruben".split()),
    ),
    "en": (
        tuple("Harriet Imogen Gwen Beatrice Philippa Rosalind Daphne Winifred".split()),
        tuple("Alistair Rupert Nigel Graham Desmond Clive Trevor Barnaby".split()),
    ),
    "pl": (
        tuple("Agnieszka Małgorzata Katarzyna Zofia Bożena Dorota Halina Grażyna".split()),
        tuple("Krzysztof Wojciech Paweł Łukasz Grzegorz Zbigniew Tadeusz Marek".split()),
    ),
    "tr": (
        tuple("Ayşe Elif Zeynep Gülşen Nurcan Sevgi Emine Filiz".split()),
        tuple("Mehmet Çağlar Yiğit Ömer Kemal Orhan Serkan Tolga".split()),
    ),
}
LAST: dict[str, tuple[str, ...]] = {
    "de": tuple(
        """Manser Schläpfer Inauen Rechsteiner Dörig Fässler Koller Zellweger Niederer Tobler Signer Looser Brülisauer
        Hautle Büchler Ebneter Gschwend Hasler Loher Sutter Wetter Zähner Knechtle Frick Marxer Büchel Ospelt Vonbank
        Bösch Fussenegger Hämmerle Rhomberg Küng Moosbrugger Natter Feurstein Metzler Sohm Greber Dür Gmeiner Burtscher
        Tschofen Ganahl Zudrell Mangeng Kessler Riedmann Scheffknecht Alge Grabher Hollenstein Hofer Lechleitner Falch
        Zangerl Pfefferkorn Walch Strolz Matt Wachter Neyer Jochum Beirer Haid Kofler Plattner Thaler Gruber Oberhofer
        Unterrainer Innerhofer Pircher Egger Mair Winkler Haller Kiechle Haslach Briegel Zeller Prinz Heim Weishaupt
        Schädler Birk Dorn Endres Fink Geiger Hölzle Immler Jörg Kolb Lingg Mayr Nägele Osterried Pfanner Rädler
        Schwärzler Stiefenhofer Trautwein Uhlemayr Vögel Wiedemann Zengerle Abderhalden Bischofberger Caduff Derungs
        Flütsch Giger Hunziker Jenny Kuoni Lüthi Mosimann Nüesch Odermatt Pfister Räber Schnyder Thöni Ulmann
        Vögeli Wüthrich Zbinden Aebischer Bärtschi Christen Dubach Eggimann Fankhauser Gerber Habegger Iseli
        Käser""".split()
    ),
    "it": tuple(
        "Bernasconi Fontana Rusconi Lombardi Ferrarini Zanotti Pedrazzini Tomasini Delucchi Galli Marzano".split()
    ),
    "fr": tuple(
        "Lefèvre Berthoud Chappuis Dumoulin Perroud Girardin Favre Monnier Rochat Carrard Blanc Vuilleumier".split()
    ),
    "nl": tuple("Verhoeven Dijkstra Kuipers Hoekstra Brouwer Postma Veenstra Hofstra Zijlstra Wiersma".split()),
    "en": tuple(
        "Hathaway Pemberton Ashdown Wetherby Fairclough Thistlewood Ravenscroft Holloway Bickerton Marlowe".split()
    ),
    "pl": tuple("Wiśniewski Kowalczyk Zieliński Szymański Woźniak Dąbrowski Kaczmarek Pawlak Sikora Wróbel".split()),
    "tr": tuple("Yıldırım Öztaş Şahin Karadağ Gündoğdu Çetinkaya Aydın Bozkurt Korkmaz Tekin".split()),
}
COMMON_FIRST = ("Thomas", "Andrea", "Martin", "Maria", "Peter", "Anna", "Daniel", "Sandra", "Markus", "Claudia")
# Every woman's first name above, for names that a situation chooses itself.
WOMEN = frozenset({"Andrea", "Maria", "Anna", "Sandra", "Claudia"}).union(*(names[0] for names in FIRST.values()))
COMMON_LAST = ("Müller", "Huber", "Meier", "Schmid", "Keller", "Bauer", "Wagner", "Weber", "Moser", "Fischer")
NICKNAMES = {
    "Josef": "Sepp",
    "Alois": "Loisl",
    "Johanna": "Hanni",
    "Barbara": "Bärbel",
    "Magdalena": "Leni",
    "Leopold": "Poldi",
    "Veronika": "Vroni",
    "Theresia": "Resi",
    "Gottfried": "Godi",
    "Ludwig": "Luggi",
    "Lorenz": "Lenz",
    "Karoline": "Lina",
}
ROLES = tuple(
    """Einkauf Küchenchef Buchhaltung Betriebsleitung Geschäftsführung Réception Haustechnik F&B-Manager Sekretariat
    Filialleitung Verwaltung Lager Hauswirtschaftsleitung Bankettleitung""".split()
)
TRADES = tuple(
    """Gasthof Hotel Bäckerei Metzgerei Konditorei Catering Brauerei Weinstube Berghotel Pizzeria Seniorenresidenz
    Käserei Molkerei Privatklinik Kaffeerösterei Partyservice Wäscherei Campingplatz Reitstall Kellerei Mosterei
    Feinkost Hausverwaltung Bootswerft Schreinerei Seilbahn""".split()
)
HOUSES = tuple(
    """Alpenrose Seehof Sonnental Gämsle Rebstock Lindenhof Bergkristall Enzian Murmele Steinbock Silberdistel
    Wildbach Föhrenwald Schwanen Rössli Kranich Hirschgarten Mühlrad Traubenhof Fernsicht""".split()
)
INVENTED = tuple(
    "Zalvo Quintor Melbaro Tresyl Norvika Urbena Gastrolux Kavero Lumitar Pradex Selvano Bruvik Ostela Vimara".split()
)
SUFFIXED = tuple("Systems Food Trading Service Handel Concept Technik Kantinen".split())
STREETS = tuple(
    """Oberdorfstrasse Seeweg Bahngasse Rebbergweg Mühletobel Kirchplatz Landstrasse Torkelgasse Schützenweg
    Hafenzeile Unterdorf Rosengartenweg Zollamtstrasse Sägewerkstrasse Brunnenplatz Webereistrasse Klostergasse
    Bleichestrasse Quellenweg Marktgasse""".split()
)
GOODS = tuple(
    """Gastronormbehälter Suppentassen Vakuumbeutel Backbleche Kellnermesser Tellerwärmer Weingläser Servietten
    Bankettstühle Rechauds Schneidbretter Kaffeelöffel Pfannenwender Eisportionierer Spülkörbe Tabletts Tischdecken
    Rührschüsseln Zuckerstreuer Thermoskannen""".split()
)
ROLE_BOXES = tuple("info office kontakt mail bestellung einkauf verwaltung reception buchhaltung hallo".split())


@dataclass(frozen=True, slots=True)
class Town:
    """A town with its postcode and the area code of its telephones, without the leading zero."""

    zip: str
    name: str
    country: str
    area: str
    culture: str = "de"


TOWNS = (
    Town("9400", "Rorschach", "CH", "71"),
    Town("8280", "Kreuzlingen", "CH", "71"),
    Town("9050", "Appenzell", "CH", "71"),
    Town("6003", "Luzern", "CH", "41"),
    Town("7000", "Chur", "CH", "81"),
    Town("8400", "Winterthur", "CH", "52"),
    Town("3600", "Thun", "CH", "33"),
    Town("4500", "Solothurn", "CH", "32"),
    Town("6900", "Bregenz", "AT", "5574"),
    Town("6850", "Dornbirn", "AT", "5572"),
    Town("6800", "Feldkirch", "AT", "5522"),
    Town("6700", "Bludenz", "AT", "5552"),
    Town("6020", "Innsbruck", "AT", "512"),
    Town("4600", "Wels", "AT", "7242"),
    Town("9500", "Villach", "AT", "4242"),
    Town("88131", "Lindau", "DE", "8382"),
    Town("88212", "Ravensburg", "DE", "751"),
    Town("78462", "Konstanz", "DE", "7531"),
    Town("87435", "Kempten", "DE", "831"),
    Town("88045", "Friedrichshafen", "DE", "7541"),
    Town("87527", "Sonthofen", "DE", "8321"),
    Town("89073", "Ulm", "DE", "731"),
)
ABROAD = (
    Town("39012", "Meran", "IT", "0473", "it"),
    Town("37121", "Verona", "IT", "045", "it"),
    Town("6600", "Locarno", "CH", "91", "it"),
    Town("74000", "Annecy", "FR", "4", "fr"),
    Town("1003", "Lausanne", "CH", "21", "fr"),
    Town("5611", "Eindhoven", "NL", "40", "nl"),
    Town("BA1 2LN", "Bath", "GB", "1225", "en"),
    Town("31-042", "Kraków", "PL", "12", "pl"),
    Town("35220", "Izmir", "TR", "232", "tr"),
)
LEGAL_FORMS = {
    "CH": ("AG", "GmbH", "", "AG", "GmbH"),
    "AT": ("GmbH", "OG", "e.U.", "GmbH & Co KG", ""),
    "DE": ("GmbH", "GmbH & Co. KG", "e.K.", "OHG", ""),
    "IT": ("S.r.l.", "s.n.c.", "S.p.A."),
    "FR": ("SARL", "SAS"),
    "NL": ("B.V.",),
    "GB": ("Ltd",),
    "PL": ("Sp. z o.o.",),
    "TR": ("A.Ş.",),
}
DOMAIN_ENDINGS = {"CH": "ch", "AT": "at", "DE": "de", "IT": "it", "FR": "fr", "NL": "nl", "GB": "co.uk", "PL": "pl"}
FREEMAIL = {
    "CH": ("bluewin.ch", "gmx.ch", "sunrise.ch", "gmail.com", "hotmail.com", "icloud.com"),
    "AT": ("gmx.at", "aon.at", "chello.at", "gmail.com", "outlook.com"),
    "DE": ("t-online.de", "web.de", "gmx.de", "gmail.com", "posteo.de", "freenet.de"),
    "IT": ("libero.it", "gmail.com", "virgilio.it"),
    "FR": ("orange.fr", "wanadoo.fr", "gmail.com"),
    "NL": ("ziggo.nl", "gmail.com"),
    "GB": ("btinternet.com", "gmail.com"),
    "PL": ("wp.pl", "o2.pl"),
    "TR": ("gmail.com", "hotmail.com"),
}
REGIONAL_PROVIDERS = ("seekabel-net.ch", "walgau-online.at", "illerfunk.de")
