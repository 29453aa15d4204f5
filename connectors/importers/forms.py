"""One row of a table as one of our words: which field takes what, and the words for kinds, states and channels."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date
from enum import StrEnum

from connectors.importers import books, cells
from connectors.importers.cells import Cell
from connectors.importers.fields import ID, Fields
from connectors.importers.problems import Problem
from rules.terms.consent import Purpose, Way
from rules.terms.customer import Contact, Customer, CustomerKind, CustomerStatus, PartyKind, Reference
from rules.terms.interaction import PAPERS, REACHES, Channel, Interaction, Reaction
from rules.terms.ledger import Invoice, Offer, OpenItem, Order, Payment, SurveyAnswer
from rules.terms.mail import Direction

_LONG = 100_000

_KINDS = {"firma": CustomerKind.FIRM, "unternehmen": CustomerKind.FIRM, "gewerbe": CustomerKind.FIRM,
          "geschäftskunde": CustomerKind.FIRM, "company": CustomerKind.FIRM, "b2b": CustomerKind.FIRM,
          "privat": CustomerKind.PERSON, "privatperson": CustomerKind.PERSON, "privatkunde": CustomerKind.PERSON,
          "private": CustomerKind.PERSON, "b2c": CustomerKind.PERSON}  # fmt: skip
_PARTIES = {"kunde": PartyKind.CUSTOMER, "kundin": PartyKind.CUSTOMER, "debitor": PartyKind.CUSTOMER,
            "lieferant": PartyKind.SUPPLIER, "kreditor": PartyKind.SUPPLIER, "vendor": PartyKind.SUPPLIER,
            "behörde": PartyKind.AUTHORITY, "amt": PartyKind.AUTHORITY, "bewerber": PartyKind.APPLICANT,
            "bewerberin": PartyKind.APPLICANT, "geschäftspartner": PartyKind.PARTNER,
            "sonstige": PartyKind.OTHER, "sonstiges": PartyKind.OTHER}  # fmt: skip
_STATES = {"interessent": CustomerStatus.LEAD, "prospect": CustomerStatus.LEAD, "aktiv": CustomerStatus.ACTIVE,
           "inaktiv": CustomerStatus.DORMANT, "inactive": CustomerStatus.DORMANT, "ruhend": CustomerStatus.DORMANT,
           "verloren": CustomerStatus.LOST, "ehemalig": CustomerStatus.LOST, "former": CustomerStatus.LOST,
           "gekündigt": CustomerStatus.LOST}  # fmt: skip
_CHANNELS = {"e-mail": Channel.MAIL, "email": Channel.MAIL, "brief": Channel.LETTER, "post": Channel.LETTER,
             "telefax": Channel.FAX, "anruf": Channel.CALL, "telefon": Channel.CALL, "telefonat": Channel.CALL,
             "phone": Channel.CALL, "notiz": Channel.NOTE, "vermerk": Channel.NOTE, "besuch": Channel.VISIT,
             "termin": Channel.VISIT, "meeting": Channel.VISIT, "rundschreiben": Channel.MAILING,
             "newsletter": Channel.MAILING, "serienmail": Channel.MAILING, "formular": Channel.FORM,
             "kontaktformular": Channel.FORM, "webformular": Channel.FORM,
             "social media": Channel.SOCIAL}  # fmt: skip
_REACHES = {word: channel for word, channel in _CHANNELS.items() if channel in REACHES} | {
    channel.value: channel for channel in REACHES
}
_DIRECTIONS = {"in": Direction.INCOMING, "ein": Direction.INCOMING, "eingehend": Direction.INCOMING,
               "eingang": Direction.INCOMING, "inbound": Direction.INCOMING, "out": Direction.OUTGOING,
               "aus": Direction.OUTGOING, "ausgehend": Direction.OUTGOING, "ausgang": Direction.OUTGOING,
               "outbound": Direction.OUTGOING}  # fmt: skip
_REACTIONS = {"verschickt": Reaction.SENT, "versendet": Reaction.SENT, "zugestellt": Reaction.SENT,
              "delivered": Reaction.SENT, "geöffnet": Reaction.OPENED, "open": Reaction.OPENED,
              "geklickt": Reaction.CLICKED, "angeklickt": Reaction.CLICKED, "klick": Reaction.CLICKED,
              "click": Reaction.CLICKED, "beantwortet": Reaction.ANSWERED, "geantwortet": Reaction.ANSWERED,
              "antwort": Reaction.ANSWERED, "replied": Reaction.ANSWERED, "reply": Reaction.ANSWERED,
              "abgemeldet": Reaction.UNSUBSCRIBED, "abbestellt": Reaction.UNSUBSCRIBED,
              "abmeldung": Reaction.UNSUBSCRIBED, "unsubscribe": Reaction.UNSUBSCRIBED,
              "opt-out": Reaction.UNSUBSCRIBED}  # fmt: skip
_LEFT = {"active": True, "aktiv": True, "left": False, "ausgeschieden": False, "inactive": False, "inaktiv": False}
_PAPERS = {"auftrag": "order", "bestellung": "order", "rechnung": "invoice", "angebot": "offer", "quote": "offer"}
_LANGUAGES = {"deutsch": "de", "german": "de", "englisch": "en", "english": "en", "französisch": "fr", "french": "fr",
              "italienisch": "it", "italian": "it", "niederländisch": "nl", "dutch": "nl"}  # fmt: skip

# "Mail" alone is none of them: to the one it is a letter, to the other an e-mail.
_PURPOSES = {"brief": Purpose.POST, "briefwerbung": Purpose.POST, "postwerbung": Purpose.POST,
             "postalisch": Purpose.POST, "letter": Purpose.POST, "e-mail": Purpose.EMAIL,
             "newsletter": Purpose.EMAIL, "e-mail-werbung": Purpose.EMAIL, "telefon": Purpose.PHONE,
             "anruf": Purpose.PHONE, "telefonwerbung": Purpose.PHONE, "telephone": Purpose.PHONE, "call": Purpose.PHONE,
             "öffnungen": Purpose.OPENS, "öffnungsmessung": Purpose.OPENS, "tracking": Purpose.OPENS,
             "messung": Purpose.OPENS}  # fmt: skip
_WAYS = {"formular": Way.FORM, "webformular": Way.FORM, "online": Way.FORM, "double opt-in": Way.FORM, "doi": Way.FORM,
         "web": Way.FORM, "brief": Way.LETTER, "post": Way.LETTER, "schriftlich": Way.LETTER, "vertrag": Way.CONTRACT,
         "e-mail": Way.EMAIL, "mail": Way.EMAIL, "mündlich": Way.SPOKEN, "telefon": Way.SPOKEN,
         "telefonisch": Way.SPOKEN, "anruf": Way.SPOKEN, "phone": Way.SPOKEN, "call": Way.SPOKEN}  # fmt: skip


class Said(StrEnum):
    """What somebody said of a consent."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


