"""Tables on their way into the pool: of a row that stands there twice the last one counts, in all it says."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant import importing
from assistant.importing import Report, import_file
from rules.terms.customer import IdentifierKind
from rules.terms.firm import Firm
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
