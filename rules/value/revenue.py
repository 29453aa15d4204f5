"""What came in, by month and period: orders, revenue, margin less the cost of cases, and which way it goes.

Cancelled orders count nowhere, and orders in another currency are left out. Amounts are cents.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rules.terms.ledger import Order, OrderStatus

YEAR = datetime.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class CaseCost:
    """What a case (a complaint, a return) cost us, and when."""

    date: datetime.date
    amount: int


@dataclass(frozen=True, slots=True)
class Revenue:
    """What came in over some time.

    Attributes:
        orders: how many orders.
        revenue: their amounts without tax.
        margin: what of them was left, less case costs; None where the margin of an order is unknown.
        average_order: revenue / orders; None without orders.
    """

    orders: int
    revenue: int
    margin: int | None
    average_order: float | None


@dataclass(frozen=True, slots=True)
class Trend:
    """The last 365 days beside the 365 before; `change` 0.1 for ten percent more, None where nothing came before."""

    now: int
    before: int
    change: float | None


def revenue(
    orders: Iterable[Order],
    costs: Iterable[CaseCost] = (),
    *,
    since: datetime.date = datetime.date.min,
    until: datetime.date = datetime.date.max,
    margin_rate: float | None = None,
    currency: str = "EUR",
) -> Revenue:
    """What came in from `since` to `until`, both days included.

    Args:
        orders: the orders of one customer, or of all.
        costs: what their cases cost.
        since: first day.
        until: last day.
        margin_rate: the firm's usual margin, 0 to 1, for orders without one; None: then there is no margin to tell.
        currency: the currency to reckon in.
    """
    counted = [one for one in orders if _counts(one, currency) and since <= one.date <= until]
    total = sum(one.amount for one in counted)
    spent = sum(cost.amount for cost in costs if since <= cost.date <= until)
    margins = [_margin(one, margin_rate) for one in counted]
    known = [margin for margin in margins if margin is not None]
    margin = sum(known) - spent if len(known) == len(margins) else None
    return Revenue(len(counted), total, margin, total / len(counted) if counted else None)


def by_month(
    orders: Sequence[Order],
    costs: Sequence[CaseCost] = (),
    *,
    margin_rate: float | None = None,
    currency: str = "EUR",
) -> dict[datetime.date, Revenue]:
    """The same for each calendar month with orders or costs, by its first day, in order."""
    months: dict[datetime.date, tuple[list[Order], list[CaseCost]]] = defaultdict(lambda: ([], []))
    for order in orders:
        if _counts(order, currency):
            months[order.date.replace(day=1)][0].append(order)
    for cost in costs:
        months[cost.date.replace(day=1)][1].append(cost)
    return {month: revenue(*months[month], margin_rate=margin_rate, currency=currency) for month in sorted(months)}


def trend(orders: Sequence[Order], today: datetime.date, *, currency: str = "EUR") -> Trend:
    """Revenue of the last 365 days, today included, beside the 365 days before them."""
    now = revenue(orders, since=today - YEAR + _DAY, until=today, currency=currency).revenue
    before = revenue(orders, since=today - 2 * YEAR + _DAY, until=today - YEAR, currency=currency).revenue
    return Trend(now, before, now / before - 1 if before > 0 else None)


def share(part: int, total: int) -> float | None:
    """A part of all that came in, 0 to 1; None where nothing did."""
    return part / total if total > 0 else None


_DAY = datetime.timedelta(days=1)


def _counts(order: Order, currency: str) -> bool:
    return order.status is not OrderStatus.CANCELLED and order.currency == currency


def _margin(order: Order, rate: float | None) -> int | None:
    if order.margin is not None:
        return order.margin
    return round(order.amount * rate) if rate is not None else None
