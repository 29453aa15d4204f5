"""Customers are found by whatever is typed; with many of them as with few."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.searching import customers
from rules.identifiers import of_contact, of_customer
from rules.terms.customer import Contact, Customer, CustomerKind
from rules.terms.firm import Firm
from storage.pool import Pool
from storage.restrictions import Restriction
from tests.storage.making import NOON

FIRM = Firm(domains=frozenset({"own.example"}))
KNOWN = [
    Customer("C1", "Müller Metallbau GmbH", "10023", zip="24103", city="Kiel", phone="+49 431 5550120"),
    Customer("C2", "Hansen Logistik", "10024", city="Lübeck", email="info@hansen.example"),
    Customer("C3", "Erika Schröder", "10025", kind=CustomerKind.PERSON, zip="50667", city="Köln", phone="0171 2345678"),
    Customer("C4", "Bäckerei Strauß", "B-77", city="Ulm"),
]
PEOPLE = [Contact("P1", "C2", first_name="Karin", last_name="Wegener", mobile="0160 99887766")]


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    folder: Path = tmp_path_factory.mktemp("pool")
    made = Pool.create(f"sqlite:///{folder}/kingpost.db", str(folder / "blobs"))
    with made.begin() as work:
        work.customers.upsert(KNOWN, [known for one in KNOWN for known in of_customer(one, FIRM)])
        work.customers.upsert_contacts(PEOPLE, [known for one in PEOPLE for known in of_contact(one, FIRM, "DE")])
    yield made
    made.close()


def ids(pool: Pool, typed: str) -> list[str]:
    with pool.read() as work:
        return [one.id for one in customers(work, typed, FIRM, 10)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Müller", "C1"),
        ("mueller", "C1"),
        ("MULLER", "C1"),
        ("Muller Kiel", "C1"),
        ("metallb", "C1"),
        ("24103", "C1"),
        ("10023", "C1"),
        ("C1", "C1"),
        ("0431 555 01 20", "C1"),
        ("+494315550120", "C1"),
        ("0431555", "C1"),
        ("info@hansen.example", "C2"),
        ("Karin Wegener", "C2"),
        ("0160 99887766", "C2"),
        ("0160-998", "C2"),
        ("Hannsen", "C2"),
        ("Hanssen Logistik", "C2"),
        ("Schroeder", "C3"),
        ("Erika Schröter", "C3"),
        ("Strauss", "C4"),
        ("b 77", "C4"),
    ],
)
def test_whatever_is_typed_finds_the_customer_first(pool: Pool, typed: str, found: str) -> None:
    assert ids(pool, typed)[:1] == [found], typed


@pytest.mark.parametrize(
    "typed", ["", "   ", "Quarkspeise", "0999 1234567", "%_*\"'", "x" * 5000, "00000", "+", "1 2 3 4 5"]
)
def test_what_means_nobody_finds_nobody(pool: Pool, typed: str) -> None:
    assert ids(pool, typed) == []


def test_whose_data_are_restricted_is_not_found_by_any_of_it(pool: Pool) -> None:
    with pool.begin() as work:
        work.restrictions.put(Restriction("C3", NOON, None, "adam"))
    for typed in ("Schröder", "Erika Schröter", "0171 2345678", "0171 234", "C3", "10025"):
        assert "C3" not in ids(pool, typed), typed
    with pool.begin() as work:
        work.restrictions.lift("C3")
