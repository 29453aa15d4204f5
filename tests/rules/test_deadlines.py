"""Deadlines in business hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.deadlines import BusinessHours, openings_of

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = BusinessHours(
    openings_of(["Mo-Do 8-12", "Mo-Do 13:00-17:00", "Fr 8-14"]), BERLIN, lambda day: day == date(2026, 12, 25)
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1)).map(lambda one: one.replace(tzinfo=UTC))


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BERLIN)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (local(2026, 11, 23, 9, 0), 2, local(2026, 11, 23, 11, 0)),
        (local(2026, 11, 23, 11, 0), 2, local(2026, 11, 23, 14, 0)),  # over lunch
        (local(2026, 11, 23, 20, 0), 1, local(2026, 11, 24, 9, 0)),  # in the evening
        (local(2026, 11, 27, 13, 0), 2, local(2026, 11, 30, 9, 0)),  # over a weekend
        (local(2026, 12, 24, 16, 0), 2, local(2026, 12, 28, 9, 0)),  # over Christmas and a weekend
        (local(2026, 10, 23, 13, 30), 1, local(2026, 10, 26, 8, 30)),  # over the end of summer time
        (local(2026, 11, 23, 9, 0), 8, local(2026, 11, 24, 9, 0)),
    ],
)
def test_hours_count_while_the_firm_is_open(start: datetime, hours: float, due: datetime) -> None:
    assert OFFICE.after(start, hours) == due.astimezone(UTC)
    assert OFFICE.between(start, due) == timedelta(hours=hours)


@given(moments, st.floats(0.1, 300))
def test_the_time_up_to_a_deadline_is_what_was_given(start: datetime, hours: float) -> None:
    due = OFFICE.after(start, hours)
    assert due > start
    assert abs(OFFICE.between(start, due) - timedelta(hours=hours)) < timedelta(milliseconds=1)


@given(moments, moments, moments)
def test_parts_add_up(one: datetime, two: datetime, three: datetime) -> None:
    first, middle, last = sorted((one, two, three))
    assert OFFICE.between(first, last) == OFFICE.between(first, middle) + OFFICE.between(middle, last)
    assert OFFICE.between(last, first) == timedelta() or first == last


def test_a_night_shift_that_ends_at_midnight_is_as_long_as_it_is() -> None:
    bar = BusinessHours(openings_of(["Mo-So 18-24"]), BERLIN)
    assert bar.after(local(2026, 11, 23, 23, 0), 2) == local(2026, 11, 24, 19, 0).astimezone(UTC)


def test_without_hours_the_clock_never_stops() -> None:
    always = BusinessHours({}, BERLIN)
    saturday = local(2026, 11, 28, 22, 0)
    assert always.after(saturday, 4) == saturday.astimezone(UTC) + timedelta(hours=4)
    assert always.between(saturday, saturday + timedelta(hours=4)) == timedelta(hours=4)


def test_a_firm_that_never_opens_is_given_a_year() -> None:
    closed = BusinessHours(openings_of(["Mo-So 8-17"]), BERLIN, lambda day: True)
    start = local(2026, 11, 23, 9, 0)
    assert closed.after(start, 4) == start.astimezone(UTC)
    assert closed.between(start, local(2027, 11, 23)) == timedelta()


@pytest.mark.parametrize(
    "wrong", ["immer", "Mo-Fr", "Mo-Fr 8", "Xx 8-17", "Mo 17-8", "Mo 8-8", "Mo 25-26", "Mo 8:75-9"]
)
def test_what_are_no_business_hours_is_said(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        openings_of([wrong])


def test_overlapping_hours_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        openings_of(["Mo-Fr 8-12", "Mi 11-15"])


def test_a_line_may_run_over_the_weekend_and_be_english() -> None:
    assert sorted(openings_of(["Sat-Mon 10-12"])) == [0, 5, 6]


@pytest.mark.parametrize(
    ("lines", "length"),
    [(["Mo-Fr 8-17"], 9), (["Mo-Do 8-12", "Mo-Do 13-17", "Fr 8-12"], 7.2), ([], 24), (["Sa 0-24"], 24)],
)
def test_a_working_day_is_as_long_as_those_of_the_week_on_average(lines: list[str], length: float) -> None:
    assert BusinessHours(openings_of(lines), BERLIN).day == timedelta(hours=length)
