"""What the cases of a time tell: what goes wrong how often, how long customers wait, who complains again.

Times are business hours of the whole queue. Nothing here counts or times a person of the firm.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from rules.deadlines import BusinessHours
from rules.terms.case import Case, CaseState
from rules.terms.complaint import Category

# Two cases make somebody who complains again.
_AGAIN = 2
_MOST = 20


@dataclass(frozen=True, slots=True)
class Trouble:
    """Complaints of one kind: how many, what they cost in cents as far as somebody wrote it down, and which."""

    name: str
    count: int
    cost: int
    cases: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a queue is: medians in business hours, None where nothing was answered or solved yet.

    `late`: how many first answers came too late or are late by now.
    """

    queue: str
    count: int
    answer: float | None
    solution: float | None
    late: int


@dataclass(frozen=True, slots=True)
class Report:
    """The cases of a time. `months`: how many were opened, by the first day of the month."""

    count: int
    open: int
    cost: int
    categories: Sequence[Trouble]
    products: Sequence[Trouble]
    causes: Sequence[Trouble]
    paces: Sequence[Pace]
    repeated: Sequence[tuple[str, int]]
    months: Mapping[str, int]


def report(cases: Sequence[Case], hours: BusinessHours) -> Report:
    """Sum up cases, newest first; those that are about nothing in particular count for the times alone."""
    complaints = [case for case in cases if case.category is not Category.NONE]
    ended = (CaseState.SOLVED, CaseState.CLOSED)
    who = Counter(case.customer_id for case in complaints if case.customer_id)
    return Report(
        count=len(complaints),
        open=sum(case.state not in ended for case in complaints),
        cost=sum(case.cost or 0 for case in complaints),
        categories=_troubles((case.category.value, case) for case in complaints),
        products=_troubles((case.product, case) for case in complaints),
        causes=_troubles((case.cause, case) for case in complaints),
        paces=_paces(cases, hours),
        repeated=[(id, count) for id, count in who.most_common(_MOST) if count >= _AGAIN],
        months=Counter(f"{case.opened.astimezone(hours.zone):%Y-%m}-01" for case in complaints),
    )


def _troubles(named: Iterable[tuple[str, Case]]) -> list[Trouble]:
    groups: dict[str, list[Case]] = defaultdict(list)
    spelt: dict[str, str] = {}
    for name, case in named:
        if name:
            # The newest spelling stands for all.
            groups[spelt.setdefault(name.casefold(), name)].append(case)
    found = (
        Trouble(name, len(group), sum(case.cost or 0 for case in group), tuple(case.id for case in group))
        for name, group in groups.items()
    )
    return sorted(found, key=lambda one: (-one.count, -one.cost, one.name))[:_MOST]


def _paces(cases: Sequence[Case], hours: BusinessHours) -> list[Pace]:
    queues: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        queues[case.queue].append(case)
    return [
        Pace(
            queue,
            len(group),
            _median([_hours(case.opened, case.answered, hours) for case in group if case.answered]),
            _median(
                [
                    _hours(case.opened, case.ended, hours)
                    for case in group
                    if case.state is CaseState.SOLVED and case.ended
                ]
            ),
            sum(_late(case, hours) for case in group),
        )
        for queue, group in sorted(queues.items())
    ]


def _hours(start: datetime, end: datetime, hours: BusinessHours) -> float:
    return hours.between(start, end) / timedelta(hours=1)


def _late(case: Case, hours: BusinessHours) -> bool:
    """Whether the first answer came too late, or is late by now."""
    if case.answered is None:
        return case.escalated is not None
    return case.answered > hours.after(case.opened, case.within)


def _median(values: Sequence[float]) -> float | None:
    return round(median(values), 1) if values else None
