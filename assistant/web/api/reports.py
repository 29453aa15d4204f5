"""Reports over HTTP: complaints by kind, and how long queues take. Nothing of it counts or times a person."""

from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from litestar import get
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter

from assistant.ports import Services
from assistant.reporting import case_report, period
from assistant.web.api.bodies import Body
from rules.terms.staff import Viewer


class TroubleBody(Body):
    """Complaints of one kind. `cost` in cents; `quotes`: words of customers, each with its case."""

    name: str
    count: int
    cost: int
    quotes: list[tuple[int, str]]


class PaceBody(Body):
    """A queue: how many cases, the median business hours to the first answer and to the solution, how many late."""

    queue: str
    count: int
    answer: float | None
    solution: float | None
    late: int


class RepeatedBody(Body):
    """A customer who complained more than once."""

    customer: str
    count: int


class ReportBody(Body):
    """The complaints of a time. `complete`: false where only the newest of them are counted."""

    first: date
    last: date
    count: int
    open: int
    cost: int
    categories: list[TroubleBody]
    products: list[TroubleBody]
    causes: list[TroubleBody]
    queues: list[PaceBody]
    repeated: list[RepeatedBody]
    months: dict[str, int]
    customers_kept: int
    customers_lost: int
    complete: bool


@get("/reports/complaints", sync_to_thread=True, tags=["reports"])
def complaints_report(
    services: Given[Services],
    viewer: Given[Viewer],
    now: Given[datetime],
    first: Annotated[date | None, QueryParameter(name="from", description="First day; a year ago.")] = None,
    last: Annotated[date | None, QueryParameter(name="to", description="Last day; today.")] = None,
) -> ReportBody:
    """What customers complained of, how long they waited, and who complained again."""
    zone = ZoneInfo(services.settings.firm.time_zone)
    start, end = period(first, last, now.astimezone(zone).date())
    found = case_report(services.pool, viewer, services.casework.triage.hours, start, end)
    made = found.report
    troubles = {
        kind: [TroubleBody(one.name, one.count, one.cost, found.quotes[f"{kind}:{one.name}"]) for one in group]
        for kind, group in (("category", made.categories), ("product", made.products), ("cause", made.causes))
    }
    return ReportBody(
        first=start,
        last=end,
        count=made.count,
        open=made.open,
        cost=made.cost,
        categories=troubles["category"],
        products=troubles["product"],
        causes=troubles["cause"],
        queues=[PaceBody(one.queue, one.count, one.answer, one.solution, one.late) for one in made.paces],
        repeated=[RepeatedBody(id, count) for id, count in made.repeated],
        months=dict(made.months),
        customers_kept=found.kept,
        customers_lost=found.lost,
        complete=found.complete,
    )


ROUTES = (complaints_report,)
