"""The words of triage: what is decided about a mail, and the case (Vorgang) that is followed to its end."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Priority(StrEnum):
    """How soon a case is looked at, whatever its due time."""

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
    TAKEN = "taken"
    ASSIGNED = "assigned"
    CUSTOMER_WROTE = "customer-wrote"
    ANSWERED = "answered"
    FORWARDED = "forwarded"
    RELIEVED = "relieved"
    NOTED = "noted"
    MOVED = "moved"
    PRIORITISED = "prioritised"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    ESCALATED = "escalated"
    SOLVED = "solved"
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"
    SPLIT = "split"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Decision:
    """What triage says of a mail: where it goes, how soon, why, and until when it is to be answered (UTC)."""

    queue: str
    priority: Priority
    because: str
    due: datetime
