"""The words in firms' names that many firms share: legal forms, trades, fillers, places; and in senders' names, roles.

All spelt as rules.folding.fold spells them; single letters with dots ("e. K.") joined.
"""

# Stripped wherever they stand in a name.
LEGAL_FORMS: frozenset[str] = frozenset(
    """
    gmbh mbh ggmbh gesmbh kgaa kg keg ohg gbr gesbr ug partg partgmbb partmbb mbb ek ekfm ekfr eku haftungsbeschraenkt
    aktiengesellschaft kommanditgesellschaft ltd limited llc llp plc inc incorporated sarl sagl gmbhundco srl srls aps
    oyj sro doo kft zrt bvba eurl sasu spzoo dooel eood
    """.split()
)
# Short words that mean something else, or belong to a name, elsewhere than at its end.
LEGAL_AT_END: frozenset[str] = frozenset(
    """
    ag se eg ev og as ab oy sa sas spa bv nv vof corp corporation co company kg lp sl sc snc ood ad gcv est anstalt
    scs cie compagnie mbb zoo sp pty still stille reg verein genossenschaft egen
    """.split()
)
# What a firm's name may be joined by in front of a legal form ("& Co. KG").
LEGAL_LINKS: frozenset[str] = frozenset("und co cie company ges".split())

ABBREVIATIONS: dict[str, str] = {
    "gebr": "gebrueder",
    "bros": "brothers",
    "intl": "international",
    "ing": "ingenieur",
    "dt": "deutsche",
    "st": "sankt",
    "mfg": "manufacturing",
    "hdl": "handel",
    "masch": "maschinen",
    "grp": "gruppe",
    "verw": "verwaltung",
    "ges": "gesellschaft",
    "soehne": "soehne",
    "sons": "sons",
    "str": "strasse",
    "elektr": "elektro",
    "svc": "service",
    "tech": "technik",
    "ingbuero": "ingenieurbuero",
}

# They say how a firm is organised, not which one it is.
FILLERS: frozenset[str] = frozenset(
    """
    firma fa fam familie und and et der die das the le la gruppe group gesellschaft niederlassung filiale zweigstelle
    standort branch office zentrale hauptsitz unternehmen unternehmensgruppe company co cie solutions partner partners
    sons inhaber inh vormals ehemals vorm seit since gegruendet bei am an im in von of for fuer mbh zu zur
    """.split()
)

# With one of these a name is another house's, related to the one without: sister firms, sons, branches.
SISTERS: frozenset[str] = frozenset(
    """
    holding international verwaltungs verwaltung beteiligungs beteiligung gebrueder geschwister brothers soehne sohn
    toechter nachfolger nachf nfg nord sued ost west mitte nordost nordwest suedost suedwest north south east global
    worldwide
    """.split()
)
COUNTRIES: frozenset[str] = frozenset(
    "deutschland germany oesterreich austria schweiz suisse switzerland europe europa".split()
)

