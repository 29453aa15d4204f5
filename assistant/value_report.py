"""Who will buy again, and for how much: orders fitted by the models of repeat trade, as figures and as JSON."""

import datetime
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from connectors.importers import Row, read_table
from rules.terms.ledger import Order, OrderStatus
from rules.value import bgnbd, gammagamma, lifetime
from rules.value.lifetime import Fit
from rules.value.repeats import WEEK, Repeats, Transactions
from rules.value.special import Floats

Progress = Callable[[int, int | None], None]
LISTED = 1000


@dataclass(slots=True)
class Log:
    """Orders that were read. `bad` counts the rows that were left out, `problems` holds the first thousand of them."""

    transactions: Transactions = field(default_factory=Transactions)
    bad: int = 0
    problems: list[Row] = field(default_factory=list)
    currencies: Counter[str] = field(default_factory=Counter)
    unknown_columns: tuple[tuple[str, str | None], ...] = ()

    def leave_out(self, row: Row) -> None:
        """A bad row."""
        self.bad += 1
        if len(self.problems) < LISTED:
            self.problems.append(row)

    def add(self, order: Order) -> None:
        """An order, unless it was cancelled."""
        if order.status is not OrderStatus.CANCELLED:
            self.transactions.add(order.customer_id, order.date, order.amount / 100)
            self.currencies[order.currency] += 1


@dataclass(frozen=True, slots=True)
class Report:
    """What the models say. Arrays have a place for each customer and are None where their model is unfit."""

    repeats: Repeats
    fit: Fit
    horizon_days: int
    p_alive: Floats | None
    expected: Floats | None
    average: Floats | None

    @property
    def expected_total(self) -> float | None:
        """What all customers together will buy within the horizon."""
        return None if self.expected is None else float(self.expected.sum())


def read_log(file: Path, mapping: Mapping[str, str], progress: Progress) -> Log:
    """Read a table of orders; an order number is not needed.

    Raises:
        ImportRefused: no row of it makes sense; the sentence says what to do.
    """
    table = read_table(file, "orders", mapping, given={"order_no": "-"})
    log = Log(unknown_columns=table.unknown_columns)
    for done, row in enumerate(table.rows, 1):
        if isinstance(row.value, Order):
            log.add(row.value)
        else:
            log.leave_out(row)
        if done % 1000 == 0:
            progress(done, table.total)
    return log


def of_orders(orders: Iterable[Order]) -> Log:
    """The same from orders of the pool."""
    log = Log()
    for order in orders:
        log.add(order)
    return log


def report(transactions: Transactions, until: datetime.date | None, horizon_days: int) -> Report:
    """Fit the models to what happened until a day, and foretell what comes within the horizon after it."""
    repeats = transactions.repeats(until)
    fit = lifetime.fit(repeats)
    alive = expected = average = None
    if fit.purchases:
        alive = bgnbd.p_alive(fit.purchases, repeats.x, repeats.t_x, repeats.T)
        expected = bgnbd.expected(fit.purchases, repeats.x, repeats.t_x, repeats.T, horizon_days / WEEK)
    if fit.spend:
        average = gammagamma.expected_average(fit.spend, repeats.x, repeats.m)
    return Report(repeats, fit, horizon_days, alive, expected, average)


def write_json(found: Report, out: TextIO) -> None:
    """One object (design section 5), written a customer at a time: a million of them need no second copy."""
    purchases, spend, repeats = found.fit.purchases, found.fit.spend, found.repeats
    head: dict[str, Any] = {
        "as_of": repeats.as_of.isoformat() if repeats.as_of else None,
        "unit": "weeks",
        "customers": len(repeats.ids),
        "repeaters": repeats.repeaters,
        "unfit": found.fit.unfit,
        "unfit_spend": found.fit.unfit_spend,
        "bgnbd": purchases and {name: getattr(purchases, name) for name in ("r", "alpha", "a", "b", "loglik")},
        "gammagamma": spend and {name: getattr(spend, name) for name in ("p", "q", "gamma", "loglik")},
        "horizon_days": found.horizon_days,
        "expected_total": found.expected_total,
    }
    out.write(json.dumps(head, ensure_ascii=False).removesuffix("}") + ', "per_customer": [')
    for at, customer in enumerate(_customers(found)):
        out.write(("," if at else "") + "\n" + json.dumps(customer, ensure_ascii=False))
    out.write("]}\n")


def _customers(found: Report) -> Iterator[dict[str, Any]]:
    repeats = found.repeats

    def at(values: Floats | None, place: int) -> float | None:
        return None if values is None else round(float(values[place]), 6)

    for place, id in enumerate(repeats.ids):
        yield {
            "id": id,
            "x": int(repeats.x[place]),
            "t_x": at(repeats.t_x, place),
            "T": at(repeats.T, place),
            "p_alive": at(found.p_alive, place),
            "expected": at(found.expected, place),
            "expected_avg_value": at(found.average, place),
        }
