"""The firm's books on their way into the pool, and what is known of the customer afterwards."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant import bookkeeping, importing
from assistant.address_book import AddressBook
from assistant.importing import Report, import_file
from connectors.importers.vocabulary import NAMES
from rules.terms.customer import Customer, IdentifierKind
from rules.terms.firm import Firm
from rules.terms.ledger import Order
from rules.terms.staff import Role, Viewer
from rules.terms.table import KINDS
from rules.terms.worth import Facts, Month
from rules.value.facts import owed, paying
from storage.pool import Pool

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 3, 20)
OTTO = Viewer("otto", Role.STAFF, "de", frozenset())
ORDERS = ("Auftragsnummer;Kundennummer;Belegdatum;Nettobetrag", "A1;C1;1.2.2026;100,00", "A2;C1;5.3.2026;50,50")
INVOICES = (
    "Rechnungsnummer;Kundennummer;Rechnungsdatum;Fälligkeit;Betrag;Skonto %;Skontodatum",
    "R1;C1;1.2.2026;1.3.2026;1.000,00;3;10.2.2026",
    "R2;C1;1.3.2026;15.3.2026;200,00;;",
)


@pytest.fixture
def pool(url: str, blobs: str) -> Iterator[Pool]:
    pool = Pool.create(url, blobs)
    with pool.begin() as work:
        work.customers.upsert([Customer("C1", "Hansen"), Customer("C2", "Huber")], [])
    yield pool
    pool.close()


def imported(pool: Pool, folder: Path, kind: str, *lines: str, as_of: date | None = None) -> Report:
    file = folder / f"{kind}.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return import_file(pool, Firm(), BERLIN, kind, file, as_of=as_of)


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.same, report.bad


def facts(pool: Pool, customer: str = "C1") -> Facts:
    """What is kept of a customer; nothing has to be reckoned on reading."""
    with pool.read() as work:
        kept, lapsed = work.facts.get(customer)
        assert bookkeeping.facts_of(work, customer) == kept
    assert lapsed == () or kept == Facts() or all(getattr(kept, section.value) is None for section in lapsed)
    return kept


@pytest.mark.parametrize("chunk", [1, 1000])
def test_the_same_orders_again_change_nothing(
    pool: Pool, tmp_path: Path, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", chunk)
    assert counts(imported(pool, tmp_path, "orders", *ORDERS)) == (2, 0, 0, 0)
    before = facts(pool)
    assert counts(imported(pool, tmp_path, "orders", *ORDERS)) == (0, 0, 2, 0)
    assert facts(pool) == before
    assert before.orders is not None
    assert (before.orders.orders, before.orders.revenue) == (2, 15_050)
    assert before.orders.months == (Month(date(2026, 2, 1), 1, 10_000), Month(date(2026, 3, 1), 1, 5_050))


def test_an_order_that_changes_its_customer_leaves_nothing_behind(pool: Pool, tmp_path: Path) -> None:
    imported(pool, tmp_path, "orders", *ORDERS)
    assert counts(imported(pool, tmp_path, "orders", ORDERS[0], "A1;C2;1.2.2026;100,00")) == (0, 1, 0, 0)
    one, other = facts(pool).orders, facts(pool, "C2").orders
    assert one is not None
    assert other is not None
    assert (one.orders, one.revenue, other.orders, other.revenue) == (1, 5_050, 1, 10_000)
    imported(pool, tmp_path, "orders", ORDERS[0], "A2;C2;5.3.2026;50,50")
    assert facts(pool).orders is None


def test_numbers_of_the_books_lead_to_the_customer(pool: Pool, tmp_path: Path) -> None:
    imported(pool, tmp_path, "orders", ORDERS[0], "AU-2026-0815;C1;1.2.2026;1")
    with pool.read() as work:
        found = work.customers.owners({IdentifierKind.NUMBER: ["AU20260815"]})
        assert [one.customer_id for owners in found.values() for one in owners.known] == ["C1"]


def test_bad_rows_are_listed_and_the_others_go_in(pool: Pool, tmp_path: Path) -> None:
    report = imported(pool, tmp_path, "orders", *ORDERS, "A3;C9;1.2.2026;1", "A4;C1;1.2.2026;x")
    assert counts(report) == (2, 0, 0, 2)
    assert sorted(problem.line for problem in report.problems) == [4, 5]
    assert any("C9" in problem.en and "C9" in problem.de for problem in report.problems)
    unpaid = imported(pool, tmp_path, "payments", "Rechnungsnummer;Datum;Betrag", "R9;1.2.2026;1")
    assert counts(unpaid) == (0, 0, 0, 1)
    assert "R9" in unpaid.problems[0].de


def test_payments_are_the_customers_whose_invoice_they_pay(pool: Pool, tmp_path: Path) -> None:
    imported(pool, tmp_path, "invoices", *INVOICES)
    imported(pool, tmp_path, "payments", "Rechnungsnummer;Datum;Betrag", "R1;9.2.2026;970,00", "R2;10.3.2026;150,00")
    billing = facts(pool).billing
    assert billing is not None
    assert (billing.invoices, billing.payments, billing.settled.granted) == (2, 2, 3_000)
    assert [(one.invoice.invoice_no, one.open) for one in owed(billing, TODAY)] == [("R2", 5_000)]
    assert paying(billing, TODAY).overdue == 5_000


def test_a_list_of_open_items_stands_until_the_next_one(pool: Pool, tmp_path: Path) -> None:
    heading = "Belegfeld 1;Kundennummer;offener Betrag"
    first, second = date(2026, 3, 1), date(2026, 3, 18)

    def open_items() -> list[tuple[str, int]]:
        with pool.read() as work:
            return [(item.invoice_no, item.amount) for item in work.ledger.open_items_of("C1")]

    assert counts(imported(pool, tmp_path, "open-items", heading, "R1;C1;10", "R2;C1;5", as_of=first)) == (2, 0, 0, 0)
    assert open_items() == [("R1", 1_000), ("R2", 500)]
    assert counts(imported(pool, tmp_path, "open-items", heading, "R2;C1;4", as_of=first)) == (0, 1, 0, 0)
    assert open_items() == [("R2", 400)]
    assert counts(imported(pool, tmp_path, "open-items", heading, "R3;C1;7", as_of=second)) == (1, 0, 0, 0)
    assert open_items() == [("R3", 700)]
    old = imported(pool, tmp_path, "open-items", heading, "R1;C1;10", as_of=first)
    assert counts(old) == (0, 0, 0, 1)
    assert "2026-03-18" in old.problems[0].en
    dated = imported(
        pool,
        tmp_path,
        "open-items",
        f"{heading};Stichtag",
        "R3;C1;7;19.3.2026",
        "R4;C1;7;20.3.2026",
        "R5;C9;1;19.3.2026",
    )
    assert counts(dated) == (1, 0, 0, 2)
    imported(pool, tmp_path, "open-items", heading, as_of=TODAY)
    assert open_items() == []
    with pool.read() as work:
        assert work.ledger.list_day() == TODAY


def test_a_list_that_breaks_off_does_not_stand(pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heading = "Belegfeld 1;Kundennummer;offener Betrag"
    imported(pool, tmp_path, "open-items", heading, "R1;C1;10", as_of=date(2026, 3, 1))
    monkeypatch.setattr(importing, "CHUNK", 1)

    def stop(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    file = tmp_path / "open.csv"
    file.write_text(f"{heading}\nR2;C1;1\nR3;C1;1", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        import_file(pool, Firm(), BERLIN, "open-items", file, progress=stop, as_of=TODAY)
    with pool.read() as work:
        assert [item.invoice_no for item in work.ledger.open_items_of("C1")] == ["R1"]


def test_offers_and_surveys_are_known_at_a_glance(pool: Pool, tmp_path: Path) -> None:
    offers = "Angebotsnummer;Kundennummer;Datum;Betrag;gültig bis;Status"
    imported(pool, tmp_path, "offers", offers, "O1;C1;1.2.2026;10;1.3.2026;", "O2;C1;1.1.2026;20;;abgelehnt")
    imported(pool, tmp_path, "surveys", "Kundennummer;Datum;NPS", "C1;1.2.2026;3", "C1;2.2.2026;9")
    kept = facts(pool)
    assert kept.offers is not None
    assert kept.surveys is not None
    assert ([one.offer_no for one in kept.offers.open], kept.offers.open_amount, kept.offers.declined) == (
        ["O1"],
        1000,
        1,
    )
    assert (kept.surveys.answers, kept.surveys.last.score) == (2, 9)


def test_facts_follow_a_merge_and_its_undoing(pool: Pool, tmp_path: Path) -> None:
    imported(pool, tmp_path, "orders", *ORDERS, "A3;C2;1.2.2026;7")
    before = facts(pool), facts(pool, "C2")
    book = AddressBook(pool, Firm())
    number = book.merge(OTTO, "C1", "C2")
    merged = facts(pool).orders
    assert merged is not None
    assert (merged.orders, merged.revenue) == (3, 15_750)
    book.split(OTTO, number)
    assert (facts(pool).orders, facts(pool, "C2").orders) == (before[0].orders, before[1].orders)


def test_the_command_line_names_every_table() -> None:
    assert set(KINDS) == NAMES.keys()


def test_what_lapsed_without_being_reckoned_is_reckoned_on_reading(pool: Pool) -> None:
    order = Order("A1", "C1", TODAY, 100)
    with pool.begin() as work:
        bookkeeping.book(work, [order])
        work.ledger.upsert_orders([replace(order, amount=200)])
        found = bookkeeping.facts_of(work, "C1").orders
    assert found is not None
    assert found.revenue == 200
