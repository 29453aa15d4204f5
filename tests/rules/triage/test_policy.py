"""Where a mail goes, how soon, and why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.deadlines import BusinessHours
from rules.terms.case import Decision, Priority
from rules.terms.complaint import Category
from rules.terms.customer import PartyKind
from rules.terms.mail import Verdict
from rules.triage.policy import COMPLAINTS, DEFAULT, Line, Situation, decide

HOURS = BusinessHours({}, ZoneInfo("Europe/Berlin"))
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
COMPLAINT = Situation(complaint=True, severity=1, category=Category.DELIVERY)


def decided(of: Situation, *lines: Line) -> Decision | None:
    return decide(of, NOW, HOURS, lines or DEFAULT)


def test_ordinary_mail_makes_no_case() -> None:
    assert decided(Situation(king=True, value_class="A", open_cases=3)) is None


@pytest.mark.parametrize(
    ("of", "priority", "hours", "because"),
    [
        (COMPLAINT, Priority.NORMAL, 16, "triage.complaint"),
        (replace(COMPLAINT, severity=2), Priority.HIGH, 8, "triage.clear"),
        (replace(COMPLAINT, value_class="A"), Priority.HIGH, 8, "triage.value"),
        (replace(COMPLAINT, open_cases=1), Priority.HIGH, 8, "triage.again"),
        (replace(COMPLAINT, king=True), Priority.URGENT, 4, "triage.king"),
        (replace(COMPLAINT, severity=3), Priority.URGENT, 4, "triage.grave"),
        (replace(COMPLAINT, acts=frozenset({"privacy"})), Priority.URGENT, 8, "triage.privacy"),
        (replace(COMPLAINT, category=Category.LEGAL), Priority.URGENT, 4, "triage.legal"),
        (
            replace(COMPLAINT, acts=frozenset({"safety"}), king=True, severity=3),
            Priority.URGENT,
            2,
            "triage.safety",
        ),
    ],
)
def test_the_first_line_that_holds_decides(of: Situation, priority: Priority, hours: int, because: str) -> None:
    assert decided(of) == Decision(COMPLAINTS, priority, because, hours, NOW + timedelta(hours=hours))


situations = st.builds(
    Situation,
    complaint=st.booleans(),
    severity=st.integers(0, 3),
    category=st.sampled_from(Category),
    acts=st.frozensets(st.sampled_from(["safety", "legal", "privacy", "late", "missing"])),
    party=st.frozensets(st.sampled_from(PartyKind)),
    king=st.booleans(),
    value_class=st.sampled_from(["A", "B", "C", ""]),
    open_cases=st.integers(0, 5),
    verdict=st.sampled_from([Verdict.PASS, Verdict.NONE]),
)


@given(situations, st.booleans())
def test_whoever_pretends_gets_no_priority(of: Situation, pretended: bool) -> None:
    doubted = replace(of, pretended=True) if pretended else replace(of, verdict=Verdict.FAIL)
    assert decided(doubted, Line("vip", Priority.URGENT, 1, "immer")) is None


@given(situations)
def test_danger_law_and_data_protection_never_wait_for_a_customers_value(of: Situation) -> None:
    low = Line("later", Priority.LOW, 500, "wer nichts bringt, wartet", complaint=True, king=False)
    grave = of.acts & {"safety", "legal", "privacy"} or of.category in (Category.LEGAL, Category.DATA_PROTECTION)
    found = decided(of, low)
    assert bool(found and found.priority is Priority.URGENT) == (of.complaint and bool(grave))


@given(situations)
def test_every_complaint_gets_a_case_and_a_reason(of: Situation) -> None:
    found = decided(replace(of, complaint=True))
    assert found is not None
    assert found.because
    assert found.due > NOW


def test_a_firms_own_lines_may_ask_for_anything_that_is_known() -> None:
    line = Line(
        "export",
        Priority.HIGH,
        4,
        "Englische Anfrage eines Partners wartet",
        languages=frozenset({"en"}),
        party=frozenset({PartyKind.PARTNER}),
        mailboxes=frozenset({"office"}),
        waiting=8,
    )
    fits = Situation(
        language="en", party=frozenset({PartyKind.PARTNER}), mailboxes=frozenset({"office", "anna"}), waiting=9
    )
    found = decided(fits, line)
    assert found is not None
    assert (found.queue, found.because) == ("export", "Englische Anfrage eines Partners wartet")
    for other in (
        replace(fits, language="de"),
        replace(fits, party=frozenset({PartyKind.CUSTOMER})),
        replace(fits, mailboxes=frozenset({"anna"})),
        replace(fits, waiting=7.9),
    ):
        assert decided(other, line) is None
