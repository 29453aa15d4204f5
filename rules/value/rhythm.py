"""How often somebody orders, and how long it has been: plain, for everyone, without any model.

"Every six weeks, now eleven."
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from rules.wording import Language, say

GAPS = 12
_FEWEST = 3
_LATE = 1.5
_OVERDUE = 2.0


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A customer's rhythm.

    Attributes:
        typical_days: days from one order to the next, in the middle of the last twelve times.
        longest_days: the longest of these pauses.
        since_days: days since the last order.
        orders: days on which something was ordered, ever.
    """

    typical_days: float
    longest_days: int
    since_days: int
    orders: int

    @property
    def late(self) -> bool:
        """It has been half as long again as usual, and longer than any pause of late."""
        return self.since_days > _LATE * self.typical_days and self.since_days > self.longest_days

    @property
    def overdue(self) -> bool:
        """It has been twice as long as usual, and longer than any pause of late."""
        return self.since_days > _OVERDUE * self.typical_days and self.since_days > self.longest_days


def rhythm(days: Iterable[datetime.date], today: datetime.date) -> Rhythm | None:
    """The rhythm of order days; None of fewer than three, which make no rhythm. Days to come do not count."""
    ordered = sorted({day for day in days if day <= today})
    if len(ordered) < _FEWEST:
        return None
    gaps = [(later - earlier).days for earlier, later in pairwise(ordered)][-GAPS:]
    return Rhythm(float(median(gaps)), max(gaps), (today - ordered[-1]).days, len(ordered))


def sentence(one: Rhythm, language: Language) -> str:
    """The rhythm in words: "orders about every 6 weeks, last 11 weeks ago"."""
    return say("value.rhythm", language, every=_every(one.typical_days, language), ago=_ago(one.since_days, language))


def span(days: float) -> tuple[int, str]:
    """A time as people say it: so many "days", "weeks", "months" or "years"; never one of any but days."""
    for longest, length, unit in ((14, 1.0, "days"), (84, 7.0, "weeks"), (730, 30.4375, "months")):
        if days < longest:
            return round(days / length), unit
    return round(days / 365.25), "years"


def _every(days: float, language: Language) -> str:
    count, unit = span(days)
    return say("every.day" if count <= 1 else f"every.{unit}", language, count=count)


def _ago(days: int, language: Language) -> str:
    count, unit = span(days)
    return say({0: "ago.today", 1: "ago.day"}.get(days, f"ago.{unit}"), language, count=count)
