"""The lists that follow from what customers are worth, as pages and as files."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, QueryParameter

from assistant.web.tables import csv_file
from assistant.web.visit import Visit
from assistant.worth_lists import MOST, NAMES, Listed, WorthLists
from rules.money import rounded
from rules.summary import full_name
from rules.terms.errors import NotFound
from rules.terms.staff import FieldGroup
from rules.wording import say

COLUMNS = (
    "customer_id", "name", "city", "class", "segment", "reason", "revenue_12m", "revenue_before", "likeness", "like",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A customer as a list shows them."""

    listed: Listed
    reason: str
    revenue: str


@get("/lists/{name:str}", sync_to_thread=True)
def listed(
    visit: Given[Visit], name: FromPath[str], after: Annotated[str, QueryParameter(max_length=300)] = ""
) -> Response[str]:
    """One of the lists."""
    found = WorthLists(visit.services.pool).page(visit.viewer, _known(name), after)
    currency, with_money = visit.services.settings.value.currency, FieldGroup.MONEY in visit.viewer.groups
    rows = [
        Row(
            one,
            _reason(one, name, visit.language),
            rounded(one.value.revenue, currency, visit.language) if with_money else "",
        )
        for one in found.rows
    ]
    return visit.page(
        "list.html",
        "customers",
        name=name,
        rows=rows,
        as_of=found.as_of,
        left_out=found.left_out,
        stated=found.stated,
        with_money=with_money,
        older=f"/lists/{name}?{urlencode({'after': found.next})}" if found.next else "",
    )


@get("/lists/{name:str}/file", sync_to_thread=True)
def file(visit: Given[Visit], name: FromPath[str]) -> Response[bytes]:
    """The same as a table for spreadsheets and serial letters."""
    found = WorthLists(visit.services.pool).page(visit.viewer, _known(name), limit=MOST)
    with_money = FieldGroup.MONEY in visit.viewer.groups
    return csv_file(
        f"{name}.csv", COLUMNS, (_cells(one, name, visit.language, with_money, found.stated) for one in found.rows)
    )


def _known(name: str) -> str:
    if name not in NAMES:
        raise NotFound
    return name


def _reason(one: Listed, name: str, language: str) -> str:
    """Why somebody is on the list."""
    if name == "leads":
        return ", ".join(say(f"shared.{feature}", language) for feature in one.value.shared)
    return say(one.reason, language) if one.reason else ""


def _cells(one: Listed, name: str, language: str, with_money: bool, stated: bool) -> list[object]:
    value, customer = one.value, one.customer
    revenue = (value.revenue / 100, "" if stated else value.before / 100) if with_money else ("", "")
    segment = say(f"segment.{value.segment}", language) if value.segment else ""
    likeness = "" if value.likeness is None else round(value.likeness, 3)
    like = ", ".join(name for _, name in one.like)
    head = (customer.id, full_name(customer), customer.city, value.abc, segment, _reason(one, name, language))
    return [*head, *revenue, likeness, like]


ROUTES = (listed, file)
