"""The vocabulary of the second made-up firm, a dealer in laboratory goods: other names, towns, trades, numbers."""

from collections.abc import Callable
from random import Random

from benchmarks.invented import words
from benchmarks.invented.words import Town

OWN = {
    "name": "Ludwigsauer Laborbedarf GmbH",
    "domains": ["ludwigsauer-lab.de"],
    "authserv_id": "mx-in.ludwigsauer-lab.de",
    "trusted_arc": ["laborverbund-liste.de"],
    "phone": "+49 561 70260-0",
    "vat_id": "DE287346125",
    "city": "Kassel",
    "webform_sender": "website@ludwigsauer-lab.de",
    "fax_gateway": "fax2mail@anlage-nord.example",
    "staff": [
        ["Wiebke Hansmann", "wiebke.hansmann@ludwigsauer-lab.de"],
        ["Jost Riedelbauch", "jost.riedelbauch@ludwigsauer-lab.de"],
        ["Frauke Terstegen", "frauke.terstegen@ludwigsauer-lab.de"],
        ["Auftragsabwicklung", "auftrag@ludwigsauer-lab.de"],
    ],
}
FOREIGN_AUTHSERV = ("scan4.postamt-filter.example", "edge.mietserver-west.example")
NUMBERS: dict[str, Callable[[Random], str]] = {
    "customer": lambda rng: f"7{rng.randint(10000, 99999)}",
    "order": lambda rng: f"1-{rng.choice((25, 26))}-{rng.randint(1, 999999):06}",
    "invoice": lambda rng: f"RG{rng.choice((24, 25, 26))}-{rng.randint(1000, 9999)}-{rng.randint(1, 9)}",
    "offer": lambda rng: f"AN.{rng.choice((25, 26))}.{rng.randint(100, 999)}",
    "ticket": lambda rng: f"T{rng.randint(100000, 999999)}",
}
_WOMEN = """
    Wiebke Imke Silke Gesa Frauke Hilke Antje Birte Swantje Elke Maren Telse Heike Ulrike Kerstin Sigrun Ilona Ramona
    Doreen Mandy Steffi Anett Katrin Jana Romy Grit Yvonne Marlies Trude Herta Monika Renate Ursula Beate Dörte Käthe
    """
_MEN = """
    Hauke Sönke Torben Malte Eike Jost Henning Detlef Uwe Holger Ingo Sven Thorsten Ralf Maik Ronny Enrico Silvio Jens
    Heiko Frank Bernd Manfred Horst Günter Werner Rolf Dietmar Egon Arne Momme Boy Knut Lasse Ulf Wolfram Jörn Götz
    """
