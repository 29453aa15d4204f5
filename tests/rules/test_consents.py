"""What somebody agreed to, and what stops them from being asked."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.consents import allowed, as_existing_customer, deciding, measured, words_of
from rules.terms.consent import Consent, Purpose, Way

AT = datetime(2026, 11, 22, tzinfo=UTC)


def word(given: bool, day: int, contact: str = "", purpose: Purpose = Purpose.EMAIL, id: int = 0) -> Consent:
    return Consent("C1", purpose, given, date(2026, 1, day), Way.FORM, AT, contact, id=id)


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [(Purpose.POST, True), (Purpose.EMAIL, False), (Purpose.PHONE, False), (Purpose.OPENS, False)],
)
def test_of_who_said_nothing_only_post_may_be_sent(purpose: Purpose, expected: bool) -> None:
    assert allowed(words_of([]), purpose, "P1") is expected


def test_the_latest_word_counts_whatever_the_order_in_which_it_was_written_down() -> None:
    history = [word(False, 5, id=1), word(True, 3, id=2)]
    assert not allowed(words_of(history), Purpose.EMAIL)
    assert allowed(words_of([*history, word(True, 5, id=3)]), Purpose.EMAIL)


def test_the_customers_word_holds_for_people_who_said_nothing() -> None:
    words = words_of([word(True, 1), word(False, 2, "P2")])
    assert allowed(words, Purpose.EMAIL, "P1")
    assert not allowed(words, Purpose.EMAIL, "P2")
    assert allowed(words, Purpose.EMAIL)
    assert not allowed(words, Purpose.PHONE, "P1")


def test_what_a_person_refused_their_firm_cannot_allow() -> None:
    assert not allowed(words_of([word(False, 1, "P1"), word(True, 9)]), Purpose.EMAIL, "P1")


def test_what_the_firm_withdrew_only_a_newer_word_of_the_person_allows() -> None:
    assert not allowed(words_of([word(True, 1, "P1"), word(False, 1)]), Purpose.EMAIL, "P1")
    assert allowed(words_of([word(False, 1), word(True, 2, "P1")]), Purpose.EMAIL, "P1")


def test_who_refuses_post_gets_none() -> None:
    assert not allowed(words_of([word(False, 1, purpose=Purpose.POST)]), Purpose.POST, "P1")


@pytest.mark.parametrize("told", [True, False])
def test_that_a_mailing_was_opened_is_kept_only_with_consent(told: bool) -> None:
    yes, no = (words_of([word(said, 1, "P1", Purpose.OPENS)]) for said in (True, False))
    assert measured(yes, "P1", objects=False, told=told)
    assert not measured(no, "P1", objects=False, told=told)
    assert measured(words_of([]), "P1", objects=False, told=told) is told
    assert not measured(yes, "P1", objects=True, told=told)


WORDS = st.lists(
    st.builds(
        word,
        st.booleans(),
        st.integers(1, 4),
        st.sampled_from(["", "P1", "P2"]),
        st.sampled_from(list(Purpose)),
        id=st.integers(0, 99),
    ),
    max_size=12,
)


@given(WORDS, st.sampled_from(list(Purpose)), st.sampled_from(["", "P1"]))
def test_who_bought_may_be_mailed_where_nobody_said_anything_of_it_and_nothing_else_changes(
    history: list[Consent], purpose: Purpose, who: str
) -> None:
    words = words_of(history)
    silent = purpose is Purpose.EMAIL and deciding(words, purpose, who) is None
    assert as_existing_customer(words, purpose, who, bought=True) is silent
    assert allowed(words, purpose, who, bought=True) is (allowed(words, purpose, who) or silent)
    assert not as_existing_customer(words, purpose, who, bought=False)


@given(WORDS, st.sampled_from(["", "P1"]), st.integers(1, 4))
def test_who_withdrew_is_not_mailed_because_they_bought(history: list[Consent], who: str, day: int) -> None:
    kept = [one for one in history if one.date.day <= day]
    last = Consent("C1", Purpose.EMAIL, False, date(2026, 1, day), Way.EMAIL, AT, who, id=100)
    assert not allowed(words_of([*kept, last]), Purpose.EMAIL, who, bought=True)


@given(WORDS, st.sampled_from(list(Purpose)), st.sampled_from(["", "P1"]))
def test_somebody_elses_words_change_nothing(history: list[Consent], purpose: Purpose, who: str) -> None:
    mine = [one for one in history if one.contact_id in ("", who) and one.purpose is purpose]
    assert deciding(words_of(history), purpose, who) == deciding(words_of(mine), purpose, who)


@given(WORDS, st.sampled_from(list(Purpose)), st.sampled_from(["", "P1"]))
def test_a_withdrawal_after_everything_else_stops_everybody(history: list[Consent], purpose: Purpose, who: str) -> None:
    last = Consent("C1", purpose, False, date(2026, 2, 1), Way.SPOKEN, AT, id=100)
    assert not allowed(words_of([*history, last]), purpose, who)
