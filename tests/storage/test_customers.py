"""The firm's records: imported again and again, found by whatever staff type."""

from dataclasses import replace
from datetime import date

import pytest

from rules.terms.customer import (
    Contact,
    Customer,
    CustomerKind,
    CustomerStatus,
    IdentifierKind,
    Known,
    PartyKind,
    Reference,
)
from storage.customers import Upserted
from storage.pool import Pool

FULL = Customer(
    id="C00001",
    name="Müller & Söhne",
    customer_no="K-4711",
    kind=CustomerKind.PERSON,
    party=frozenset({PartyKind.SUPPLIER, PartyKind.CUSTOMER}),
    legal_form="GmbH",
    street="Große Straße 5",
    zip="01067",
    city="Köln",
    country="DE",
    phone="+49 221 1",
    fax="+49 221 2",
    email="info@mueller.example",
    domain="mueller.example",
    vat_id="DE123456789",
    since="2011-05",
    revenue_12m=0.1 + 0.2,
    key_account=True,
    status=CustomerStatus.DORMANT,
)
CONTACT = Contact(
    id="P1",
    customer_id="C00001",
    salutation="Frau",
    title="Dr.",
    first_name="Erika",
    last_name="Müller",
    role="Einkauf",
    email="erika@mueller.example",
    email2="e@example.org",
    phone="1",
    mobile="2",
    active=False,
    language="de",
    address_form="Du",
)
ADDRESS = Known(IdentifierKind.ADDRESS, "info@mueller.example", "C00001", None, "customers")
DOMAIN = Known(IdentifierKind.DOMAIN, "mueller.example", "C00001", None, "customers")
ERIKA = Known(IdentifierKind.ADDRESS, "erika@mueller.example", "C00001", "P1", "contacts")


def test_a_customer_comes_back_as_imported(pool: Pool) -> None:
    plain = Customer("C2", "Ohne Angaben")
    with pool.begin() as work:
        assert work.customers.upsert([FULL, plain], [ADDRESS]) == Upserted(new=2)
        assert work.customers.get("C00001") == FULL
        assert work.customers.get_many(["C2", "C00001", "C3"]) == {"C2": plain, "C00001": FULL}
        assert work.customers.get("C3") is None
        assert work.customers.count() == 2
        assert work.customers.known_ids(["C2", "C3"]) == {"C2"}


def test_a_second_import_changes_nothing(pool: Pool) -> None:
    with pool.begin() as work:
        work.customers.upsert([FULL], [ADDRESS, DOMAIN])
        work.customers.upsert_contacts([CONTACT], [ERIKA])
        work.customers.upsert_references([Reference("order", "4711", "C00001", date(2026, 1, 2))])
    with pool.begin() as work:
        assert work.customers.upsert([FULL], [DOMAIN, ADDRESS]) == Upserted(same=1)
        assert work.customers.upsert_contacts([CONTACT], [ERIKA]) == Upserted(same=1)
        again = work.customers.upsert_references([Reference("order", "4711", "C00001", date(2026, 1, 2))])
        assert again == Upserted(same=1)


def test_a_changed_row_replaces_the_old_one(pool: Pool) -> None:
    with pool.begin() as work:
        work.customers.upsert([FULL, Customer("C2", "Zwei")], [ADDRESS])
        moved = replace(FULL, name="Schmidt KG", city="Hof")
        assert work.customers.upsert([moved, Customer("C3", "Drei")], [ADDRESS]) == Upserted(new=1, changed=1)
        assert work.customers.get("C00001") == moved
        assert work.customers.find("Schmidt") == [moved]
        assert work.customers.find("Müller Söhne") == []
        work.customers.upsert_contacts([CONTACT], [])
        assert work.customers.upsert_contacts([replace(CONTACT, role="Chefin")], []) == Upserted(changed=1)
        contact = work.customers.contact("P1")
        assert contact is not None
        assert contact.role == "Chefin"
        work.customers.upsert_references([Reference("order", "1", "C00001")])
        later = Reference("order", "1", "C00001", date(2026, 1, 1))
        assert work.customers.upsert_references([later]) == Upserted(changed=1)
        assert work.customers.references_of("C00001") == [later]


def test_of_one_id_twice_the_last_row_counts(pool: Pool) -> None:
    with pool.begin() as work:
        assert work.customers.upsert([FULL, replace(FULL, name="Neu")], []) == Upserted(new=1)
        found = work.customers.get("C00001")
    assert found is not None
    assert found.name == "Neu"


