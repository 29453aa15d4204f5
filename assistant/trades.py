"""What every customer of the pool did, as a line of figures each: read in one pass over the orders.

The lines are numbers in arrays, so that a million customers need no more than about a hundred megabytes.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.settings import ValueSettings
from rules.terms.customer import CustomerKind, CustomerStatus, PartyKind
from rules.value.repeats import Transactions
from rules.value.revenue import YEAR
from rules.value.rhythm import rhythm
from rules.value.segments import LOST_DAYS
from storage.pool import Work
from storage.values import OrderRow, Trader

Progress = Callable[[int, int | None], None]
Lines = NDArray[Any]

_READ_AT_ONCE = 10_000
# Who ordered within so many days has scores; longer where customers come back for a project now and then.
_SCORED_DAYS = 730

# known: what the firm's own table says of the last year's revenue · first, last: days (ordinals) · typical, longest,
# days: the rhythm and the days it is made of · lately, spent: orders and revenue of the days that are scored ·
# revenue, before: of the last 365 days and the 365 before · best: revenue of the best year; margins likewise.
LINE = np.dtype(
    [
        ("key_account", "?"), ("lead", "?"), ("known", "i8"), ("orders", "i4"), ("first", "i4"), ("last", "i4"),
        ("typical", "f4"), ("longest", "i4"), ("days", "i4"), ("lately", "i4"), ("spent", "i8"),
        ("revenue", "i8"), ("before", "i8"), ("best", "i8"),
        ("margin", "i8"), ("margin_before", "i8"), ("best_margin", "i8"),
    ]
)  # fmt: skip


@dataclass(slots=True)
class Trades:
    """The lines of all who are scored, in the order of `ids`; amounts in cents. `bought` is in whole money.

    `all_revenue` and `all_before` are everybody's. `margins`: the margin of each order of the two years is known.
    """

    ids: list[str] = field(default_factory=list)
    lines: Lines = field(default_factory=lambda: np.zeros(0, LINE))
    bought: Transactions = field(default_factory=Transactions)
    margins: bool = True
    all_revenue: int = 0
    all_before: int = 0

    @property
    def books(self) -> bool:
        """Whether there is any order."""
        return len(self.bought) > 0


def read(work: Work, own: ValueSettings, today: date, progress: Progress) -> Trades:
    """Read everybody's orders."""
    found = Trades()
    full: list[Lines] = []
    waiting: list[tuple[Any, ...]] = []
    total = work.customers.size()
    for done, (_, rows) in enumerate(groupby(work.values.traders(own.currency, today), key=lambda row: row[0].id), 1):
        trader, orders = _together(rows)
        line = _line(found, trader, orders, own, today)
        if own.persons or trader.kind is CustomerKind.FIRM:
            found.ids.append(trader.id)
            waiting.append(line)
            for day, amount, _ in orders:
                found.bought.add(trader.id, day, amount / 100)
        if len(waiting) == _READ_AT_ONCE:
            full.append(np.array(waiting, LINE))
            waiting = []
            progress(done, total)
    found.lines = np.concatenate([*full, np.array(waiting, LINE)])
    return found


def costs(work: Work, trades: Trades, now: datetime) -> dict[int, tuple[int, int]]:
    """What cases cost, by the customer's place: in the last 365 days, and in the 365 before."""
    found: dict[str, list[int]] = {}
    for id, opened, cost in work.values.case_costs(now - 2 * YEAR):
        found.setdefault(id, [0, 0])[opened < now - YEAR] += cost
    places = {id: place for place, id in enumerate(trades.ids) if id in found} if found else {}
    return {place: (found[id][0], found[id][1]) for id, place in places.items()}


def _together(rows: Iterable[tuple[Trader, OrderRow | None]]) -> tuple[Trader, list[OrderRow]]:
    pairs = list(rows)
    return pairs[0][0], [order for _, order in pairs if order is not None]


def _line(found: Trades, trader: Trader, orders: list[OrderRow], own: ValueSettings, today: date) -> tuple[Any, ...]:
    """A customer's figures, in the order of `LINE`; the sums of all are added to."""
    years, margins = Counter[int](), Counter[int]()
    scored = LOST_DAYS[own.business_model] or _SCORED_DAYS
    lately = spent = 0
    for day, amount, margin in orders:
        back = (today - day).days
        year = back // YEAR.days
        if margin is None and own.margin is not None:
            margin = round(amount * own.margin)  # noqa: PLW2901 — the firm's usual one
        found.margins &= margin is not None or year > 1
        years[year] += amount
        margins[year] += margin or 0
        if back <= scored:
            lately += 1
            spent += amount
    found.all_revenue += years[0]
    found.all_before += years[1]
    pace = rhythm((day for day, _, _ in orders), today) if orders else None
    return (
        trader.key_account,
        trader.status is CustomerStatus.LEAD and PartyKind.CUSTOMER in trader.party,
        round((trader.revenue_12m or 0) * 100),
        len(orders),
        orders[0][0].toordinal() if orders else 0,
        orders[-1][0].toordinal() if orders else 0,
        pace.typical_days if pace else 0,
        pace.longest_days if pace else 0,
        pace.orders if pace else 0,
        lately,
        spent,
        years[0],
        years[1],
        max(years.values(), default=0),
        margins[0],
        margins[1],
        max(margins.values(), default=0),
    )
