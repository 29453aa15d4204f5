"""The models of repeat trade: published figures, known truth recovered, and silence where nothing can be said."""

import math
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.value import SYNTHETIC, synthetic
from rules.terms.customer import CustomerKind
from rules.terms.worth import BusinessModel
from rules.value import bgnbd, gammagamma, lifetime
from rules.value.bgnbd import BgNbd, expected, p_alive
from rules.value.gammagamma import GammaGamma, expected_average
from rules.value.lifetime import Terms, Unfit, foretells, lifetime_value
from rules.value.maximum import maximise
from rules.value.repeats import Repeats, Transactions
from rules.value.special import Floats, beta_nodes, digamma, log_gamma

# Fader, Hardie, Lee (2005), table 1, and Fader, Hardie (2013): the fits of the CDNOW sample.
CDNOW = BgNbd(0.243, 4.414, 0.793, 2.426, -9582.4)
CDNOW_SPEND = GammaGamma(6.25, 3.74, 15.44, 0.0)
END = date(2025, 12, 31)


@pytest.fixture(scope="module")
def ten_thousand() -> Repeats:
    return Transactions(synthetic(10_000, seed=7)).repeats()


def test_the_published_customer_will_make_1_23_purchases() -> None:
    """Two repeat purchases, the last after 30.43 of 38.86 weeks, and 39 more weeks: the paper's worked example."""
    assert float(expected(CDNOW, 2, 30.43, 38.86, 39)) == pytest.approx(1.226, abs=0.001)


def test_known_truth_is_recovered(ten_thousand: Repeats) -> None:
    found, truth = lifetime.fit(ten_thousand), SYNTHETIC["bgnbd"]
    assert found.purchases is not None
    assert found.spend is not None
    # About three standard errors, by ten thousand customers.
    for name, near in (("r", 0.1), ("alpha", 0.1), ("a", 0.4), ("b", 0.5)):
        assert getattr(found.purchases, name) == pytest.approx(truth[name], rel=near), name
    for name, near in (("p", 0.25), ("q", 0.15), ("gamma", 0.3)):
        assert getattr(found.spend, name) == pytest.approx(SYNTHETIC["gammagamma"][name], rel=near), name
    # The parameters trade off against each other; the mean does not.
    assert float(expected_average(found.spend, 0, 0.0)) == pytest.approx(5.0 * 60 / 3, rel=0.03)


def test_the_forecast_comes_true() -> None:
    """The same customers, known for a year: what the next half year brings is foretold within five percent."""
    rows = list(synthetic(10_000, seed=11, weeks=78))
    until = date(2024, 12, 30)
    repeats = Transactions(rows).repeats(until)
    found = lifetime.fit(repeats).purchases
    assert found is not None
    days = {(customer, day) for customer, day, _ in rows if until < day}
    foretold = expected(found, repeats.x, repeats.t_x, repeats.T, 26).sum()
    assert foretold == pytest.approx(len(days), rel=0.05)


def test_other_units_of_money_change_nothing_but_the_scale(ten_thousand: Repeats) -> None:
    euros = gammagamma.fit(ten_thousand.x, ten_thousand.m)
    cents = gammagamma.fit(ten_thousand.x, 100 * ten_thousand.m)
    assert (cents.p, cents.q, cents.gamma) == pytest.approx((euros.p, euros.q, 100 * euros.gamma), rel=1e-4)
    assert expected_average(cents, 3, 5000.0) == pytest.approx(100 * expected_average(euros, 3, 50.0), rel=1e-4)


def test_other_units_of_time_change_nothing_but_the_scale(ten_thousand: Repeats) -> None:
    one = ten_thousand
    weeks, days = bgnbd.fit(one.x, one.t_x, one.T), bgnbd.fit(one.x, 7 * one.t_x, 7 * one.T)
    assert (days.r, days.alpha, days.a, days.b) == pytest.approx((weeks.r, 7 * weeks.alpha, weeks.a, weeks.b), rel=1e-3)


