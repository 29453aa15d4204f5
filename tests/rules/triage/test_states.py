"""How a case moves on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.terms.case import OURS, CaseEventKind, CaseState
from rules.triage.states import after


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ("assigned", CaseState.OPEN),
        ("assigned answered", CaseState.WAITING_CUSTOMER),
        ("answered", CaseState.WAITING_CUSTOMER),
        ("assigned answered customer-wrote", CaseState.WAITING_US),
        ("assigned answered customer-wrote answered relieved", CaseState.WAITING_CUSTOMER),
        ("assigned answered solved", CaseState.SOLVED),
        ("assigned answered solved customer-wrote", CaseState.OPEN),
        ("closed customer-wrote", CaseState.OPEN),
        ("solved closed reopened", CaseState.OPEN),
        ("customer-wrote noted snoozed woken escalated changed", CaseState.NEW),
    ],
)
def test_a_case_moves_by_what_people_do(events: str, state: CaseState) -> None:
    found = CaseState.NEW
    for event in events.split():
        found = after(found, CaseEventKind(event))
    assert found is state


@given(st.lists(st.sampled_from(CaseEventKind)))
def test_a_customer_who_wrote_last_is_always_owed_something(events: list[CaseEventKind]) -> None:
    state = CaseState.NEW
    for event in events:
        state = after(state, event)
    assert after(state, CaseEventKind.CUSTOMER_WROTE) in OURS
    assert after(state, CaseEventKind.RELIEVED) is state
