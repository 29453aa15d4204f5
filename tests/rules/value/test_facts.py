"""What the books say of a customer at a glance, and on a day."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules.terms.ledger import (
    Invoice,
    InvoiceKind,
    Offer,
    OfferStatus,
    OpenItem,
    Payment,
    PaymentKind,
    SurveyAnswer,
)
from rules.terms.worth import Month, OfferSum, OrderDay, SurveyFacts
from rules.value import facts
from rules.value.payments import behaviour

DAY = date(2026, 1, 15)
WEEK = timedelta(days=7)


def test_orders_are_summed_by_month_and_further_currencies_only_named() -> None:
    found = facts.orders(
        [
            OrderDay(DAY, "EUR", 2, 300, 100),
            OrderDay(DAY, "CHF", 1, 999),
            OrderDay(DAY + WEEK, "EUR", 1, 50, None),
            OrderDay(DAY + 4 * WEEK, "EUR", 1, 70, 7),
        ]
    )
    assert found is not None
    assert (found.orders, found.first, found.last) == (5, DAY, DAY + 4 * WEEK)
    assert (found.currency, found.revenue, found.others) == ("EUR", 420, ("CHF",))
    assert found.days == (DAY, DAY + WEEK, DAY + 4 * WEEK)
    assert found.months == (Month(date(2026, 1, 1), 3, 350, None), Month(date(2026, 2, 1), 1, 70, 7))
    assert facts.orders([]) is None


def test_the_facts_of_a_long_history_stay_small() -> None:
    found = facts.orders([OrderDay(DAY + no * timedelta(days=1), "EUR", 1, 1) for no in range(5000)])
    assert found is not None
    assert (found.orders, found.revenue) == (5000, 5000)
    assert (len(found.days), len(found.months)) == (facts.DAYS, facts.MONTHS)
    assert found.days[-1] == found.last


def test_offers_are_counted_by_state() -> None:
    open = [Offer("O1", "C1", DAY, 500)]
    sums = [
        OfferSum(OfferStatus.OPEN, "EUR", 1, 500),
        OfferSum(OfferStatus.OPEN, "USD", 1, 70),
        OfferSum(OfferStatus.ACCEPTED, "EUR", 3, 900),
        OfferSum(OfferStatus.DECLINED, "EUR", 2, 100),
    ]
    found = facts.offers(sums, open)
    assert found is not None
    assert (found.open, found.open_count, found.open_amount) == ((open[0],), 2, 500)
    assert (found.accepted, found.declined) == (3, 2)
    assert facts.offers([], []) is None


def test_a_settled_invoice_is_only_a_figure_and_an_open_one_stays_with_its_payments() -> None:
    punctual = Invoice("R1", "C1", DAY, 1_000, DAY + 2 * WEEK, discount_percent=3, discount_until=DAY + WEEK)
    late = Invoice("R2", "C1", DAY, 2_000, DAY + WEEK)
    part = Invoice("R3", "C1", DAY + WEEK, 500, DAY + 2 * WEEK)
    note = Invoice("G1", "C1", DAY + WEEK, 100, kind=InvoiceKind.CREDIT_NOTE, invoice_ref="R3")
    paid = [
        Payment("R1", DAY + WEEK, 970),
        Payment("R2", DAY + 3 * WEEK, 2_000),
        Payment("R3", DAY + 2 * WEEK, 300),
    ]
    found = facts.billing([punctual, late, part, note], paid)
    assert found is not None
    assert found.unsettled == (part, note)
    assert found.booked == (paid[2],)
    settled = found.settled
    assert (settled.invoices, settled.ended, settled.late, settled.days_late, settled.granted) == (2, 2, 1, 14, 30)
    on = DAY + 6 * WEEK
    told = facts.paying(found, on)
    assert (told.open, told.overdue, told.open_count, told.discount_granted) == (100, 100, 1, 30)
    assert [(one.invoice.invoice_no, one.open) for one in facts.owed(found, on)] == [("R3", 100)]
    assert facts.paying(found, DAY + 2 * WEEK).overdue == 0


def test_accountings_list_outweighs_what_we_reckon() -> None:
    found = facts.billing([Invoice("R1", "C1", DAY, 1_000, DAY)], [])
    assert found is not None
    listed = facts.paying(found, DAY + WEEK, [OpenItem("C1", "R1", DAY, 400, DAY)], DAY)
    assert (listed.open, listed.as_of) == (400, DAY)
    absent = facts.paying(found, DAY + WEEK, [], DAY)
    assert (absent.open, absent.overdue, absent.open_count, absent.as_of, absent.dso) == (0, 0, 0, DAY, 0)
    alone = facts.paying(None, DAY + WEEK, [OpenItem("C1", "R1", DAY, 400, DAY, "CHF")], DAY)
    assert (alone.open, alone.overdue, alone.dso) == (400, 400, None)


def test_unsettled_invoices_beyond_the_bound_are_counted() -> None:
    found = facts.billing([Invoice(f"R{no}", "C1", DAY, 1) for no in range(facts.UNSETTLED + 5)], [])
    assert found is not None
    assert (len(found.unsettled), found.left_out, found.payments) == (facts.UNSETTLED, 5, 0)


def test_the_last_answer_stands_for_all() -> None:
    last = SurveyAnswer("C1", DAY, 3)
    assert facts.surveys(4, last) == SurveyFacts(4, last)
    assert facts.surveys(0, None) is None


DAYS = st.dates(DAY, DAY + timedelta(days=200))
AMOUNTS = st.integers(1, 2_000)
INVOICES = st.builds(
    Invoice,
    invoice_no=st.sampled_from([f"R{no}" for no in range(6)]),
    customer_id=st.just("C1"),
    date=DAYS,
    amount=AMOUNTS,
    due=st.none() | DAYS,
    kind=st.sampled_from(InvoiceKind),
    discount_percent=st.sampled_from([0, 2.5, 3]),
    discount_until=st.none() | DAYS,
    disputed=st.booleans(),
    invoice_ref=st.sampled_from(["", "R0", "R1", "R9"]),
)
PAYMENTS = st.builds(
    Payment,
    invoice_no=st.sampled_from([f"R{no}" for no in range(6)]),
    date=DAYS,
    amount=AMOUNTS,
    kind=st.sampled_from(PaymentKind),
)


@given(
    st.lists(INVOICES, max_size=6, unique_by=lambda one: one.invoice_no),
    st.lists(PAYMENTS, max_size=8),
    st.integers(240, 600),
)
def test_what_is_kept_says_on_any_later_day_what_all_rows_say(
    invoices: list[Invoice], payments: list[Payment], days: int
) -> None:
    """Once every row lies in the past, and no term still runs."""
    today = DAY + timedelta(days=days)
    invoices = sorted(invoices, key=lambda one: one.date)
    found = facts.billing(invoices, payments)
    if found is None:
        assert invoices == []
        return
    whole, kept = behaviour(invoices, payments, today), facts.paying(found, today)
    for name in ("average_days_late", "share_late", "dso"):
        one, other = getattr(whole, name), getattr(kept, name)
        assert (one is None) == (other is None), name
        assert one is None or abs(one - other) < 1e-9, name
    assert replace(whole, average_days_late=None, share_late=None, dso=None) == replace(
        kept, average_days_late=None, share_late=None, dso=None
    )
