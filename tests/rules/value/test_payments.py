"""How a customer pays, reckoned by hand."""

from datetime import date

import pytest

from rules.terms.ledger import Invoice, InvoiceKind, OpenItem, Payment, PaymentKind
from rules.value.payments import behaviour

TODAY = date(2026, 6, 1)


def invoice(number: str, amount: int, due: date, **changes: object) -> Invoice:
    return Invoice(number, "K1", date(2026, 1, 5), amount, due, **changes)  # type: ignore[arg-type]


def test_a_customer_reckoned_by_hand() -> None:
    """Paid in time, paid ten days late, overdue for 31 days, disputed, not due yet."""
    invoices = [
        invoice("R1", 100_000, date(2026, 2, 4)),
        invoice("R2", 200_000, date(2026, 2, 4)),
        invoice("R3", 50_000, date(2026, 5, 1)),
        invoice("R4", 30_000, date(2026, 2, 4), disputed=True),
        invoice("R5", 20_000, date(2026, 6, 30)),
    ]
    payments = [Payment("R1", date(2026, 2, 3), 100_000), Payment("R2", date(2026, 2, 14), 200_000)]
    found = behaviour(invoices, payments, TODAY)
    assert (found.open, found.open_count, found.overdue, found.disputed) == (100_000, 3, 50_000, 30_000)
    assert found.average_days_late == pytest.approx((0 + 10 + 31) / 3)
    assert found.share_late == pytest.approx(2 / 3)
    assert found.dso == pytest.approx(100_000 / 400_000 * 365)
    assert found.as_of == TODAY


def test_skonto_granted_missed_and_wrongly_taken() -> None:
    until, due = date(2026, 1, 15), date(2026, 2, 4)
    invoices = [
        invoice(number, 100_000, due, discount_percent=3.0, discount_until=until) for number in ("R1", "R2", "R3", "R4")
    ]
    payments = [
        Payment("R1", date(2026, 1, 15), 97_000),
        Payment("R2", date(2026, 1, 20), 97_000),
        Payment("R3", date(2026, 1, 20), 100_000),
        Payment("R4", date(2026, 1, 10), 100_000),
    ]
    found = behaviour(invoices, payments, TODAY)
    assert (found.discount_granted, found.discount_wrongly_taken, found.discount_missed) == (3_000, 3_000, 6_000)
    assert (found.open, found.overdue, found.share_late) == (3_000, 3_000, 0.0)


def test_retentions_overpayments_and_credit_notes_stand_apart_from_what_is_open() -> None:
    invoices = [
        invoice("R1", 100_000, date(2026, 2, 4)),
        invoice("R2", 50_000, date(2026, 2, 4)),
        invoice("G1", 10_000, date(2026, 2, 4), kind=InvoiceKind.CREDIT_NOTE, invoice_ref="R2"),
        invoice("G2", 7_000, date(2026, 2, 4), kind=InvoiceKind.CREDIT_NOTE),
        invoice("G3", 4_000, date(2026, 2, 4), kind=InvoiceKind.CREDIT_NOTE),
    ]
    payments = [
        Payment("R1", date(2026, 1, 5), 5_000, PaymentKind.RETENTION),
        Payment("R1", date(2026, 2, 4), 95_000),
        Payment("R2", date(2026, 2, 4), 42_000),
        Payment("G3", date(2026, 3, 2), 4_000, PaymentKind.REFUND),
    ]
    found = behaviour(invoices, payments, TODAY)
    assert (found.open, found.retained, found.credit, found.share_late) == (0, 5_000, 2_000 + 7_000, 0.0)


def test_accountings_own_list_says_what_is_open_with_its_day() -> None:
    listed = [
        OpenItem("K1", "R1", date(2026, 5, 18), 40_000, date(2026, 5, 4)),
        OpenItem("K1", "R9", date(2026, 5, 18), 10_000, date(2026, 6, 15)),
    ]
    found = behaviour([invoice("R1", 100_000, date(2026, 5, 4))], [], TODAY, open_items=listed)
    assert (found.open, found.overdue, found.open_count, found.as_of) == (50_000, 40_000, 2, date(2026, 5, 18))


def test_other_currencies_are_reckoned_by_themselves() -> None:
    invoices = [invoice("R1", 100_000, date(2026, 2, 4)), invoice("R2", 5_000, date(2026, 2, 4), currency="CHF")]
    assert behaviour(invoices, [], TODAY).open == 100_000
    assert behaviour(invoices, [], TODAY, currency="CHF").open == 5_000


def test_without_invoices_nothing_is_said_of_manners() -> None:
    found = behaviour([], [Payment("old", date(2026, 2, 4), 100)], TODAY)
    assert (found.open, found.credit) == (0, 0)
    assert found.average_days_late is None
    assert found.share_late is None
    assert found.dso is None


def test_a_credit_note_that_was_set_off_is_used_up() -> None:
    """A credit note over 70 € of no invoice, set off against R1 over 100 €: 30 € to pay, nothing owed to them."""
    invoices = [
        invoice("R1", 10_000, date(2026, 2, 4)),
        invoice("G1", 7_000, date(2026, 2, 4), kind=InvoiceKind.CREDIT_NOTE),
    ]
    day = date(2026, 1, 20)
    offset = [Payment(number, day, 7_000, PaymentKind.CREDIT) for number in ("R1", "G1")]
    found = behaviour(invoices, offset, TODAY)
    assert (found.open, found.credit) == (3_000, 0)
