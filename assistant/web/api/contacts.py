"""A customer's people over HTTP, and how they like to be addressed."""

from datetime import datetime

from litestar import get, patch
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from assistant.ports import Services
from assistant.web.api.bodies import Body, Question, Short
from rules.preferences import FIELDS
from rules.terms.customer import Contact
from rules.terms.staff import Viewer


class ContactBody(Body):
    """Somebody who speaks for a customer. `preferred_channel`, `language` and `address_form` are "" where unknown."""

    id: str
    customer: str
    name: str
    role: str
    email: str
    phone: str
    mobile: str
    active: bool
    preferred_channel: str
    language: str
    address_form: str

    @classmethod
    def of(cls, contact: Contact) -> "ContactBody":
        """From the word of the house."""
        return cls(
            id=contact.id,
            customer=contact.customer_id,
            name=contact.name,
            role=contact.role,
            email=contact.email,
            phone=contact.phone,
            mobile=contact.mobile,
            active=contact.active,
            preferred_channel=contact.preferred_channel,
            language=contact.language,
            address_form=contact.address_form,
        )


class ContactsBody(Body):
    """A customer's people, by name."""

    contacts: list[ContactBody]


class ContactChangeBody(Body):
    """That staff set a field: to what, what stood there, who and when."""

    field: str
    value: str
    before: str
    staff: str
    at: datetime


class ContactChangesBody(Body):
    """What staff set of a contact, the latest first."""

    changes: list[ContactChangeBody]


class Preferences(Question):
    """What is left out stays. "" leaves a field to your tables again; any other value stays, whatever they say.

    `preferred_channel`: mail, call, letter, fax, chat, visit or social. `language`: two letters (ISO 639-1).
    `address_form`: Sie or Du.
    """

    preferred_channel: Short | None = None
    language: Short | None = None
    address_form: Short | None = None


@get("/customers/{customer:str}/contacts", sync_to_thread=True, tags=["contacts"])
def contacts(customer: FromPath[str], services: Given[Services], viewer: Given[Viewer]) -> ContactsBody:
    """Who speaks for a customer."""
    found = services.upkeep.contacting.people(viewer, customer)
    return ContactsBody(contacts=[ContactBody.of(each) for each in found])


@patch("/contacts/{contact:str}", sync_to_thread=True, tags=["contacts"])
def change(
    contact: FromPath[str], data: JSONBody[Preferences], services: Given[Services], viewer: Given[Viewer]
) -> ContactBody:
    """Set how a contact likes to be addressed. Who set it and what stood there is kept."""
    given = {name: value for name in FIELDS if (value := getattr(data, name)) is not None}
    return ContactBody.of(services.upkeep.contacting.change(viewer, contact, given))


@get("/contacts/{contact:str}/changes", sync_to_thread=True, tags=["contacts"])
def changes(contact: FromPath[str], services: Given[Services], viewer: Given[Viewer]) -> ContactChangesBody:
    """What staff set of a contact."""
    found = services.upkeep.contacting.changes(viewer, contact)
    return ContactChangesBody(
        changes=[ContactChangeBody(one.field, one.value, one.before, one.staff, one.at) for one in found]
    )


ROUTES = (contacts, change, changes)
