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
    """A person who speaks for a customer (Ansprechpartner)."""

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

    @property
    def name(self) -> str:
        """Title, first and last name, as one would say it."""
        return " ".join(part for part in (self.title, self.first_name, self.last_name) if part)


@dataclass(frozen=True, slots=True)
class Reference:
    """A number on paper that leads to a customer: order, invoice, offer, ticket …"""

    type: str
    number: str
    customer_id: str
    date: datetime.date | None = None


class IdentifierKind(StrEnum):
    """By what somebody can be recognised."""

    ADDRESS = "address"
    DOMAIN = "domain"


@dataclass(frozen=True, slots=True)
class Known:
    """Whom an identifier belongs to, and who says so (`customers`, `contacts`, or the staff member who taught it)."""

    kind: IdentifierKind
    value: str
    customer_id: str
    contact_id: str | None
    source: str
