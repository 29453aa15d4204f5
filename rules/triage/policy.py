"""The table that decides where a mail goes: the first line that holds.

What is grave (danger, law, data protection) stands before everything that looks at a customer's value, and stays there
whatever lines a firm writes. A mail whose sender is not who he says gets no line at all: its place is the review.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rules.deadlines import BusinessHours
from rules.terms.case import Decision, Priority
from rules.terms.complaint import Category
from rules.terms.customer import PartyKind
from rules.terms.mail import Verdict


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of an incoming mail when it is decided.

    Args:
        complaint: whether it is one, by staff's word or the finder's.
        severity: 0 to 3.
        category: what it is about.
        acts: what its quoted words do (`safety`, `legal`, `privacy`, `repeated` …).
        pretended: its sender is suspected not to be who he says, or failed the sender check.
        verdict: what our own server says of the sender.
        party: what the customer is to us; empty where nobody is known.
        king: whether the customer is one of the most valuable.
        value_class: A, B or C by contribution, "" where it is not known.
        open_cases: how many of the customer's cases are pending.
        language: of the mail, "" where undecided.
        mailboxes: where copies of it lie.
        waiting: for how many business hours nobody has answered.
    """

    complaint: bool = False
    severity: int = 0
    category: Category = Category.NONE
    acts: frozenset[str] = frozenset()
    pretended: bool = False
    verdict: Verdict = Verdict.NONE
    party: frozenset[PartyKind] = frozenset()
    king: bool = False
    value_class: str = ""
    open_cases: int = 0
    language: str = ""
    mailboxes: frozenset[str] = frozenset()
    waiting: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: conditions, all of which must hold (None and empty ask nothing), and what follows.

    `because` is the reason a person reads: the key of a sentence of ours (`triage.…`), or a firm's own words; see
    `rules.wording.told`.
    `within`: business hours until the first answer.
    """

    queue: str
    priority: Priority
    within: float
    because: str
    complaint: bool | None = None
    severity: int = 0
    categories: frozenset[Category] = frozenset()
    acts: frozenset[str] = frozenset()
    verdicts: frozenset[Verdict] = frozenset()
    party: frozenset[PartyKind] = frozenset()
    king: bool | None = None
    value_classes: frozenset[str] = frozenset()
    open_cases: int = 0
    languages: frozenset[str] = frozenset()
    mailboxes: frozenset[str] = frozenset()
    waiting: float = 0.0

    def holds(self, of: Situation) -> bool:
        """Whether every condition holds."""
        return (
            self.complaint in (None, of.complaint)
            and self.king in (None, of.king)
            and of.severity >= self.severity
            and of.open_cases >= self.open_cases
            and of.waiting >= self.waiting
            and (not self.categories or of.category in self.categories)
            and (not self.verdicts or of.verdict in self.verdicts)
            and (not self.value_classes or of.value_class in self.value_classes)
            and (not self.languages or of.language in self.languages)
            and (not self.acts or bool(self.acts & of.acts))
            and (not self.party or bool(self.party & of.party))
            and (not self.mailboxes or bool(self.mailboxes & of.mailboxes))
        )

    @property
    def asks_for_complaints(self) -> bool:
        """Whether it can hold for nothing but complaints."""
        return self.complaint is True or self.severity > 0 or bool(self.acts or self.categories)


COMPLAINTS = "complaints"
_GRAVE = (
    Line(COMPLAINTS, Priority.URGENT, 2, "triage.safety", complaint=True, acts=frozenset({"safety"})),
    Line(COMPLAINTS, Priority.URGENT, 4, "triage.legal", complaint=True, categories=frozenset({Category.LEGAL})),
    Line(COMPLAINTS, Priority.URGENT, 4, "triage.legal", complaint=True, acts=frozenset({"legal"})),
    Line(
        COMPLAINTS,
        Priority.URGENT,
        8,
        "triage.privacy",
        complaint=True,
        categories=frozenset({Category.DATA_PROTECTION}),
    ),
    Line(COMPLAINTS, Priority.URGENT, 8, "triage.privacy", complaint=True, acts=frozenset({"privacy"})),
)
DEFAULT = (
    Line(COMPLAINTS, Priority.URGENT, 4, "triage.king", complaint=True, king=True),
    Line(COMPLAINTS, Priority.URGENT, 4, "triage.grave", complaint=True, severity=3),
    Line(COMPLAINTS, Priority.HIGH, 8, "triage.again", complaint=True, open_cases=1),
    Line(COMPLAINTS, Priority.HIGH, 8, "triage.value", complaint=True, value_classes=frozenset({"A"})),
    Line(COMPLAINTS, Priority.HIGH, 8, "triage.clear", complaint=True, severity=2),
    Line(COMPLAINTS, Priority.NORMAL, 16, "triage.complaint", complaint=True),
)
"""What follows after the grave lines where a firm writes no table of its own."""


def decide(of: Situation, arrived: datetime, hours: BusinessHours, lines: Sequence[Line] = DEFAULT) -> Decision | None:
    """Where a mail goes, None where no case is to be made of it.

    Args:
        of: what is known of it.
        arrived: when it came, from which the deadline counts.
        hours: when the firm works.
        lines: the firm's table; the grave lines always stand before it.
    """
    if of.pretended or of.verdict is Verdict.FAIL:
        return None
    for line in (*_GRAVE, *lines):
        if line.holds(of):
            return Decision(line.queue, line.priority, line.because, line.within, hours.after(arrived, line.within))
    return None
