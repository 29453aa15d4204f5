"""The words for reasons, states and trust, in German and English: what a reader sees of a decision.

Evidence carries a reason's key, so that one stored decision can be read in either language.
"""

from collections.abc import Mapping

Language = str

WORDING: Mapping[str, tuple[str, str]] = {
    # reasons of a match: (German, English)
    "reason.address": ("Adresse bekannt", "known address"),
    "reason.alias": ("Adresse bekannt (mit Zusatz)", "known address (with a tag)"),
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
    "reason.internal": ("Mail im eigenen Haus", "mail within the firm"),
    "reason.staff": ("von Hand zugeordnet", "assigned by hand"),
    # how sure
    "match.sure": ("sicher: {reasons}", "sure: {reasons}"),
    "match.likely": ("wahrscheinlich: {reasons}", "likely: {reasons}"),
    "match.review": ("bitte prüfen: {reasons}", "please check: {reasons}"),
    "match.unknown": ("Absender unbekannt", "unknown sender"),
    "match.internal": ("Mail im eigenen Haus", "mail within the firm"),
    "match.spoof": ("gibt sich als {name} aus: {reasons}", "pretends to be {name}: {reasons}"),
    "match.spoof-nobody": ("nicht zugeordnet: {reasons}", "not assigned: {reasons}"),
    "match.pending": ("wird gerade gelesen", "is being read"),
    "match.ambiguous": ("mehrere Mails tragen diese Kennung", "several mails carry this id"),
    "match.chosen": ("von Hand geöffnet", "opened by hand"),
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
