"""Where a customer stands: revenue, rhythm, RFM, ABC and NPS, reckoned by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.terms.ledger import Order, OrderStatus
from rules.value.abc import Class, classes, lorenz, movers, top_share
from rules.value.nps import nps
from rules.value.revenue import CaseCost, Trend, by_month, revenue, share, trend
from rules.value.rfm import Activity, quintiles, rfm
from rules.value.rhythm import Rhythm, rhythm, sentence, span

TODAY = date(2026, 6, 1)


def order(day: date, amount: int, margin: int | None = None, status: OrderStatus = OrderStatus.DELIVERED) -> Order:
    return Order(f"A{day}", "K1", day, amount, status=status, margin=margin)


def test_revenue_leaves_cancelled_orders_out_and_takes_case_costs_off_the_margin() -> None:
    orders = [
        order(date(2026, 1, 10), 100_000, 30_000),
        order(date(2026, 1, 20), 50_000, 10_000),
        order(date(2026, 2, 3), 900_000, status=OrderStatus.CANCELLED),
    ]
    found = revenue(orders, [CaseCost(date(2026, 1, 25), 5_000)])
    assert (found.orders, found.revenue, found.margin, found.average_order) == (2, 150_000, 35_000, 75_000.0)


def test_a_margin_is_told_only_where_it_is_known() -> None:
    orders = [order(date(2026, 1, 10), 100_000, 30_000), order(date(2026, 2, 3), 50_000)]
    assert revenue(orders).margin is None
    assert revenue(orders, margin_rate=0.2).margin == 40_000
    assert revenue([]).average_order is None


def test_months_and_periods_hold_both_their_ends() -> None:
    orders = [order(date(2026, 1, 31), 1_000), order(date(2026, 2, 1), 2_000), order(date(2026, 2, 28), 3_000)]
    months = by_month(orders, [CaseCost(date(2026, 3, 1), 10)])
    assert {month: one.revenue for month, one in months.items()} == {
        date(2026, 1, 1): 1_000,
        date(2026, 2, 1): 5_000,
        date(2026, 3, 1): 0,
    }
    assert revenue(orders, since=date(2026, 2, 1), until=date(2026, 2, 28)).revenue == 5_000


def test_the_trend_sets_a_year_beside_the_year_before() -> None:
    orders = [
        order(TODAY, 1_500),
        order(TODAY - timedelta(days=364), 1_500),
        order(TODAY - timedelta(days=365), 1_000),
        order(TODAY - timedelta(days=729), 1_000),
        order(TODAY - timedelta(days=730), 77_000),
    ]
    assert trend(orders, TODAY) == Trend(3_000, 2_000, 0.5)
    assert trend(orders[:2], TODAY).change is None
    assert share(3_000, 12_000) == 0.25
    assert share(0, 0) is None


def test_every_six_weeks_now_eleven() -> None:
    last = TODAY - timedelta(weeks=11)
    found = rhythm([last - timedelta(weeks=6 * at) for at in range(5)], TODAY)
    assert found is not None
    assert (span(found.typical_days), span(found.since_days), found.orders) == ((6, "weeks"), (11, "weeks"), 5)
    assert found.late
    assert not found.overdue
    later = rhythm([last - timedelta(weeks=6 * at) for at in range(5)], TODAY + timedelta(weeks=2))
    assert later is not None
    assert later.overdue


def test_two_orders_are_no_rhythm_and_a_day_counts_once() -> None:
    days = [TODAY - timedelta(days=50), TODAY - timedelta(days=10), TODAY - timedelta(days=10)]
    assert rhythm(days, TODAY) is None
    assert rhythm([*days, TODAY + timedelta(days=3)], TODAY) is None, "an order of the future is none yet"
    assert rhythm([*days, TODAY], TODAY) is not None


def test_who_has_paused_longer_before_is_not_late() -> None:
    days = [TODAY - timedelta(days=at) for at in (400, 390, 200, 190, 40)]
    found = rhythm(days, TODAY)
    assert found is not None
    assert not found.late


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, (1, "days")), (13, (13, "days")), (42, (6, "weeks")), (100, (3, "months")), (800, (2, "years"))],
)
def test_times_are_told_as_people_do(days: float, words: tuple[int, str]) -> None:
    assert span(days) == words


def test_a_rhythm_is_told_in_good_german_and_english() -> None:
    assert sentence(Rhythm(42.0, 60, 77, 9), "de") == "bestellt etwa alle 6 Wochen, zuletzt vor 11 Wochen"
    assert sentence(Rhythm(42.0, 60, 77, 9), "en") == "orders about every 6 weeks, last 11 weeks ago"
    assert sentence(Rhythm(1.0, 3, 1, 9), "de") == "bestellt jeden Tag, zuletzt gestern"
    assert sentence(Rhythm(100.0, 120, 0, 9), "de") == "bestellt etwa alle 3 Monate, zuletzt heute"
    assert sentence(Rhythm(800.0, 900, 800, 9), "de") == "bestellt etwa alle 2 Jahre, zuletzt vor 2 Jahren"


@given(st.integers(2, 20_000))
def test_of_weeks_months_and_years_there_are_always_several(days: int) -> None:
    assert span(days)[0] >= 2


def test_ten_customers_make_five_pairs() -> None:
    customers = {f"K{at}": Activity(since_days=at, orders=at, revenue=100 * at) for at in range(10)}
    found = rfm(customers)
    assert [found[f"K{at}"].monetary for at in range(10)] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert [found[f"K{at}"].recency for at in range(10)] == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert found["K9"].code == "155"


@pytest.mark.parametrize(
    ("values", "fifths"),
    [
        ([], []),
        ([7], [3]),
        ([1, 2], [2, 4]),
        ([1, 2, 3], [1, 3, 5]),
        ([1, 2, 3, 4], [1, 2, 4, 5]),
        ([4, 4, 4, 4, 4], [3, 3, 3, 3, 3]),
        ([1, 1, 1, 1, 1, 1, 1, 1, 9, 9], [3, 3, 3, 3, 3, 3, 3, 3, 5, 5]),
        ([5, 1, 5, 1], [4, 2, 4, 2]),
    ],
)
def test_quintiles_of_few_and_of_equals(values: list[int], fifths: list[int]) -> None:
    assert quintiles(values).tolist() == fifths


@given(st.lists(st.integers(-(10**12), 10**12), max_size=60))
def test_quintiles_follow_the_order_and_treat_equals_alike(values: list[int]) -> None:
    found = quintiles(values).tolist()
    assert all(1 <= fifth <= 5 for fifth in found)
    for one, first in zip(values, found, strict=True):
        for other, second in zip(values, found, strict=True):
            assert first == second if one == other else (first <= second) == (one < other) or first == second


def test_abc_by_cumulated_contribution() -> None:
    """Of 1,000: 500 and 250 and 80 begin below 80 %, 60 and 60 below 95 %, 50 not."""
    found = classes({"k1": 500, "k2": 250, "k3": 80, "k4": 60, "k5": 60, "k6": 50, "k7": 0, "k8": -40})
    assert "".join(found[f"k{at}"] for at in range(1, 9)) == "AAABBCCC"


def test_the_largest_customer_is_always_a_and_equals_share_their_class() -> None:
    assert classes({"k1": 990, "k2": 10}) == {"k1": Class.A, "k2": Class.C}
    assert set(classes(dict.fromkeys("abcde", 100)).values()) == {Class.A}
    assert classes({}) == {}
    assert classes({"k1": 0}) == {"k1": Class.C}


def test_movers_tell_who_rose_fell_came_and_went() -> None:
    before = {"stays": 800, "falls": 150, "goes": 50}
    now = {"stays": 700, "falls": 10, "comes": 290}
    moved = {one.customer_id: (one.before, one.now, one.change) for one in movers(before, now)}
    assert moved == {
        "comes": (None, Class.A, 290),
        "falls": (Class.B, Class.C, -140),
        "goes": (Class.C, None, -50),
    }
    assert [one.customer_id for one in movers(before, now)] == ["comes", "falls", "goes"]


def test_concentration() -> None:
    assert top_share([50, 30, 20, -10], 1) == 0.5
    assert lorenz([20, 50, 30]) == [0.5, 0.8, 1.0]
    assert top_share([], 3) is None


@given(st.dictionaries(st.text(max_size=3), st.integers(-1000, 10**9), max_size=40))
def test_a_customers_reach_eighty_percent(contributions: dict[str, int]) -> None:
    found = classes(contributions)
    total = sum(value for value in contributions.values() if value > 0)
    a_sum = sum(contributions[one] for one in found if found[one] is Class.A)
    assert a_sum * 100 >= 80 * total
    least = min((contributions[one] for one in found if found[one] is Class.A), default=0)
    assert all(value <= least for one, value in contributions.items() if found[one] is not Class.A)


def test_nps_reckoned_by_hand() -> None:
    """Ten answers, five promoters and two detractors: 30; (5.75 − 2.75) / 13 ± 1.96 · √((8.5 / 13 − 0.2308²) / 13)."""
    found = nps([10, 10, 9, 9, 9, 8, 7, 7, 6, 0])
    assert found is not None
    assert (found.score, found.n) == (30.0, 10)
    assert found.low == pytest.approx(23.0769 - 42.1365, abs=0.01)
    assert found.high == pytest.approx(23.0769 + 42.1365, abs=0.01)


def test_a_few_answers_that_agree_are_not_certain() -> None:
    found = nps([10, 10, 10])
    assert found is not None
    assert found.score == found.high == 100.0
    assert found.low < 50
    assert nps([]) is None


@given(st.lists(st.integers(0, 10), min_size=1, max_size=300))
def test_the_interval_holds_the_score_and_ends_where_scores_do(scores: list[int]) -> None:
    found = nps(scores)
    assert found is not None
    assert -100 <= found.low <= found.score <= found.high <= 100
    assert found.low < found.high


def test_answers_beyond_the_scale_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 10"):
        nps([11])
