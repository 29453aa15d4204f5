"""What of one invoice is still open, and how it came to be: Skonto, part payments, retention, credit notes, refunds.

    asked      the invoice less what was credited: its credit notes, or lines that set it off; the larger one
    payable    asked less what was agreed to be held back (retention, Sicherheitseinbehalt)
    discount   the Skonto offered: so many percent of what is payable, rounded up to the cent in the customer's favour
    open       payable less paid, written off and a Skonto rightly taken

Skonto is rightly taken when all but the Skonto was paid by its last day (without one, by the due day); otherwise all of
it is owed again. That it was booked as a line of its own, too, changes nothing where terms are known: 970 € paid and
30 € Skonto are 970 €. Where the invoice names no terms, the line is what was agreed. A last day on a Saturday or Sunday
ends on Monday (§ 193 BGB); public holidays differ by place and are not known here.
"""

import datetime
import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from rules.terms.ledger import Invoice, Payment, PaymentKind

_DAYS_TO_PAY = datetime.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Balance:
    """One invoice, reckoned up. Amounts are cents and never negative.

    Attributes:
        invoice: the invoice.
        due: when it is to be paid.
        open: what is still owed, without what is held back.
        retained: what is held back by agreement and not yet paid.
        overpaid: what was paid beyond what was asked, and not paid back.
        paid: what came in, less refunds.
        discount: the Skonto offered.
        granted: the Skonto rightly taken.
        wrongly_taken: a Skonto deducted too late, at least in part still unpaid.
        missed: a Skonto that was offered and can no longer be taken, and was not deducted either.
        paid_on: the day from which at most a Skonto was missing; None while more is.
    """

    invoice: Invoice
    due: datetime.date
    open: int
    retained: int
    overpaid: int
    paid: int
    discount: int
    granted: int
    wrongly_taken: int
    missed: int
    paid_on: datetime.date | None

    def overdue(self, today: datetime.date) -> bool:
        """Whether something is owed whose day has passed, and nobody disputes it."""
        return self.open > 0 and not self.invoice.disputed and today > last_day(self.due)

    def days_late(self, today: datetime.date) -> int:
        """By how many days it was paid late, or is late by now; 0 for in time."""
        until = self.paid_on or today
        return (until - self.due).days if until > last_day(self.due) else 0


def balance(
    invoice: Invoice, payments: Iterable[Payment], credit_notes: Iterable[Invoice], today: datetime.date
) -> Balance:
    """Reckon up one invoice.

    Args:
        invoice: the invoice.
        payments: money on it, in any order; what is dated after today does not count yet.
        credit_notes: credit notes that name it; they count from the start, whenever they were written, since what was
            wrongly asked for was never owed.
        today: the day to reckon for.
    """
    booked = sorted((one for one in payments if one.date <= today), key=lambda one: one.date)
    # A program that brings the credit note may also bring the line that sets it off: that is one credit.
    credited = max(sum(note.amount for note in credit_notes), _sum(booked, PaymentKind.CREDIT))
    asked = max(0, invoice.amount - credited)
    held_back = min(asked, _sum(booked, PaymentKind.RETENTION))
    payable = asked - held_back
    due = due_day(invoice)
    ends = last_day(invoice.discount_until or due)
    discount = math.ceil(Fraction(str(invoice.discount_percent)) * payable / 100)
    agreed = 0 if invoice.discount_percent else min(payable, _sum(booked, PaymentKind.DISCOUNT))
    refunded = _sum(booked, PaymentKind.REFUND)
    paid = _sum(booked, PaymentKind.PAYMENT) - refunded
    in_time = _sum((one for one in booked if one.date <= ends), PaymentKind.PAYMENT) - refunded
    # What was rightly taken is settled, whatever is paid later (a retention, for example).
    granted = agreed or (max(0, payable - in_time) if in_time >= payable - discount else 0)
    short = max(0, payable - granted - paid)
    wrongly_taken = short if short <= discount and not granted else 0
    return Balance(
        invoice=invoice,
        due=due,
        open=max(0, short - _sum(booked, PaymentKind.WRITE_OFF)),
        retained=max(0, held_back - max(0, paid + granted - payable)),
        overpaid=max(0, paid + granted - asked),
        paid=paid,
        discount=discount or agreed,
        granted=granted,
        wrongly_taken=wrongly_taken,
        missed=discount if not granted and not wrongly_taken and (today > ends or not short) else 0,
        paid_on=_paid_on(booked, invoice, payable - (discount or agreed)),
    )


def due_day(invoice: Invoice) -> datetime.date:
    """When an invoice is to be paid: as it says, else thirty days after its date (§ 286 (3) BGB)."""
    return invoice.due or invoice.date + _DAYS_TO_PAY


def last_day(day: datetime.date) -> datetime.date:
    """The day on which a term ends that is to end on this day: Monday for a Saturday or Sunday (§ 193 BGB)."""
    return day + datetime.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def _sum(booked: Iterable[Payment], kind: PaymentKind) -> int:
    return sum(one.amount for one in booked if one.kind is kind)


# What is no money that comes or goes, and is reckoned before.
_BESIDE = frozenset({PaymentKind.RETENTION, PaymentKind.DISCOUNT, PaymentKind.CREDIT})


def _paid_on(booked: Iterable[Payment], invoice: Invoice, enough: int) -> datetime.date | None:
    """The day from which enough had been paid or written off for good; what asks for nothing is paid at once."""
    left, since = enough, invoice.date if enough <= 0 else None
    for one in booked:
        if one.kind in _BESIDE:
            continue
        left -= -one.amount if one.kind is PaymentKind.REFUND else one.amount
        if left > 0:
            since = None
        elif since is None:
            since = one.date
    return since
