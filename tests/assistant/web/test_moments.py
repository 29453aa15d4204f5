"""Times, numbers and sizes as people write them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assistant.web import moments

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("passed", "german", "english"),
    [
        (timedelta(seconds=20), "gerade eben", "just now"),
        (timedelta(minutes=5), "vor 5 Min.", "5 min ago"),
        (timedelta(hours=3), "heute, 07:30 Uhr", "today, 07:30"),
        (timedelta(hours=12), "gestern", "yesterday"),
        (timedelta(days=10), "12.11.", "12 Nov"),
        (timedelta(days=400), "18.10.2025", "18 Oct 2025"),
        (timedelta(days=-30), "22.12.", "22 Dec"),
    ],
)
def test_a_time_is_told_in_few_words(passed: timedelta, german: str, english: str) -> None:
    assert moments.ago(NOW - passed, NOW, "de", ZONE) == german
    assert moments.ago(NOW - passed, NOW, "en", ZONE) == english


def test_midnight_is_the_firms_own() -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert moments.ago(late, NOW, "de", ZONE) == "heute, 00:30 Uhr"
    assert moments.ago(late, NOW, "de", UTC) == "gestern"


def test_the_exact_time_is_there_for_whoever_asks() -> None:
    assert moments.exact(NOW, "de", ZONE) == "Sonntag, 22. November 2026, 10:30 Uhr"
    assert moments.exact(date(2026, 3, 1), "en", ZONE) == "Sunday, 1 March 2026"


def test_what_is_no_time_is_none() -> None:
    assert moments.parse("gestern") is None
    assert moments.parse("2026-11-31") is None
    assert moments.parse("2026-11-30") == date(2026, 11, 30)


def test_numbers_sizes_and_spans_in_both_languages() -> None:
    assert moments.number(48300, "de") == "48.300"
    assert moments.number(48300.5, "en", 2) == "48,300.50"
    assert [moments.size(n, "de") for n in (12, 1500, 2_340_000)] == ["12 B", "2 kB", "2,3 MB"]
    assert moments.lasting(1, "de") == "1 Sekunde"
    assert moments.lasting(75, "de") == "1 Minute"
    assert moments.lasting(5 * 3600, "en") == "5 hours"
