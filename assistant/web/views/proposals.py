"""What mails suggest to change in the address book: the words, what changes, and one click for yes or no."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.response import Redirect

from assistant.referring import REFERRED_BY
from assistant.web.api.bodies import Number
from assistant.web.views.tabs import tabs
from assistant.web.visit import Form, Visit, own_path
from rules.summary import full_name
from rules.terms.customer import Contact, Customer
from rules.terms.upkeep import Proposal
from storage.pool import Work

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Item:
    """A proposal with the names of whom it is about. `changes` are field, what stands there, and what shall."""

    id: int
    kind: str
    customer: Customer
    contact: str
    quote: str
    message: int
    date: datetime | None
    changes: Sequence[tuple[str, str, str]]


@get("/proposals", sync_to_thread=True)
def proposals(visit: Given[Visit]) -> Response[str]:
    """What waits for a yes or no, newest first."""
    with visit.services.pool.read() as work:
        found = work.proposals.page(visit.viewer.mailboxes, limit=SHOWN)
        customers = work.customers.get_many({one.customer_id for one in found})
        mails = work.messages.get_many({one.message for one in found}, 0)
        items = [
            _item(work, one, customers[one.customer_id], mails[one.message].message.date)
            for one in found
            if one.customer_id in customers and one.message in mails
        ]
        shown = tabs(visit, work)
    return visit.page("proposals.html", "review", tabs=shown, chosen="proposals", items=items)


@post("/proposals/{id:int}/accept", sync_to_thread=True, status_code=303)
def accept(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """Write it into the record."""
    visit.services.upkeep.repairs.accept(visit.viewer, id)
    return visit.back(own_path(data.get("next", ""), "/proposals"), "accepted", proposal=id)


@post("/proposals/{id:int}/dismiss", sync_to_thread=True, status_code=303)
def dismiss(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """Leave the record as it is."""
    visit.services.upkeep.repairs.dismiss(visit.viewer, id)
    return visit.back(own_path(data.get("next", ""), "/proposals"), "dismissed", proposal=id)


@post("/proposals/{id:int}/undo", sync_to_thread=True, status_code=303)
def undo(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """Take the decision back."""
    visit.services.upkeep.repairs.undo(visit.viewer, id)
    return visit.back(own_path(data.get("next", ""), "/proposals"), "taken_back")


def _item(work: Work, proposal: Proposal, customer: Customer, date: datetime | None) -> Item:
    contact = work.customers.contact(proposal.contact_id) if proposal.contact_id else None
    record: Customer | Contact | None = contact or (None if proposal.kind == "new-contact" else customer)
    fields = dict(proposal.fields)
    if (by := work.customers.get(fields.get(REFERRED_BY, ""))) is not None:
        fields[REFERRED_BY] = full_name(by)
    changes = [(name, _shown(record, name), value) for name, value in fields.items()]
    return Item(
        id=proposal.id,
        kind=proposal.kind,
        customer=customer,
        contact=contact.name if contact else "",
        quote=proposal.quote,
        message=proposal.message,
        date=date,
        changes=changes,
    )


def _shown(record: Customer | Contact | None, name: str) -> str:
    value = getattr(record, name, "")
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


ROUTES = (proposals, accept, dismiss, undo)
