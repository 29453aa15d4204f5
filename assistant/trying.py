"""A table of triage tried on past mail: what it would have opened, and what another one would decide otherwise.

Nothing is written. A thread opens one case; each is taken to be pending for two weeks, as far as the table asks for a
customer's open cases.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from assistant.triage import Triage, Triaged
from rules.terms.case import Decision
from rules.terms.mail import MailKind
from storage.pool import Pool, Work

PENDING = timedelta(days=14)
BATCH = 500
# So many differences are named; the rest is counted.
NAMED = 50

Group = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A mail that two tables decide differently; None: no case."""

    message: int
    arrived: datetime
    before: Decision | None
    after: Decision | None


@dataclass
class Trial:
    """What came of a trial: mails looked at, cases by queue, priority and reason under each table, differences."""

    mails: int = 0
    before: Counter[Group] = field(default_factory=Counter)
    after: Counter[Group] = field(default_factory=Counter)
    differing: int = 0
    differences: list[Difference] = field(default_factory=list)


class _Table:
    """One table's view of the past."""

    def __init__(self, triage: Triage) -> None:
        self._triage = triage
        self._threads: set[str] = set()
        self._opened: dict[str, list[datetime]] = defaultdict(list)

    def decide(self, work: Work, mail: Triaged) -> Decision | None:
        if mail.thread in self._threads:
            return None
        id = mail.match.customer_id
        customer = work.customers.get(id) if id else None
        pending = sum(mail.arrived - at < PENDING for at in self._opened[id]) if id else 0
        value = work.values.of([id]).get(id) if id else None
        decision = self._triage.decide(mail, customer, pending, value)
        if decision is not None:
            self._threads.add(mail.thread)
            if id:
                self._opened[id].append(mail.arrived)
        return decision


def try_on(
    pool: Pool, in_force: Triage, other: Triage, since: datetime, told: Callable[[int], None] = lambda done: None
) -> Trial:
    """Try both tables on the mail that came since a moment, oldest first.

    Args:
        pool: whose mail.
        in_force: the table of the settings.
        other: the table to be tried.
        since: where to begin.
        told: is told how many mails have been looked at.
    """
    trial, first, second = Trial(), _Table(in_force), _Table(other)
    with pool.read() as work:
        for mail in _mails(work, since):
            trial.mails += 1
            before, after = first.decide(work, mail), second.decide(work, mail)
            for decision, counter in ((before, trial.before), (after, trial.after)):
                if decision is not None:
                    counter[decision.queue, decision.priority.value, decision.because] += 1
            if _decided(before) != _decided(after):
                trial.differing += 1
                if len(trial.differences) < NAMED:
                    trial.differences.append(Difference(mail.number, mail.arrived, before, after))
            told(trial.mails)
    return trial


def _decided(decision: Decision | None) -> object:
    """What a table decides; another wording of the reason is no other decision."""
    return decision and (decision.queue, decision.priority, decision.within)


def _mails(work: Work, since: datetime) -> Iterator[Triaged]:
    after: tuple[datetime, int] | None = None
    kinds = (MailKind.PERSON, MailKind.WEB_FORM, MailKind.GATEWAY)
    while numbers := work.messages.incoming_since(since, kinds, after, BATCH):
        mails = work.messages.get_many(numbers, text_length=0)
        found = work.findings.kept(numbers)
        for no in numbers:
            yield Triaged.of_pooled(mails[no], found.get(no))
        after = mails[numbers[-1]].arrived, numbers[-1]
