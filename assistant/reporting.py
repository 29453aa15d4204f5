"""Reports over cases, with the customers' own words: for whoever makes the product better."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from assistant import casebook
from rules.deadlines import BusinessHours
from rules.terms.case import Case
from rules.terms.complaint import Category
from rules.terms.customer import Customer, CustomerStatus
from rules.terms.errors import WrongUse
from rules.terms.staff import Viewer
from rules.triage.report import Report, report
from storage.pool import Pool

# The newest so many of the time are looked at.
MOST = 5000
QUOTES = 3
DAYS = 365
# Of so many complaints of one kind the quotes are looked for.
_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class CaseReport:
    """A report as its reader may see it: `quotes` by the category and product, and what became of the customers."""

    report: Report
    cases: list[Case]
    quotes: Mapping[str, list[tuple[int, str]]]
    customers: Mapping[str, Customer]
    complete: bool

    @property
    def kept(self) -> int:
        """How many of the customers that complained are still customers."""
        return sum(one.status is not CustomerStatus.LOST for one in self.customers.values())

    @property
    def lost(self) -> int:
        """How many are not."""
        return len(self.customers) - self.kept


def period(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """The time that somebody asks for: its first and last day; the year that ends today without another wish.

    Raises:
        WrongUse: it ends before it begins.
    """
    end = last or today
    start = first or end - timedelta(days=DAYS)
    if start > end:
        raise WrongUse(
            problem="The first day lies after the last one.", problem_de="Der erste Tag liegt nach dem letzten."
        )
    return start, end


def case_report(pool: Pool, viewer: Viewer, hours: BusinessHours, first: date, last: date) -> CaseReport:
    """The report over what was opened from a day to another, both included, as far as the viewer may see it."""
    begin, end = (datetime.combine(day, time(), hours.zone) for day in (first, last + timedelta(days=1)))
    with pool.read() as work:
        cases = work.cases.opened_between(begin, end, viewer.mailboxes, MOST)
        made = report(cases, hours)
        by_id = {case.id: case for case in cases}
        quotes: dict[str, list[tuple[int, str]]] = {}
        for kind, troubles in (("category", made.categories), ("product", made.products), ("cause", made.causes)):
            for one in troubles:
                entries = casebook.entries(work, viewer, [by_id[number] for number in one.cases[:_LOOKED_AT]])
                told = [(entry.case.id, entry.quote) for entry in entries if entry.quote]
                quotes[f"{kind}:{one.name}"] = told[:QUOTES]
        ids = {case.customer_id for case in cases if case.customer_id and case.category is not Category.NONE}
        customers = work.customers.get_many(ids)
    return CaseReport(made, cases, quotes, customers, len(cases) < MOST)
