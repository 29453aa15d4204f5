"""Customers by what they bring in: A, B and C, who moved from one to another, and how much hangs on how few.

A are those with whom the first 80 % of all contributions are reached, B those up to 95 %, C the others (Dickie 1951,
ABC Inventory Analysis Shoots for Dollars, not Pennies; the thresholds are the customary ones).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, groupby

A_SHARE, B_SHARE = 80, 95  # percent


class Class(StrEnum):
    """Where a customer stands by contribution."""

    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True)
class Mover:
    """A customer whose class changed; None where they had no business with us in that period."""

    customer_id: str
    before: Class | None
    now: Class | None
    change: int


def classes(contributions: Mapping[str, int]) -> dict[str, Class]:
    """The class of each customer by contribution (margin, else revenue) in cents.

    A customer is A when those before them do not reach 80 % yet, so the largest is always A; equal contributions are
    in one class. Who brought nothing in or cost money is C.
    """
    total = sum(value for value in contributions.values() if value > 0)
    found = {}
    before = 0
    ordered = sorted(contributions.items(), key=lambda item: -item[1])
    for value, tied in groupby(ordered, key=lambda item: item[1]):
        group = [customer for customer, _ in tied]
        found.update(dict.fromkeys(group, _class(before, total) if value > 0 else Class.C))
        before += max(value, 0) * len(group)
    return found


def movers(before: Mapping[str, int], now: Mapping[str, int]) -> list[Mover]:
    """Whose class changed between two periods of equal length, the largest change of contribution first."""
    was, is_now = classes(before), classes(now)
    found = [
        Mover(id, was.get(id), is_now.get(id), now.get(id, 0) - before.get(id, 0))
        for id in {**was, **is_now}
        if was.get(id) is not is_now.get(id)
    ]
    return sorted(found, key=lambda mover: (-abs(mover.change), mover.customer_id))


def top_share(contributions: Sequence[int], count: int) -> float | None:
    """The share of the `count` largest in all that was brought in, 0 to 1; None where nothing was."""
    positive = sorted((value for value in contributions if value > 0), reverse=True)
    return sum(positive[:count]) / sum(positive) if positive else None


def lorenz(contributions: Sequence[int]) -> list[float]:
    """The cumulated shares from the largest customer to the smallest, for a curve; empty where nothing came in."""
    positive = sorted((value for value in contributions if value > 0), reverse=True)
    total = sum(positive)
    return [so_far / total for so_far in accumulate(positive)]


def _class(before: int, total: int) -> Class:
    if before * 100 < A_SHARE * total:
        return Class.A
    return Class.B if before * 100 < B_SHARE * total else Class.C
