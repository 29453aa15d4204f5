"""Reports: what customers complain of, in their own words; how long queues take; who complains again."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter

from assistant.reporting import MOST, CaseReport, case_report, period
from assistant.web import charts
from assistant.web.tables import csv_file
from assistant.web.visit import Visit
from rules import case_lines, complaint_lines
from rules.summary import full_name
from rules.terms.errors import WrongUse
from rules.triage.report import Trouble

COLUMNS = (
    "id", "queue", "opened", "priority", "state", "category", "severity", "product", "cause", "remedy", "cost_eur",
    "customer_id", "answered", "ended", "tags",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of trouble with its quotes."""

    name: str
    trouble: Trouble
    quotes: list[tuple[int, str]]


@get("/reports", sync_to_thread=True)
def reports(
    visit: Given[Visit],
    first: Annotated[date | None, QueryParameter(name="from")] = None,
    last: Annotated[date | None, QueryParameter(name="to")] = None,
) -> Response[str]:
    """The complaints of a time, a year without another wish."""
    try:
        start, end, found = _report(visit, first, last)
    except WrongUse as problem:
        page = visit.page(
            "reports.html", "reports", first=first, last=last, error=problem.text(visit.language), found=None
        )
        page.status_code = problem.status
        return page
    made, language = found.report, visit.language
    rows = {
        kind: [Row(_name(kind, one.name, language), one, found.quotes[f"{kind}:{one.name}"]) for one in troubles]
        for kind, troubles in (("category", made.categories), ("product", made.products), ("cause", made.causes))
    }
    return visit.page(
        "reports.html",
        "reports",
        first=start,
        last=end,
        found=found,
        error="",
        report=made,
        rows=rows,
        most=MOST,
        months=charts.by_month(made.months, end, language),
        categories=charts.ranked([(row.name, row.trouble.count) for row in rows["category"]], language),
        paces=[(case_lines.word("queue", pace.queue, language), pace) for pace in made.paces],
        repeated=[
            (found.customers[id], full_name(found.customers[id]), count)
            for id, count in made.repeated
            if id in found.customers
        ],
        file=f"/reports/cases.csv?{urlencode({'from': start.isoformat(), 'to': end.isoformat()})}",
    )


@get("/reports/cases.csv", sync_to_thread=True)
def cases_file(
    visit: Given[Visit],
    first: Annotated[date | None, QueryParameter(name="from")] = None,
    last: Annotated[date | None, QueryParameter(name="to")] = None,
) -> Response[bytes]:
    """The cases of a time as a table, without who worked on them."""
    start, end, found = _report(visit, first, last)
    rows = (
        (
            case.id,
            case.queue,
            case.opened.isoformat(),
            case.priority.value,
            case.state.value,
            case.category.value,
            case.severity,
            case.product,
            case.cause,
            case.remedy,
            None if case.cost is None else f"{case.cost / 100:.2f}",
            case.customer_id,
            case.answered and case.answered.isoformat(),
            case.ended and case.ended.isoformat(),
            " ".join(case.tags),
        )
        for case in found.cases
    )
    return csv_file(f"cases-{start}-{end}.csv", COLUMNS, rows)


def _report(visit: Visit, first: date | None, last: date | None) -> tuple[date, date, CaseReport]:
    """The time that was asked for, and its report; both days belong to it."""
    start, end = period(first, last, visit.now.date())
    services = visit.services
    return start, end, case_report(services.pool, visit.viewer, services.casework.triage.hours, start, end)


def _name(kind: str, name: str, language: str) -> str:
    return complaint_lines.word("category", name, language) if kind == "category" else name


ROUTES = (reports, cases_file)
