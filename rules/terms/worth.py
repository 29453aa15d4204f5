"""What the books say of a customer at a glance: reckoned when rows change, read in one look, without a clock.

Whatever depends on the day (overdue, the rhythm, what has expired) is left to whoever reads. Amounts are whole cents of
the named currency; what a customer did in further currencies is counted, named, and in no sum.
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from rules.terms.interaction import Channel
from rules.terms.ledger import Invoice, Offer, OfferStatus, Payment, SurveyAnswer


class BusinessModel(StrEnum):
    """How the firm's customers come back: of themselves, for a project now and then, or bound by contract.

    Only repeat trade has a rhythm that somebody can fall out of. A machine builder's customer who has not ordered for
    two years is none that was lost, and a landlord's tenant pays until notice is given.
    """

    REPEAT = "repeat"
    PROJECTS = "projects"
    CONTRACTS = "contracts"


@dataclass(frozen=True, slots=True)
class OrderDay:
    """What a customer ordered on a day in a currency; `margin` None where it is not known of every order."""

    date: datetime.date
    currency: str
    orders: int
    amount: int
    margin: int | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """A month with orders: its first day, how many, for how much, and the margin where it is known of all of them."""

    first: datetime.date
    orders: int
    revenue: int
    margin: int | None = None


@dataclass(frozen=True, slots=True)
class Ordered:
    """For how much a customer ordered on a day."""

    date: datetime.date
    amount: int


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """A customer's orders; cancelled ones count nowhere.

    `orders`, `first` and `last` are of all times, and so is `revenue`. `days` are the latest different order days (at
    most 60), `months` the latest months with orders (at most 36), `lately` what was ordered on the days of the last 800
    before the newest; all oldest first. `others`: further currencies.
    """

    orders: int
    first: datetime.date
    last: datetime.date
    currency: str
    revenue: int
    days: tuple[datetime.date, ...]
    months: tuple[Month, ...]
    others: tuple[str, ...] = ()
    lately: tuple[Ordered, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferSum:
    """How many offers of a customer are in a state and a currency, and for how much."""

    status: OfferStatus
    currency: str
    offers: int
    amount: int


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """A customer's offers. `open` are the newest open ones (at most 20); some may have expired when this is read."""

    open: tuple[Offer, ...]
    open_count: int
    open_amount: int
    currency: str
    accepted: int
    declined: int


@dataclass(frozen=True, slots=True)
class Invoiced:
    """What a customer was invoiced on a day, credit notes taken off."""

    date: datetime.date
    amount: int


@dataclass(frozen=True, slots=True)
class Settled:
    """How a customer dealt with invoices of which nothing is open: no day to come changes these figures.

    Attributes:
        invoices: how many.
        ended: those of them that were not disputed; of these were
        late: paid late,
        days_late: by so many days, all together.
        granted: Skonto rightly taken.
        missed: Skonto left untaken.
        overpaid: paid beyond what was asked.
    """

    invoices: int = 0
    ended: int = 0
    late: int = 0
    days_late: int = 0
    granted: int = 0
    missed: int = 0
    overpaid: int = 0


@dataclass(frozen=True, slots=True)
class BillingFacts:
    """A customer's newest 500 invoices and credit notes in the currency of most of them, and what was paid on them.

    Attributes:
        currency: the currency.
        others: further currencies, in no figure.
        invoices: how many invoices and credit notes were looked at.
        payments: how many payments on them are known.
        unsettled: the invoices of which something is open or held back, and credit notes for them or for no invoice;
            the newest 200, oldest first.
        left_out: how many more there are.
        booked: what was paid on these.
        settled: the others, summed up.
        invoiced: what was invoiced on which days, those of the last 400 before the newest.
    """

    currency: str
    others: tuple[str, ...] = ()
    invoices: int = 0
    payments: int = 0
    unsettled: tuple[Invoice, ...] = ()
    left_out: int = 0
    booked: tuple[Payment, ...] = ()
    settled: Settled = Settled()
    invoiced: tuple[Invoiced, ...] = ()


