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
    "reason.domain": ("Firmendomain", "company domain"),
    "reason.recipient": ("Empfänger bekannt", "known recipient"),
    "reason.recipient-domain": ("Firmendomain des Empfängers", "recipient's company domain"),
    "reason.forwarded": ("weitergeleitete Mail von bekannter Adresse", "forwarded mail of a known address"),
    "reason.form": ("Adresse im Webformular angegeben", "address given in the web form"),
    "reason.several-senders": ("Absender mehrdeutig angegeben", "sender named ambiguously"),
    "reason.shared-address": ("mehrere Kunden nutzen diese Adresse", "several customers use this address"),
    "reason.shared-domain": ("mehrere Kunden nutzen diese Domain", "several customers use this domain"),
    "reason.other-thread": (
        "der Schriftwechsel gehört zu einem anderen Kunden",
        "the thread belongs to another customer",
    ),
    "reason.authentication": ("Absenderprüfung fehlgeschlagen", "sender check failed"),
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
