"""Two records become one: choosing the other, seeing what moves, doing it, taking it back. And one becomes two."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from assistant.parting import Share
from assistant.web import render
from assistant.web.api.bodies import Number
from assistant.web.visit import Form, Visit, own_path
from rules.terms.customer import Customer, CustomerKind, IdentifierKind
from rules.terms.errors import NotFound
from storage.pool import Work

FOUND = 8
PAPERS = 200
LONGEST = 200
PART_FIELDS = ("name", "id", "email", "domain")


@get("/customers/{customer:str}/merge", sync_to_thread=True)
def choose(
    visit: Given[Visit],
    customer: FromPath[str],
    q: Annotated[str, QueryParameter(max_length=200)] = "",
    other: Annotated[str, QueryParameter(max_length=200)] = "",
) -> Response[str]:
    """Find the duplicate, or see what moves when it is chosen."""
    with visit.services.pool.read() as work:
        kept = _customer(work, customer)
        query = q.strip() or ("" if other else kept.name)
        found = [one for one in work.customers.find(query, FOUND + 1) if one.id != kept.id][:FOUND] if query else []
        merged = _used(work, other) if other else None
        moving = None
        if merged is not None and merged.id != kept.id:
            moving = {
                "contacts": len(work.customers.contacts_of(merged.id)),
                "references": len(work.customers.references_of(merged.id, 1000)),
                "entries": work.interactions.count_of(merged.id),
            }
    return visit.page(
        "merge.html", "customers", kept=kept, merged=merged if moving else None, moving=moving, found=found, q=q
    )


@post("/customers/{customer:str}/merge", sync_to_thread=True, status_code=303)
def merge(visit: Given[Visit], customer: FromPath[str], data: Form) -> Redirect:
    """Do it."""
    number = visit.services.upkeep.book.merge(visit.viewer, customer, data.get("merged", ""))
    return visit.back(f"/customers/{render.quoted(customer)}", "merged", merge=number)


@post("/merges/{id:int}/undo", sync_to_thread=True, status_code=303)
def split(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """Make two of it again."""
    visit.services.upkeep.book.split(visit.viewer, id)
    return visit.back(own_path(data.get("next", ""), "/customers"), "split")


@get("/customers/{customer:str}/part", sync_to_thread=True)
def parts(visit: Given[Visit], customer: FromPath[str]) -> Response[str]:
    """Choose what goes to a customer of its own."""
    with visit.services.pool.read() as work:
        whole = _customer(work, customer)
        contacts = work.customers.contacts_of(whole.id)
        taught = work.customers.taught(whole.id, [one.login for one in work.staff.all()])
        papers = work.customers.references_of(whole.id, PAPERS)
    addresses = sorted({one.value for one in taught if one.kind is IdentifierKind.ADDRESS and not one.contact_id})
    return visit.page(
        "part.html", "customers", whole=whole, contacts=contacts, addresses=addresses, papers=papers, fields=PART_FIELDS
    )


@post("/customers/{customer:str}/part", sync_to_thread=True, status_code=303)
def part(visit: Given[Visit], customer: FromPath[str], data: Form) -> Redirect:
    """Do it."""
    record: dict[str, Any] = {name: data.get(name, "").strip()[:LONGEST] for name in PART_FIELDS}
    made = Customer(**record, kind=CustomerKind.PERSON if data.get("kind") == "person" else CustomerKind.FIRM)
    contacts, addresses, papers = (
        frozenset(name.removeprefix(f"{of}:") for name in data if name.startswith(f"{of}:"))
        for of in ("contact", "address", "paper")
    )
    new = visit.services.upkeep.parting.part(visit.viewer, customer, made, Share(contacts, addresses, papers))
    return visit.back(f"/customers/{render.quoted(new)}", "parted", part=new, whole=customer)


def _used(work: Work, customer_id: str) -> Customer:
    """Somebody with whom another one can be merged: nobody whose data are only kept."""
    found = work.customers.used([_customer(work, customer_id).id])
    if not found:
        raise NotFound
    return next(iter(found.values()))


def _customer(work: Work, customer_id: str) -> Customer:
    found = work.customers.get(customer_id)
    if found is None:
        raise NotFound
    return found


ROUTES = (choose, merge, split, parts, part)