@dataclass(frozen=True, slots=True)
class SurveyFacts:
    """What a customer answered last, and how many answers there are."""

    answers: int
    last: SurveyAnswer


@dataclass(frozen=True, slots=True)
class Facts:
    """What the books say of a customer, None where they say nothing."""

    orders: OrderFacts | None = None
    offers: OfferFacts | None = None
    billing: BillingFacts | None = None
    surveys: SurveyFacts | None = None


@dataclass(frozen=True, slots=True)
class CustomerValue:
    """Where a customer stands among all, as reckoned on a day (assistant.valuing).

    Attributes:
        customer_id: who.
        as_of: the day.
        king: one of those to whom the greatest attention is due.
        segment: which kind of customer (rules.value.segments); "" where nothing can be said.
        because: the key of the reason for the segment.
        abc: class by contribution in the last 365 days, "" without any.
        abc_before: the class in the 365 days before.
        rfm: the three scores, such as "545"; "" for who did not order lately.
        worth: contribution of their best year, in cents; lists are ordered by it.
        revenue: of the last 365 days, in cents; without any order in the pool, what the firm's own table says.
        before: of the 365 days before.
        share: of the revenue of all, 0 to 1.
        risk: key of the reason for which they may be leaving, "" for none.
        p_alive: probability of still being a customer.
        expected: purchases to come within the horizon.
        lifetime: what they will contribute within the horizon, in cents.
        likeness: how much they resemble the best customers, 0 to 1.
        like: the ids of those.
        shared: in which features.
    """

    customer_id: str
    as_of: datetime.date
    king: bool = False
    segment: str = ""
    because: str = ""
    abc: str = ""
    abc_before: str = ""
    rfm: str = ""
    worth: int = 0
    revenue: int = 0
    before: int = 0
    share: float | None = None
    risk: str = ""
    p_alive: float | None = None
    expected: float | None = None
    lifetime: int | None = None
    likeness: float | None = None
    like: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassSum:
    """How many customers are in a class, and what they brought in, in cents."""

    name: str
    customers: int
    amount: int


@dataclass(frozen=True, slots=True)
class PoolValue:
    """What was reckoned over all customers on a day.

    Attributes:
        as_of: the day.
        currency: of all amounts; orders in others are left out.
        by_margin: whether customers are compared by margin; else by revenue.
        customers: how many ordered in the last 365 days.
        revenue: in the last 365 days, in cents.
        before: in the 365 days before.
        stated: without any order, revenue is what the firm's own table of customers says; of the year before it says
            nothing.
        concentration: the share of all that is reached with each hundredth of these customers, the largest first.
        classes: A, B and C.
        grid: customers by recency (rows) and frequency (columns), 1 to 5 each.
        channels: entries of the timelines in the last 365 days by channel, and papers.
        scores: how many answered 0, 1, … 10 in the last 365 days.
        horizon_days: how far lifetime values look ahead.
        margin: with which margin they are reckoned; None: revenue.
        discount: by how much money of a year later is worth less.
        repeaters: how many bought again.
        expected: purchases to come within the horizon, all together.
        unfit: why purchases cannot be foretold, "" where they can or need not.
        unfit_spend: why amounts cannot.
    """

    as_of: datetime.date
    currency: str
    by_margin: bool = False
    customers: int = 0
    revenue: int = 0
    before: int = 0
    stated: bool = False
    concentration: tuple[float, ...] = ()
    classes: tuple[ClassSum, ...] = ()
    grid: tuple[tuple[int, ...], ...] = ()
    channels: tuple[tuple[Channel, int], ...] = ()
    scores: tuple[int, ...] = ()
    horizon_days: int = 0
    margin: float | None = None
    discount: float = 0.0
    repeaters: int = 0
    expected: float | None = None
    unfit: str = ""
    unfit_spend: str = ""


class Bar(StrEnum):
    """Why nobody may be asked for business now."""

    COMPLAINT = "complaint"
    OBJECTION = "objection"
    COLLECTION = "collection"
