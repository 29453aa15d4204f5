"""What to do next for this customer: one proposal, from a table one can read aloud.

The first line that holds, is not barred and was not decided on lately wins. Whether staff accepted or declined is kept
for the customer, never for the employee.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rules.terms.worth import Bar
from rules.value.segments import Segment


class Action(StrEnum):
    """What can be proposed."""

    SOLVE_COMPLAINT = "solve-complaint"
    KEEP_PROMISE = "keep-promise"
    ANSWER = "answer"
    ASK_WHY = "ask-why"
    TALK_PAYMENT = "talk-payment"
    FOLLOW_OFFER = "follow-offer"
    CALL = "call"
    WIN_BACK = "win-back"
    WELCOME = "welcome"
    ASK_REFERRAL = "ask-referral"
    CONTACT_LEAD = "contact-lead"


@dataclass(frozen=True, slots=True)
class Situation:
    """What is going on with a customer just now; None and False where nothing is.

    Attributes:
        segment: what kind of customer.
        bars: what forbids to ask for business. An open complaint is one of them.
        promise_due: day of the nearest promise of ours that is not kept yet.
        waiting_days: days for which their oldest unanswered message has waited.
        survey_score: their latest answer, 0 to 10, of the last ninety days.
        overdue: what should have been paid, in cents, and is not disputed.
        offer_until: last day of an open offer.
        risk: key of the reason for which they may be leaving.
        first_order_days: days since the first order.
        like_kings: a lead that resembles the best customers.
    """

    segment: Segment
    bars: frozenset[Bar] = frozenset()
    promise_due: datetime.date | None = None
    waiting_days: int | None = None
    survey_score: int | None = None
    overdue: int = 0
    offer_until: datetime.date | None = None
    risk: str | None = None
    first_order_days: int | None = None
    like_kings: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: when it holds, what bars it, for how many days a decision on it rests, and its reason."""

    action: Action
    holds: Callable[[Situation, datetime.date], bool]
    barred_by: frozenset[Bar]
    rests: int
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to do, and the key of the reason (rules.wording). `rests`: for how many days a decision on it holds."""

    action: Action
    reason: str
    rests: int = 0


_FREE: frozenset[Bar] = frozenset()
# An offer was asked for, so an objection to advertising does not forbid to ask after it.
_BUSINESS = frozenset({Bar.COMPLAINT, Bar.COLLECTION})
_SELLING = frozenset(Bar)


def _within(day: datetime.date | None, today: datetime.date, days: int) -> bool:
    return day is not None and day <= today + datetime.timedelta(days=days)


def _offer_ends(one: Situation, today: datetime.date) -> bool:
    return one.offer_until is not None and one.offer_until >= today and _within(one.offer_until, today, 14)


def _delighted(one: Situation) -> bool:
    return one.survey_score is not None and one.survey_score >= 9


TABLE: tuple[Line, ...] = (
    # Trouble first: nothing is sold to somebody who is angry.
    Line(Action.SOLVE_COMPLAINT, lambda one, _: Bar.COMPLAINT in one.bars, _FREE, 0, "because.complaint"),
    # Then what we owe: a promise, an answer.
    Line(Action.KEEP_PROMISE, lambda one, today: _within(one.promise_due, today, 1), _FREE, 0, "because.promise"),
    Line(Action.ANSWER, lambda one, _: (one.waiting_days or 0) >= 2, _FREE, 1, "because.waiting"),
    # Who marks us down tells us more on the telephone than on the form.
    Line(Action.ASK_WHY, lambda one, _: one.survey_score is not None and one.survey_score <= 6, _FREE, 90,
         "because.detractor"),
    # Money talk spoils nothing when it is about money already owed; in collection the lawyer speaks.
    Line(Action.TALK_PAYMENT, lambda one, _: one.overdue > 0, _BUSINESS, 14, "because.overdue"),
    # What they asked for themselves.
    Line(Action.FOLLOW_OFFER, _offer_ends, _BUSINESS, 7, "because.offer"),
    # Keeping is cheaper than winning.
    Line(Action.CALL, lambda one, _: one.risk is not None, _SELLING, 30, "because.risk"),
    Line(Action.WIN_BACK, lambda one, _: one.segment is Segment.LOST, _SELLING, 180, "because.lost"),
    # The first order decides whether there is a second.
    Line(Action.WELCOME, lambda one, _: one.first_order_days is not None and one.first_order_days <= 30, _SELLING, 365,
         "because.first-order"),
    # Who is delighted brings others.
    Line(Action.ASK_REFERRAL, lambda one, _: _delighted(one), _SELLING, 365, "because.promoter"),
    Line(Action.CONTACT_LEAD, lambda one, _: one.segment is Segment.LEAD and one.like_kings, _SELLING, 60,
         "because.lookalike"),
)  # fmt: skip


def sells(action: Action) -> bool:
    """Whether it asks for business: who objects to advertising is spared it."""
    return any(line.action is action and Bar.OBJECTION in line.barred_by for line in TABLE)


def rests(action: Action) -> int:
    """For how many days a decision on it holds; 0 for what stands until its cause is gone."""
    return next(line.rests for line in TABLE if line.action is action)


def next_action(situation: Situation, decided: Mapping[Action, datetime.date], today: datetime.date) -> Proposal | None:
    """The one thing to do next; None when nothing is called for.

    Args:
        situation: what is going on.
        decided: when each action was last accepted or declined for this customer.
        today: the day.
    """
    for line in TABLE:
        rested = line.action not in decided or (today - decided[line.action]).days >= line.rests
        if line.holds(situation, today) and not line.barred_by & situation.bars and rested:
            return Proposal(line.action, line.reason, line.rests)
    return None
