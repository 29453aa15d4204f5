"""Likely duplicates: both records side by side, what speaks for one customer, and one click for what they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter
from litestar.response import Redirect

from assistant.web.api.bodies import LARGEST, Number
from assistant.web.views.tabs import tabs
from assistant.web.visit import Form, Visit, own_path
from rules.terms.customer import Customer
from rules.value_lines import percent
from storage.duplicates import Duplicate
from storage.pool import Work

SHOWN = 20
HERE = "/review/duplicates"
FIELDS = ("customer_no", "street", "place", "phone", "email", "domain", "vat_id", "since")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two records: what of it stands in its fields, and how much hangs on it."""

    customer: Customer
    values: Sequence[str]
    contacts: int
    entries: int


@dataclass(frozen=True, slots=True)
class Item:
    """A pair, how sure it is in words, and the fields in which both say the same."""

    pair: Duplicate
    sure: str
    sides: tuple[Side, Side]
    same: frozenset[str]


@get(HERE, sync_to_thread=True)
def duplicates(visit: Given[Visit], before: Annotated[str, QueryParameter(max_length=60)] = "") -> Response[str]:
    """What waits for a word, the surest first."""
    today = visit.now.date()
    with visit.services.pool.read() as work:
        found = work.duplicates.page(today, SHOWN + 1, mark_of(before))
        records = work.customers.get_many({id for one in found for id in (one.one, one.other)})
        items = [_item(work, one, records[one.one], records[one.other], visit.language) for one in found[:SHOWN]]
        shown = tabs(visit, work)
    older = f"{HERE}?{urlencode({'before': mark(found[SHOWN - 1])})}" if len(found) > SHOWN else ""
    return visit.page(
        "duplicates.html", "review", tabs=shown, chosen="duplicates", items=items, fields=FIELDS, older=older
    )


@post("/review/duplicates/{id:int}/merge", sync_to_thread=True, status_code=303)
def merge(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """Make one customer of both."""
    number = visit.services.upkeep.duplicates.merge(visit.viewer, id, data.get("kept", ""))
    return visit.back(HERE, "merged", merge=number)


@post("/review/duplicates/{id:int}/distinct", sync_to_thread=True, status_code=303)
def distinct(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """They are two."""
    visit.services.upkeep.duplicates.distinct(visit.viewer, id)
    return visit.back(own_path(data.get("next", ""), HERE), "distinct", pair=id)


@post("/review/duplicates/{id:int}/later", sync_to_thread=True, status_code=303)
def later(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """Not now."""
    visit.services.upkeep.duplicates.later(visit.viewer, id, visit.now.date())
    return visit.back(own_path(data.get("next", ""), HERE), "put_off", pair=id)


@post("/review/duplicates/{id:int}/undo", sync_to_thread=True, status_code=303)
def undo(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """Take back what was said of them."""
    visit.services.upkeep.duplicates.reopen(visit.viewer, id)
    return visit.back(own_path(data.get("next", ""), HERE), "taken_back")


def mark(last: Duplicate) -> str:
    """Where the next page begins."""
    return f"{last.confidence} {last.id}"


def mark_of(text: str) -> tuple[float, int] | None:
    """Such a mark, read; None where it is none."""
    confidence, _, id = text.partition(" ")
    try:
        return (float(confidence), int(id)) if id.isdecimal() and int(id) <= LARGEST else None
    except ValueError:
        return None


def _item(work: Work, pair: Duplicate, one: Customer, other: Customer, language: str) -> Item:
    sides = _side(work, one), _side(work, other)
    both = zip(FIELDS, sides[0].values, sides[1].values, strict=True)
    sure = percent(pair.confidence, language)
    return Item(pair, sure, sides, frozenset(name for name, a, b in both if a and a == b))


def _side(work: Work, customer: Customer) -> Side:
    place = " ".join(part for part in (customer.zip, customer.city) if part)
    values = [place if name == "place" else str(getattr(customer, name)) for name in FIELDS]
    contacts = len(work.customers.contacts_of(customer.id))
    return Side(customer, values, contacts, work.interactions.count_of(customer.id))


ROUTES = (duplicates, merge, distinct, later, undo)