_SAID = {"erteilt": Said.GIVEN, "eingewilligt": Said.GIVEN, "zugestimmt": Said.GIVEN, "opt-in": Said.GIVEN,
         "granted": Said.GIVEN, "widerrufen": Said.WITHDRAWN, "abgelehnt": Said.WITHDRAWN,
         "verweigert": Said.WITHDRAWN, "abgemeldet": Said.WITHDRAWN, "opt-out": Said.WITHDRAWN,
         "refused": Said.WITHDRAWN, "revoked": Said.WITHDRAWN}  # fmt: skip


@dataclass(frozen=True, slots=True)
class InteractionRow:
    """An entry of the timeline.

    Without an `external_id` of its own one is made from what it says: a second import changes nothing. `consent`:
    whether the file says that the person agreed to being measured.
    """

    interaction: Interaction
    external_id: str
    consent: bool = False


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One word of somebody on a purpose; `contact_id` is "" where the customer as a whole is meant."""

    customer_id: str
    contact_id: str
    purpose: Purpose
    state: Said
    date: date
    way: Way
    source: str


Booking = Order | Offer | Invoice | Payment | OpenItem | SurveyAnswer
Record = Customer | Contact | Reference | InteractionRow | ConsentRow | Booking


def customer(row: Fields) -> Customer:
    """A row of customers."""
    first, last = row.text("first_name"), row.text("last_name")
    person = " ".join(filter(None, (first, last)))
    company = row.text("name") if row.columns.at.get("name") != row.columns.at.get("last_name") else ""
    named = [part.strip() for part in row.text("party").split("|")]
    parties = frozenset(row.one_of(part, "party", _PARTIES, PartyKind) for part in named if part)
    return Customer(
        id=row.needed("customer_id"),
        name=company or person or row.missing("name"),
        customer_no=row.text("customer_no", ID),
        kind=row.word("kind", _KINDS, CustomerKind, CustomerKind.FIRM if company else CustomerKind.PERSON),
        party=parties or frozenset({PartyKind.CUSTOMER}),
        legal_form=row.text("legal_form"),
        street=row.text("street"),
        zip=row.text("zip"),
        city=row.text("city"),
        country=row.text("country"),
        phone=row.text("phone"),
        fax=row.text("fax"),
        email=row.text("email"),
        domain=row.text("domain"),
        vat_id=row.text("vat_id"),
        since=cells.since(row.cell("since"), row.manner),
        revenue_12m=cells.number(row.cell("revenue_12m"), row.manner),
        key_account=cells.yes(row.cell("key_account")),
        status=row.word("status", _STATES, CustomerStatus, CustomerStatus.ACTIVE),
    )


def contact(row: Fields) -> Contact:
    """A row of contacts."""
    if not any(map(row.text, ("first_name", "last_name", "email", "email2"))):
        raise Problem("neither a name nor an address is given", "weder Name noch Adresse ist angegeben")
    language = row.text("language").casefold()
    card = "organisation" in row.columns.at
    return Contact(
        id=row.needed("contact_id"),
        customer_id=row.text("customer_id", ID) if card else row.customer(),
        salutation=row.text("salutation"),
        title=row.text("title"),
        first_name=row.text("first_name"),
        last_name=row.text("last_name"),
        role=row.text("role"),
        email=row.text("email"),
        email2=row.text("email2"),
        phone=row.text("phone"),
        mobile=row.text("mobile"),
        active=_active(row.cell("status")),
        language=_LANGUAGES.get(language, language),
        address_form=row.text("address_form").capitalize(),
        preferred_channel=_preferred(row),
    )


def reference(row: Fields) -> Reference:
    """A row of references."""
    kind = row.text("type", ID).casefold() or row.columns.paper or "other"
    return Reference(
        type=_PAPERS.get(kind, kind),
        number=row.needed("number"),
        customer_id=row.customer(),
        date=cells.day(row.cell("date"), row.manner),
    )


def interaction(row: Fields) -> InteractionRow:
    """A row of interactions."""
    subject, body = row.text("subject"), cells.text(row.cell("text"), _LONG, lines=True)
    if not subject and not body:
        raise Problem("subject and text are empty", "Betreff und Text sind leer")
    direction = row.text("direction")
    date = cells.moment(row.cell("date"), row.manner)
    if date is None:
        row.missing("date")
    channel = row.word("channel", _CHANNELS, Channel, Channel.NOTE)
    if channel in PAPERS:
        raise Problem(
            "orders, offers and invoices are tables of their own (kingpost import orders …)",
            "Aufträge, Angebote und Rechnungen sind eigene Tabellen (kingpost import orders …)",
        )
    entry = Interaction(
        customer_id=row.customer(),
        channel=channel,
        date=(date if date.tzinfo else date.replace(tzinfo=row.zone)).astimezone(UTC),
        subject=subject,
        text=body,
        direction=row.one_of(direction, "direction", _DIRECTIONS, Direction) if direction else None,
        staff=row.text("staff"),
        reaction=_reaction(row, channel),
    )
    # The day as it was written, not as the clock of the zone has it: another setting makes no other entry.
    content = [entry.customer_id, entry.channel, date.isoformat(), entry.direction or "", subject, body, entry.staff]
    content += [entry.reaction.value] if entry.reaction else []
    made = "row:" + hashlib.sha256("\x1f".join(content).encode()).hexdigest()
    agreed = entry.reaction is Reaction.OPENED and cells.yes(row.cell("consent"))
    return InteractionRow(entry, row.text("external_id", ID) or made, agreed)


def consent(row: Fields) -> ConsentRow:
    """A row of consents."""
    state = row.needed("state")
    said = _SAID.get(state.casefold())
    if said is None and state.casefold() in set(Said):
        said = Said(state.casefold())
    return ConsentRow(
        customer_id=row.customer(),
        contact_id=row.text("contact_id", ID),
        purpose=row.one_of(row.needed("purpose"), "purpose", _PURPOSES, Purpose),
        state=said or (Said.GIVEN if cells.yes(row.cell("state")) else Said.WITHDRAWN),
        date=row.day("date"),
        way=row.word("way", _WAYS, Way, Way.FORM),
        source=row.text("source", 200),
    )


def _reaction(row: Fields, channel: Channel) -> Reaction | None:
    written = row.text("reaction")
    if not written:
        return None
    if channel is not Channel.MAILING:
        raise Problem("only a mailing has a reaction", "eine Reaktion gibt es nur auf ein Mailing")
    return row.one_of(written, "reaction", _REACTIONS, Reaction)


def _preferred(row: Fields) -> str:
    written = row.text("preferred_channel")
    return row.one_of(written, "preferred_channel", _REACHES, None).value if written else ""


def _active(cell: Cell) -> bool:
    """The status of a contact; an empty cell means active, and yes or no will do."""
    written = cells.text(cell).casefold()
    return _LEFT[written] if written in _LEFT else not written or cells.yes(cell)


FORMS: Mapping[str, Callable[[Fields], Record]] = {
    "customers": customer,
    "contacts": contact,
    "references": reference,
    "interactions": interaction,
    "consents": consent,
    "orders": books.order,
    "offers": books.offer,
    "invoices": books.invoice,
    "payments": books.payment,
    "open-items": books.open_item,
    "surveys": books.survey,
}
