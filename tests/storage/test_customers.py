"""The firm's records: imported again and again, found by whatever staff type."""

from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest

from rules.terms.customer import (
    Contact,
    Customer,
    CustomerFile,
    CustomerKind,
    CustomerStatus,
    IdentifierKind,
    Known,
    NumberForm,
    Owners,
    PartyKind,
    Reference,
)
from storage.pool import Pool
from storage.upserted import Upserted

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
NUMBER = IdentifierKind.NUMBER
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
        assert work.customers.size() == 2
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
        assert customers.owners({ADDRESS.kind: values, DOMAIN.kind: ["mueller.example", "x"]}) == {
            (ADDRESS.kind, "privat@example.org"): Owners((taught,), 1),
            (ADDRESS.kind, "zwei@example.org"): Owners((other,), 1),
            (ADDRESS.kind, "erika@mueller.example"): Owners((ERIKA,), 1),
            (DOMAIN.kind, "mueller.example"): Owners((DOMAIN,), 1),
        }
        assert customers.owners({}) == {}
        assert customers.forget(taught)
        assert not customers.forget(taught)
        moved = replace(CONTACT, customer_id="C2")
        customers.upsert_contacts([moved], [replace(ERIKA, customer_id="C2")])
        assert customers.owners({ERIKA.kind: [ERIKA.value]}) == {
            (ERIKA.kind, ERIKA.value): Owners((replace(ERIKA, customer_id="C2"),), 1)
        }


def test_a_domain_of_thousands_hides_nobody(pool: Pool) -> None:
    crowd = [Known(IdentifierKind.DOMAIN, "a.example", f"C{no:05}", None, "customers") for no in range(1500)]
    alone = Known(IdentifierKind.DOMAIN, "z.example", "C99999", None, "customers")
    ids = [known.customer_id for known in (*crowd, alone)]
    with pool.begin() as work:
        work.customers.upsert([Customer(id, id) for id in ids], [*crowd, alone])
        owners = work.customers.owners({IdentifierKind.DOMAIN: ["a.example", "z.example"]})
    crowded = owners[IdentifierKind.DOMAIN, "a.example"]
    assert (len(crowded.known), crowded.count) == (20, 200)
    assert owners[IdentifierKind.DOMAIN, "z.example"] == Owners((alone,), 1)


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


def test_a_number_leads_to_whoever_has_it_on_whatever_paper(pool: Pool) -> None:
    forms = {"A-0042": NumberForm("A42", "A9999"), "A 42": NumberForm("A42", "A99")}
    with pool.begin() as work:
        customer_no = Known(NUMBER, "A42", "C1", None, "customers")
        work.customers.upsert([Customer("C1", "Eins", customer_no="A-0042")], [customer_no], forms)
        work.customers.upsert_references(
            [Reference("order", "A 42", "C1"), Reference("invoice", "A-0042", "C2")], forms
        )
        owners = work.customers.owners({NUMBER: ["A42", "B1"]})
    assert owners == {
        (NUMBER, "A42"): Owners(
            (customer_no, replace(customer_no, source="order"), Known(NUMBER, "A42", "C2", None, "invoice")), 2
        )
    }


