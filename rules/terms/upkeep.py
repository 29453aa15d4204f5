"""The words of keeping the address book right: merged customers, leads, what staff say of senders, proposed repairs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Merge:
    """A customer that became part of another one (Dubletten zusammenführen). `name` is the merged customer's.

    The id `merged` leads to `kept` until somebody undoes it.
    """

    id: int
    kept: str
    merged: str
    name: str
    staff: str
    at: datetime
    undone_by: str | None = None
    undone_at: datetime | None = None


class Stance(StrEnum):
    """What staff say of somebody who writes and is no customer. They are shown as no lead then.

    NEVER: mail with them is never filed under anybody either, and nothing is proposed of it.
    """

    IGNORE = "ignore"
    NEVER = "never"
    SUPPLIER = "supplier"
    AUTHORITY = "authority"
    APPLICANT = "applicant"
    PARTNER = "partner"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SenderDecision:
    """Who said what of a sender, and when. `address` may be a whole domain's: "@example.org"."""

    id: int
    address: str
    stance: Stance
    staff: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Lead:
    """Somebody unknown who wrote (Interessent): the newest of their open mails and how many there are, 200 at most.

    `name` is "" where the mail does not say it.
    """

    address: str
    name: str
    count: int
    newest: datetime
    message: int


class ProposalState(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


# In a proposal's payload, before the names of fields: what they held.
WAS = "was."


@dataclass(frozen=True, slots=True)
class Proposal:
    """A repair of the address book that a mail suggests, with the words that say so.

    Args:
        kind: what would be changed, a word of the rule that proposes it.
        message: the mail's number.
        customer_id: whose record it is.
        contact_id: whose of the people, "" for the customer as a whole.
        payload: the new values by field; once it is accepted, as `was.<field>`, what they replaced.
        quote: what the mail says.
        since: when it was proposed.
        id: its number in the pool; 0 before it has one.
        state: what became of it.
        staff: who decided that, None while it is open.
        at: when.
    """

    kind: str
    message: int
    customer_id: str
    contact_id: str
    payload: Mapping[str, str]
    quote: str
    since: datetime
    id: int = 0
    state: ProposalState = ProposalState.OPEN
    staff: str | None = None
    at: datetime | None = None

    @property
    def fields(self) -> Mapping[str, str]:
        """The new values by field."""
        return {name: value for name, value in self.payload.items() if not name.startswith(WAS)}

    @property
    def was(self) -> Mapping[str, str]:
        """What stood in the fields before it was accepted."""
        return {name.removeprefix(WAS): value for name, value in self.payload.items() if name.startswith(WAS)}
