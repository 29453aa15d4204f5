"""The words for reasons, states and trust, in German and English: what a reader sees of a decision.

Evidence carries a reason's key, so that one stored decision can be read in either language.
"""

from collections.abc import Mapping

Language = str

WORDING: Mapping[str, tuple[str, str]] = {
    # reasons of a match: (German, English)
    "reason.address": ("Adresse bekannt", "known address"),
    "reason.alias": ("Adresse bekannt (anders geschrieben)", "known address (written otherwise)"),
    "reason.thread": ("Antwort in einem bekannten Schriftwechsel", "reply in a known thread"),
    "reason.thread-joined": ("neu in einem bekannten Schriftwechsel", "new in a known thread"),
    "reason.domain": ("Firmendomain", "company domain"),
    "reason.domain-doubtful": ("Domain eines Kunden", "a customer's domain"),
    "reason.domain-name": ("Firmendomain in anderer Schreibweise", "company domain in another spelling"),
    "reason.recipient": ("Empfänger bekannt", "known recipient"),
    "reason.recipient-domain": ("Firmendomain des Empfängers", "recipient's company domain"),
    "reason.forwarded": ("weitergeleitete Mail von bekannter Adresse", "forwarded mail of a known address"),
    "reason.form": ("Adresse im Webformular angegeben", "address given in the web form"),
    "reason.relayed": (
        "bekannte Adresse, von einer Liste oder einem Portal genannt",
        "known address, told by a list or portal",
    ),
    "reason.shared-address": ("mehrere Kunden nutzen diese Adresse", "several customers use this address"),
    "reason.shared-domain": ("mehrere Kunden nutzen diese Domain", "several customers use this domain"),
    "reason.other-thread": (
        "der Schriftwechsel gehört zu einem anderen Kunden",
        "the thread belongs to another customer",
    ),
    "reason.vat": ("USt-IdNr.", "VAT id"),
    "reason.number": ("Kundennummer", "customer number"),
    "reason.reference": ("Vorgangsnummer", "reference number"),
    "reason.phone": ("Telefonnummer", "telephone number"),
    "reason.firm": ("Firmenname", "company name"),
    "reason.firm-like": ("ähnlicher Firmenname", "similar company name"),
    "reason.tenant": ("Ticketsystem der Firma", "the company's ticket system"),
    "reason.client": ("schreibt im Auftrag des Kunden", "writes on the customer's behalf"),
    "reason.person": ("Name der Person", "person's name"),
    "reason.person-like": ("ähnlicher Name", "similar name"),
    "reason.surname": ("Nachname", "surname"),
    "reason.street": ("Anschrift", "postal address"),
    "reason.place": ("Ort", "town"),
    "reason.other-vat": ("andere USt-IdNr.", "another VAT id"),
    "reason.other-firm": ("andere Firma in der Signatur", "another company in the signature"),
    "reason.other-address": ("die Adresse gehört einem anderen Kunden", "the address is another customer's"),
    "reason.other-domain": ("fremde Domain", "foreign domain"),
    "reason.other-place": ("anderer Ort", "another town"),
    "reason.other-phone": ("unbekannte Telefonnummer", "unknown telephone number"),
    "reason.other-person": ("andere Person", "another person"),
    "reason.left": ("arbeitet dort nicht mehr", "no longer works there"),
    "reason.not-customer": ("nach eigenem Wort noch kein Kunde", "no customer yet, they say"),
    "reason.several-senders": ("Absender mehrdeutig angegeben", "sender named ambiguously"),
    "reason.authentication": ("Absenderprüfung fehlgeschlagen", "sender check failed"),
    "reason.lookalike": ("täuschend ähnliche Domain", "deceptively similar domain"),
    "reason.other-ending": ("bekannter Name unter fremder Domain", "known name under a foreign domain"),
    "reason.foreign-address": ("bekannter Name, unbekannte Adresse", "known name, unknown address"),
    "reason.shown-address": ("zeigt eine andere Adresse, als er benutzt", "shows another address than it uses"),
    "reason.pretext": ("typisches Anliegen von Betrügern", "what impostors typically ask for"),
    "reason.everyday-wish": ("so schreiben auch Betrüger", "impostors write so too"),
    "reason.public-only": (
        "unbekannte Adresse, und für die Person spricht nur, was jeder nachlesen kann",
        "unknown address, and only what anybody can look up speaks for the person",
    ),
    "reason.elsewhere": ("Antworten gehen an eine fremde Adresse", "answers go to somebody else's address"),
    "reason.own-name": ("Name aus Ihrem Haus, fremde Adresse", "name of one of your people, foreign address"),
    "reason.internal": ("Mail im eigenen Haus", "mail within the firm"),
    "reason.staff": ("von Hand zugeordnet", "assigned by hand"),
    "reason.learned": ("Adresse gelernt", "address learned"),
    "reason.suspected": ("stand unter Fälschungsverdacht", "was suspected of forgery"),
    "reason.created": ("daraus als neuer Kunde angelegt", "made a new customer of it"),
    # how sure
    "match.sure": ("sicher: {reasons}", "sure: {reasons}"),
    "match.likely": ("wahrscheinlich: {reasons}", "likely: {reasons}"),
    "match.review": ("bitte prüfen: {reasons}", "please check: {reasons}"),
    "match.unknown": ("Absender unbekannt", "unknown sender"),
    "match.internal": ("Mail im eigenen Haus", "mail within the firm"),
    "match.spoof": ("gibt sich als {name} aus: {reasons}", "pretends to be {name}: {reasons}"),
    "match.spoof-own": ("gibt sich als jemand aus Ihrem Haus aus: {reasons}", "pretends to be one of you: {reasons}"),
    "match.spoof-nobody": ("nicht zugeordnet: {reasons}", "not assigned: {reasons}"),
    "match.pending": ("wird gerade gelesen", "is being read"),
    "match.ambiguous": ("mehrere Mails tragen diese Kennung", "several mails carry this id"),
    "match.chosen": ("von Hand geöffnet", "opened by hand"),
    # what the words of a complaint do
    "complaint.late": ("wartet oder bekam es zu spät", "waits, or got it late"),
    "complaint.missing": ("etwas fehlt", "something is missing"),
    "complaint.wrong": ("nicht wie bestellt", "not as ordered"),
    "complaint.defect": ("Mangel", "defect"),
    "complaint.repeated": ("nicht zum ersten Mal", "not for the first time"),
    "complaint.ignored": ("bekam keine Antwort", "got no answer"),
    "complaint.rude": ("Umgangston", "was treated rudely"),
    "complaint.price": ("Rechnung oder Preis stimmt nicht", "invoice or price is wrong"),
    "complaint.broken-promise": ("Zusage nicht gehalten", "a promise was broken"),
    "complaint.unmet": ("Erwartung nicht erfüllt", "falls short of what was expected"),
    "complaint.anger": ("verärgert", "angry"),
    "complaint.irony": ("ironisch", "ironic"),
    "complaint.loss": ("hatte Aufwand oder Schaden", "had trouble or a loss"),
    "complaint.demand": ("fordert Abhilfe", "demands a remedy"),
    "complaint.leaving": ("droht zu gehen", "threatens to leave"),
    "complaint.legal": ("rechtliche Schritte", "legal steps"),
    "complaint.privacy": ("Datenschutz", "data protection"),
    "complaint.safety": ("Gefahr oder Verletzung", "danger or injury"),
    "complaint.solved": ("ist behoben", "has been put right"),
    # … where no known turn of phrase stands in them
    "complaint.about.delivery": ("Lieferung oder Termin", "delivery or date"),
    "complaint.about.quality_defect": ("Qualität", "quality"),
    "complaint.about.invoice_payment": ("Rechnung oder Zahlung", "invoice or payment"),
    "complaint.about.service_staff": ("Service", "service"),
    "complaint.about.cancellation_threat": ("Kündigung", "cancellation"),
    "complaint.about.legal_threat": ("rechtliche Schritte", "legal steps"),
    "complaint.about.data_protection": ("Datenschutz", "data protection"),
    "complaint.about.other": ("Beschwerde", "complaint"),
    # what a complaint is about, and how grave it is
    "complaint.category.delivery": ("Lieferung und Termine", "delivery and dates"),
    "complaint.category.quality_defect": ("Qualität und Mängel", "quality and defects"),
    "complaint.category.invoice_payment": ("Rechnung und Zahlung", "invoice and payment"),
    "complaint.category.service_staff": ("Service und Personal", "service and staff"),
    "complaint.category.cancellation_threat": ("droht mit Kündigung", "threatens to cancel"),
    "complaint.category.legal_threat": ("droht mit rechtlichen Schritten", "threatens legal steps"),
    "complaint.category.data_protection": ("Datenschutz", "data protection"),
    "complaint.category.other": ("Sonstiges", "other"),
    "complaint.severity.1": ("leicht", "mild"),
    "complaint.severity.2": ("deutlich", "clear"),
    "complaint.severity.3": ("Eskalation", "escalation"),
    # trust
    "trust.pass": ("Absender von unserem Mailserver bestätigt", "sender confirmed by our mail server"),
    "trust.fail": (
        "Achtung: Unser Mailserver hält den Absender für gefälscht",
        "Warning: our mail server says the sender is forged",
    ),
    "trust.none": ("Absender nicht geprüft", "sender not checked"),
    # channels and directions on the timeline
    "channel.mail": ("Mail", "Mail"),
    "channel.letter": ("Brief", "Letter"),
    "channel.fax": ("Fax", "Fax"),
    "channel.call": ("Anruf", "Call"),
    "channel.note": ("Notiz", "Note"),
    "channel.chat": ("Chat", "Chat"),
    "channel.visit": ("Besuch", "Visit"),
    "channel.download": ("Download", "Download"),
    "channel.mailing": ("Mailing", "Mailing"),
    "channel.social": ("Soziales Netz", "Social"),
    "entry.closed": ("{channel} am {date}", "{channel} on {date}"),
    "entry.to": ("an den Kunden", "to the customer"),
    # references
    "reference.order": ("Auftrag", "Order"),
    "reference.invoice": ("Rechnung", "Invoice"),
    "reference.offer": ("Angebot", "Offer"),
    "reference.ticket": ("Ticket", "Ticket"),
    # states of a customer
    "status.lead": ("Interessent", "lead"),
    "status.active": ("Kunde", "customer"),
    "status.dormant": ("ruhend", "dormant"),
    "status.lost": ("verloren", "lost"),
    # where a complaint stands
    "complaint.state.open": ("Beschwerde", "Complaint"),
    "complaint.state.doubtful": ("Vielleicht eine Beschwerde, bitte prüfen", "Perhaps a complaint, please check"),
    "complaint.state.confirmed": ("Beschwerde", "Complaint"),
    "complaint.state.solved": ("Beschwerde, gelöst", "Complaint, solved"),
    "complaint.state.dismissed": ("Keine Beschwerde", "No complaint"),
    "complaint.state.history": ("Frühere Beschwerde", "Earlier complaint"),
    "complaint.state.relief": ("Der Ärger ist wohl vorbei", "The trouble seems to be over"),
    "complaint.closed": ("Es gibt eine offene Beschwerde", "There is an open complaint"),
    "complaint.relief": ("Eine spätere Mail sagt, dass es erledigt ist", "A later mail says that it has been settled"),
    "complaint.quote": ("„{quote}“", "“{quote}”"),
    "complaint.tag": ("Beschwerde", "complaint"),
    # text form of the summary
    "text.since": ("seit {since}", "since {since}"),
    "text.recent": ("Zuletzt", "Recently"),
    "text.references": ("Vorgänge", "References"),
    "text.candidates": ("Vielleicht", "Perhaps"),
    "text.king": ("Königskunde", "king customer"),
}


def say(key: str, language: Language, **values: object) -> str:
    """The words for `key` in German ("de") or English (anything else)."""
    german, english = WORDING[key]
    return (german if language == "de" else english).format(**values)


def knows(key: str) -> bool:
    """Whether there are words for `key`."""
    return key in WORDING