@pytest.mark.parametrize("shared", [0, 19, 20, 21, 199, 200, 201, 350])
def test_owners_are_told_up_to_twenty_and_counted_up_to_two_hundred(pool: Pool, shared: int) -> None:
    kind = IdentifierKind.PERSON
    contacts = [Contact(f"P{no:03}", f"C{no // 2:03}") for no in range(shared)]
    rare = Known(kind, "rare", "C999", "P999", "contacts")
    with pool.begin() as work:
        work.customers.upsert_contacts(
            [*contacts, Contact("P999", "C999")],
            [*(Known(kind, "frequent", one.customer_id, one.id, "contacts") for one in contacts), rare],
        )
        owners = work.customers.owners({kind: ["frequent", "rare", "unknown", ""]})
    frequent = owners.pop((kind, "frequent"), Owners())
    assert len(frequent.known) == min(20, shared)
    assert frequent.count == min(200, (shared + 1) // 2)
    assert owners == {(kind, "rare"): Owners((rare,), 1)}


def test_a_number_on_very_many_papers_is_counted_too(pool: Pool) -> None:
    forms = {"1": NumberForm("1", "9")}
    with pool.begin() as work:
        work.customers.upsert_references([Reference("order", "1", f"C{no:03}") for no in range(300)], forms)
        found = work.customers.owners({NUMBER: ["1"]})[NUMBER, "1"]
    assert (len(found.known), found.count) == (20, 200)


@pytest.mark.parametrize(
    "value", ["nul\0", "lone \ud800", "x" * 5000, "ümläut", "'; drop table identifiers; --", "%s ?"]
)
def test_any_text_can_be_a_value(pool: Pool, value: str) -> None:
    known = Known(IdentifierKind.PERSON, value, "C1", None, "anna")
    with pool.begin() as work:
        assert work.customers.teach(known)
        assert not work.customers.teach(known)
        (owner,) = work.customers.owners({known.kind: [value]})[known.kind, value].known
        assert owner.customer_id == "C1"
        assert work.customers.forget(known)
        assert work.customers.owners({known.kind: [value]}) == {}


def test_files_hold_customers_with_their_people(pool: Pool) -> None:
    alone = Customer("C2", "Allein")
    with pool.begin() as work:
        work.customers.upsert([FULL, alone], [])
        work.customers.upsert_contacts([CONTACT, Contact("P2", "C00001")], [])
        files = work.customers.files_of(["C2", "C00001", "C9", "C2"])
        assert files == {
            "C2": CustomerFile(alone),
            "C00001": CustomerFile(FULL, (CONTACT, Contact("P2", "C00001"))),
        }
        assert work.customers.files_of([]) == {}


def test_of_many_people_those_in_question_are_in_the_file(pool: Pool) -> None:
    people = [Contact(f"P{no:03}", "C1") for no in range(300)]
    with pool.begin() as work:
        work.customers.upsert([Customer("C1", "Groß"), Customer("C2", "Klein")], [])
        work.customers.upsert_contacts([*people, Contact("X1", "C2")], [])
        plain = work.customers.files_of(["C1"])["C1"].contacts
        files = work.customers.files_of(["C1", "C2"], ["P299", "P250", "P001", "X1"])
    assert list(plain) == people[:200]
    assert len(set(files["C1"].contacts)) == 200
    assert {people[299], people[250], people[1]} <= set(files["C1"].contacts)
    assert files["C2"].contacts == (Contact("X1", "C2"),)


def test_shapes_are_counted_as_numbers_come_change_and_go(pool: Pool) -> None:
    forms = {"K1": NumberForm("K1", "K9"), "K2": NumberForm("K2", "K9"), "77": NumberForm("77", "99")}
    with pool.begin() as work:
        assert work.customers.number_shapes() == {}
        one, two = Customer("C1", "Eins", customer_no="K1"), Customer("C2", "Zwei", customer_no="K2")
        work.customers.upsert([one, two, Customer("C3", "Ohne")], [], forms)
        work.customers.upsert_references([Reference("order", "77", "C1"), Reference("offer", "77", "C1")], forms)
        expected = {"customer": {"K9": 2}, "order": {"99": 1}, "offer": {"99": 1}}
        assert work.customers.number_shapes() == expected
    with pool.begin() as work:
        work.customers.upsert([one, two], [], forms)
        assert work.customers.number_shapes() == expected
        work.customers.upsert([replace(one, customer_no="77")], [], forms)
        assert work.customers.number_shapes()["customer"] == {"K9": 1, "99": 1}
        work.customers.upsert([replace(one, customer_no="")], [], forms)
        assert work.customers.number_shapes()["customer"] == {"K9": 1}
        # What was imported before numbers had forms gets them with the same file again.
        work.customers.upsert([two], [], forms | {"K2": NumberForm("K2", "X9")})
        assert work.customers.number_shapes()["customer"] == {"X9": 1}


def test_shapes_of_a_unit_of_work_that_failed_are_not_told(pool: Pool) -> None:
    forms = {"K1": NumberForm("K1", "K9"), "K2": NumberForm("K2", "X9")}
    with suppress(RuntimeError), pool.begin() as work:
        work.customers.upsert([Customer("C1", "Eins", customer_no="K1")], [], forms)
        assert work.customers.number_shapes() == {"customer": {"K9": 1}}
        raise RuntimeError
    with pool.read() as work:
        assert work.customers.number_shapes() == {}
        assert work.customers.size() == 0
    with pool.begin() as work:
        work.customers.upsert([Customer("C1", "Eins", customer_no="K2")], [], forms)
    with pool.read() as work:
        assert work.customers.number_shapes() == {"customer": {"X9": 1}}


def test_only_the_frequent_shapes_are_told(pool: Pool) -> None:
    forms = {str(no): NumberForm(str(no), f"S{no}" if no else "often") for no in range(600)}
    rows = [Customer(str(no), "x", customer_no=str(no)) for no in range(600)]
    with pool.begin() as work:
        work.customers.upsert([*rows, Customer("again", "x", customer_no="0")], [], forms)
        told = work.customers.number_shapes()["customer"]
    assert len(told) == 500
    assert told["often"] == 2
