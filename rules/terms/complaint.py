"""The words of complaints: what kind, how serious, and the finding with its quotable reasons.

Complaint: the writer tells us that something we owe fell short of what could be expected, with or without strong
words, with or without a demand.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.terms.finding import Evidence


class Category(StrEnum):
    """What a complaint is about. A threat wins over the topic that caused it. Values are part of the contract."""

    DELIVERY = "delivery"
    QUALITY = "quality_defect"
    INVOICE = "invoice_payment"
    SERVICE = "service_staff"
    CANCELLATION = "cancellation_threat"
    LEGAL = "legal_threat"
    DATA_PROTECTION = "data_protection"
    OTHER = "other"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Assessment:
    """What was found in a text. Quoted reasons stand in `evidence`; without evidence there is no finding.

    `flag`: treat it as a complaint. Not flagged but `doubtful`: a person should look, without alarm. `probability`
    that it is one; `severity` 0 none, 1 mild, 2 clear (demand, repetition, loss, anger), 3 escalation (law,
    cancellation threat, injury, data protection). `relieved`: the text says that an earlier trouble is over, so that
    an open complaint may be closed. `language` is the one it was judged in.
    """

    flag: bool = False
    doubtful: bool = False
    probability: float = 0.0
    severity: int = 0
    category: Category = Category.NONE
    evidence: tuple[Evidence, ...] = ()
    relieved: bool = False
    language: str | None = None


class FindingState(StrEnum):
    """Where a finding stands. Values are part of the contract."""

    OPEN = "open"
    DOUBTFUL = "doubtful"
    CONFIRMED = "confirmed"
    SOLVED = "solved"
    DISMISSED = "dismissed"
    HISTORY = "history"
    RELIEF = "relief"


# What is still to be answered for.
STANDING = (FindingState.OPEN, FindingState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a member of staff says of a mail, whatever was found: a complaint or none, and of what kind if they say."""

    flag: bool
    staff: str
    at: datetime
    severity: int | None = None
    category: Category | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of a mail as a complaint (Reklamation).

    Args:
        message: the mail's number.
        date: when it was written, for the order of lists.
        assessment: what was found; empty where staff alone say so.
        customer_id: whose mail it is; storing follows the mail's match.
        history: it was found in old mail, so it makes no noise.
        ruling: what staff say of it, None while nobody does.
        solved_by: who marked it as solved, None while it is not.
        solved_at: when.
    """

    message: int
    date: datetime
    assessment: Assessment
    customer_id: str | None = None
    history: bool = False
    ruling: Ruling | None = None
    solved_by: str | None = None
    solved_at: datetime | None = None

    @property
    def flag(self) -> bool:
        """Whether it counts as a complaint: staff's word before the machine's."""
        return self.assessment.flag if self.ruling is None else self.ruling.flag

    @property
    def severity(self) -> int:
        """0 where it is no complaint, else 1 to 3."""
        if self.ruling is None:
            return self.assessment.severity
        return (self.ruling.severity or max(1, self.assessment.severity)) if self.ruling.flag else 0

    @property
    def category(self) -> Category:
        """What it is about."""
        if self.ruling is None:
            return self.assessment.category
        if not self.ruling.flag:
            return Category.NONE
        found = self.ruling.category or self.assessment.category
        return Category.OTHER if found is Category.NONE else found

    @property
    def state(self) -> FindingState:
        """Where it stands."""
        if self.ruling is not None and not self.ruling.flag:
            return FindingState.DISMISSED
        if self.flag and self.solved_by is not None:
            return FindingState.SOLVED
        if self.ruling is not None:
            return FindingState.CONFIRMED
        if self.history:
            return FindingState.HISTORY
        if self.assessment.flag:
            return FindingState.OPEN
        return FindingState.DOUBTFUL if self.assessment.doubtful else FindingState.RELIEF

    @property
    def worth_keeping(self) -> bool:
        """Whether there is anything to remember. Of old mail doubts and thanks are not: nobody would look."""
        found = self.assessment
        said = self.ruling is not None or self.solved_by is not None
        return said or found.flag or (not self.history and (found.doubtful or found.relieved))


@dataclass(frozen=True, slots=True)
class Relief:
    """A later mail that says the trouble is over: its number and date."""

    message: int
    date: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A finding as it is seen beside an opened mail or customer.

    `readable`: the reader may read the mail; `relief`: a later mail of the customer, which they may read too, says
    that the trouble is over.
    """

    finding: Finding
    readable: bool
    relief: Relief | None = None
