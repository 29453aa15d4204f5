"""From single transactions to what the models know of a customer: how often again, until when, since when, how much.

Purchases on one day are one transaction, as in the literature. A day on which as much went back as was bought is no
purchase; a free order (only zeros) is one. Time is in weeks.
"""

import datetime
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.value.special import Floats

WEEK = 7.0
Whole = NDArray[np.int64]
Transaction = tuple[str, datetime.date, float]


@dataclass(frozen=True, slots=True)
class Repeats:
    """Every customer who bought within the window, as the models want them; one place in each array is one customer.

    Attributes:
        as_of: last day of the window; None where there is neither a transaction nor a day given.
        ids: the customers.
        x: repeat transactions, the first left out.
        t_x: weeks from the first transaction to the last.
        T: weeks from the first transaction to the end of the window.
        m: mean value of the repeat transactions; 0 where there is none.
    """

    as_of: datetime.date | None
    ids: Sequence[str]
    x: Floats
    t_x: Floats
    T: Floats
    m: Floats

    @property
    def repeaters(self) -> int:
        """How many bought again."""
        return int((self.x > 0).sum())


class Transactions:
    """Transactions in little room: sixteen bytes each."""

    def __init__(self, transactions: Iterable[Transaction] = ()) -> None:
        self._places: dict[str, int] = {}
        self._customers, self._days, self._amounts = array("i"), array("i"), array("d")
        for customer, day, amount in transactions:
            self.add(customer, day, amount)

    def __len__(self) -> int:
        return len(self._days)

    def add(self, customer: str, day: datetime.date, amount: float) -> None:
        """One transaction; a return has a negative amount."""
        self._customers.append(self._places.setdefault(customer, len(self._places)))
        self._days.append(day.toordinal())
        self._amounts.append(amount)

    def repeats(self, until: datetime.date | None = None) -> Repeats:
        """What each customer did until the end of the window; without one, until the last day there is."""
        if until is None and self._days:
            until = datetime.date.fromordinal(max(self._days))
        last = until.toordinal() if until else 0
        customer, day, net = self._bought(last)
        # By customer, then by day: the first row of each customer is where it begins.
        begins = np.flatnonzero(np.diff(customer, prepend=-1))
        if not len(begins):
            none = np.zeros(0)
            return Repeats(until, [], none, none, none, none)
        ends = np.append(begins[1:], len(customer))
        x = (ends - begins - 1).astype(float)
        spent = np.add.reduceat(net, begins) - net[begins]
        names = list(self._places)
        return Repeats(
            as_of=until,
            ids=[names[place] for place in customer[begins]],
            x=x,
            t_x=(day[ends - 1] - day[begins]) / WEEK,
            T=(last - day[begins]) / WEEK,
            m=np.where(x > 0, spent / np.maximum(x, 1), 0.0),
        )

    def _bought(self, last: int) -> tuple[Whole, Whole, Floats]:
        """Customer, day and net value of every day on which a customer bought something, sorted by both."""
        customers = np.frombuffer(self._customers, np.int32) if self._customers else np.zeros(0, np.int32)
        days = np.frombuffer(self._days, np.int32) if self._days else np.zeros(0, np.int32)
        amounts = np.frombuffer(self._amounts, np.float64) if self._amounts else np.zeros(0)
        within = days <= last
        key: Whole = customers[within].astype(np.int64) << 32 | days[within]
        keys, at = np.unique(key, return_inverse=True)
        net: Floats = np.bincount(at, amounts[within], len(keys)).astype(float)
        gross = np.bincount(at, np.abs(amounts[within]), len(keys))
        returned = np.bincount(at, amounts[within] < 0, len(keys)) > 0
        # Less than a billionth of what moved is rounding in sums of decimal fractions.
        bought = ~returned | (net > 1e-9 * gross)
        customer: Whole = keys[bought] >> 32
        day: Whole = keys[bought] & 0xFFFFFFFF
        return customer, day, net[bought]
