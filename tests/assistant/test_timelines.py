"""Entries and papers stand in one timeline, whatever the size of its pages."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant import timelines
from assistant.lookup import Lookup
from rules.ledger_lines import Paper
from rules.terms.customer import Customer
from rules.terms.errors import WrongUse
from rules.terms.interaction import PAPERS, Channel, Interaction
from rules.terms.ledger import Invoice, InvoiceKind, Item, Offer, Order, OrderStatus
from rules.terms.staff import Role, Viewer
from storage.pool import Pool, Work

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 3, 27)
NOON = datetime(2026, 3, 27, 12, tzinfo=BERLIN)
OTTO = Viewer("otto", Role.STAFF, "de", frozenset())
STEPS = st.integers(0, 4)
WHAT = st.lists(
    st.tuples(st.sampled_from(["entry", "order", "offer", "invoice"]), STEPS, st.integers(-1, 1)), max_size=12
)


class Back(Exception):
    """Leaves a unit of work without a trace."""


def fill(work: Work, what: list[tuple[str, int, int]]) -> None:
    for no, (kind, days, hours) in enumerate(what):
        day = DAY + timedelta(days)
        if kind == "entry":
            at = (NOON + timedelta(days=days, hours=hours)).astimezone(UTC)
            work.interactions.add([Interaction("C1", Channel.CALL, at, f"Anruf {no}")])
        elif kind == "order":
            work.ledger.upsert_orders([Order(f"A:{no:02}", "C1", day, no)])
        elif kind == "offer":
            work.ledger.upsert_offers([Offer(f"O{no:02}", "C1", day, no)])
        else:
            work.ledger.upsert_invoices([Invoice(f"R{no:02}", "C1", day, no)])


def pages(work: Work, limit: int, channels: tuple[Channel, ...] = ()) -> list[Interaction | Paper]:
    """The whole timeline, page by page."""
    found, before = timelines.page(work, "C1", BERLIN, before=None, channels=channels, limit=limit)
    while before is not None:
        more, before = timelines.page(work, "C1", BERLIN, before=before, channels=channels, limit=limit)
        assert more
        found += more
    return found


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    folder = tmp_path_factory.mktemp("pool")
    pool = Pool.create(f"sqlite:///{folder}/pool.sqlite", str(folder / "blobs"))
    yield pool
    pool.close()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(what=WHAT, limit=st.integers(1, 4))
def test_pages_of_any_size_show_everything_once_and_in_order(
    pool: Pool, what: list[tuple[str, int, int]], limit: int
) -> None:
    with suppress(Back), pool.begin() as work:
        fill(work, what)
        whole = pages(work, 100)
        assert len(whole) == len(what)
        moments = [
            one.date if isinstance(one, Interaction) else datetime.combine(one.date, NOON.time(), BERLIN)
            for one in whole
        ]
        assert moments == sorted(moments, reverse=True)
        assert pages(work, limit) == whole
        papers = [one for one in whole if not isinstance(one, Interaction)]
        assert pages(work, limit, PAPERS) == papers
        assert pages(work, limit, (Channel.CALL,)) == [one for one in whole if isinstance(one, Interaction)]
        raise Back


@pytest.mark.parametrize("before", ["x", "order:2026-13-01:A", "call:2026-01-01:A", "order:9999-12-31:", "0", "²", ""])
def test_a_mark_of_another_making_is_refused(pool: Pool, before: str) -> None:
    with pool.read() as work, pytest.raises(WrongUse):
        timelines.page(work, "C1", BERLIN, before=before, channels=(), limit=5)


def test_amounts_are_for_those_who_may_see_money(tmp_path: Path) -> None:
    pool = Pool.create(f"sqlite:///{tmp_path}/pool.sqlite", str(tmp_path / "blobs"))
    note = Invoice("G1", "C1", DAY, 5_000, kind=InvoiceKind.CREDIT_NOTE)
    order = Order("A1", "C1", DAY, 123_456, status=OrderStatus.DELIVERED, items=(Item("Schraube", 2.5),))
    with pool.begin() as work:
        work.customers.upsert([Customer("C1", "Hansen")], [])
        work.ledger.upsert_orders([order])
        work.ledger.upsert_invoices([note])
    lookup = Lookup(pool, BERLIN)
    entries = lookup.timeline(OTTO, "C1").entries
    assert [(one.channel, one.subject) for one in entries] == [
        (Channel.ORDER, "A1, geliefert, 1.234,56 €"),
        (Channel.INVOICE, "G1, Gutschrift, 50,00 €"),
    ]
    assert entries[0].text == "2,5 × Schraube"
    blind = Viewer("anna", Role.STAFF, "en", frozenset(), frozenset())
    assert [one.subject for one in lookup.timeline(blind, "C1").entries] == ["A1, delivered", "G1, credit note"]
    pool.close()
