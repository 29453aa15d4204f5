"""The words of triage: what is decided about a mail, and the case (Vorgang) that is followed to its end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from rules.terms.complaint import Category


class Priority(StrEnum):
    """How soon a case is looked at, whatever its due time; the most urgent first."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class CaseState(StrEnum):
    """Where a case stands. Nobody owes anything in SOLVED and CLOSED; a reply opens it again."""

    NEW = "new"
    OPEN = "open"
    WAITING_CUSTOMER = "waiting-customer"
    WAITING_US = "waiting-us"
    SOLVED = "solved"
    CLOSED = "closed"


# Where somebody still owes something.
PENDING = (CaseState.NEW, CaseState.OPEN, CaseState.WAITING_CUSTOMER, CaseState.WAITING_US)
# Where it is we who owe it, so that the clock runs.
OURS = (CaseState.NEW, CaseState.OPEN, CaseState.WAITING_US)


class CaseEventKind(StrEnum):
    """What happens to a case; each stands in its history."""

    OPENED = "opened"
    ASSIGNED = "assigned"
    CUSTOMER_WROTE = "customer-wrote"
    ANSWERED = "answered"
    FORWARDED = "forwarded"
    RELIEVED = "relieved"
    NOTED = "noted"
    CHANGED = "changed"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    ESCALATED = "escalated"
    SOLVED = "solved"
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"
    SPLIT = "split"
    DISOWNED = "disowned"


@dataclass(frozen=True, slots=True)
class Decision:
    """What triage says of a mail: where it goes, how soon, why, and until when it is to be answered (UTC).

    `within`: the business hours that lead to `due`.
    """

    queue: str
    priority: Priority
    because: str
    within: float
    due: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """A case (Vorgang): what somebody is owed, by whom, until when, and what became of it. Moments are UTC.

    Args:
        id: its number; 0 while it is not stored.
        queue: in whose list it stands.
        subject: in a line what it is about.
        because: why it was opened, in words.
        opened: when.
        customer_id: whose it is, None where nobody knows.
        due: until when the next answer is owed; None while none is.
        answered: when the first answer went out.
        assignee: login of who works on it, "@" and a name for a team, "" for nobody.
        snoozed_until: out of the lists until then.
        proposed: what a mail suggests to do with it; SOLVED after a thank-you.
        within: business hours that an answer may take.
        severity: 0 to 3.
        category: what it is about.
        product: what of ours is affected.
        cause: what was behind it.
        remedy: what was done.
        cost: what it cost us, in cents.
        tags: words of staff's own.
        escalated: when it became overdue and was told so.
        ended: when it was solved or closed.
        merged_into: the case that it has become part of.
    """

    queue: str
    subject: str
    because: str
    opened: datetime
    within: float
    priority: Priority = Priority.NORMAL
    state: CaseState = CaseState.NEW
    id: int = 0
    customer_id: str | None = None
    due: datetime | None = None
    answered: datetime | None = None
    assignee: str = ""
    snoozed_until: datetime | None = None
    proposed: CaseState | None = None
    severity: int = 0
    category: Category = Category.NONE
    product: str = ""
    cause: str = ""
    remedy: str = ""
    cost: int | None = None
    tags: tuple[str, ...] = ()
    escalated: datetime | None = None
    ended: datetime | None = None
    merged_into: int | None = None

    @property
    def owed(self) -> datetime | None:
        """Until when we owe an answer; None while the next word is the customer's."""
        return self.due if self.state in OURS else None


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """An entry of a case's history. `was` holds what it changed, as it was; `staff` is "" for Kingpost itself."""

    case: int
    kind: CaseEventKind
    at: datetime
    staff: str = ""
    text: str = ""
    message: int | None = None
    was: Mapping[str, object] = field(default_factory=dict)
    id: int = 0


class CaseView(StrEnum):
    """Which of a queue's cases a list shows. Snoozed ones are in SNOOZED alone until they wake."""

    PENDING = "pending"
    OVERDUE = "overdue"
    UNASSIGNED = "unassigned"
    MINE = "mine"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    PROPOSED = "proposed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list is cut down to; empty parts ask nothing.

    `login` is the reader's, for the view MINE, which also shows what is assigned to one of `also`: those for whom they
    stand in, and their teams. `team` is a team's name: what one of the others works on cannot be asked for.
    """

    view: CaseView = CaseView.PENDING
    login: str = ""
    queue: str = ""
    priority: Priority | None = None
    category: Category | None = None
    customer_id: str = ""
    tag: str = ""
    text: str = ""
    team: str = ""
    also: frozenset[str] = frozenset()