# Trades and kinds of house: half the pool has one.
TRADES: frozenset[str] = frozenset(
    """
    agentur akademie analytik anlagen anwalt anwaelte apotheke architekten architektur arzt automation automotive
    autohaus backwaren bad baecker baeckerei bank bau baubetrieb bauunternehmen bauunternehmung beratung betrieb
    bootsbau buero cafe catering chemie clean cleaning clinic clinics computer concept consult consulting construction
    data dach dachdecker dental design dienst dienste dienstleistung dienstleistungen digital druck druckerei edv
    eisen elektro elektrik elektronik elektrotechnik energie energy engineering entsorgung estrich event events export
    fahrzeuge farben fenster finanz finance fleischerei foerdertechnik foods food form galabau garten gartenbau
    gastronomie gaststaette gebaeude gebaeudereinigung gemeinschaftspraxis geruest getraenke glas grosshandel handel
    handels handwerk haus hausverwaltung haustechnik heizung heizungsbau holz hotel immobilien import industrie
    industries informatik ingenieur ingenieure ingenieurbuero institut innovation innovations it joinery kaelte
    kanzlei kfz kinik klinik klima klinikum kommunikation kuechen kunststoff kunststofftechnik labor labortechnik
    lackierung lager landtechnik logistik logistics machines maler management manufacturing marketing marine maschinen
    maschinenbau medien media medizin medizintechnik metall metallbau metzgerei moebel montage motoren nova optic
    optik papier pension personal pharma planung plumbing praezision praxis produktion products projekt pumpen recht
    rechtsanwaelte rechtsanwalt recycling reinigung reisebuero reisen restaurant sanitaer schlosserei schreinerei
    schule security service services sicherheit sicherheitsdienst shop software solar spedition sport stahl stahlbau
    stahlhandel steel steuerberater steuerberatung studio system systeme systems technik techniken technologie
    technologies technology telekommunikation textil tiefbau tischlerei tools touristik trading transport transporte
    treuhand umwelt versand versicherung versicherungen versorgung vertrieb vertriebs wein weingut werbung
    werbeagentur werk werke werkstatt werkzeug werkzeugbau wirtschaft wohnbau works zahnarzt zahnarztpraxis zimmerei
    """.split()
)
# How a trade ends when it is one word with its object ("Fensterbau", "Wachdienst").
TRADE_ENDINGS: tuple[str, ...] = (
    "bau", "technik", "service", "dienst", "dienste", "handel", "beratung", "verwaltung", "buero", "werke", "praxis",
    "reinigung", "vertrieb", "systeme", "logistik", "planung", "handlung", "hotel", "apotheke", "baeckerei",
    "werkstatt",
    "beschlaege", "schlosserei", "agentur", "kanzlei", "verlag", "fabrik", "industrie", "anlagen", "betrieb", "schule",
)  # fmt: skip

# Places that firms add to their names.
CITIES: frozenset[str] = frozenset(
    """
    aachen augsburg basel berlin bern bielefeld bochum bonn braunschweig bregenz bremen bremerhaven chemnitz cottbus
    darmstadt dortmund dresden duesseldorf duisburg erfurt erlangen essen esslingen flensburg frankfurt freiburg
    fuerth gelsenkirchen genf geneve giessen goettingen graz guetersloh hagen halle hamburg hamm hannover heidelberg
    heilbronn hildesheim ingolstadt innsbruck jena karlsruhe kassel kiel klagenfurt koblenz koeln konstanz krefeld
    lausanne leipzig leverkusen linz london ludwigsburg ludwigshafen luebeck luzern magdeburg mainz mannheim
    moenchengladbach moers muelheim muenchen muenster neuss nuernberg oberhausen offenbach oldenburg osnabrueck
    paderborn passau pforzheim potsdam ratingen recklinghausen regensburg remscheid reutlingen rostock saarbruecken
    salzburg salzgitter schwerin siegen solingen stuttgart trier tuebingen ulm vaduz villach wels wien wiesbaden
    winterthur wolfsburg wuerzburg wuppertal zuerich zwickau
    """.split()
)

# In a sender's name these say that no single person writes.
ROLES: frozenset[str] = frozenset(
    """
    abteilung accounting accounts admin administration anfrage anfragen angebot angebote annahme auftrag
    auftragsabwicklung auftraege ausbildung avis backoffice beschwerde beschwerden bestellung bestellungen bewerbung
    billing buchhaltung booking contact customer datenschutz dispo disposition einkauf empfang event export faktura
    feedback finance finanzbuchhaltung geschaeftsfuehrung geschaeftsleitung hallo hello help helpdesk hotline hr
    import info infos information invoice invoices karriere kasse kontakt kreditoren kunde kunden kundencenter
    kundendienst kundenservice kundenbetreuung lager leitung lieferung logistics mail mahnung mahnwesen mailer
    marketing marktplatz kaeufer verkaeufer newsletter noreply notification notifications office online onlineshop
    order orders payroll personal personalabteilung poststelle post postfach praxis presse procurement purchasing qm
    rechnung rechnungen rechnungseingang reception reply redaktion reklamation reklamationen reparatur reservierung
    sales sekretariat sendung service shipping shop store support system team technik technical ticket verkauf versand
    vertrieb verwaltung web webmaster webshop werkstatt zahlung zahlungsavis zentrale zentral daemon postmaster
    website wartung einsatzplanung montage arbeitsvorbereitung fuhrpark empfangsteam kundenteam
    """.split()
)