FIRST = {**words.FIRST, "de": (tuple(_WOMEN.split()), tuple(_MEN.split()))}
LAST = {
    **words.LAST,
    "de": tuple(
        """Terstegen Petersdorff Kruck Brodersen Asmussen Lorenzen Thomsen Carstensen Boysen Nissen Feddersen Harms
        Ohlsen Wessels Eilers Janßen Onken Siefken Reents Folkerts Ubben Dirks Tjaden Krampitz Noack Kubitz Lehnigk
        Mrosko Schimank Handrick Dubrau Kschischan Budich Piater Rietschel Oehmichen Zschoche Grahneis Trautmann
        Hädrich Kirchhoff Lüttmann Brockmeier Tiemann Niehaus Strothmann Wellensiek Obermann Sundermeier Riepe
        Quakenbrück Holtkamp Averbeck Böcker Rüschkamp Schulze-Bisping Overkamp Wortmann Lütke Kemper Brinkhus Dröge
        Hünefeld Apel Grebenstein Schäfers Rudolphi Heckerodt Vaupel Umbach Siebert Wicke Ochs Knierim Pfannkuch
        Bräutigam Iffland Möhle Ahlborn Bartels Cordes Dankers Ehlers Fricke Gieseke Hillebrecht Isermann Jahns Klages
        Lampe Müggenburg Nolte Oelkers Papendieck Quest Rehbein Schaper Tappe Uhde Voges Wichmann Zobel""".split()
    ),
}
WOMEN = frozenset({"Andrea", "Maria", "Sandra", "Petra", "Sabine"}.union(*(names[0] for names in FIRST.values())))
COMMON_FIRST = ("Michael", "Andrea", "Stefan", "Sandra", "Petra", "Christian", "Sabine", "Jürgen")
COMMON_LAST = ("Schmidt", "Müller", "Schneider", "Fischer", "Schulz", "Becker", "Hoffmann", "Wolf", "Krause", "Lange")
ROLES = tuple(
    """Laborleitung Beschaffung Qualitätssicherung Rechnungswesen Praxisleitung Fachbereichsleiter Schulleitung
    Wareneingang Betriebsleiter Inhaberin Prokurist Disposition""".split()
)
TRADES = tuple(
    """Apotheke Tierarztpraxis Dentallabor Wasserverband Keramikwerkstatt Imkerei Saatzucht Galvanik Ölmühle Färberei
    Gerberei Baumschule Fischzucht Kläranlagenbau Seifensiederei Gewürzmühle Obsthof Glashütte Brennerei Optikfertigung
    Lackfabrik Umweltanalytik""".split()
)
HOUSES = tuple(
    "Ankerhof Deichtor Heidekrug Sandkuhle Moorblick Tidehaus Wendenburg Spreegrund Elbaue Kiefernweg".split()
)
INVENTED = tuple(
    "Hydrovant Cernolab Biometrik Quarzwerk Solvendo Phytalis Nordanalytik Ferrotest Aquasens Kolbia".split()
)
SUFFIXED = tuple("Analytik Diagnostik Werke Institut Technologie Umwelt Messtechnik".split())
STREETS = tuple(
    "Deichstraße|Am Speicher|Lange Reihe|Mühlenkamp|Bahnhofsallee|Heideweg|An der Kapelle|Gänsemarkt|Werftstraße"
    "|Zum Sandberg|Querstraße|Brauhausgasse|Fuldaufer|Kiefernallee|Hinter der Schule|Rheinsprung|Obere Gasse".split("|")
)
GOODS = tuple(
    """Pipettenspitzen Petrischalen Erlenmeyerkolben Messzylinder Nitrilhandschuhe Filterpapiere Reagenzgläser
    Waagschalen Thermometer Indikatorstäbchen Kühlakkus Schutzbrillen Becherglaszangen Bunsenbrenner""".split()
)
ROLE_BOXES = tuple("post service labor praxis zentrale anfragen sekretariat team".split())
TOWNS = (
    Town("25813", "Husum", "DE", "4841"),
    Town("26603", "Aurich", "DE", "4941"),
    Town("03046", "Cottbus", "DE", "355"),
    Town("34117", "Kassel", "DE", "561"),
    Town("48653", "Coesfeld", "DE", "2541"),
    Town("32756", "Detmold", "DE", "5231"),
    Town("31785", "Hameln", "DE", "5151"),
    Town("04600", "Altenburg", "DE", "3447"),
    Town("19370", "Parchim", "DE", "3871"),
    Town("3100", "St. Pölten", "AT", "2742"),
    Town("8010", "Graz", "AT", "316"),
    Town("4910", "Ried im Innkreis", "AT", "7752"),
    Town("5020", "Salzburg", "AT", "662"),
    Town("4051", "Basel", "CH", "61"),
    Town("3011", "Bern", "CH", "31"),
    Town("5400", "Baden", "CH", "56"),
)
ABROAD = tuple(town for town in words.ABROAD if town.country in ("NL", "PL", "IT"))
LEGAL_FORMS = {
    **words.LEGAL_FORMS,
    "DE": ("GmbH", "UG (haftungsbeschränkt)", "eG", "GmbH & Co. KG", "e. K.", "PartG mbB", ""),
    "AT": ("GmbH", "KG", "e.U.", "reg. Gen.m.b.H."),
    "CH": ("AG", "GmbH", "Genossenschaft"),
}
DOMAIN_ENDINGS = words.DOMAIN_ENDINGS
FREEMAIL = {**words.FREEMAIL, "DE": ("gmx.net", "web.de", "t-online.de", "mail.de", "gmail.com", "freenet.de")}
REGIONAL_PROVIDERS = ("ewetel-nordwest.de",)
REQUESTS = (
    "wann dürfen wir mit den {product} rechnen?",
    "bitte legen Sie {n} {product} für uns zurück, ich hole sie am {date} ab.",
    "beim letzten Karton {product} waren etliche undicht. Was machen wir damit?",
    "können Sie mir für {product} eine Preisstaffel nennen?",
    "passen die {product} auch in den alten Halter?",
    "wir möchten unsere Bestellung um {n} {product} aufstocken.",
    "die Lieferung kam heute ohne Lieferschein, bitte reichen Sie ihn nach.",
    "gibt es die {product} noch in der alten Größe?",
    "vielen Dank, alles ist heil angekommen.",
    "der Termin am {date} passt bei uns leider nicht mehr, geht es eine Woche später?",
    "bitte nennen Sie mir jemanden, der die Waage warten kann.",
    "ich habe versehentlich {n} statt der Hälfte bestellt. Lässt sich das noch ändern?",
    "auf dem Etikett fehlt die Charge. Können Sie nachsehen, welche es ist?",
    "dürfen die {product} in den Autoklaven?",
    "unser Praktikum beginnt in KW {week}, bis dahin bräuchten wir {n} {product}.",
)
NEW_WISHES = (
    "wir eröffnen im Frühjahr ein kleines Labor und suchen einen Lieferanten für {product}.",
    "über eine Suchmaschine bin ich auf Sie gestoßen. Liefern Sie {product} auch in kleinen Mengen?",
    "wir würden gern Ihren Katalog bekommen, {product} brauchen wir laufend.",
    "für unseren Verein suche ich gebrauchte {product}. Haben Sie so etwas?",
)
FRAUDS = (
    "unsere Hausbank hat gewechselt. Überweisen Sie offene Beträge bitte nur noch auf {iban}.",
    "bitte hinterlegen Sie für künftige Zahlungen unser neues Konto: {iban}. Eine Bestätigung genügt mir per Mail.",
    "das alte Konto wird gerade geprüft, deshalb bitte heute noch auf {iban} zahlen, sonst sperren wir die Lieferung.",
    "ich sitze in einer Besprechung und kann nicht telefonieren. Könnten Sie mir rasch 5 Gutscheinkarten zu 100 Euro "
    "besorgen?",
    "ein Spediteur holt morgen {n} {product} bei Ihnen ab, Papiere folgen. Bitte ohne Rückfrage herausgeben.",
    "schicken Sie mir bitte eine Liste aller offenen Posten und den Namen Ihrer Buchhalterin.",
    "die Lieferung leiten Sie bitte an eine andere Adresse um, unser Lager ist geschlossen: Industriering 4, Venlo.",
    "behandeln Sie das bitte vertraulich: Wir brauchen noch heute eine Überweisung von {amount}.",
    "please update our bank details for all future payments: {iban}. Kindly confirm today.",
    "ich brauche das Passwort für unser Kundenkonto, meins funktioniert nicht mehr. Schicken Sie es an diese Adresse.",
    "wir hätten gern ein Kreditlimit von {amount} und eine Lieferung vorab an unser neues Lager.",
    "bitte ändern Sie unsere Mailadresse in den Stammdaten auf diese hier und schicken Sie Rechnungen nur noch "
    "hierher.",
)
