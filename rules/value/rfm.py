"""Recency, frequency, monetary value: where a customer stands among all, one to five in each (quintiles).

Bult, Wansbeek (1995), Marketing Science 14(4), 378-394; the everyday form with five equal groups is Hughes' (1994,
Strategic Database Marketing). Equal customers get equal scores, however many there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Activity:
    """What a customer did in the period looked at: days since the last order, orders, revenue in cents."""

    since_days: int
    orders: int
    revenue: int


@dataclass(frozen=True, slots=True)
class Rfm:
    """The three scores, 5 the best fifth."""

    recency: int
    frequency: int
    monetary: int

    @property
    def code(self) -> str:
        """Such as "545"."""
        return f"{self.recency}{self.frequency}{self.monetary}"


def rfm(customers: Mapping[str, Activity]) -> dict[str, Rfm]:
    """The scores of customers who ordered in the period; whoever did not has none and is not handed in."""
    seen: Sequence[Activity] = list(customers.values())
    recency = quintiles([-one.since_days for one in seen])
    frequency = quintiles([one.orders for one in seen])
    monetary = quintiles([one.revenue for one in seen])
    return {id: Rfm(int(recency[at]), int(frequency[at]), int(monetary[at])) for at, id in enumerate(customers)}


def quintiles(values: ArrayLike) -> NDArray[np.int64]:
    """The fifth, 1 to 5, in which each value lies; higher is better.

    By the middle of a value's rank, (those below + half of its equals) / all: equal values share one fifth, a single
    customer is in the middle one, and of two or three the fifths lie evenly apart.
    """
    array = np.asarray(values)
    _, at, counts = np.unique(array, return_inverse=True, return_counts=True)
    below = np.cumsum(counts) - counts
    # In whole numbers: 5 (below + half) / all, rounded down, plus one.
    fifths: NDArray[np.int64] = (5 * (2 * below + counts)) // max(2 * array.size, 1) + 1
    return fifths[at.ravel()]
