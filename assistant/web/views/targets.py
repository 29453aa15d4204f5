"""Target groups: the filter, how many it means now, who is left out and why, and the table for serial letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter
from litestar.response import Redirect

from assistant.targeting import BY, PAGE, Counted
from assistant.web.api.bodies import LARGEST, Number
from assistant.web.tables import csv_file, file_name
from assistant.web.texts import t
from assistant.web.visit import Form, Visit
from rules.terms.consent import Purpose
from rules.terms.customer import CustomerKind, CustomerStatus
from rules.terms.errors import WrongUse
from rules.terms.staff import FieldGroup, Role
from rules.terms.target import Filters, Stop
from rules.value.segments import Segment
from rules.wording import say

_MOST = 20
_LONGEST = 100
_DAYS = 36_500
_CENTS = 10**13
CHOICES: Mapping[str, tuple[str, ...]] = {
    "by": BY,
    "kind": tuple(CustomerKind),
    "status": tuple(CustomerStatus),
    "segments": tuple(Segment),
    "classes": ("A", "B", "C"),
}
FIFTHS = ("recency", "frequency", "monetary")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many get nothing, and why."""

    count: int
    reason: str


@get("/targets", sync_to_thread=True)
def targets(
    visit: Given[Visit],
    after: Annotated[str, QueryParameter(max_length=500)] = "",
    group: Annotated[int, QueryParameter(ge=0, le=LARGEST)] = 0,
) -> Response[str]:
    """The filter with what it means now, and the saved ones."""
    targeting, today, viewer = visit.services.upkeep.targeting, visit.now.date(), visit.viewer
    with visit.services.pool.read() as work:
        saved = work.targets.all()
        exports = work.targets.exports() if viewer.role.at_least(Role.LEAD) else []
    chosen = next((one for one in saved if one.id == group), None)
    filters = chosen.filters if chosen else filters_of(list(visit.request.query_params.multi_items()), visit.language)
    counted = targeting.count(viewer, filters, today)
    found = targeting.page(viewer, filters, today, PAGE + 1, after)
    fields = fields_of(filters)
    more = [
        *([("group", str(group))] if chosen else fields),
        ("after", found[PAGE - 1].id if len(found) > PAGE else ""),
    ]
    return visit.page(
        "targets.html",
        "customers",
        name="targets",
        saved=saved,
        chosen=chosen,
        filters=filters,
        fields=fields,
        choices={name: [(value, _word(name, value, visit.language)) for value in CHOICES[name]] for name in CHOICES},
        fifths=FIFTHS,
        meant=counted.meant,
        left_out=[LeftOut(count, t(visit.language, f"targets.stop_{stop.value}")) for stop, count in _told(counted)],
        rows=found[:PAGE],
        older=f"/targets?{urlencode(more)}" if len(found) > PAGE else "",
        exports=exports,
        existing=targeting.existing,
        may=viewer.role.at_least(Role.LEAD),
        with_money=FieldGroup.MONEY in viewer.groups,
        with_particulars=FieldGroup.PARTICULARS in viewer.groups,
    )


@post("/targets", role=Role.LEAD, sync_to_thread=True, status_code=303)
def save(visit: Given[Visit], data: Form) -> Redirect:
    """Save the filter under a name."""
    filters = filters_of(_lists(data), visit.language)
    number = visit.services.upkeep.targeting.save(visit.viewer, data.get("name", ""), filters)
    return visit.back(f"/targets?group={number}", "kept_group")


@post("/targets/{id:int}/remove", role=Role.LEAD, sync_to_thread=True, status_code=303)
def remove(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """Forget a saved filter."""
    visit.services.upkeep.targeting.remove(visit.viewer, id)
    return visit.back("/targets", "removed_group")


@post("/targets/{id:int}/file", role=Role.LEAD, sync_to_thread=True, status_code=200)
def file(visit: Given[Visit], id: Number, data: Form) -> Response[bytes]:
    """The table for serial letters; that it was made is remembered."""
    group = visit.services.upkeep.targeting.get(id)
    table = visit.services.upkeep.targeting.table(visit.viewer, group, visit.now.date())
    return csv_file(f"{file_name(group.name)}.csv", table.columns, table.rows)


def filters_of(items: Sequence[tuple[str, str]], language: str) -> Filters:
    """The filter that a form or an address names; what is none of our words is left out.

    Raises:
        WrongUse: a number is none.
    """
    given: dict[str, list[str]] = {}
    for name, value in items[:200]:
        given.setdefault(name, []).append(" ".join(value.split())[:_LONGEST])

    def one(name: str) -> str:
        return given.get(name, [""])[0]

    def several(name: str) -> tuple[str, ...]:
        return tuple(value for value in CHOICES[name] if value in given.get(name, ()))

    def number(name: str, most: int) -> int | None:
        text = one(name)
        if not text:
            return None
        if not text.isascii() or not text.isdecimal() or len(text) > len(str(most)):
            raise WrongUse(problem=t(language, "targets.no_number", text=text))
        return min(int(text), most)

    cents = {name: number(name, _CENTS // 100) for name in ("revenue_from", "revenue_to")}
    least = {name: min(number(name, 9) or 0, 5) for name in FIFTHS}
    zips = one("zips").replace(",", " ").split()[:_MOST]
    return Filters(
        by=Purpose(one("by")) if one("by") in BY else Purpose.POST,
        kind=one("kind") if one("kind") in CHOICES["kind"] else "",
        status=several("status"),
        segments=several("segments"),
        classes=several("classes"),
        recency=least["recency"],
        frequency=least["frequency"],
        monetary=least["monetary"],
        country=one("country"),
        zips=tuple(zips),
        city=one("city"),
        revenue_from=None if cents["revenue_from"] is None else cents["revenue_from"] * 100,
        revenue_to=None if cents["revenue_to"] is None else cents["revenue_to"] * 100,
        ordered_days=number("ordered_days", _DAYS) or 0,
        silent_days=number("silent_days", _DAYS) or 0,
        particular=one("particular"),
        language=one("language").lower(),
    )


def fields_of(filters: Filters) -> list[tuple[str, str]]:
    """A filter as the fields of a form; what filters nothing is left out."""
    fields = [("by", "" if filters.by is Purpose.POST else filters.by.value), ("kind", filters.kind)]
    fields += [(name, value) for name in ("status", "segments", "classes") for value in getattr(filters, name)]
    fields += [(name, str(getattr(filters, name) or "")) for name in (*FIFTHS, "ordered_days", "silent_days")]
    fields += [("zips", " ".join(filters.zips))]
    fields += [(name, getattr(filters, name)) for name in ("country", "city", "particular", "language")]
    for name in ("revenue_from", "revenue_to"):
        cents = getattr(filters, name)
        fields.append((name, "" if cents is None else str(cents // 100)))
    return [(name, value) for name, value in fields if value]


def _lists(data: Mapping[str, str]) -> list[tuple[str, str]]:
    """The fields of a form; several values of one stand in one field, one a line."""
    return [(name, one) for name, value in data.items() for one in value.split("\n")]


def _told(counted: Counted) -> list[tuple[Stop, int]]:
    return [(stop, count) for stop, count in counted.left_out.items() if count]


def _word(name: str, value: str, language: str) -> str:
    if name == "segments":
        return say(f"segment.{value}", language)
    return value if name == "classes" else t(language, f"targets.{name}_{value}")


ROUTES = (targets, save, remove, file)
