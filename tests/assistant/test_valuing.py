"""Where customers stand among all: what is reckoned, when, and for whom."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from assistant import bookkeeping
from assistant.privacy import Privacy
from assistant.settings import Settings, ValueSettings
from assistant.valuing import Valuer, refresh
from rules.terms.case import Case
from rules.terms.customer import Customer, CustomerKind, CustomerStatus
from rules.terms.ledger import Order, OrderStatus, SurveyAnswer
from rules.terms.worth import BusinessModel, CustomerValue
from storage.pool import Pool
from storage.values import ValueList

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = NOW.date()
Days = dict[str, list[tuple[int, int]]]


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    """An empty pool."""
    made = Pool.create(f"sqlite:///{tmp_path}/pool.sqlite", str(tmp_path / "blobs"))
    yield made
    made.close()


@pytest.fixture
def each_pool(url: str, blobs: str) -> Iterator[Pool]:
    """An empty pool, on SQLite and on PostgreSQL."""
    made = Pool.create(url, blobs)
    yield made
    made.close()


def keep(pool: Pool, days: Days, customers: list[Customer] | None = None, margin: float | None = None) -> None:
    """Customers with orders so many days ago, for so much in cents; with `margin`, each brings that share."""
    with pool.begin() as work:
        work.customers.upsert(customers or [Customer(id, f"Firma {id}") for id in days], [])
        bookkeeping.book(
            work,
            [
                Order(
                    f"{id}-{place}",
                    id,
                    TODAY - timedelta(ago),
                    amount,
                    margin=None if margin is None else round(amount * margin),
                )
                for id, some in days.items()
                for place, (ago, amount) in enumerate(some)
            ],
        )


def values(pool: Pool, **own: object) -> dict[str, CustomerValue]:
    """What a reckoning says of everybody."""
    refresh(pool, Settings(home=Path(), value=ValueSettings(**own)), NOW)
    with pool.read() as work:
        return work.values.of([customer.id for customer in work.customers.page(limit=500)])


def test_those_with_whom_the_most_is_earned_are_kings(each_pool: Pool) -> None:
    pool = each_pool
    keep(pool, {"A": [(400, 10), (10, 80_000)], "B": [(400, 90_000), (20, 15_000)], "C": [(30, 5_000)]})
    found = values(pool)
    assert {id: (one.abc, one.abc_before, one.king) for id, one in found.items()} == {
        "A": ("A", "C", True),
        "B": ("B", "A", False),
        "C": ("C", "", False),
    }
    assert found["A"].share == 0.8
    assert (found["B"].revenue, found["B"].before, found["B"].worth) == (15_000, 90_000, 90_000)
    assert found["B"].risk == "risk.halved"
    with pool.read() as work:
        assert [customer.id for customer, _ in work.values.page(ValueList.KINGS, 9)] == ["A"]
        assert [customer.id for customer, _ in work.values.page(ValueList.RISK, 9)] == ["B"]
        assert [customer.id for customer, _ in work.values.page(ValueList.MOVERS, 9)] == ["B", "A", "C"]
        assert [customer.id for customer, _ in work.values.page(ValueList.MOVERS, 9, (90_000, "B"))] == ["A", "C"]
        together = work.values.reckoned()
    assert together is not None
    assert (together[0].revenue, together[0].before, together[0].customers) == (100_000, 90_010, 3)
    assert [(one.name, one.customers, one.amount) for one in together[0].classes] == [
        ("A", 1, 80_000),
        ("B", 1, 15_000),
        ("C", 1, 5_000),
    ]
    assert together[0].concentration[-1] == 1.0


def test_with_margins_known_the_margin_decides_less_what_cases_cost(pool: Pool) -> None:
    keep(pool, {"A": [(10, 100_000)]}, margin=0.07)
    keep(pool, {"B": [(10, 60_000)]}, margin=0.5)
    found = values(pool)
    assert {id: one.abc for id, one in found.items()} == {"A": "B", "B": "A"}
    assert found["B"].because == "segment.because.class-a-margin"
    with pool.begin() as work:
        work.cases.open(Case("complaints", "x", "y", NOW - timedelta(9), 8.0, customer_id="B", cost=29_000), ())
    assert {id: one.abc for id, one in values(pool).items()} == {"A": "A", "B": "B"}


def test_orders_that_do_not_count_do_not_count(pool: Pool) -> None:
    keep(pool, {"A": [(10, 100)], "B": []})
    with pool.begin() as work:
        work.ledger.upsert_orders(
            [
                Order("1", "B", TODAY, 9, status=OrderStatus.CANCELLED),
                Order("2", "B", TODAY, 9, currency="USD"),
                Order("3", "B", TODAY + timedelta(3), 9),
            ]
        )
    assert values(pool).keys() == {"A"}


def test_private_persons_are_scored_only_where_the_firm_wants_it(pool: Pool) -> None:
    people = [Customer("A", "Firma"), Customer("P", "Erika", kind=CustomerKind.PERSON)]
    keep(pool, {"A": [(10, 100)], "P": [(10, 900)]}, people)
    found = values(pool)
    assert found.keys() == {"A"}
    assert found["A"].share == 0.1
    assert values(pool, persons=True).keys() == {"A", "P"}
    assert values(pool).keys() == {"A"}


def test_without_books_the_firms_own_table_says_who_is_a_king(pool: Pool) -> None:
    rows = [("A", 90_000.0, False), ("B", 9_000.0, False), ("C", None, True), ("D", None, False)]
    with pool.begin() as work:
        work.customers.upsert([Customer(id, id, revenue_12m=some, key_account=key) for id, some, key in rows], [])
    found = values(pool)
    assert {id: (one.abc, one.king) for id, one in found.items()} == {"A": ("A", True), "C": ("", True)}
    assert (found["A"].revenue, found["A"].because) == (9_000_000, "segment.because.class-a")
    with pool.read() as work:
        together = work.values.reckoned()
    assert together is not None
    assert (together[0].stated, together[0].revenue) == (True, sum(one.amount for one in together[0].classes))
    keep(pool, {"A": [(10, 100)]})
    assert values(pool)["A"].revenue == 100
    with pool.read() as work:
        together = work.values.reckoned()
    assert together is not None
    assert (together[0].stated, together[0].revenue) == (False, 100)


def test_the_business_model_decides_who_is_lost(pool: Pool) -> None:
    keep(pool, {"A": [(900, 100), (880, 100), (860, 100)], "B": [(5, 100)]})
    assert values(pool)["A"].segment == "lost"
    assert values(pool, business_model=BusinessModel.CONTRACTS)["A"].segment == "occasional"


def test_nothing_is_foretold_of_few_and_never_of_who_bought_once(pool: Pool) -> None:
    keep(pool, {"A": [(100, 100), (50, 100)]})
    found = values(pool)["A"]
    assert (found.p_alive, found.lifetime) == (None, None)
    with pool.read() as work:
        together = work.values.reckoned()
    assert together is not None
    assert together[0].unfit == "too-few"


def test_repeat_trade_is_foretold_with_its_terms(pool: Pool) -> None:
    dice, days = Random(4), dict[str, list[tuple[int, int]]]()
    for no in range(260):
        # They come at a rate of their own, and each time may be the last.
        rate, leaves = dice.gammavariate(0.8, 1 / 50), dice.betavariate(0.8, 3)
        ago, some = dice.randrange(100, 700), list[tuple[int, int]]()
        while ago > 0:
            some.append((ago, round(4_000 * dice.gammavariate(5, 0.2)) + 1))
            ago = 0 if dice.random() < leaves else ago - 1 - round(min(800, dice.expovariate(rate)))
        days[f"{'K' if len(some) > 1 else 'E'}{no}"] = some
    keep(pool, days)
    found = values(pool, margin=0.3, horizon_days=365)
    again = [one for id, one in found.items() if id.startswith("K")]
    assert len(again) > 100
    assert all(one.p_alive is not None and 0 <= one.p_alive <= 1 and one.lifetime is not None for one in again)
    assert all(one.p_alive is None for id, one in found.items() if id.startswith("E"))
    with pool.read() as work:
        together = work.values.reckoned()
    assert together is not None
    assert (together[0].margin, together[0].horizon_days) == (0.3, 365)
    assert together[0].expected


def test_leads_who_resemble_the_kings_are_listed_with_the_reason(pool: Pool) -> None:
    customers = [
        Customer("K1", "Brauerei Ostermoor", zip="21337", city="Lüneburg", country="DE", legal_form="GmbH"),
        Customer("K2", "Brauerei Nordheide", zip="21244", city="Buchholz", country="DE", legal_form="GmbH"),
        Customer("L1", "Brauerei Geest", zip="21614", country="DE", legal_form="GmbH", status=CustomerStatus.LEAD),
        Customer("L2", "Friseur Kamm", zip="80331", country="AT", status=CustomerStatus.LEAD),
        Customer("C1", "Kiosk Ecke", zip="10115", country="DE"),
    ]
    keep(pool, {"K1": [(9, 50_000)], "K2": [(9, 45_000)], "C1": [(9, 100)]}, customers)
    values(pool)
    with pool.read() as work:
        found = work.values.page(ValueList.LIKENESS, 9)
    assert [customer.id for customer, _ in found][:1] == ["L1"]
    assert {"trade", "region"} <= set(found[0][1].shared)
    assert set(found[0][1].like) == {"K1", "K2"}
    assert "L2" not in [customer.id for customer, _ in found]


def test_it_is_reckoned_again_when_something_changed_and_when_the_day_has(pool: Pool) -> None:
    now = [NOW]
    valuer = Valuer(pool, Settings(home=Path()), lambda: now[0])

    def run() -> bool:
        valuer._rests_until = 0.0
        return valuer.run()

    keep(pool, {"A": [(10, 100)]})
    assert (run(), run()) == (True, False)
    with pool.begin() as work:
        bookkeeping.book(work, [Order("new", "A", date(2026, 11, 20), 5)])
    assert (run(), run()) == (True, False)
    now[0] += timedelta(days=1)
    assert (run(), run()) == (True, False)
    assert valuer.run() is False


def test_what_is_no_longer_so_goes(pool: Pool) -> None:
    keep(pool, {"A": [(10, 100)], "B": [(10, 100)]})
    assert values(pool).keys() == {"A", "B"}
    with pool.begin() as work:
        work.ledger.upsert_orders([Order("B-0", "B", TODAY, 1, status=OrderStatus.CANCELLED)])
    assert values(pool).keys() == {"A"}


def test_the_answers_of_a_year_are_counted(pool: Pool) -> None:
    keep(pool, {"A": [(10, 100)]})
    with pool.begin() as work:
        work.ledger.upsert_surveys([SurveyAnswer("A", TODAY, 9), SurveyAnswer("A", TODAY - timedelta(500), 1)])
    values(pool)
    with pool.read() as work:
        together = work.values.reckoned()
    assert together is not None
    assert together[0].scores == (0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0)


def test_whose_data_are_only_kept_is_not_scored(each_pool: Pool, tmp_path: Path) -> None:
    """Neither by the reckoning, which begins anew by itself, nor by a fit over the pool; lifted, they are again."""
    pool = each_pool
    keep(pool, {"A": [(10, 80_000)], "B": [(20, 15_000)]})
    settings = Settings(home=tmp_path)
    valuer = Valuer(pool, settings, lambda: NOW)
    assert valuer.run()
    privacy = Privacy.over(settings, pool)
    privacy.restrict("A", None, "anna")
    valuer = Valuer(pool, settings, lambda: NOW)
    assert valuer.run()
    with pool.read() as work:
        assert work.values.of(["A", "B"]).keys() == {"B"}
        assert {one.customer_id for one in work.ledger.all_orders()} == {"B"}
    privacy.lift("A")
    assert values(pool).keys() == {"A", "B"}
