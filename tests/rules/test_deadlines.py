"""Deadlines in business hours."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from time import process_time
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
    "wrong",
    ["immer", "Mo-Fr", "Mo-Fr 8", "Xx 8-17", "Mo 17-8", "Mo 8-8", "Mo 25-26", "Mo 8:75-9", "8-17", "", "Mo 8-12, Fr",
     "Mo-Fr 8-17 außer freitags"],
)  # fmt: skip
def test_the_line_that_is_no_business_hours_is_named(wrong: str) -> None:
    with pytest.raises(ValueError, match=f"“{re.escape(wrong)}”"):
        openings_of(["Sa 8-12", wrong])


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("Mo bis Do 7:00 - 16:30, Fr 7-13 Uhr", ["Mo-Do 7-16:30", "Fr 7-13"]),
        ("Montag–Freitag 8.00 Uhr bis 12.00 Uhr und 13 bis 17 Uhr", ["Mo-Fr 8-12", "Mo-Fr 13-17"]),
        ("Mo, Mi und Fr: von 9 bis 12Uhr", ["Mo 9-12", "Mi 9-12", "Fr 9-12"]),
        ("Mo - Do 8 — 17; Fr. 8 — 14", ["Mo-Do 8-17", "Fr 8-14"]),
        ("Mo-Fr 8-12 13-17 Sa 9-12", ["Mo-Fr 8-12", "Mo-Fr 13-17", "Sa 9-12"]),
        ("Mon to Thu 8:00 to 17:00, Friday 8-13", ["Mo-Do 8-17", "Fr 8-13"]),
    ],
)
def test_hours_are_understood_as_people_write_them(said: str, plain: list[str]) -> None:
    assert openings_of([said]) == openings_of(plain)


clocks = st.integers(0, 24 * 60 - 1)


@given(st.integers(0, 6), st.integers(0, 6), st.tuples(clocks, clocks).filter(lambda ends: ends[0] < ends[1]),
       st.sampled_from(["-", " - ", "–", " — ", " bis "]), st.sampled_from(["", " Uhr", "uhr", " UHR "]),
       st.sampled_from([":", "."]))  # fmt: skip
def test_dashes_and_clocks_may_be_written_in_any_way(
    first: int, last: int, ends: tuple[int, int], dash: str, clock: str, mark: str
) -> None:
    days = "Mo Di Mi Do Fr Sa So".split()
    opens, closes = (f"{minute // 60}{mark}{minute % 60:02}" for minute in ends)
    opening = tuple(time(minute // 60, minute % 60) for minute in ends)
    found = openings_of([f"{days[first]}{dash}{days[last]} {opens}{clock}{dash}{closes}{clock}"])
    assert found == {(first + number) % 7: [opening] for number in range((last - first) % 7 + 1)}


@given(st.text(alphabet="Mo-Fr 8:7,–bisUhr.\n;und", max_size=60))
def test_whatever_is_written_is_understood_or_refused(line: str) -> None:
    try:
        found = openings_of([line])
    except ValueError:
        return
    assert found
    assert all(opens < closes for day in found.values() for opens, closes in day)


@pytest.mark.parametrize("piece", [" ", "-", " bis ", "mo-", "8 ", "uhr ", "8-9,", "von "])
def test_hostile_hours_cost_little(piece: str) -> None:
    started = process_time()
    with suppress(ValueError):
        openings_of([piece * (200_000 // len(piece))])
    assert process_time() - started < 2


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
