"""Reports over cases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from rules.deadlines import BusinessHours, openings_of
from rules.terms.case import Case, CaseState
from rules.terms.complaint import Category
from rules.triage.report import Pace, report

HOURS = BusinessHours(openings_of(["Mo-Fr 8-17"]), ZoneInfo("Europe/Berlin"))
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
CASE = Case("complaints", "x", "b", MONDAY, 8, customer_id="C1", category=Category.DELIVERY)


def hours(count: float) -> datetime:
    return MONDAY + timedelta(hours=count)


def test_complaints_are_counted_by_kind_product_and_cause() -> None:
    cases = [
        replace(CASE, id=3, product="Pumpe 7", cause="Spedition", cost=900, state=CaseState.SOLVED, ended=hours(1)),
        replace(CASE, id=2, product="pumpe 7", cost=100),
        replace(CASE, id=1, category=Category.QUALITY, customer_id="C2"),
        replace(CASE, id=9, category=Category.NONE, product="Pumpe 7"),
    ]
    found = report(cases, HOURS)
    assert (found.count, found.open, found.cost) == (3, 2, 1000)
    assert [(one.name, one.count, one.cases) for one in found.categories] == [
        ("delivery", 2, (3, 2)),
        ("quality_defect", 1, (1,)),
    ]
    assert [(one.name, one.count, one.cost) for one in found.products] == [("Pumpe 7", 2, 1000)]
    assert [one.name for one in found.causes] == ["Spedition"]
    assert found.repeated == [("C1", 2)]
    assert found.months == {"2026-11-01": 3}


def test_the_pace_of_a_queue_is_the_median_in_business_hours() -> None:
    solved = replace(CASE, state=CaseState.SOLVED)
    cases = [
        replace(solved, answered=hours(1), ended=hours(2)),
        replace(solved, answered=hours(3), ended=hours(24 + 4)),
        replace(CASE, answered=hours(48)),
        replace(CASE, escalated=hours(9)),
        replace(CASE, queue="export"),
    ]
    assert report(cases, HOURS).paces == [Pace("complaints", 4, 3.0, 7.5, 2), Pace("export", 1, None, None, 0)]


def test_of_nothing_there_is_nothing_to_say() -> None:
    found = report([], HOURS)
    assert (found.count, found.categories, found.paces, found.repeated) == (0, [], [], [])