def test_the_order_of_customers_does_not_matter(ten_thousand: Repeats) -> None:
    one = ten_thousand
    assert bgnbd.fit(one.x[::-1], one.t_x[::-1], one.T[::-1]) == bgnbd.fit(one.x, one.t_x, one.T)


def test_who_was_quiet_for_long_after_buying_often_is_gone_and_who_just_bought_is_not() -> None:
    alive = p_alive(CDNOW, [20, 20, 20], [10.0, 30.0, 38.0], [39.0, 39.0, 39.0])
    assert alive[0] < 0.001 < alive[1] < alive[2]
    assert p_alive(CDNOW, 0, 0.0, 39.0) == 1.0, "who never bought again had no occasion to leave"


customers = st.tuples(st.integers(0, 3000), st.floats(0, 1), st.floats(0, 1000))


@settings(deadline=None)
@given(
    customers, st.floats(0.01, 1000), st.sampled_from([CDNOW, BgNbd(1e5, 1e6, 1.0, 1.0, 0), BgNbd(1, 9, 1e5, 1e6, 0)])
)
def test_forecasts_are_sane_for_every_customer(customer: tuple[int, float, float], time: float, model: BgNbd) -> None:
    x, share, T = customer
    t_x = share * T if x else 0.0
    alive, foretold = float(p_alive(model, x, t_x, T)), float(expected(model, x, t_x, T, time))
    assert 0 <= alive <= 1
    # No more than somebody would buy who never leaves.
    assert 0 <= foretold <= (model.r + x) / (model.alpha + T) * time * alive * (1 + 1e-9)
    assert foretold <= float(expected(model, x, t_x, T, 2 * time)) * (1 + 1e-6)


def test_the_expectation_is_the_papers_closed_form() -> None:
    """Equation 10 with the hypergeometric series summed by hand where it converges well."""
    x, t_x, T, t = 3.0, 20.0, 60.0, 10.0
    r, alpha, a, b = CDNOW.r, CDNOW.alpha, CDNOW.a, CDNOW.b
    z, term, series = t / (alpha + T + t), 1.0, 0.0
    for n in range(400):
        series += term
        term *= (r + x + n) * (b + x + n) / ((a + b + x - 1 + n) * (n + 1)) * z
    chance = 1 + a / (b + x - 1) * ((alpha + T) / (alpha + t_x)) ** (r + x)
    closed = (a + b + x - 1) / (a - 1) * (1 - ((alpha + T) / (alpha + T + t)) ** (r + x) * series) / chance
    assert float(expected(CDNOW, x, t_x, T, t)) == pytest.approx(closed, rel=1e-10)


def test_the_average_lies_between_ones_own_and_everybodys() -> None:
    everybody = 6.25 * 15.44 / (3.74 - 1)
    few, many = expected_average(CDNOW_SPEND, [1, 50], [100.0, 100.0])
    assert everybody < few < many < 100
    assert float(expected_average(CDNOW_SPEND, 0, 0.0)) == pytest.approx(everybody)


# silence


def alike(count: int, x: float, t_x: float, T: float) -> Repeats:
    """Customers who all did the same."""
    same = [np.full(count, value) for value in (x, t_x, T, 10.0)]
    return Repeats(END, [str(at) for at in range(count)], *same)


def test_below_a_hundred_repeat_buyers_nothing_is_foretold() -> None:
    found = lifetime.fit(Transactions(synthetic(140, seed=1)).repeats())
    assert (found.purchases, found.spend) == (None, None)
    assert (found.unfit, found.unfit_spend) == (Unfit.TOO_FEW, Unfit.TOO_FEW)


@pytest.mark.parametrize(("t_x", "T"), [(10.0, 39.0), (1 / 7, 39.0)])
def test_where_the_past_fits_any_future_nothing_is_foretold(t_x: float, T: float) -> None:
    """Everybody bought once more after the same time: all have left for good, or just wait longer."""
    assert lifetime.fit(alike(150, 1.0, t_x, T)).unfit is Unfit.FLAT


