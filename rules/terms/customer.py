"""The words of the customer record: who they are, who speaks for them, and by what they can be recognised."""

import datetime
from dataclasses import dataclass
from enum import StrEnum


class CustomerKind(StrEnum):
    """A firm or a private person."""

    FIRM = "firm"
    PERSON = "person"


class PartyKind(StrEnum):
    """What a party is to us. Several at once are normal."""

    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    AUTHORITY = "authority"
    APPLICANT = "applicant"
    PARTNER = "partner"
    OTHER = "other"


class CustomerStatus(StrEnum):
    """Where the relationship stands."""

    LEAD = "lead"
    ACTIVE = "active"
    DORMANT = "dormant"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Customer:
    """A party the firm knows, whatever the kind. `id` is the firm's own; "" and None mean unknown.

    `revenue_12m` is in the firm's currency; `since` is a year or an ISO date as the firm wrote it.
    """

    id: str
    name: str
    customer_no: str = ""
    kind: CustomerKind = CustomerKind.FIRM
    party: frozenset[PartyKind] = frozenset({PartyKind.CUSTOMER})
    legal_form: str = ""
    street: str = ""
    zip: str = ""
    city: str = ""
    country: str = ""
    phone: str = ""
    fax: str = ""
    email: str = ""
    domain: str = ""
    vat_id: str = ""
    since: str = ""
    revenue_12m: float | None = None
    key_account: bool = False
    status: CustomerStatus = CustomerStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class Contact:
    """A person who speaks for a customer (Ansprechpartner).

    `address_form` is "Sie" or "Du", `preferred_channel` how they like to be reached (a Channel); "" means unknown.
    """

    id: str
    customer_id: str
    salutation: str = ""
    title: str = ""
    first_name: str = ""
    last_name: str = ""
    role: str = ""
    email: str = ""
    email2: str = ""
    phone: str = ""
    mobile: str = ""
    active: bool = True
    language: str = ""
    address_form: str = ""
    preferred_channel: str = ""

    @property
    def name(self) -> str:
        """Title, first and last name, as one would say it."""
        return " ".join(part for part in (self.title, self.first_name, self.last_name) if part)


@dataclass(frozen=True, slots=True)
class ContactChange:
    """That staff set a field of a contact: to what, what stood there, who and when."""

    contact_id: str
    field: str
    value: str
    before: str
    staff: str
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Reference:
    """A number on paper that leads to a customer: order, invoice, offer, ticket …"""

    type: str
    number: str
    customer_id: str
    date: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class NumberForm:
    """A number as it is found and told apart: its normal form, and its shape (rules.numbers)."""

    normal: str = ""
    shape: str = ""


class IdentifierKind(StrEnum):
    """By what somebody can be recognised. `rules.identifiers` says which values of them a record has.

    NUMBER is the customer's own number; those of orders, invoices … stand in the references and are found with it.
    DOMAIN_NAME is a domain without its ending, for those that look like it. PERSON and FIRM are folded names (some
    with a postcode, for names that many bear), FIRM_WORD a telling word of a firm's name, the SOUND kinds phonetic
    keys that find candidates and never speak for one.
    """

    ADDRESS = "address"
    DOMAIN = "domain"
    DOMAIN_NAME = "domain-name"
    PHONE = "phone"
    NUMBER = "number"
    VAT = "vat"
    PERSON = "person"
    PERSON_SOUND = "person-sound"
    FIRM = "firm"
    FIRM_WORD = "firm-word"
    FIRM_SOUND = "firm-sound"


@dataclass(frozen=True, slots=True)
class Known:
    """Whom an identifier belongs to, and who says so.

    `source` is `customers`, `contacts`, the type of a reference (`order`, `invoice` …), or the login of the staff
    member who taught it.
    """

    kind: IdentifierKind
    value: str
    customer_id: str
    contact_id: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Owners:
    """Whom a value belongs to: at most 20 of them, and by how many customers it is shared, counted to 200 at most."""

    known: tuple[Known, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class CustomerFile:
    """A customer with those who speak for it, at most 200 of them."""

    customer: Customer
    contacts: tuple[Contact, ...] = ()
