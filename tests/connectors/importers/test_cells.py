"""What a single cell means, in German and English manner."""

import contextlib
import time
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.importers import cells
from connectors.importers.cells import Manner
from connectors.importers.problems import Problem

GERMAN, ENGLISH, UNTOLD = Manner(decimal=","), Manner(decimal="."), Manner()


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.234,56", 1234.56),
        ("1,234.56", 1234.56),
        ("1234,5", 1234.5),
        ("1234.5", 1234.5),
        ("1.234.567", 1234567),
        ("1.234.567,89 €", 1234567.89),
        ("EUR 12,00", 12),
        ("1'234.50", 1234.5),
        ("1 234,50", 1234.5),
        ("1.234,56-", -1234.56),
        ("−5", -5),
        ("- 5", -5),
        ("100,-", 100),
        ("0.125", 0.125),
        ("1.234", 1234),
        ("1,234", 1234),
        (1234.5, 1234.5),
        (7, 7),
        ("", None),
        ("-", None),
        (None, None),
    ],
)
def test_numbers_that_speak_for_themselves(written: cells.Cell, value: float | None) -> None:
    assert cells.number(written, UNTOLD) == value


@pytest.mark.parametrize(("manner", "value"), [(GERMAN, 1234.0), (ENGLISH, 1.234), (UNTOLD, 1234.0)])
def test_the_file_tells_what_a_number_alone_does_not(manner: Manner, value: float) -> None:
    assert cells.number("1.234", manner) == value


@pytest.mark.parametrize(
    "wrong",
    ["abc", "1.2.3", "12,34,56", "1.234.56", "1,2 3", "--5", "-5-", "1e5", "∞", float("nan"), float("inf"), 10**400],
)
def test_what_is_no_number_is_said_to_be_none(wrong: cells.Cell) -> None:
    with pytest.raises(Problem, match="is no number"):
        cells.number(wrong, UNTOLD)


@given(st.integers(-(10**13), 10**13), st.booleans())
def test_every_amount_comes_back(cents: int, german: bool) -> None:
    written = f"{cents / 100:,.2f}"
    if german:
        written = written.translate(str.maketrans(",.", ".,"))
    assert cells.number(written, UNTOLD) == pytest.approx(cents / 100)


@pytest.mark.parametrize(
    "written",
    [
        "2025-12-31",
        "31.12.2025",
        "31. 12. 2025",
        "31.12.25",
        "31/12/2025",
        "12/31/2025",
        "20251231",
        "31. Dezember 2025",
        "31 Dec 2025",
        "December 31, 2025",
        "Dec 31 2025",
        "2025-12-31T00:00:00",
        "2025-12-31 00:00",
        date(2025, 12, 31),
        datetime(2025, 12, 31),
    ],
)
def test_days_however_written(written: cells.Cell) -> None:
    assert cells.day(written, UNTOLD) == date(2025, 12, 31)


def test_a_day_that_could_be_two_is_not_guessed() -> None:
    with pytest.raises(Problem, match="two different days"):
        cells.day("03/04/2025", UNTOLD)
    assert cells.day("03/04/2025", Manner(day_first=True)) == date(2025, 4, 3)
    assert cells.day("03/04/2025", Manner(day_first=False)) == date(2025, 3, 4)
    assert cells.day("05/05/2025", UNTOLD) == date(2025, 5, 5)


@pytest.mark.parametrize(
    "wrong",
    [
        "31.02.2025",
        "2025-13-01",
        "yesterday",
        "1.1.0001",
        "99.99.9999",
        "5 5 2025",
        "32 Dec 2025",
        datetime(9999, 1, 1),
        "31.12.2025 25:00",
    ],
)
def test_no_date_is_no_date(wrong: cells.Cell) -> None:
    with pytest.raises(Problem, match="is no date"):
        cells.day(wrong, UNTOLD)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("31.12.2025 14:30", "2025-12-31T14:30:00"),
        ("31.12.2025, 14:30 Uhr", "2025-12-31T14:30:00"),
        ("12/31/2025 2:30 PM", "2025-12-31T14:30:00"),
        ("2025-12-31T14:30:05Z", "2025-12-31T14:30:05+00:00"),
        ("2025-12-31 14:30:05.123+01:00", "2025-12-31T14:30:05+01:00"),
    ],
)
def test_times_of_day(written: str, iso: str) -> None:
    found = cells.moment(written, UNTOLD)
    assert found is not None
    assert found.isoformat() == iso


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2019", "2019"),
        (2019, "2019"),
        (2019.0, "2019"),
        ("03/2019", "2019-03"),
        ("3.2019", "2019-03"),
        ("2019-03", "2019-03"),
        ("1.3.2019", "2019-03-01"),
        ("", ""),
    ],
)
def test_since_is_a_year_a_month_or_a_day(written: cells.Cell, iso: str) -> None:
    assert cells.since(written, UNTOLD) == iso


def test_yes_and_no() -> None:
    some: list[cells.Cell] = ["ja", "X", "1", "Yes", "wahr", True, 1, 1.0]
    none: list[cells.Cell] = ["nein", "0", "No", "", None, "-", False, 0]
    assert all(cells.yes(cell) for cell in some)
    assert not any(cells.yes(cell) for cell in none)
    with pytest.raises(Problem, match="neither yes nor no"):
        cells.yes("maybe")


def test_texts_are_cleaned() -> None:
    assert cells.text("  a\u00a0 b\r\nc\x00\ufeff ") == "a b c"
    assert cells.text(" a \r\n b\n", lines=True) == "a\n b"
    assert cells.text(1001.0) == "1001"
    assert cells.text("#NV") == ""
    with pytest.raises(Problem, match="longer than 10"):
        cells.text("x" * 11, 10)


@given(st.text() | st.floats() | st.integers() | st.datetimes() | st.none() | st.booleans())
def test_no_cell_breaks_a_reader(cell: cells.Cell) -> None:
    for read in (
        cells.text,
        cells.yes,
        lambda c: cells.number(c, UNTOLD),
        lambda c: cells.moment(c, UNTOLD),
        lambda c: cells.since(c, UNTOLD),
    ):
        with contextlib.suppress(Problem):
            read(cell)


def test_hostile_cells_cost_little() -> None:
    before = time.process_time()
    for bomb in (
        "1.234" * 50_000,
        "1" * 250_000,
        " " * 250_000 + "x",
        "1 " * 100_000,
        "31." * 80_000,
        "Dezember " * 20_000,
    ):
        for read in (
            cells.yes,
            lambda c: cells.number(c, UNTOLD),
            lambda c: cells.moment(c, UNTOLD),
            lambda c: cells.since(c, UNTOLD),
        ):
            with contextlib.suppress(Problem):
                read(bomb)
        Manner.of([bomb])
    assert time.process_time() - before < 3
