"""Target groups over HTTP: saved filters, whom they mean now, and the table for letters, mailings and calls."""

import datetime
from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, delete, get, post
from litestar.di import NamedDependency as Given
from litestar.params import JSONBody, QueryParameter

from assistant.ports import Services
from assistant.targeting import LONGEST
from assistant.web.api.bodies import NO_NUL, Body, Limit, Number, Question
from assistant.web.api.customers import CustomerBody
from assistant.web.tables import csv_file, file_name
from rules.terms.consent import Purpose
from rules.terms.customer import CustomerStatus
from rules.terms.staff import Role, Viewer
from rules.terms.target import Filters, TargetGroup
from rules.value.segments import Segment

_Word = Annotated[str, msgspec.Meta(max_length=100, pattern=NO_NUL)]
_Fifth = Annotated[int, msgspec.Meta(ge=0, le=5)]
_Days = Annotated[int, msgspec.Meta(ge=0, le=36_500)]
_Amount = Annotated[int, msgspec.Meta(ge=0, le=10**11)]


class FiltersBody(Question):
    """Which customers are meant; what is left out filters nothing, several values of one filter mean any of them.

    `by`: how they are addressed; by email and phone only those who consented (by email also existing customers, where
    the firm keeps to § 7 (3) UWG). `recency`, `frequency`, `monetary`: at
    least this fifth of RFM. `zips`: beginnings of postcodes. `revenue_from`, `revenue_to`: of the last 365 days, in
    whole euros (or your currency). `ordered_days`: an order within so many days. `silent_days`: ordered once, and not
    within so many days. `particular`: words in a particular. `language`: of the person.
    """

    by: Literal["post", "email", "phone"] = "post"
    kind: Literal["", "firm", "person"] = ""
    status: tuple[CustomerStatus, ...] = ()
    segments: tuple[Segment, ...] = ()
    classes: tuple[Literal["A", "B", "C"], ...] = ()
    recency: _Fifth = 0
    frequency: _Fifth = 0
    monetary: _Fifth = 0
    country: _Word = ""
    zips: Annotated[tuple[_Word, ...], msgspec.Meta(max_length=20)] = ()
    city: _Word = ""
    revenue_from: _Amount | None = None
    revenue_to: _Amount | None = None
    ordered_days: _Days = 0
    silent_days: _Days = 0
    particular: _Word = ""
    language: _Word = ""

    def as_filters(self) -> Filters:
        """As the word of the house."""
        return Filters(
            by=Purpose(self.by),
            kind=self.kind,
            status=self.status,
            segments=self.segments,
            classes=self.classes,
            recency=self.recency,
            frequency=self.frequency,
            monetary=self.monetary,
            country=self.country,
            zips=self.zips,
            city=self.city,
            revenue_from=_cents(self.revenue_from),
            revenue_to=_cents(self.revenue_to),
            ordered_days=self.ordered_days,
            silent_days=self.silent_days,
            particular=self.particular,
            language=self.language.lower(),
        )

    @classmethod
    def of(cls, filters: Filters) -> "FiltersBody":
        """From the word of the house."""
        values = {name: getattr(filters, name) for name in Filters.__slots__}
        for name in ("revenue_from", "revenue_to"):
            values[name] = None if values[name] is None else values[name] // 100
        return msgspec.convert(values, cls)


class TargetGroupBody(Body):
    """A saved filter; `author` wrote it last."""

    id: int
    name: str
    filters: FiltersBody
    author: str
    at: datetime.datetime

    @classmethod
    def of(cls, group: TargetGroup) -> "TargetGroupBody":
        """From the word of the house."""
        return cls(group.id, group.name, FiltersBody.of(group.filters), group.author, group.at)


class TargetGroupsBody(Body):
    """The saved ones, by name."""

    target_groups: list[TargetGroupBody]


class CountedGroupBody(Body):
    """A group with how many customers it means now, and how many are left out, by the first reason."""

    target_group: TargetGroupBody
    meant: int
    left_out: dict[str, int]


class MembersBody(Body):
    """Customers whom a group means, by name; `next` continues the list as `after`."""

    customers: list[CustomerBody]
    next: str | None


class NewTargetGroup(Question):
    """A name, and whom it means. One of that name is replaced."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST, pattern=NO_NUL)]
    filters: FiltersBody


@get("/target-groups", sync_to_thread=True, tags=["target groups"])
def target_groups(services: Given[Services]) -> TargetGroupsBody:
    """The saved filters."""
    with services.pool.read() as work:
        found = work.targets.all()
    return TargetGroupsBody(target_groups=[TargetGroupBody.of(each) for each in found])


@post("/target-groups", role=Role.LEAD, sync_to_thread=True, tags=["target groups"])
def save(data: JSONBody[NewTargetGroup], services: Given[Services], viewer: Given[Viewer]) -> TargetGroupBody:
    """Save a filter under a name."""
    targeting = services.upkeep.targeting
    return TargetGroupBody.of(targeting.get(targeting.save(viewer, data.name, data.filters.as_filters())))


@get("/target-groups/{id:int}", sync_to_thread=True, tags=["target groups"])
def target_group(
    id: Number, services: Given[Services], viewer: Given[Viewer], now: Given[datetime.datetime]
) -> CountedGroupBody:
    """How many a group means now, and who is left out why."""
    targeting = services.upkeep.targeting
    group = targeting.get(id)
    counted = targeting.count(viewer, group.filters, _today(services, now))
    return CountedGroupBody(
        target_group=TargetGroupBody.of(group),
        meant=counted.meant,
        left_out={stop.value: count for stop, count in counted.left_out.items()},
    )


@get("/target-groups/{id:int}/members", sync_to_thread=True, tags=["target groups"])
def members(
    id: Number,
    services: Given[Services],
    viewer: Given[Viewer],
    now: Given[datetime.datetime],
    after: Annotated[str, QueryParameter(max_length=500, description="`next` of the list before.")] = "",
    limit: Limit = 50,
) -> MembersBody:
    """Whom a group means now."""
    targeting = services.upkeep.targeting
    found = targeting.page(viewer, targeting.get(id).filters, _today(services, now), limit, after)
    more = found[-1].id if len(found) == limit else None
    return MembersBody(customers=[CustomerBody.of(each) for each in found], next=more)


@post("/target-groups/{id:int}/export", role=Role.LEAD, status_code=200, sync_to_thread=True, tags=["target groups"])
def export(
    id: Number, services: Given[Services], viewer: Given[Viewer], now: Given[datetime.datetime]
) -> Response[bytes]:
    """The table of a group as CSV, a row a person. That it was taken out, and by whom, is remembered."""
    group = services.upkeep.targeting.get(id)
    table = services.upkeep.targeting.table(viewer, group, _today(services, now))
    return csv_file(f"{file_name(group.name)}.csv", table.columns, table.rows)


@delete("/target-groups/{id:int}", role=Role.LEAD, sync_to_thread=True, tags=["target groups"])
def remove(id: Number, services: Given[Services], viewer: Given[Viewer]) -> None:
    """Forget a saved filter."""
    services.upkeep.targeting.remove(viewer, id)


def _cents(euros: int | None) -> int | None:
    return None if euros is None else euros * 100


def _today(services: Services, now: datetime.datetime) -> date:
    """The day at the firm."""
    return now.astimezone(ZoneInfo(services.settings.firm.time_zone)).date()


ROUTES = (target_groups, save, target_group, members, export, remove)
