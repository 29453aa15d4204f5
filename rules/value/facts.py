"""What the books say of one customer at a glance (rules.terms.worth), reckoned from their rows; and read on a day.

The first half knows no day: it is kept, and lapses only when rows change. `paying` applies the day.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rules.terms.ledger import Invoice, InvoiceKind, Offer, OfferStatus, OpenItem, Payment, SurveyAnswer
from rules.terms.worth import (
    BillingFacts,
    Invoiced,
    Month,
    OfferFacts,
    OfferSum,
    OrderDay,
    Ordered,
    OrderFacts,
    Settled,
    SurveyFacts,
)
from rules.value.balance import Balance
from rules.value.payments import PAID_OUT, YEAR, PaymentBehaviour, balances_of, behaviour

DAYS, MONTHS = 60, 36
UNSETTLED = 200
_INVOICED = datetime.timedelta(days=400)
_LATELY = datetime.timedelta(days=800)
_EVER = datetime.date.max


def orders(days: Sequence[OrderDay]) -> OrderFacts | None:
    """What a customer's order days come to.

    Args:
        days: all of them, oldest first, a row for each currency.
    """
    if not days:
        return None
    count: Counter[str] = Counter()
    for day in days:
        count[day.currency] += day.orders
    currency, others = _main(count)
    counted = [day for day in days if day.currency == currency]
    months: dict[datetime.date, list[OrderDay]] = defaultdict(list)
    for day in counted:
        months[day.date.replace(day=1)].append(day)
    return OrderFacts(
        orders=count.total(),
        first=days[0].date,
        last=days[-1].date,
        currency=currency,
        revenue=sum(day.amount for day in counted),
        days=tuple(dict.fromkeys(day.date for day in days))[-DAYS:],
        months=tuple(_month(first, months[first]) for first in sorted(months)[-MONTHS:]),
        others=others,
        lately=tuple(Ordered(day.date, day.amount) for day in counted if day.date > counted[-1].date - _LATELY),
    )


def offers(sums: Iterable[OfferSum], open: Sequence[Offer]) -> OfferFacts | None:
    """How a customer's offers stand.

    Args:
        sums: all of them, by state and currency.
        open: the newest open ones, oldest first.
    """
    count: Counter[str] = Counter()
    states: Counter[OfferStatus] = Counter()
    amounts: Counter[str] = Counter()
    for one in sums:
        count[one.currency] += one.offers
        states[one.status] += one.offers
        amounts[one.currency] += one.amount if one.status is OfferStatus.OPEN else 0
    if not count:
        return None
    currency, _ = _main(count)
    return OfferFacts(
        open=tuple(open),
        open_count=states[OfferStatus.OPEN],
        open_amount=amounts[currency],
        currency=currency,
        accepted=states[OfferStatus.ACCEPTED],
        declined=states[OfferStatus.DECLINED],
    )


def billing(invoices: Sequence[Invoice], payments: Iterable[Payment]) -> BillingFacts | None:
    """How a customer's invoices stand, as far as no day changes it.

    Args:
        invoices: the newest ones and credit notes, oldest first.
        payments: what was paid on them.
    """
    if not invoices:
        return None
    currency, others = _main(Counter(one.currency for one in invoices))
    known = [one for one in invoices if one.currency == currency]
    booked: defaultdict[str, list[Payment]] = defaultdict(list)
    for payment in payments:
        booked[payment.invoice_no].append(payment)
    settled = [one for one in balances_of(known, booked, _EVER) if not one.open and not one.retained]
    done = {one.invoice.invoice_no for one in settled}
    owing = {one.invoice_no for one in known if one.kind is InvoiceKind.INVOICE} - done
    rest = [one for one in known if _stays(one, owing, done, booked)]
    kept = rest[-UNSETTLED:]
    return BillingFacts(
        currency=currency,
        others=others,
        invoices=len(known),
        payments=sum(len(booked[one.invoice_no]) for one in known),
        unsettled=tuple(kept),
        left_out=len(rest) - len(kept),
        booked=tuple(payment for one in kept for payment in booked[one.invoice_no]),
        settled=_settled(settled),
        invoiced=_invoiced(known),
    )


def surveys(answers: int, last: SurveyAnswer | None) -> SurveyFacts | None:
    """What a customer answered last."""
    return SurveyFacts(answers, last) if last is not None else None


def paying(
    facts: BillingFacts | None,
    today: datetime.date,
    items: Sequence[OpenItem] = (),
    list_day: datetime.date | None = None,
) -> PaymentBehaviour:
    """How a customer pays, on a day.

    Args:
        facts: what was reckoned; None where no invoices are known, only accounting's list.
        today: the day.
        items: what is open of them by accounting's list.
        list_day: the day of that list; None where there is none. A customer who is not on it owes nothing.
    """
    if facts is None:
        facts = BillingFacts(_main(Counter(one.currency for one in items) or Counter(EUR=1))[0])
    open = behaviour(facts.unsettled, facts.booked, today, open_items=items, currency=facts.currency)
    if list_day is not None and not items:
        open = replace(open, as_of=list_day, open=0, overdue=0, open_count=0)
    ended = [one.days_late(today) for one in _balances(facts, today) if _ended(one, today)]
    settled = facts.settled
    judged = settled.ended + len(ended)
    invoiced = sum(one.amount for one in facts.invoiced if today - YEAR < one.date <= today)
    return replace(
        open,
        average_days_late=(settled.days_late + sum(ended)) / judged if judged else None,
        share_late=(settled.late + sum(days > 0 for days in ended)) / judged if judged else None,
        dso=open.open / invoiced * YEAR.days if invoiced > 0 else None,
        discount_granted=open.discount_granted + settled.granted,
        discount_missed=open.discount_missed + settled.missed,
        credit=open.credit + settled.overpaid,
    )


def owed(facts: BillingFacts, today: datetime.date) -> list[Balance]:
    """The invoices of which something is owed on a day, what is due first at the top."""
    return sorted(
        (one for one in _balances(facts, today) if one.open), key=lambda one: (one.due, one.invoice.invoice_no)
    )


def _main(count: Counter[str]) -> tuple[str, tuple[str, ...]]:
    """The currency of most rows, and the others."""
    currency = min(count, key=lambda one: (-count[one], one))
    return currency, tuple(sorted(count.keys() - {currency}))


def _month(first: datetime.date, days: Sequence[OrderDay]) -> Month:
    margins = [day.margin for day in days if day.margin is not None]
    margin = sum(margins) if len(margins) == len(days) else None
    return Month(first, sum(day.orders for day in days), sum(day.amount for day in days), margin)


def _balances(facts: BillingFacts, today: datetime.date) -> list[Balance]:
    booked: defaultdict[str, list[Payment]] = defaultdict(list)
    for payment in facts.booked:
        booked[payment.invoice_no].append(payment)
    return balances_of([one for one in facts.unsettled if one.date <= today], booked, today)


def _ended(one: Balance, today: datetime.date) -> bool:
    """Whether it can be said that it was paid in time or late."""
    return not one.invoice.disputed and (one.paid_on is not None or one.overdue(today))


def _stays(one: Invoice, owing: set[str], done: set[str], booked: "defaultdict[str, list[Payment]]") -> bool:
    """Whether something may come of an invoice or credit note yet."""
    if one.kind is InvoiceKind.INVOICE:
        return one.invoice_no in owing
    if one.invoice_ref in owing or one.invoice_ref in done:
        return one.invoice_ref in owing
    paid_out = (payment.amount for payment in booked[one.invoice_no] if payment.kind in PAID_OUT)
    return sum(paid_out) < one.amount


def _settled(balances: Sequence[Balance]) -> Settled:
    late = [one.days_late(_EVER) for one in balances if _ended(one, _EVER)]
    return Settled(
        invoices=len(balances),
        ended=len(late),
        late=sum(days > 0 for days in late),
        days_late=sum(late),
        granted=sum(one.granted for one in balances),
        missed=sum(one.missed for one in balances),
        overpaid=sum(one.overpaid for one in balances),
    )


def _invoiced(known: Sequence[Invoice]) -> tuple[Invoiced, ...]:
    first = known[-1].date - _INVOICED
    sums: Counter[datetime.date] = Counter()
    for one in known:
        if one.date > first:
            sums[one.date] += one.amount if one.kind is InvoiceKind.INVOICE else -one.amount
    return tuple(Invoiced(day, amount) for day, amount in sorted(sums.items()))
