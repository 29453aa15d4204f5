"""Consents in the pool: nothing that was said is lost, and a target group asks as the rule does."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.consents import allowed, words_of
from rules.terms.consent import Consent, Purpose, Way
from rules.terms.customer import Contact, Customer
from rules.terms.ledger import Invoice, InvoiceKind, Order, OrderStatus
from rules.terms.target import Filters, Stop
from rules.terms.worth import Bar
from storage.pool import Pool
from tests.storage.making import NOON

TODAY = NOON.date()
CUSTOMERS = [Customer(f"C{number}", f"Kunde {number}", email=f"c{number}@x.example") for number in range(1, 4)]
PEOPLE = [
    Contact("P1", "C1", last_name="Adler", language="de"),
    Contact("P2", "C1", last_name="Bussard", language="en"),
    Contact("P3", "C1", last_name="Dohle", active=False),
    Contact("P4", "C2", last_name="Elster", active=False),
]


def word(customer: str, purpose: Purpose = Purpose.EMAIL, *, given: bool = True, day: int = 1, **more: Any) -> Consent:
    return Consent(customer, purpose, given, date(2026, 1, day), Way.FORM, NOON, **more)


def filled(pool: Pool) -> None:
    with pool.begin() as work:
        work.customers.upsert(CUSTOMERS, [])
        work.customers.upsert_contacts(PEOPLE, [])


def test_every_word_is_kept_with_day_way_source_and_author(pool: Pool) -> None:
    filled(pool)
    with pool.begin() as work:
        work.consents.add([word("C1", contact_id="P1", source="Messe", author="anna")])
        work.consents.add([word("C1", given=False, day=3, contact_id="P1")])
        newest, oldest = work.consents.of("C1")
    assert (newest.given, newest.date) == (False, date(2026, 1, 3))
    assert (oldest.source, oldest.author, oldest.at, oldest.way) == ("Messe", "anna", NOON, Way.FORM)


def test_a_table_again_changes_nothing_and_staff_may_say_on_one_day_what_they_said_before(pool: Pool) -> None:
    filled(pool)
    table = [word("C1"), word("C1", given=False)]
    with pool.begin() as work:
        assert work.consents.add(table, once=True).new == 2
        assert work.consents.add(table, once=True).same == 2
        assert work.consents.add([word("C1", given=False)]).same == 1
        assert work.consents.add([word("C1")]).new == 1
        assert work.consents.of("C1")[0].given


def test_words_go_where_people_and_customers_go(pool: Pool) -> None:
    filled(pool)
    with pool.begin() as work:
        work.consents.add([word("C1", contact_id="P1"), word("C2"), word("C1", day=2)])
        number = work.merges.merge("C2", "C1", "anna", NOON)
        assert len(work.consents.of("C2")) == 3
        # One that is imported for the merged customer, and one that is said of its person, go back with it.
        work.consents.add([word("C1", Purpose.PHONE), word("C2", Purpose.PHONE, contact_id="P1")])
        assert work.consents.of("C1") == []
        work.merges.undo(number, "anna", NOON)
        assert len(work.consents.of("C1")) == 4
        assert len(work.consents.of("C2")) == 1
        work.customers.upsert_contacts([Contact("P1", "C3", last_name="Adler")], [])
        assert len(work.consents.of("C3")) == 2
        work.customers.remove_contact("P1")
        assert work.consents.of("C3") == []
        work.customers.remove("C1")
        assert work.consents.of("C1") == []


def test_an_objection_stands_above_every_consent(pool: Pool) -> None:
    filled(pool)
    with pool.begin() as work:
        work.consents.add([word("C3"), word("C1", contact_id="P2")])
        assert work.targets.count(Filters(by=Purpose.EMAIL), TODAY) == (2, {Stop.CONSENT: 1})
        work.decisions.bar("C3", Bar.OBJECTION, TODAY, "Brief")
        assert work.targets.count(Filters(by=Purpose.EMAIL), TODAY) == (1, {Stop.OBJECTION: 1, Stop.CONSENT: 1})
        assert work.targets.count(Filters(by=Purpose.EMAIL, language="de"), TODAY) == (0, {Stop.CONSENT: 1})
        assert work.targets.count(Filters(by=Purpose.PHONE), TODAY) == (0, {Stop.OBJECTION: 1, Stop.CONSENT: 2})
        assert work.targets.count(Filters(), TODAY) == (2, {Stop.OBJECTION: 1})


SAID = st.lists(
    st.builds(
        lambda who, purpose, given, day: word(who[0], purpose, given=given, day=day, contact_id=who[1]),
        st.sampled_from([("C1", ""), ("C1", "P1"), ("C1", "P2"), ("C1", "P3"), ("C2", ""), ("C2", "P4"), ("C3", "")]),
        st.sampled_from([Purpose.EMAIL, Purpose.POST]),
        st.booleans(),
        st.integers(1, 3),
    ),
    max_size=8,
)


ORDER = Order("A-1", "C1", TODAY, 10_000)
INVOICE = Invoice("R-1", "C1", TODAY, 11_900)
NOTE = Invoice("G-1", "C1", TODAY, 11_900, kind=InvoiceKind.CREDIT_NOTE, invoice_ref="R-1")


@pytest.mark.parametrize(
    ("orders", "invoices", "bought"),
    [
        ([], [], False),
        ([ORDER], [], True),
        ([replace(ORDER, status=OrderStatus.CANCELLED)], [], False),
        ([replace(ORDER, amount=-10_000)], [], False),
        ([], [INVOICE], True),
        ([], [NOTE], False),
        ([], [INVOICE, NOTE], False),
        ([], [INVOICE, replace(NOTE, amount=5_000)], True),
        ([], [INVOICE, replace(NOTE, invoice_ref="R-2")], True),
        ([], [INVOICE, replace(NOTE, amount=6_000), replace(NOTE, invoice_no="G-2", amount=5_900)], False),
        ([replace(ORDER, customer_id="C2")], [replace(INVOICE, customer_id="C2")], False),
    ],
)
def test_an_existing_customer_has_bought_and_not_taken_it_back(
    pool: Pool, orders: list[Order], invoices: list[Invoice], bought: bool
) -> None:
    filled(pool)
    with pool.begin() as work:
        work.ledger.upsert_orders(orders)
        work.ledger.upsert_invoices(invoices)
        assert ("C1" in work.consents.bought(["C1", "C3"])) is bought
        meant = work.targets.page(Filters(by=Purpose.EMAIL), TODAY, 9, existing=True)
        assert ("C1" in {one.id for one in meant}) is bought
        assert work.targets.page(Filters(by=Purpose.EMAIL), TODAY, 9) == []
        assert work.targets.page(Filters(by=Purpose.PHONE), TODAY, 9, existing=True) == []


def test_an_objection_stands_above_a_purchase(pool: Pool) -> None:
    filled(pool)
    with pool.begin() as work:
        work.ledger.upsert_orders([ORDER])
        assert work.targets.count(Filters(by=Purpose.EMAIL), TODAY, existing=True) == (1, {Stop.CONSENT: 2})
        work.decisions.bar("C1", Bar.OBJECTION, TODAY, "Brief")
        left = {Stop.OBJECTION: 1, Stop.CONSENT: 2}
        assert work.targets.count(Filters(by=Purpose.EMAIL), TODAY, existing=True) == (0, left)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    SAID,
    st.sampled_from([Purpose.EMAIL, Purpose.POST, Purpose.PHONE]),
    st.sampled_from(["", "de"]),
    st.none() | st.sets(st.sampled_from(["C1", "C2", "C3"])),
)
def test_a_target_group_means_whom_the_rule_allows(
    pool: Pool, said: list[Consent], purpose: Purpose, language: str, bought: set[str] | None
) -> None:
    with pool.begin() as work:
        for one in CUSTOMERS:
            work.customers.remove(one.id)
        work.customers.upsert(CUSTOMERS, [])
        work.customers.upsert_contacts(PEOPLE, [])
        work.ledger.upsert_orders(Order(f"A-{id}", id, TODAY, 1) for id in bought or ())
        work.consents.add(said)
        filters, existing = Filters(by=purpose, language=language), bought is not None
        meant = {one.id for one in work.targets.page(filters, TODAY, 9, existing=existing)}
        people = work.customers.people_of(["C1", "C2", "C3"])
        history = work.consents.of_many(["C1", "C2", "C3"])
    expected = set()
    for customer in CUSTOMERS:
        words = words_of(history.get(customer.id, []))
        there = [one.id for one in people.get(customer.id, []) if not language or one.language == language]
        buyer = customer.id in (bought or ())
        if any(allowed(words, purpose, one, bought=buyer) for one in (there or ([] if language else [""]))):
            expected.add(customer.id)
    assert meant == expected
