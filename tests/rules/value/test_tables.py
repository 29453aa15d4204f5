"""Segments, risk, win-back, the next best action and lookalikes: tables read aloud."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import wording
from rules.terms.worth import Bar, BusinessModel
from rules.value.abc import Class
from rules.value.lifetime import Unfit
from rules.value.lookalikes import Profile, lookalikes
from rules.value.next_action import TABLE, Action, Situation, next_action
from rules.value.rfm import Rfm
from rules.value.rhythm import Rhythm
from rules.value.segments import RISKS, SEGMENTS, Segment, Standing, at_risk, segment, win_back

TODAY = date(2026, 6, 1)
# A regular customer of a wholesaler, class B, in their usual rhythm.
REGULAR = Standing(
    "K1",
    BusinessModel.REPEAT,
    orders=20,
    first_days=900,
    last_days=20,
    worth=100_000,
    abc=Class.B,
    rfm=Rfm(4, 3, 3),
    rhythm=Rhythm(42.0, 60, 20, 20),
    p_alive=0.95,
    change=0.0,
)
OVERDUE = Rhythm(42.0, 60, 100, 20)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (REGULAR, (Segment.OCCASIONAL, "segment.because.seldom")),
        (replace(REGULAR, rfm=Rfm(4, 4, 3)), (Segment.LOYAL, "segment.because.often")),
        (replace(REGULAR, change=0.3), (Segment.GROWING, "segment.because.growing")),
        (replace(REGULAR, first_days=100, change=None), (Segment.NEW, "segment.because.new")),
        (replace(REGULAR, abc=Class.A), (Segment.KING, "segment.because.class-a")),
        (replace(REGULAR, key_account=True), (Segment.KING, "segment.because.key-account")),
        (replace(REGULAR, last_days=800, key_account=True), (Segment.LOST, "segment.because.long-ago")),
        (Standing("K2", BusinessModel.REPEAT), (Segment.LEAD, "segment.because.no-order")),
    ],
)
def test_the_first_line_that_holds_names_the_segment(one: Standing, expected: tuple[Segment, str]) -> None:
    assert segment(one) == expected


def test_a_machine_builders_customer_is_not_lost_after_two_years_and_a_tenant_never() -> None:
    quiet = replace(REGULAR, last_days=800)
    assert segment(quiet)[0] is Segment.LOST
    assert segment(replace(quiet, model=BusinessModel.PROJECTS))[0] is not Segment.LOST
    assert segment(replace(quiet, model=BusinessModel.PROJECTS, last_days=2000))[0] is Segment.LOST
    assert segment(replace(quiet, model=BusinessModel.CONTRACTS, last_days=9000))[0] is not Segment.LOST


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (REGULAR, None),
        (replace(REGULAR, rhythm=OVERDUE), "risk.rhythm"),
        (replace(REGULAR, p_alive=0.3), "risk.alive"),
        (replace(REGULAR, change=-0.6), "risk.halved"),
        (replace(REGULAR, rhythm=OVERDUE, abc=Class.C), None),
        (replace(REGULAR, rhythm=OVERDUE, abc=Class.C, key_account=True), "risk.rhythm"),
        (replace(REGULAR, rhythm=OVERDUE, last_days=800), None),
        (replace(REGULAR, model=BusinessModel.PROJECTS, rhythm=OVERDUE, p_alive=0.1, change=-0.9), None),
        (replace(REGULAR, model=BusinessModel.CONTRACTS, rhythm=OVERDUE, p_alive=0.1), None),
    ],
)
def test_at_risk_is_who_is_worth_keeping_and_breaks_a_habit(one: Standing, expected: str | None) -> None:
    assert at_risk(one) == expected


def test_the_most_valuable_are_won_back_first_and_nobody_who_must_not_be_asked() -> None:
    lost = replace(REGULAR, customer_id="lost", last_days=800, abc=None, worth=500)
    fading = replace(REGULAR, customer_id="fading", rhythm=OVERDUE, worth=900)
    barred = [replace(fading, customer_id=bar, bars=frozenset({bar}), worth=9_999) for bar in Bar]
    found = win_back([lost, REGULAR, fading, *barred, Standing("lead", BusinessModel.REPEAT)])
    assert [(one.customer_id, reason) for one, reason in found] == [
        ("fading", "risk.rhythm"),
        ("lost", "segment.because.long-ago"),
    ]


EVERYTHING = Situation(
    segment=Segment.LOST,
    bars=frozenset({Bar.COMPLAINT}),
    promise_due=TODAY,
    waiting_days=3,
    survey_score=3,
    overdue=10_000,
    offer_until=TODAY + timedelta(days=5),
    risk="risk.rhythm",
    first_order_days=10,
)


def test_an_open_complaint_beats_everything() -> None:
    found = next_action(EVERYTHING, {}, TODAY)
    assert found is not None
    assert (found.action, found.reason) == (Action.SOLVE_COMPLAINT, "because.complaint")


@pytest.mark.parametrize(
    ("situation", "action"),
    [
        (replace(EVERYTHING, bars=frozenset()), Action.KEEP_PROMISE),
        (replace(EVERYTHING, bars=frozenset(), promise_due=TODAY + timedelta(days=2)), Action.ANSWER),
        (Situation(Segment.KING, waiting_days=1, survey_score=6), Action.ASK_WHY),
        (Situation(Segment.KING, overdue=1, risk="risk.alive"), Action.TALK_PAYMENT),
        (Situation(Segment.KING, offer_until=TODAY, risk="risk.alive"), Action.FOLLOW_OFFER),
        (Situation(Segment.KING, offer_until=TODAY - timedelta(days=1), risk="risk.alive"), Action.CALL),
        (Situation(Segment.LOST), Action.WIN_BACK),
        (Situation(Segment.NEW, first_order_days=30), Action.WELCOME),
        (Situation(Segment.LOYAL, survey_score=9), Action.ASK_REFERRAL),
        (Situation(Segment.LEAD, like_kings=True), Action.CONTACT_LEAD),
        (Situation(Segment.LEAD), None),
        (Situation(Segment.LOYAL, survey_score=8), None),
    ],
)
def test_the_table_in_its_order(situation: Situation, action: Action | None) -> None:
    found = next_action(situation, {}, TODAY)
    assert (found.action if found else None) is action


def test_nothing_is_sold_to_who_objects_but_their_own_offer_is_asked_after() -> None:
    objects = frozenset({Bar.OBJECTION})
    assert next_action(Situation(Segment.LOST, bars=objects), {}, TODAY) is None
    asked = next_action(Situation(Segment.LOST, bars=objects, offer_until=TODAY), {}, TODAY)
    assert asked is not None
    assert asked.action is Action.FOLLOW_OFFER
    assert next_action(Situation(Segment.LOST, bars=frozenset({Bar.COLLECTION}), overdue=5), {}, TODAY) is None


def test_what_was_decided_rests_and_the_next_line_speaks() -> None:
    situation = Situation(Segment.LOST, risk="risk.alive")
    called = {Action.CALL: TODAY - timedelta(days=29)}
    found = next_action(situation, called, TODAY)
    assert found is not None
    assert found.action is Action.WIN_BACK
    again = next_action(situation, called, TODAY + timedelta(days=1))
    assert again is not None
    assert again.action is Action.CALL


situations = st.builds(
    Situation,
    segment=st.sampled_from(Segment),
    bars=st.frozensets(st.sampled_from(Bar)),
    promise_due=st.none() | st.just(TODAY),
    waiting_days=st.none() | st.integers(0, 9),
    survey_score=st.none() | st.integers(0, 10),
    overdue=st.sampled_from([0, 100]),
    offer_until=st.none() | st.just(TODAY),
    risk=st.none() | st.just("risk.alive"),
    first_order_days=st.none() | st.integers(0, 90),
    like_kings=st.booleans(),
)
SELLING = {Action.CALL, Action.WIN_BACK, Action.WELCOME, Action.ASK_REFERRAL, Action.CONTACT_LEAD}


@given(situations, st.dictionaries(st.sampled_from(Action), st.just(TODAY)))
def test_nobody_is_asked_for_business_who_must_not_be(situation: Situation, decided: dict[Action, date]) -> None:
    found = next_action(situation, decided, TODAY)
    if found is None:
        return
    assert not (situation.bars and found.action in SELLING)
    assert (found.action is Action.SOLVE_COMPLAINT) is (Bar.COMPLAINT in situation.bars)


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_reason_has_words(language: str) -> None:
    keys = {reason for _, reason, _ in SEGMENTS} | {reason for reason, _ in RISKS} | {line.reason for line in TABLE}
    keys |= {f"segment.{one}" for one in Segment} | {f"action.{one}" for one in Action} | {f"bar.{one}" for one in Bar}
    keys |= {f"value.{which}.{one}" for which in ("unfit", "unfit-spend") for one in Unfit}
    assert all(wording.say(key, language) for key in keys)


KINGS = [
    Profile("king-1", {"branch": "bakery", "region": "80", "employees": 12.0, "country": "DE"}),
    Profile("king-2", {"branch": "bakery", "region": "81", "employees": 20.0, "country": "DE"}),
    Profile("king-3", {"branch": "bakery", "region": "80", "employees": 15.0, "country": "DE"}),
]
OTHERS = [
    Profile("twin", {"branch": "bakery", "region": "80", "employees": 13.0, "country": "DE"}),
    Profile("far", {"branch": "bakery", "region": "20", "employees": 14.0, "country": "DE"}),
    Profile("other", {"branch": "garage", "region": "20", "employees": 300.0, "country": "DE"}),
    Profile("unknown", {"country": "DE"}),
    Profile("nobody", {}),
]


def test_lookalikes_share_what_sets_the_best_apart() -> None:
    found = {one.customer_id: one for one in lookalikes(KINGS, OTHERS)}
    assert list(found) == ["twin", "far"], "country alone, which all have, makes nobody alike"
    assert found["twin"].like == ("king-1", "king-3", "king-2")
    assert set(found["twin"].shared) == {"branch", "region", "employees"}
    assert found["far"].shared == ("branch", "employees")
    assert 0.8 < found["twin"].likeness <= 1
    assert found["far"].likeness < found["twin"].likeness


def test_without_the_best_or_without_others_nobody_is_alike() -> None:
    assert lookalikes([], OTHERS) == []
    assert lookalikes(KINGS, []) == []
    assert lookalikes([Profile("king", {})], OTHERS) == []


profiles = st.dictionaries(
    st.sampled_from(["branch", "region", "employees"]),
    st.sampled_from(["a", "b"]) | st.floats(-1e6, 1e6),
    max_size=3,
)


@given(st.lists(profiles, max_size=5), st.lists(profiles, max_size=5))
def test_likeness_is_a_share_and_has_a_reason(
    best: list[dict[str, str | float]], rest: list[dict[str, str | float]]
) -> None:
    kings = [Profile(f"k{at}", features) for at, features in enumerate(best)]
    others = [Profile(f"o{at}", features) for at, features in enumerate(rest)]
    for one in lookalikes(kings, others):
        assert 0 <= one.likeness <= 1
        assert one.shared
        assert set(one.like) <= {king.customer_id for king in kings}
