"""What is said of a case in a line."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rules.case_lines import due_text, is_overdue, line, waited_text, word
from rules.deadlines import BusinessHours, openings_of
from rules.terms.case import Case, CaseEventKind, CaseState, CaseView, Priority

HOURS = BusinessHours(openings_of(["Mo-Fr 8-17"]), ZoneInfo("Europe/Berlin"))
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # nine o'clock in Berlin
CASE = Case("complaints", "Lieferung fehlt", "Beschwerde", MONDAY, 8, id=7, due=MONDAY)


@pytest.mark.parametrize(
    ("due", "text"),
    [
        (timedelta(minutes=25), "noch 25 Min."),
        (timedelta(hours=1), "noch 1 Std."),
        (timedelta(hours=7), "noch 7 Std."),
        (timedelta(hours=26), "bis Di 11:00"),
        (timedelta(days=4), "bis Fr 09:00"),
        (timedelta(days=6), "bis So 09:00"),
        (timedelta(days=7), "noch 5 Arbeitstage"),
        (timedelta(days=60), "noch 60 Tage"),
        (timedelta(minutes=-1), "seit 1 Min. überfällig"),
        (timedelta(days=-3), "seit 9 Std. überfällig"),  # since Friday at nine: the weekend does not count
        (timedelta(days=-5), "seit 3 Arbeitstagen überfällig"),
        (timedelta(days=-90), "seit 90 Tagen überfällig"),
    ],
)
def test_the_time_left_counts_down_in_business_hours(due: timedelta, text: str) -> None:
    assert due_text(replace(CASE, due=MONDAY + due), MONDAY, HOURS, "de") == text
    assert is_overdue(replace(CASE, due=MONDAY + due), MONDAY) == (due < timedelta())


def test_today_is_the_firms_today() -> None:
    sunday = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
    monday = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert due_text(replace(CASE, due=monday), sunday, HOURS, "de") == "bis Mo 11:00"
    assert due_text(replace(CASE, due=monday), sunday, HOURS, "en") == "by Mon 11:00"
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # in Berlin it is Monday already
    assert due_text(replace(CASE, due=monday), late, HOURS, "de") == "noch 3 Std."


@pytest.mark.parametrize("state", [CaseState.WAITING_CUSTOMER, CaseState.SOLVED, CaseState.CLOSED])
def test_where_nothing_is_owed_nothing_counts_down(state: CaseState) -> None:
    late = replace(CASE, state=state, due=MONDAY - timedelta(days=9))
    assert (due_text(late, MONDAY, HOURS, "de"), is_overdue(late, MONDAY)) == ("", False)


def test_a_line_of_a_summary_tells_who_and_until_when() -> None:
    told = line(replace(CASE, due=MONDAY + timedelta(hours=3)), MONDAY, HOURS, "en")
    assert (told.href, told.state_text, told.due_text, told.overdue) == ("/cases/7", "new", "3 hours left", False)
    assert told.takeable
    assert not line(replace(CASE, assignee="anna"), MONDAY, HOURS, "en").takeable


@pytest.mark.parametrize(
    ("assignee", "text"), [("anna", "Anna Arndt"), ("ben", "ben"), ("@Versand", "Team Versand"), ("", "")]
)
def test_a_colleague_is_called_by_name(assignee: str, text: str) -> None:
    told = line(replace(CASE, assignee=assignee), MONDAY, HOURS, "de", {"anna": "Anna Arndt"})
    assert (told.assignee, told.assignee_text) == (assignee, text)


def test_waiting_is_counted_too() -> None:
    assert waited_text(MONDAY - timedelta(days=7), MONDAY, HOURS, "de") == "wartet seit 5 Arbeitstagen"


@pytest.mark.parametrize("language", ["de", "en"])
def test_everything_has_words_and_a_firms_own_names_stand_for_themselves(language: str) -> None:
    parts = {"state": CaseState, "priority": Priority, "event": CaseEventKind, "view": CaseView}
    for part, values in parts.items():
        for value in values:
            assert word(part, value, language) != value.value or language == "en" or part == "priority"
    assert word("queue", "export", language) == "export"
