"""Merging and parting over HTTP: two records become one and two again, and one record becomes two."""

from datetime import datetime
from typing import Literal

from litestar import delete, get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from assistant.parting import Share
from assistant.ports import Services
from assistant.web.api.bodies import Body, Name, Number, Question, Short
from rules.terms.customer import Customer, CustomerKind
from rules.terms.errors import NotFound
from rules.terms.staff import Viewer
from rules.terms.upkeep import Merge


class MergeBody(Body):
    """A customer that became part of another one; `id` undoes it."""

    id: int
    kept: str
    merged: str
    name: str
    staff: str
    at: datetime

    @classmethod
    def of(cls, merge: Merge) -> "MergeBody":
        """From the word of the house."""
        return cls(id=merge.id, kept=merge.kept, merged=merge.merged, name=merge.name, staff=merge.staff, at=merge.at)


class MergesBody(Body):
    """Who is part of a customer, newest first."""

    merges: list[MergeBody]


class Duplicate(Question):
    """The customer that becomes part of the other one."""

    merged: Name


class Part(Question):
    """What goes to a customer of its own: people by id, learned addresses, numbers of papers, entries by id.

    With people and addresses go their mails. `id` is given by us where it is empty.
    """

    name: Name
    id: Short = ""
    kind: Literal["firm", "person"] = "firm"
    email: Short = ""
    domain: Short = ""
    contacts: tuple[Name, ...] = ()
    addresses: tuple[Name, ...] = ()
    papers: tuple[Name, ...] = ()
    entries: tuple[Number, ...] = ()


class PartBody(Body):
    """The new customer's id. Merging it into the old one undoes it."""

    customer: str


@post("/customers/{customer:str}/parts", status_code=201, sync_to_thread=True, tags=["customers"])
def part(customer: FromPath[str], data: JSONBody[Part], services: Given[Services], viewer: Given[Viewer]) -> PartBody:
    """Make a customer of its own of a part of this one: two customers were kept as one record."""
    made = Customer(data.id, data.name, kind=CustomerKind(data.kind), email=data.email, domain=data.domain)
    share = Share(frozenset(data.contacts), frozenset(data.addresses), frozenset(data.papers), frozenset(data.entries))
    return PartBody(customer=services.upkeep.parting.part(viewer, customer, made, share))


@get("/customers/{customer:str}/merges", sync_to_thread=True, tags=["customers"])
def merges(customer: FromPath[str], services: Given[Services]) -> MergesBody:
    """Which customers became part of this one."""
    return _into(customer, services)


@post("/customers/{customer:str}/merges", status_code=201, sync_to_thread=True, tags=["customers"])
def merge(
    customer: FromPath[str], data: JSONBody[Duplicate], services: Given[Services], viewer: Given[Viewer]
) -> MergesBody:
    """Let everything of another customer be this one's: people, papers, timeline, and by what they are known."""
    services.upkeep.book.merge(viewer, customer, data.merged)
    return _into(customer, services)


@delete("/merges/{id:int}", status_code=204, sync_to_thread=True, tags=["customers"])
def split(id: Number, services: Given[Services], viewer: Given[Viewer]) -> None:
    """Undo a merge; both are as they were."""
    services.upkeep.book.split(viewer, id)


def _into(customer: str, services: Services) -> MergesBody:
    with services.pool.read() as work:
        if work.customers.get(customer) is None:
            raise NotFound
        return MergesBody(merges=[MergeBody.of(each) for each in work.merges.into(customer)])


ROUTES = (merges, merge, split, part)