def test_an_import_replaces_its_own_identifiers_only(pool: Pool) -> None:
    taught = Known(IdentifierKind.ADDRESS, "privat@example.org", "C00001", None, "anna")
    other = Known(IdentifierKind.ADDRESS, "zwei@example.org", "C2", None, "customers")
    with pool.begin() as work:
        customers = work.customers
        customers.upsert([FULL, Customer("C2", "Zwei")], [ADDRESS, DOMAIN, other])
        customers.upsert_contacts([CONTACT], [ERIKA])
        assert customers.teach(taught)
        assert not customers.teach(taught)
        assert customers.upsert([FULL], [DOMAIN]) == Upserted(changed=1)
        values = ["info@mueller.example", "privat@example.org", "zwei@example.org", "erika@mueller.example"]
        assert customers.owners_of(IdentifierKind.ADDRESS, values) == {
            "privat@example.org": [taught],
            "zwei@example.org": [other],
            "erika@mueller.example": [ERIKA],
        }
        assert customers.owners_of(IdentifierKind.DOMAIN, ["mueller.example", "x"]) == {"mueller.example": [DOMAIN]}
        assert customers.owners_of(IdentifierKind.DOMAIN, []) == {}
        assert customers.forget(taught)
        assert not customers.forget(taught)
        moved = replace(CONTACT, customer_id="C2")
        customers.upsert_contacts([moved], [replace(ERIKA, customer_id="C2")])
        assert [one.customer_id for one in customers.owners_of(ERIKA.kind, [ERIKA.value])[ERIKA.value]] == ["C2"]


def test_a_domain_of_thousands_hides_nobody(pool: Pool) -> None:
    crowd = [Known(IdentifierKind.DOMAIN, "a.example", f"C{no:05}", None, "customers") for no in range(1500)]
    alone = Known(IdentifierKind.DOMAIN, "z.example", "C99999", None, "customers")
    ids = [known.customer_id for known in (*crowd, alone)]
    with pool.begin() as work:
        work.customers.upsert([Customer(id, id) for id in ids], [*crowd, alone])
        owners = work.customers.owners_of(IdentifierKind.DOMAIN, ["a.example", "z.example"])
    assert len(owners["a.example"]) == 20
    assert owners["z.example"] == [alone]


def test_contacts_come_back_by_name(pool: Pool) -> None:
    anna = Contact("P2", "C00001", first_name="Anna", last_name="Adler")
    with pool.begin() as work:
        assert work.customers.upsert_contacts([CONTACT, anna], []) == Upserted(new=2)
        assert work.customers.contacts_of("C00001") == [anna, CONTACT]
        assert work.customers.contact("P1") == CONTACT
        assert work.customers.contact("P9") is None


def test_references_come_newest_first_and_may_lead_to_two_customers(pool: Pool) -> None:
    old = Reference("order", "1", "C1", date(2024, 1, 1))
    new = Reference("invoice", "1", "C1", date(2026, 1, 1))
    undated = Reference("offer", "7", "C1")
    foreign = Reference("order", "1", "C2", date(2025, 1, 1))
    with pool.begin() as work:
        assert work.customers.upsert_references([old, undated, new, foreign]) == Upserted(new=4)
        assert work.customers.references_of("C1") == [new, old, undated]
        assert work.customers.references_of("C1", limit=1) == [new]
        assert work.customers.references_of("C2") == [foreign]


@pytest.mark.parametrize(
    "typed",
    [
        "C00001",
        "K-4711",
        "müller",
        "MUELLER SO",
        "muller",
        "söhne koeln",
        "Koln",
        "grosse str",
        "01067",
        "info@mueller.example",
    ],
)
def test_a_customer_is_found_by_what_staff_type(pool: Pool, typed: str) -> None:
    with pool.begin() as work:
        work.customers.upsert([FULL, Customer("C2", "Maier AG", city="Hof")], [])
        assert [customer.id for customer in work.customers.find(typed)] == ["C00001"]


def test_exact_numbers_come_before_names_and_names_before_the_rest(pool: Pool) -> None:
    rows = [
        Customer("10", "Zeta"),
        Customer("X1", "Anker", city="Berg"),
        Customer("X2", "Bergmann"),
        Customer("X3", "Berg"),
        Customer("Berg", "Yps"),
    ]
    with pool.begin() as work:
        work.customers.upsert(rows, [])
        assert [one.name for one in work.customers.find("Berg")] == ["Yps", "Berg", "Bergmann", "Anker"]
        assert [one.name for one in work.customers.find("berg", limit=2)] == ["Berg", "Bergmann"]
        assert work.customers.find("  ") == []


def test_pages_go_through_all_customers_by_name(pool: Pool) -> None:
    names = ["Österreicher", "Abel", "Zorn", "Abel", "ostern", "Ölmann"]
    with pool.begin() as work:
        work.customers.upsert([Customer(f"C{no}", name) for no, name in enumerate(names)], [])
        seen: list[Customer] = []
        while page := work.customers.page(seen[-1].id if seen else "", limit=2):
            seen += page
    assert [one.name for one in seen] == ["Abel", "Abel", "Ölmann", "ostern", "Österreicher", "Zorn"]
    assert [one.id for one in seen[:2]] == ["C1", "C3"]
