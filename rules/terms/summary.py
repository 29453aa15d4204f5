"""The Summary: the one contract for every mail client (design section 7)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.terms.case import CaseState
from rules.terms.complaint import STANDING, Category, FindingState
from rules.terms.finding import Evidence
from rules.terms.mail import Verdict
from rules.terms.team import team_of


class Status(StrEnum):
    """What is known about the sender."""

    KNOWN = "known"
    REVIEW = "review"
    UNKNOWN = "unknown"
    SPOOF = "spoof"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section, already in the reader's language.

    `date` is ISO 8601; `href` leads to the source. `tone` is "warn" for what is overdue.
    """

    text: str
    source: str
    date: str | None = None
    href: str | None = None
    tone: str | None = None


@dataclass(frozen=True, slots=True)
class SummaryMessage:
    """The opened message, so that a wrong opening is seen at once. `no` is the pool's number of it, once it has one."""

    message_id: str | None
    subject: str
    sender: str
    no: int | None = None


@dataclass(frozen=True, slots=True)
class SummaryCustomer:
    """Who this is."""

    id: str
    name: str
    kind: str
    party: tuple[str, ...]
    status: str
    since: str | None
    king: bool


@dataclass(frozen=True, slots=True)
class SummaryContact:
    """The person who wrote. `address` is "Sie", "Du" or None; `channel`, how they like to be reached, is a Channel."""

    id: str
    name: str
    role: str | None
    language: str | None
    address: str | None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """A customer whose mail this may be."""

    id: str
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class SummaryMatch:
    """How sure, and why."""

    sentence: str
    confidence: float
    candidates: tuple[CandidateLine, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Trust:
    """What the firm's own server says about the sender."""

    verdict: Verdict
    sentence: str


@dataclass(frozen=True, slots=True)
class SummaryComplaint:
    """A complaint that concerns the opened mail or customer, already in the reader's language.

    `lines` quote what it says, with the reason; `relief` is a later mail that says the trouble is over. Where the mail
    is not the reader's, only that there is a complaint is said: severity, category and message are None. `more` counts
    further open ones.
    """

    text: str
    date: str
    state: FindingState
    severity: int | None = None
    category: Category | None = None
    message: int | None = None
    lines: tuple[Line, ...] = ()
    relief: Line | None = None
    more: int = 0

    @property
    def solvable(self) -> bool:
        """Whether the reader may mark it as solved."""
        return self.message is not None and self.state in STANDING


@dataclass(frozen=True, slots=True)
class SummaryCase:
    """A pending case of the customer, already in the reader's language.

    `due`: until when we owe an answer. `assignee`: who works on it, as the case has it; `assignee_text`: their name.
    """

    id: int
    text: str
    date: str
    href: str
    state: CaseState
    state_text: str
    due: str | None
    due_text: str
    overdue: bool
    assignee: str
    assignee_text: str

    @property
    def takeable(self) -> bool:
        """Whether nobody works on it yet, or a team of which one is to take it."""
        return not self.assignee or bool(team_of(self.assignee))


@dataclass(frozen=True, slots=True)
class SummaryPromise:
    """A promise of ours that is not kept yet, already in the reader's language; `date` is the day it is due."""

    id: int
    text: str
    date: str
    href: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class SummaryMoney:
    """What is open, what came in and how they pay.

    `spark` draws `months`: revenue in cents of this month and the eleven before, oldest first, by "2026-11". `change`
    is that of the last 365 days against the 365 before, 0.1 for ten percent more.
    """

    lines: tuple[Line, ...]
    spark: str = ""
    months: tuple[tuple[str, int], ...] = ()
    currency: str = ""
    change: float | None = None


@dataclass(frozen=True, slots=True)
class SummaryValue:
    """What a customer is worth: class A, B or C, segment, both in few letters, and why."""

    lines: tuple[Line, ...]
    value_class: str | None = None
    segment: str | None = None
    badge: str = ""


@dataclass(frozen=True, slots=True)
class SummaryAction:
    """What to do next, and why. `action` names it when it is accepted or declined, if it can be (`decidable`)."""

    text: str
    action: str
    reason: str
    date: str
    href: str
    decidable: bool = True


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything a client shows beside an opened message. Parts that are not built are null or empty, never faked."""

    status: Status
    as_of: datetime
    message: SummaryMessage | None = None
    customer: SummaryCustomer | None = None
    contact: SummaryContact | None = None
    match: SummaryMatch | None = None
    trust: Trust | None = None
    cases: tuple[SummaryCase, ...] = ()
    complaint: SummaryComplaint | None = None
    promises: tuple[SummaryPromise, ...] = ()
    particulars: tuple[Line, ...] = ()
    money: SummaryMoney | None = None
    value: SummaryValue | None = None
    next_action: SummaryAction | None = None
    recent: tuple[Line, ...] = ()
    references: tuple[Line, ...] = ()
    withheld: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
