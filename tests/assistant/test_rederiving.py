"""Records that came in under older rules are recognised by the newer ones, without a new import."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import pytest

from assistant import rederiving
from assistant.importing import import_file
from assistant.rederiving import rederive
from rules import identifiers
from rules.terms.customer import Contact, Customer, IdentifierKind, Known, Reference
from rules.terms.firm import Firm
from storage.pool import Pool

FIRM = Firm(name="Muster", domains=frozenset({"muster.example"}))
NEVER = Event()
COUNT = 450
TAUGHT = Known(IdentifierKind.ADDRESS, "privat@example.org", "C001", None, "anna")


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    """A pool as an older version left it: records, but only what staff taught to know them by."""
    pool = Pool.create(f"sqlite:///{tmp_path}/pool.sqlite", str(tmp_path / "blobs"))
    with pool.begin() as work:
        work.customers.upsert(
            [
                Customer(f"C{no:03}", f"Firma {no}", customer_no=f"K-{no:03}", domain=f"f{no}.example")
                for no in range(COUNT)
            ],
            [],
        )
        work.customers.upsert_contacts(
            [Contact(f"P{no:03}", f"C{no:03}", email=f"p@f{no}.example") for no in range(COUNT)], []
        )
        work.customers.upsert_references([Reference("order", f"A-{no}", f"C{no:03}") for no in range(COUNT)])
        work.customers.teach(TAUGHT)
    yield pool
    pool.close()


def recognised(pool: Pool, no: int) -> set[str]:
    """Whom domain, contact's address, customer number and order number of a customer lead to."""
    keys = {
        IdentifierKind.DOMAIN: [f"f{no}.example"],
        IdentifierKind.ADDRESS: [f"p@f{no}.example"],
        IdentifierKind.NUMBER: [identifiers.form_of(text).normal for text in (f"K-{no:03}", f"A-{no}")],
    }
    with pool.read() as work:
        owners = work.customers.owners(keys)
    assert len(owners) in (0, 4)
    return {one.customer_id for found in owners.values() for one in found.known}


def test_older_records_are_recognised_by_todays_rules(pool: Pool) -> None:
    assert recognised(pool, 7) == set()
    counted: list[int] = []
    assert rederive(pool, FIRM, NEVER, lambda done, total: counted.append(done))
    assert all(recognised(pool, no) == {f"C{no:03}"} for no in range(0, COUNT, 37))
    assert counted[-1] == 3 * COUNT
    with pool.read() as work:
        assert work.customers.owners({TAUGHT.kind: [TAUGHT.value]})[TAUGHT.kind, TAUGHT.value].known == (TAUGHT,)
        assert work.customers.number_shapes()["customer"] == {identifiers.form_of("K-001").shape: COUNT}


def test_it_is_done_once(pool: Pool) -> None:
    rederive(pool, FIRM, NEVER)
    counted: list[int] = []
    assert rederive(pool, FIRM, NEVER, lambda done, total: counted.append(done))
    assert counted == []


def test_newer_rules_or_another_own_domain_begin_it_again(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    rederive(pool, FIRM, NEVER)
    ours = Firm(name="Muster", domains=FIRM.domains | {"f7.example"})
    rederive(pool, ours, NEVER)
    with pool.read() as work:
        assert work.customers.owners({IdentifierKind.DOMAIN: ["f7.example"]}) == {}
    monkeypatch.setattr(identifiers, "GENERATION", identifiers.GENERATION + 1)
    counted: list[int] = []
    rederive(pool, ours, NEVER, lambda done, total: counted.append(done))
    assert counted[-1] == 3 * COUNT


def test_it_goes_on_where_it_was_stopped(pool: Pool) -> None:
    rounds, done = 0, 0
    finished = False
    while not finished:
        stop = Event()
        steps: list[int] = []

        def tell(count: int, total: int | None, stop: Event = stop, steps: list[int] = steps) -> None:
            steps.append(count)
            stop.set()

        finished = rederive(pool, FIRM, stop, tell)
        rounds += 1
        done += steps[-1] if steps else 0
        assert rounds < 50
    assert done == 3 * COUNT
    assert recognised(pool, COUNT - 1) == {f"C{COUNT - 1:03}"}


def test_the_import_of_the_same_file_fills_them_too(pool: Pool, tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    rows = [f"C{no:03};Firma {no};K-{no:03};f{no}.example" for no in range(COUNT)]
    file.write_text("\n".join(["customer_id;name;customer_no;domain", *rows]), encoding="utf-8")
    report = import_file(pool, FIRM, ZoneInfo("Europe/Berlin"), "customers", file)
    assert (report.changed, report.same) == (COUNT, 0)
    with pool.read() as work:
        assert len(work.customers.owners({IdentifierKind.DOMAIN: ["f1.example", "f2.example"]})) == 2
    assert import_file(pool, FIRM, ZoneInfo("Europe/Berlin"), "customers", file).same == COUNT


def test_what_is_imported_into_an_empty_pool_is_not_derived_twice(tmp_path: Path) -> None:
    pool = Pool.create(f"sqlite:///{tmp_path}/pool.sqlite", str(tmp_path / "blobs"))
    try:
        file = tmp_path / "customers.csv"
        file.write_text("customer_id;name\nC1;Eins\n", encoding="utf-8")
        import_file(pool, FIRM, ZoneInfo("Europe/Berlin"), "customers", file)
        with pool.read() as work:
            assert work.walks.position(rederiving.NAME, rederiving.goal_of(FIRM)) is None
    finally:
        pool.close()
