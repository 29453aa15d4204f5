"""Unknown senders over HTTP: who wrote, and what to make of them: a new customer, a supplier, nobody."""

from datetime import datetime

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency as Given
from litestar.params import JSONBody

from assistant.leads import Person
from assistant.ports import Services
from assistant.web.api.bodies import Also, Body, Limit, MatchBody, Name, Number, Numbers, Question, Short
from rules.terms.customer import Contact, Customer, CustomerKind, CustomerStatus, PartyKind
from rules.terms.staff import Viewer
from rules.terms.upkeep import Stance


class LeadBody(Body):
    """An unknown person. `message` is their newest mail, `also` the newest one from each further address."""

    message: int
    also: list[int]
    addresses: list[str]
    name: str
    firm: str
    city: str
    phone: str
    count: int
    newest: datetime

    @classmethod
    def of(cls, person: Person) -> "LeadBody":
        """From the word of the house."""
        about = person.about
        return cls(
            message=person.messages[0],
            also=list(person.messages[1:]),
            addresses=[lead.address for lead in person.leads],
            name=f"{about.person.first} {about.person.last}".strip() if about.person else "",
            firm=about.firm,
            city=about.customer.city,
            phone=about.contact.phone or about.contact.mobile or about.customer.phone,
            count=person.count,
            newest=person.newest,
        )


class LeadsBody(Body):
    """Unknown people, whoever wrote last first."""

    leads: list[LeadBody]


class NewCustomer(Question):
    """The record of a new customer. Without an `id` the next one of Kingpost's own ("N-000001") is given."""

    name: Name
    id: Short = ""
    customer_no: Short = ""
    kind: CustomerKind = CustomerKind.FIRM
    party: PartyKind = PartyKind.CUSTOMER
    status: CustomerStatus = CustomerStatus.LEAD
    street: Short = ""
    zip: Short = ""
    city: Short = ""
    country: Short = ""
    phone: Short = ""
    email: Short = ""
    domain: Short = ""

    def customer(self) -> Customer:
        """In the words of the house."""
        return Customer(
            id=self.id.strip(),
            name=self.name.strip(),
            customer_no=self.customer_no,
            kind=self.kind,
            party=frozenset({self.party}),
            street=self.street,
            zip=self.zip,
            city=self.city,
            country=self.country,
            phone=self.phone,
            email=self.email,
            domain=self.domain,
            status=self.status,
        )


class NewContact(Question):
    """Who speaks for the new customer."""

    last_name: Short = ""
    first_name: Short = ""
    title: Short = ""
    role: Short = ""
    email: Short = ""
    phone: Short = ""
    mobile: Short = ""

    def contact(self) -> Contact:
        """In the words of the house."""
        return Contact(
            id="",
            customer_id="",
            title=self.title,
            first_name=self.first_name,
            last_name=self.last_name,
            role=self.role,
            email=self.email,
            phone=self.phone,
            mobile=self.mobile,
        )


class Newcomer(Question):
    """A new customer with one contact at most. `also` are further mails that are filed with the first one."""

    customer: NewCustomer
    contact: NewContact | None = None
    also: Numbers = msgspec.field(default_factory=list)


class Saying(Question):
    """What a sender is. `also` are mails of further senders that are the same."""

    stance: Stance
    also: Numbers = msgspec.field(default_factory=list)


class StanceBody(Body):
    """What counts of a sender; null where nothing is said."""

    stance: str | None
    staff: str | None
    at: datetime | None


@get("/leads", sync_to_thread=True, tags=["leads"])
def leads(services: Given[Services], viewer: Given[Viewer], limit: Limit = 50) -> LeadsBody:
    """Who wrote and is nobody we know; several addresses of clearly one person are one."""
    found, _ = services.upkeep.leads.page(viewer, limit)
    return LeadsBody(leads=[LeadBody.of(person) for person in found])


@post("/messages/{no:int}/customer", status_code=201, sync_to_thread=True, tags=["leads"])
def create_customer(
    no: Number, data: JSONBody[Newcomer], services: Given[Services], viewer: Given[Viewer]
) -> MatchBody:
    """Make a new customer of whoever wrote this mail, and file it there."""
    contact = data.contact.contact() if data.contact else None
    services.upkeep.book.create(viewer, [no, *data.also], data.customer.customer(), contact)
    return MatchBody.of(services.lookup.mail(viewer, no).match)


@delete("/messages/{no:int}/customer", status_code=200, sync_to_thread=True, tags=["leads"])
def uncreate_customer(no: Number, services: Given[Services], viewer: Given[Viewer]) -> MatchBody:
    """Take back that a customer was made of this mail."""
    services.upkeep.book.uncreate(viewer, no)
    return MatchBody.of(services.lookup.mail(viewer, no).match)


@post("/messages/{no:int}/sender", status_code=200, sync_to_thread=True, tags=["leads"])
def say_of_sender(no: Number, data: JSONBody[Saying], services: Given[Services], viewer: Given[Viewer]) -> StanceBody:
    """Say what the sender of this mail is: a supplier, an authority … or nobody to care about (ignore)."""
    services.upkeep.senders.say(viewer, [no, *data.also], data.stance)
    return _stance(no, services, viewer)


@delete("/messages/{no:int}/sender", status_code=200, sync_to_thread=True, tags=["leads"])
def unsay_of_sender(no: Number, services: Given[Services], viewer: Given[Viewer], also: Also = None) -> StanceBody:
    """Take back what was said last of the sender of this mail."""
    services.upkeep.senders.unsay(viewer, [no, *(also or [])])
    return _stance(no, services, viewer)


def _stance(no: int, services: Services, viewer: Viewer) -> StanceBody:
    said = services.upkeep.senders.said(services.lookup.mail(viewer, no))
    if said is None:
        return StanceBody(stance=None, staff=None, at=None)
    return StanceBody(stance=said.stance.value, staff=said.staff, at=said.at)


ROUTES = (leads, create_customer, uncreate_customer, say_of_sender, unsay_of_sender)
