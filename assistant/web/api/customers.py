"""Customers over HTTP: find one, and what happened between us."""

from datetime import datetime
from typing import Annotated

from litestar import get
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, QueryParameter

from assistant.ports import Services
from assistant.searching import customers as customers_named
from assistant.web.api.bodies import Body, Limit
from assistant.web.api.documents import DocumentBody
from rules.terms.customer import Customer
from rules.terms.interaction import Channel, TimelineEntry
from rules.terms.staff import Viewer


class CustomerBody(Body):
    """A customer in a list."""

    id: str
    name: str
    customer_no: str
    kind: str
    party: list[str]
    status: str
    city: str
    king: bool

    @classmethod
    def of(cls, customer: Customer) -> "CustomerBody":
        """From the word of the house."""
        return cls(
            id=customer.id,
            name=customer.name,
            customer_no=customer.customer_no,
            kind=customer.kind.value,
            party=sorted(customer.party),
            status=customer.status.value,
            city=customer.city,
            king=customer.key_account,
        )


class CustomersBody(Body):
    """Customers; without `q`, `next` continues the list as `after`."""

    customers: list[CustomerBody]
    next: str | None


class EntryBody(Body):
    """One contact. Where `open` is false, the reader may only know that there was contact.

    `complaint` is where the complaint stands that was found in it, `reaction` that to a mailing. A letter's `document`
    has the beginning of its text; `/customers/{customer}/documents/{id}` has all of it.
    """

    channel: str
    direction: str | None
    date: datetime
    subject: str
    text: str
    who: str
    mailbox: str | None
    message: int | None
    open: bool
    complaint: str | None
    reaction: str | None = None
    document: DocumentBody | None = None
    id: int | None = None

    @classmethod
    def of(cls, entry: TimelineEntry) -> "EntryBody":
        """From the word of the house."""
        return cls(
            channel=entry.channel.value,
            direction=entry.direction.value if entry.direction else None,
            date=entry.date,
            subject=entry.subject,
            text=entry.text,
            who=entry.who,
            mailbox=entry.mailbox or None,
            message=entry.message,
            open=entry.open,
            complaint=entry.complaint.value if entry.complaint else None,
            reaction=entry.reaction.value if entry.reaction else None,
            document=DocumentBody.of(entry.document) if entry.document else None,
            id=entry.id,
        )


class TimelineBody(Body):
    """A stretch of the timeline, newest first; `next` continues it as `before`."""

    entries: list[EntryBody]
    next: str | None


@get("/customers", sync_to_thread=True, tags=["customers"])
def find_customers(
    services: Given[Services],
    q: Annotated[
        str, QueryParameter(max_length=200, description="Name, person, number, telephone, town, address.")
    ] = "",
    after: Annotated[str, QueryParameter(max_length=500, description="`next` of the list before.")] = "",
    limit: Limit = 20,
) -> CustomersBody:
    """Customers that fit the words; all of them by name where there are none."""
    with services.pool.read() as work:
        found = (
            customers_named(work, q, services.settings.as_firm(), limit)
            if q.strip()
            else work.customers.page(after, limit)
        )
    more = not q.strip() and len(found) == limit
    return CustomersBody(customers=[CustomerBody.of(each) for each in found], next=found[-1].id if more else None)


@get("/customers/{customer:str}/timeline", sync_to_thread=True, tags=["customers"])
def customer_timeline(
    customer: FromPath[str],
    *,
    services: Given[Services],
    viewer: Given[Viewer],
    before: Annotated[str | None, QueryParameter(max_length=200, description="`next` of the answer before.")] = None,
    channel: Annotated[list[Channel] | None, QueryParameter(description="Only these channels.")] = None,
    limit: Limit = 50,
) -> TimelineBody:
    """What happened between us and a customer."""
    found = services.lookup.timeline(viewer, customer, before=before, channels=tuple(channel or ()), limit=limit)
    return TimelineBody(entries=[EntryBody.of(entry) for entry in found.entries], next=found.next)


ROUTES = (find_customers, customer_timeline)
