"""The books in the pool: the same rows again change nothing, and what is a customer's is found."""

from dataclasses import replace
from datetime import date

import pytest

from rules.terms.customer import Customer, IdentifierKind, NumberForm
from rules.terms.ledger import (
    Invoice,
    InvoiceKind,
    Item,
    Offer,
    OfferStatus,
    OpenItem,
    Order,
    OrderStatus,
    Payment,
    PaymentKind,
    SurveyAnswer,
)
from rules.terms.worth import Facts, OfferSum, OrderDay, OrderFacts
from storage.facts import Section
from storage.ledger import Booked
from storage.pool import Pool, Work
from storage.upserted import Upserted

DAY, LATER = date(2026, 3, 1), date(2026, 3, 5)
ITEMS = (Item("Schraube M4", 2.5, 1250), Item("Händler „Süd“"))
ORDERS = [
    Order("A1", "C1", DAY, 10_000, margin=-5, items=ITEMS),
    Order("A2", "C1", LATER, 2**53 + 1, "CHF", OrderStatus.DELIVERED),
    Order("A3", "C2", DAY, -1, status=OrderStatus.CANCELLED),
]
OFFERS = [Offer("O1", "C1", DAY, 500, valid_until=LATER), Offer("O2", "C1", LATER, 900, status=OfferStatus.DECLINED)]
INVOICES = [
    Invoice("R1", "C1", DAY, 11_900, LATER, discount_percent=2.5, discount_until=LATER, disputed=True),
    Invoice("R2", "C1", LATER, 1_900, kind=InvoiceKind.CREDIT_NOTE, invoice_ref="R1"),
    Invoice("R3", "C2", DAY, 1),
]
PAYMENTS = [Payment("R1", DAY, 5_000), Payment("R1", LATER, 900, PaymentKind.REFUND, "B7"), Payment("R3", DAY, 1)]
SURVEYS = [SurveyAnswer("C1", DAY, 9, "P1", "Schnell"), SurveyAnswer("C1", LATER, 3, external_id="s-1")]


def fill(work: Work) -> Booked:
    work.customers.upsert([Customer("C1", "Hansen"), Customer("C2", "Huber")], [])
    ledger = work.ledger
    booked = ledger.upsert_orders(ORDERS) + ledger.upsert_offers(OFFERS) + ledger.upsert_invoices(INVOICES)
    return booked + ledger.upsert_payments(PAYMENTS) + ledger.upsert_surveys(SURVEYS)


def test_rows_come_back_as_they_went_in_newest_first(pool: Pool) -> None:
    with pool.begin() as work:
        assert fill(work) == Booked(Upserted(new=13), frozenset({"C1", "C2"}))
    with pool.read() as work:
        assert work.ledger.orders_of("C1") == [ORDERS[1], ORDERS[0]]
        assert work.ledger.orders_of("C1", limit=1) == [ORDERS[1]]
        assert work.ledger.offers_of("C1") == [OFFERS[1], OFFERS[0]]
        assert work.ledger.invoices_of("C1") == [INVOICES[1], INVOICES[0]]
        assert work.ledger.payments_of("C1") == [PAYMENTS[1], PAYMENTS[0]]
        answers = work.ledger.surveys_of("C1")
        assert answers[0] == SURVEYS[1]
        assert replace(answers[1], external_id="") == SURVEYS[0]
        assert work.ledger.customers_of_invoices(["R1", "R3", "R9"]) == {"R1": "C1", "R3": "C2"}
        assert work.ledger.has("C1")
        assert not work.ledger.has("C3")


def test_a_firm_that_brings_no_payments_is_told_from_one_whose_customers_do_not_pay(pool: Pool) -> None:
    with pool.begin() as work:
        work.ledger.upsert_invoices(INVOICES)
        assert not work.ledger.knows_payments()
        work.ledger.upsert_payments(PAYMENTS[:1])
        assert work.ledger.knows_payments()


def test_the_same_rows_again_change_nothing(pool: Pool) -> None:
    with pool.begin() as work:
        fill(work)
    with pool.begin() as work:
        assert fill(work) == Booked(Upserted(same=13))


def test_a_changed_row_touches_whose_it_was_and_whose_it_is(pool: Pool) -> None:
    with pool.begin() as work:
        fill(work)
        moved = replace(ORDERS[0], customer_id="C2", amount=7)
        assert work.ledger.upsert_orders([moved]) == Booked(Upserted(changed=1), frozenset({"C1", "C2"}))
        assert work.ledger.orders_of("C1") == [ORDERS[1]]
        assert work.ledger.orders_of("C2") == [ORDERS[2], moved] or work.ledger.orders_of("C2") == [moved, ORDERS[2]]
        paid = replace(PAYMENTS[1], amount=800)
        assert work.ledger.upsert_payments([paid]) == Booked(Upserted(changed=1), frozenset({"C1"}))
        assert work.ledger.payments_of("C1")[0] == paid


