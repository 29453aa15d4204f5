"""How a customer pays: what is open and overdue, how late they are, and what they do with Skonto."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rules.terms.ledger import Invoice, InvoiceKind, OpenItem, Payment, PaymentKind
from rules.value.balance import Balance, balance, last_day

YEAR = datetime.timedelta(days=365)
# What uses a credit note up: it was paid out, or set off against an invoice.
PAID_OUT = frozenset({PaymentKind.REFUND, PaymentKind.PAYMENT, PaymentKind.CREDIT})


@dataclass(frozen=True, slots=True)
class PaymentBehaviour:
    """How one customer pays. Amounts are cents of one currency.

    Attributes:
        as_of: the day the open sums are of: today, or the day of accounting's own list.
        open: what is owed, disputed invoices included, retentions and overpayments not.
        overdue: what of it should have been paid; never what is disputed.
        open_count: invoices of which something is open.
        average_days_late: over invoices paid or overdue, in days; punctual ones count as 0. None without any.
        share_late: the share of these that were or are late, 0 to 1.
        dso: days sales outstanding: open / invoiced in the last 365 days · 365; None when nothing was.
        discount_granted: Skonto rightly taken.
        discount_missed: Skonto left untaken.
        discount_wrongly_taken: Skonto deducted after its last day and not paid since.
        disputed: what is open of disputed invoices.
        retained: what is held back by agreement.
        credit: what we owe them: overpayments and credit notes of their own, not paid back yet.
    """

    as_of: datetime.date
    open: int
    overdue: int
    open_count: int
    average_days_late: float | None
    share_late: float | None
    dso: float | None
    discount_granted: int
    discount_missed: int
    discount_wrongly_taken: int
    disputed: int
    retained: int
    credit: int


def behaviour(
    invoices: Sequence[Invoice],
    payments: Iterable[Payment],
    today: datetime.date,
    *,
    open_items: Sequence[OpenItem] = (),
    currency: str = "EUR",
) -> PaymentBehaviour:
    """Reckon up one customer's invoices.

    Args:
        invoices: their invoices and credit notes; those in other currencies and of days to come are left out.
        payments: money on them; what names no invoice given here is left out, since its invoice may be older.
        today: the day to reckon for.
        open_items: accounting's latest list of what this customer owes. Where there is one, it says what is open and
            overdue instead of us.
        currency: the currency to reckon in.
    """
    known = [one for one in invoices if one.currency == currency and one.date <= today]
    booked = defaultdict(list)
    for payment in payments:
        booked[payment.invoice_no].append(payment)
    balances = balances_of(known, booked, today)
    listed = [item for item in open_items if item.currency == currency]
    owed = [one for one in balances if one.open > 0]
    overdue = [one for one in owed if one.overdue(today)]
    ended = [one for one in balances if not one.invoice.disputed and (one.paid_on or one.overdue(today))]
    late = [one.days_late(today) for one in ended]
    open_sum = sum(item.amount for item in listed) if listed else sum(one.open for one in owed)
    return PaymentBehaviour(
        as_of=max(item.as_of for item in listed) if listed else today,
        open=open_sum,
        overdue=_overdue(listed, today) if listed else sum(one.open for one in overdue),
        open_count=len(listed) or len(owed),
        average_days_late=sum(late) / len(late) if late else None,
        share_late=sum(days > 0 for days in late) / len(late) if late else None,
        dso=_dso(open_sum, known, today),
        discount_granted=sum(one.granted for one in balances),
        discount_missed=sum(one.missed for one in balances),
        discount_wrongly_taken=sum(one.wrongly_taken for one in balances),
        disputed=sum(one.open for one in owed if one.invoice.disputed),
        retained=sum(one.retained for one in balances),
        credit=sum(one.overpaid for one in balances) + _credit(known, booked, today),
    )


def balances_of(
    invoices: Sequence[Invoice], booked: "defaultdict[str, list[Payment]]", today: datetime.date
) -> list[Balance]:
    """Each invoice reckoned up with its payments and credit notes; credit notes have no balance of their own."""
    notes = defaultdict(list)
    for one in invoices:
        if one.kind is InvoiceKind.CREDIT_NOTE and one.invoice_ref:
            notes[one.invoice_ref].append(one)
    return [
        balance(one, booked[one.invoice_no], notes[one.invoice_no], today)
        for one in invoices
        if one.kind is InvoiceKind.INVOICE
    ]


def _overdue(listed: Iterable[OpenItem], today: datetime.date) -> int:
    return sum(item.amount for item in listed if item.due and today > last_day(item.due))


def _dso(open_sum: int, invoices: Iterable[Invoice], today: datetime.date) -> float | None:
    """Receivables against a year's invoices (credit notes taken off), in days."""
    invoiced = sum(
        one.amount if one.kind is InvoiceKind.INVOICE else -one.amount for one in invoices if one.date > today - YEAR
    )
    return open_sum / invoiced * YEAR.days if invoiced > 0 else None


def _credit(invoices: Sequence[Invoice], booked: "defaultdict[str, list[Payment]]", today: datetime.date) -> int:
    """What is left of credit notes that belong to no invoice given, after what was paid out on them."""
    numbers = {one.invoice_no for one in invoices if one.kind is InvoiceKind.INVOICE}
    return sum(
        max(0, note.amount - sum(one.amount for one in booked[note.invoice_no] if _paid_out(one, today)))
        for note in invoices
        if note.kind is InvoiceKind.CREDIT_NOTE and note.invoice_ref not in numbers
    )


def _paid_out(payment: Payment, today: datetime.date) -> bool:
    return payment.date <= today and payment.kind in PAID_OUT
