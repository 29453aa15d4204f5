"""The words of target groups (Zielgruppen): filters of customers under a name, and why somebody is left out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.terms.consent import Purpose


class Stop(StrEnum):
    """Why somebody gets no advertising, whatever a filter says; the first that holds is told."""

    RESTRICTED = "restricted"
    OBJECTION = "objection"
    COLLECTION = "collection"
    COMPLAINT = "complaint"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which customers are meant; what is empty filters nothing, several values of one filter mean any of them.

    Attributes:
        by: how they are to be addressed. Only who consented gets e-mail or a call; post reaches whoever did not refuse.
        kind: firm or person.
        status: lead, active, dormant, lost.
        segments: rules.value.segments.
        classes: A, B, C.
        recency, frequency, monetary: at least this fifth of RFM, 1 to 5; 0 for any.
        country: ISO code.
        zips: beginnings of postcodes.
        city: the town, folded by whoever compares.
        revenue_from, revenue_to: of the last 365 days, in cents.
        ordered_days: an order within so many days.
        silent_days: ordered once, and not within so many days.
        particular: words that stand in a particular.
        language: of the person.
    """

    by: Purpose = Purpose.POST
    kind: str = ""
    status: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    recency: int = 0
    frequency: int = 0
    monetary: int = 0
    country: str = ""
    zips: tuple[str, ...] = ()
    city: str = ""
    revenue_from: int | None = None
    revenue_to: int | None = None
    ordered_days: int = 0
    silent_days: int = 0
    particular: str = ""
    language: str = ""

    @property
    def about_money(self) -> bool:
        """Whether it tells amounts to whoever tries long enough."""
        return self.revenue_from is not None or self.revenue_to is not None

    @property
    def about_particulars(self) -> bool:
        """Whether it tells what stands in particulars."""
        return bool(self.particular)


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """A saved filter; `author` wrote it last."""

    name: str
    filters: Filters
    author: str
    at: datetime
    id: int = 0


@dataclass(frozen=True, slots=True)
class TargetExport:
    """That a target group was taken out of the pool: by whom, when, how many rows, how many customers left out."""

    name: str
    staff: str
    at: datetime
    rows: int
    left_out: int