def test_spend_without_a_mean_is_not_averaged() -> None:
    """Amounts over many powers of ten, as of a shop that sells screws and factories."""
    chance = np.random.default_rng(3)
    found = gammagamma.fit(np.ones(2_000), chance.pareto(0.5, 2_000) + 0.01)
    assert found.flat


@pytest.mark.parametrize("fit", [lambda: bgnbd.fit([], [], []), lambda: bgnbd.fit([0, 0], [0, 0], [5, 9]),
                                 lambda: gammagamma.fit([0], [0])])  # fmt: skip
def test_without_a_repeat_purchase_there_is_nothing_to_fit(fit: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="there is no"):
        fit()


def test_extreme_trades_are_fitted_without_a_warning() -> None:
    """Thousands of purchases each, all at the end, all at once: warnings are errors in these tests."""
    for repeats in (alike(120, 5000.0, 519.0, 520.0), alike(120, 1.0, 39.0, 39.0), alike(120, 40.0, 1.0, 1.0)):
        found = bgnbd.fit(repeats.x, repeats.t_x, repeats.T)
        assert math.isfinite(found.loglik)
        assert np.isfinite(expected(found, repeats.x, repeats.t_x, repeats.T, 52.0)).all()


@pytest.mark.parametrize(
    ("model", "kind", "persons", "shown"),
    [
        (BusinessModel.REPEAT, CustomerKind.FIRM, False, True),
        (BusinessModel.REPEAT, CustomerKind.PERSON, False, False),
        (BusinessModel.REPEAT, CustomerKind.PERSON, True, True),
        (BusinessModel.PROJECTS, CustomerKind.FIRM, True, False),
        (BusinessModel.CONTRACTS, CustomerKind.FIRM, True, False),
    ],
)
def test_only_repeat_trade_is_foretold_and_persons_only_when_switched_on(
    model: BusinessModel, kind: CustomerKind, persons: bool, shown: bool
) -> None:
    assert foretells(model, kind, score_persons=persons) is shown


def test_lifetime_value_without_discount_is_purchases_times_value_times_margin(ten_thousand: Repeats) -> None:
    found = lifetime.fit(ten_thousand)
    assert found.purchases is not None
    assert found.spend is not None
    one = ten_thousand
    foretold = expected(found.purchases, one.x, one.t_x, one.T, 52.0)
    plain = foretold * expected_average(found.spend, one.x, one.m) * 0.4
    value = lifetime_value(found, one, Terms(horizon=52.0, margin=0.4, discount=0.0))
    discounted = lifetime_value(found, one, Terms(horizon=52.0, margin=0.4, discount=0.1))
    assert value is not None
    assert discounted is not None
    np.testing.assert_allclose(value, plain, rtol=1e-9)
    # Money of the coming year is on average about half a year away.
    assert (discounted < value).all()
    assert discounted.sum() / value.sum() == pytest.approx(1.1**-0.5, abs=0.01)


def test_without_a_fit_there_is_no_lifetime_value() -> None:
    repeats = alike(10, 1.0, 2.0, 3.0)
    assert lifetime_value(lifetime.fit(repeats), repeats, Terms()) is None


# what the models are given


def day(number: int) -> date:
    return date(2025, 1, 1) + timedelta(days=number)


def test_purchases_of_a_day_are_one_transaction_and_the_first_is_left_out_of_the_mean() -> None:
    rows = [("K1", day(0), 500.0), ("K1", day(14), 20.0), ("K1", day(14), 10.0), ("K1", day(28), 50.0)]
    found = Transactions(rows).repeats(day(70))
    assert (found.ids, found.x.tolist(), found.t_x.tolist(), found.T.tolist()) == (["K1"], [2.0], [4.0], [10.0])
    assert found.m.tolist() == [40.0]


