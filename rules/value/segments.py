"""What kind of customer this is, who is at risk of leaving, and whom to win back: tables one can read aloud.

Each line carries the key of its reason (rules.wording); the first line that holds decides.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rules.terms.worth import Bar, BusinessModel
from rules.value.abc import Class
from rules.value.rfm import Rfm
from rules.value.rhythm import Rhythm


class Segment(StrEnum):
    """What kind of customer somebody is."""

    LEAD = "lead"
    LOST = "lost"
    KING = "king"
    NEW = "new"
    GROWING = "growing"
    LOYAL = "loyal"
    OCCASIONAL = "occasional"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a customer's business; None and False where nothing is.

    Attributes:
        customer_id: who.
        model: how this firm's customers come back.
        orders: orders ever.
        first_days: days since the first order.
        last_days: days since the last one.
        worth: by what lists are ordered, in cents: the contribution of their best year.
        abc: class by contribution of the last twelve months.
        rfm: scores among all customers.
        rhythm: plain rhythm of orders.
        p_alive: probability of still being a customer, where a model fits.
        change: of revenue against the year before, −0.5 for half of it.
        key_account: named one by the firm.
        bars: what forbids to ask for business.
    """

    customer_id: str
    model: BusinessModel
    orders: int = 0
    first_days: int | None = None
    last_days: int | None = None
    worth: int = 0
    abc: Class | None = None
    rfm: Rfm | None = None
    rhythm: Rhythm | None = None
    p_alive: float | None = None
    change: float | None = None
    key_account: bool = False
    bars: frozenset[Bar] = frozenset()


Condition = Callable[[Standing], bool]

NEW_DAYS = 180
# After how long without an order somebody is no customer any more; with contracts only notice ends it.
LOST_DAYS: Mapping[BusinessModel, int | None] = {
    BusinessModel.REPEAT: 730,
    BusinessModel.PROJECTS: 5 * 365,
    BusinessModel.CONTRACTS: None,
}


def _lost(one: Standing) -> bool:
    limit = LOST_DAYS[one.model]
    return limit is not None and one.last_days is not None and one.last_days > limit


def _fading(one: Standing) -> bool:
    """Only repeat trade has a rhythm to fall out of."""
    return one.model is BusinessModel.REPEAT and one.rhythm is not None and one.rhythm.overdue


def _leaving(one: Standing) -> bool:
    return one.model is BusinessModel.REPEAT and one.p_alive is not None and one.p_alive < 0.5


def _halved(one: Standing) -> bool:
    return one.model is not BusinessModel.PROJECTS and one.change is not None and one.change <= -0.5


SEGMENTS: tuple[tuple[Segment, str, Condition], ...] = (
    # Without an order nobody is a customer yet.
    (Segment.LEAD, "segment.because.no-order", lambda one: one.orders == 0),
    # Long gone is gone, however large it was; the win-back list remembers.
    (Segment.LOST, "segment.because.long-ago", _lost),
    # Whom the firm itself calls one, then those with whom it earns the first 80 %.
    (Segment.KING, "segment.because.key-account", lambda one: one.key_account),
    (Segment.KING, "segment.because.class-a", lambda one: one.abc is Class.A),
    # Before a year is round nothing can be said of growth or faith.
    (Segment.NEW, "segment.because.new", lambda one: one.first_days is not None and one.first_days <= NEW_DAYS),
    (Segment.GROWING, "segment.because.growing", lambda one: one.change is not None and one.change >= 0.25),
    (Segment.LOYAL, "segment.because.often", lambda one: one.rfm is not None and one.rfm.frequency >= 4),
    (Segment.OCCASIONAL, "segment.because.seldom", lambda one: True),
)

RISKS: tuple[tuple[str, Condition], ...] = (
    ("risk.rhythm", _fading),
    ("risk.alive", _leaving),
    ("risk.halved", _halved),
)


def segment(one: Standing) -> tuple[Segment, str]:
    """The segment, and the key of the reason."""
    return next((segment, reason) for segment, reason, holds in SEGMENTS if holds(one))


def at_risk(one: Standing) -> str | None:
    """The key of the reason for which a customer worth keeping may be leaving; None when all is well.

    Worth keeping are A and B customers and key accounts that are not lost already.
    """
    if one.orders == 0 or _lost(one) or not (one.key_account or one.abc in (Class.A, Class.B)):
        return None
    return next((reason for reason, holds in RISKS if holds(one)), None)


def win_back(customers: Iterable[Standing]) -> list[tuple[Standing, str]]:
    """Whom to win back, the most valuable first, each with the key of the reason: lost, or at risk.

    Never with an open complaint, an objection to advertising or in collection.
    """
    found = []
    for one in customers:
        reason = "segment.because.long-ago" if one.orders and _lost(one) else at_risk(one)
        if reason and not one.bars:
            found.append((one, reason))
    return sorted(found, key=lambda item: (-item[0].worth, item[0].customer_id))