def test_numbers_lead_to_the_customer_and_only_to_whose_they_are(pool: Pool) -> None:
    forms = {"A1": NumberForm("A1", "A9")}

    def owners(work: Work) -> set[str]:
        found = work.customers.owners({IdentifierKind.NUMBER: ["A1"]})
        return {one.customer_id for owners in found.values() for one in owners.known}

    with pool.begin() as work:
        work.ledger.upsert_orders(ORDERS[:1], forms)
        assert owners(work) == {"C1"}
        assert work.customers.number_shapes() == {"order": {"A9": 1}}
        work.ledger.upsert_orders([replace(ORDERS[0], customer_id="C2")], forms)
        assert owners(work) == {"C2"}
        assert work.customers.number_shapes() == {"order": {"A9": 1}}
        assert work.rematching.next(1) is not None


def test_two_payments_alike_are_one_unless_they_have_numbers(pool: Pool) -> None:
    twice = [Payment("R1", DAY, 100), Payment("R1", DAY, 100)]
    with pool.begin() as work:
        fill(work)
        assert work.ledger.upsert_payments(twice).counted == Upserted(new=1)
        numbered = [replace(one, payment_no=f"N{no}") for no, one in enumerate(twice)]
        assert work.ledger.upsert_payments(numbered).counted == Upserted(new=2)


def test_a_newer_list_of_open_items_stands_for_the_older_one(pool: Pool) -> None:
    first = [OpenItem("C1", "R1", DAY, 100, LATER), OpenItem("C1", "R2", DAY, 200), OpenItem("C2", "R3", DAY, -5)]
    with pool.begin() as work:
        assert work.ledger.list_day() is None
        assert work.ledger.upsert_open_items(first, 1) == Upserted(new=3)
        assert work.ledger.open_items_of("C1") == []
        work.ledger.stand(DAY, 1)
        assert work.ledger.open_items_of("C1") == first[:2]
        assert work.ledger.upsert_open_items(first[:2], 2) == Upserted(same=2)
        work.ledger.stand(DAY, 2)
        assert work.ledger.open_items_of("C2") == []
        second = [OpenItem("C1", "R2", LATER, 150)]
        work.ledger.upsert_open_items(second, 3)
        assert work.ledger.open_items_of("C1") == first[:2]
        work.ledger.stand(LATER, 3)
        assert work.ledger.open_items_of("C1") == second
        assert work.ledger.list_day() == LATER


def test_a_particular_is_gone_after_its_last_day(pool: Pool) -> None:
    with pool.begin() as work:
        lasting = work.particulars.add("C1", "Nur vormittags anrufen", None, "otto", DAY)
        until = work.particulars.add("C1", "In Kur", LATER, "anna", DAY)
        assert work.particulars.of("C1", LATER) == [until, lasting]
        assert work.particulars.of("C1", date(2026, 3, 6)) == [lasting]
        changed = replace(lasting, text="Nur nachmittags", author="anna", since=LATER)
        work.particulars.change(changed)
        assert work.particulars.get(lasting.id) == changed
        work.particulars.remove(lasting.id)
        assert work.particulars.get(lasting.id) is None


def test_a_customer_taken_out_takes_the_books_along(pool: Pool) -> None:
    with pool.begin() as work:
        fill(work)
        work.customers.remove("C1")
        assert not work.ledger.has("C1")
        assert work.ledger.upsert_payments(PAYMENTS[:1]).counted == Upserted(new=1)
        assert work.ledger.payments_of("C2") == [PAYMENTS[2]]


def test_facts_are_kept_until_rows_change(pool: Pool) -> None:
    kept = OrderFacts(1, DAY, DAY, "EUR", 100, (DAY,), ())
    with pool.begin() as work:
        assert work.facts.get("C1") == (Facts(), ())  # where there is no row there is nothing to reckon
        for section in Section:
            work.facts.put(section, {"C1": None})
        work.facts.put(Section.ORDERS, {"C1": kept, "C2": None})
        assert work.facts.get("C1") == (Facts(orders=kept), ())
        fill(work)
        assert work.facts.get("C1") == (Facts(), tuple(Section))
        work.facts.put(Section.ORDERS, {"C1": kept})
        assert work.facts.get("C1") == (Facts(orders=kept), (Section.OFFERS, Section.BILLING, Section.SURVEYS))


@pytest.mark.parametrize("ids", [["C1", "C2"], ["C1"]])
def test_facts_are_reckoned_from_the_customers_own_rows(pool: Pool, ids: list[str]) -> None:
    with pool.begin() as work:
        fill(work)
        work.ledger.upsert_orders([Order("A4", "C1", DAY, 5)])
        days = work.facts.order_days(ids)
        assert days == {"C1": [OrderDay(DAY, "EUR", 2, 10_005), OrderDay(LATER, "CHF", 1, 2**53 + 1)]}
        sums = work.facts.offer_sums(ids)["C1"]
        assert sorted(sums, key=lambda one: one.amount) == [
            OfferSum(OfferStatus.OPEN, "EUR", 1, 500),
            OfferSum(OfferStatus.DECLINED, "EUR", 1, 900),
        ]
        assert work.facts.open_offers(ids) == {"C1": [OFFERS[0]]}
        assert work.facts.invoices(ids)["C1"] == INVOICES[:2]
        assert work.facts.payments(["R1"]) == [PAYMENTS[0], PAYMENTS[1]]
        assert [one.score for one in work.facts.last_answers(ids)["C1"]] == [3]
        assert work.facts.answer_counts(ids) == {"C1": 2}
