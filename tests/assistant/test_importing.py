"""Tables on their way into the pool: of a row that stands there twice the last one counts, in all it says."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant import importing
from assistant.importing import Report, import_file
from rules.terms.customer import IdentifierKind
from rules.terms.firm import Firm
from rules.terms.interaction import Reaction
from rules.terms.worth import Bar
from storage.pool import Pool

FIRM = Firm(name="Muster", domains=frozenset({"muster.example"}))
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    pool = Pool.create(f"sqlite:///{tmp_path}/pool.sqlite", str(tmp_path / "blobs"))
    yield pool
    pool.close()


def imported(pool: Pool, folder: Path, kind: str, *lines: str) -> Report:
    file = folder / f"{kind}.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return import_file(pool, FIRM, BERLIN, kind, file)


def owners(pool: Pool, *addresses: str) -> dict[str, set[str | None]]:
    """Whom each of the addresses identifies: customers, and contacts where they are somebody's own."""
    with pool.read() as work:
        found = work.customers.owners({IdentifierKind.ADDRESS: addresses})
    return {value: {one.contact_id or one.customer_id for one in owner.known} for (_, value), owner in found.items()}


@pytest.mark.parametrize("chunk", [1, 1000])
def test_of_a_customer_named_twice_the_last_row_counts(
    pool: Pool, tmp_path: Path, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within one transaction and across two: the address of the first row leads to nobody."""
    monkeypatch.setattr(importing, "CHUNK", chunk)
    imported(
        pool,
        tmp_path,
        "customers",
        "customer_id;name;email",
        "C1;Hansen alt;alt@hansen.example",
        "C2;Berger;post@berger.example",
        "C1;Hansen neu;neu@hansen.example",
    )
    with pool.read() as work:
        customer = work.customers.get("C1")
        assert work.customers.size() == 2
    assert customer is not None
    assert (customer.name, customer.email) == ("Hansen neu", "neu@hansen.example")
    addresses = ("alt@hansen.example", "neu@hansen.example", "post@berger.example")
    assert owners(pool, *addresses) == {"neu@hansen.example": {"C1"}, "post@berger.example": {"C2"}}


@pytest.mark.parametrize("chunk", [1, 1000])
def test_of_a_contact_named_twice_the_last_row_counts(
    pool: Pool, tmp_path: Path, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(pool, tmp_path, "customers", "customer_id;name", "C1;Hansen", "C2;Berger")
    monkeypatch.setattr(importing, "CHUNK", chunk)
    imported(
        pool,
        tmp_path,
        "contacts",
        "contact_id;customer_id;first_name;last_name;email",
        "P1;C1;Karin;Hansen;karin@hansen.example",
        "P1;C2;Karin;Berger;karin@berger.example",
    )
    with pool.read() as work:
        contact = work.customers.contact("P1")
        assert work.customers.contacts_of("C1") == []
    assert contact is not None
    assert (contact.customer_id, contact.last_name) == ("C2", "Berger")
    assert owners(pool, "karin@hansen.example", "karin@berger.example") == {"karin@berger.example": {"P1"}}


def test_a_file_with_doubles_imported_again_changes_nothing(pool: Pool, tmp_path: Path) -> None:
    lines = ("customer_id;name;email", "C1;A;a@hansen.example", "C1;B;b@hansen.example")
    assert imported(pool, tmp_path, "customers", *lines).new == 1
    again = imported(pool, tmp_path, "customers", *lines)
    assert (again.new, again.changed, again.same) == (0, 0, 1)


NUMBERED = ("customer_id;customer_no;name", "C1;10023;Hansen", "C2;10024;Berger", "C3;10024;Berger Filiale")


def problems(report: Report) -> list[tuple[int, str]]:
    return [(problem.line, problem.de) for problem in report.problems]


@pytest.mark.parametrize("heading", ["customer_no", "Kundennummer", "Debitor"])
def test_rows_of_the_books_may_name_their_customer_by_number(pool: Pool, tmp_path: Path, heading: str) -> None:
    imported(pool, tmp_path, "customers", *NUMBERED)
    report = imported(
        pool,
        tmp_path,
        "orders",
        f"order_no;{heading};date;amount",
        "A1;10023;2026-01-02;100",
        "A2;10024;2026-01-02;100",
        "A3;99999;2026-01-02;100",
        "A4;C2;2026-01-02;100",
        "A5;;2026-01-02;100",
    )
    assert [line for line, _ in problems(report)] == [3, 4, 6]
    assert "mehrere Kunden haben die Nummer „10024“ (C2, C3)" in report.problems[0].de
    assert "keinen Kunden mit der Nummer „99999“" in report.problems[1].de
    with pool.read() as work:
        assert [one.order_no for one in work.ledger.orders_of("C1")] == ["A1"]
        assert [one.order_no for one in work.ledger.orders_of("C2")] == ["A4"]


def test_id_and_number_of_a_row_have_to_agree(pool: Pool, tmp_path: Path) -> None:
    imported(pool, tmp_path, "customers", *NUMBERED)
    report = imported(
        pool,
        tmp_path,
        "invoices",
        "invoice_no;customer_id;customer_no;date;amount",
        "R1;C1;10023;2026-01-02;100",
        "R2;C1;10024;2026-01-02;100",
        "R3;C2;10024;2026-01-02;100",
        "R4;;10023;2026-01-02;100",
    )
    assert problems(report) == [(3, "Kunde „C1“ hat nicht die Nummer „10024“.")]
    with pool.read() as work:
        assert {one.invoice_no for one in work.ledger.invoices_of("C1")} == {"R1", "R4"}


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("offers", ("offer_no;customer_no;date;amount", "O1;10023;2026-01-02;1")),
        ("open-items", ("invoice_no;customer_no;as_of;amount", "R1;10023;2026-01-02;1")),
        ("surveys", ("customer_no;date;score", "10023;2026-01-02;9")),
        ("interactions", ("customer_no;date;channel;text", "10023;2026-01-02;call;hallo")),
        ("references", ("number;customer_no", "4711;10023")),
        ("contacts", ("contact_id;customer_no;last_name", "P1;10023;Hansen")),
    ],
)
def test_every_table_takes_the_number(pool: Pool, tmp_path: Path, kind: str, rows: tuple[str, ...]) -> None:
    imported(pool, tmp_path, "customers", *NUMBERED)
    first, again = (imported(pool, tmp_path, kind, *rows) for _ in range(2))
    assert (first.new, first.bad) == (1, 0)
    assert (again.new, again.changed, again.same, again.bad) == (0, 0, 1, 0)


def test_the_number_of_a_merged_customer_leads_to_the_kept_one(pool: Pool, tmp_path: Path) -> None:
    imported(pool, tmp_path, "customers", *NUMBERED)
    with pool.begin() as work:
        work.merges.merge("C2", "C1", "anna", datetime.now(UTC))
    report = imported(pool, tmp_path, "orders", "order_no;customer_no;date;amount", "A1;10023;2026-01-02;100")
    assert report.bad == 0
    with pool.read() as work:
        assert [one.order_no for one in work.ledger.orders_of("C2")] == ["A1"]


def test_who_unsubscribed_objects_to_advertising_once(pool: Pool, tmp_path: Path) -> None:
    """What staff lift does not come back with the same file."""
    imported(pool, tmp_path, "customers", *NUMBERED)
    rows = ("customer_id;date;channel;subject;reaction", "C1;2026-01-02;mailing;Herbst;abgemeldet")
    imported(pool, tmp_path, "interactions", *rows)
    with pool.begin() as work:
        assert work.decisions.bars(["C1"]) == {"C1": frozenset({Bar.OBJECTION})}
        assert work.interactions.timeline("C1")[0].reaction is Reaction.UNSUBSCRIBED
        work.decisions.unbar("C1", Bar.OBJECTION)
    imported(pool, tmp_path, "interactions", *rows)
    with pool.read() as work:
        assert work.decisions.bars(["C1"]) == {}


def test_that_somebody_opened_a_mailing_is_kept_only_with_their_consent(pool: Pool, tmp_path: Path) -> None:
    imported(pool, tmp_path, "customers", *NUMBERED)
    report = imported(
        pool,
        tmp_path,
        "interactions",
        "customer_id;date;channel;subject;reaction;consent",
        "C1;2026-01-02;mailing;Herbst;opened;yes",
        "C2;2026-01-02;mailing;Herbst;opened;",
        "C2;2026-01-02;call;Herbst;clicked;",
    )
    assert [line for line, _ in problems(report)] == [3, 4]