def test_who_came_after_the_window_is_left_out_and_so_is_what_came_after() -> None:
    rows = [("K1", day(0), 1.0), ("K2", day(30), 1.0), ("K1", day(30), 1.0)]
    found = Transactions(rows).repeats(day(20))
    assert (found.ids, found.x.tolist()) == (["K1"], [0.0])
    assert Transactions(rows).repeats().as_of == day(30)


@pytest.mark.parametrize(
    ("amounts", "bought"),
    [([10.0, -10.0], False), ([10.0, -4.0], True), ([-5.0], False), ([0.0], True), ([0.1, 0.2, -0.3], False)],
)
def test_a_day_on_which_as_much_went_back_is_no_purchase(amounts: list[float], bought: bool) -> None:
    rows = [("K1", day(0), 10.0), *(("K1", day(7), amount) for amount in amounts)]
    assert Transactions(rows).repeats(day(20)).x.tolist() == [float(bought)]


def test_who_only_ever_returned_is_no_customer() -> None:
    assert Transactions([("K1", day(0), -5.0)]).repeats().ids == []


def test_no_transactions_are_no_customers() -> None:
    found = Transactions([]).repeats()
    assert (found.as_of, found.ids, found.repeaters) == (None, [], 0)
    assert lifetime.fit(found).unfit is Unfit.TOO_FEW


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 400).map(day), st.floats(-50, 100)), max_size=40))
def test_histories_hold_together(rows: list[tuple[str, date, float]]) -> None:
    found = Transactions(rows).repeats()
    again = Transactions(reversed(rows)).repeats()
    assert sorted(found.ids) == sorted(again.ids)
    assert ((found.t_x > 0) == (found.x > 0)).all()
    assert (found.t_x <= found.T).all()
    assert found.repeaters == sum(
        len(days) > 1
        for days in ({one for name, one, amount in rows if name == id and _net(rows, id, one)} for id in found.ids)
    )


def _net(rows: list[tuple[str, date, float]], customer: str, on: date) -> bool:
    amounts = [amount for name, one, amount in rows if (name, one) == (customer, on)]
    return min(amounts) >= 0 or math.fsum(amounts) > 1e-9 * math.fsum(map(abs, amounts))


# what they are reckoned with


@given(st.floats(1e-6, 1e6))
def test_the_logarithm_of_gamma_is_the_standard_librarys(z: float) -> None:
    assert float(log_gamma(z)) == pytest.approx(math.lgamma(z), rel=1e-11, abs=1e-11)


@given(st.floats(0.01, 1e5))
def test_digamma_is_its_slope(z: float) -> None:
    step = 1e-4 * z
    slope = (math.lgamma(z + step) - math.lgamma(z - step)) / (2 * step)
    assert float(digamma(z)) == pytest.approx(slope, rel=1e-5, abs=1e-5)


@settings(deadline=None)
@given(st.floats(0.01, 50), st.floats(0.01, 5000))
def test_beta_nodes_give_the_moments_of_beta(a: float, b: float) -> None:
    p, weights = beta_nodes(np.array([a]), np.array([b]))
    mean = a / (a + b)
    assert float(weights.sum()) == pytest.approx(1)
    assert float((p * weights).sum()) == pytest.approx(mean, rel=1e-6, abs=1e-12)
    assert float((p * p * weights).sum()) == pytest.approx(mean * (a + 1) / (a + b + 1), rel=1e-6, abs=1e-12)


def test_the_highest_of_several_maxima_is_found() -> None:
    """Two hills over the logarithm, the higher one at 20."""

    def hills(parameters: Floats) -> tuple[float, Floats]:
        at = float(np.log(parameters[0]))
        low, high = (height * math.exp(-((at - math.log(top)) ** 2)) for height, top in ((1.0, 0.1), (2.0, 20.0)))
        slope = -2 * (at - math.log(0.1)) * low - 2 * (at - math.log(20.0)) * high
        return low + high, np.array([slope / parameters[0]])

    top = maximise(hills, [(0.2,), (8.0,)])
    assert top.parameters[0] == pytest.approx(20, rel=0.01)
    assert top.found
