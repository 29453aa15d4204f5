"""Unknown senders: each person once, and what to make of them: a new customer, somebody known, or nobody."""

from dataclasses import replace
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter
from litestar.response import Redirect

from assistant.web.api.bodies import LARGEST, Number
from assistant.web.texts import t
from assistant.web.views.mails import snippet
from assistant.web.views.messages import numbers
from assistant.web.views.tabs import tabs
from assistant.web.visit import Form, Visit, own_path
from rules.terms.customer import Contact, Customer, CustomerKind, CustomerStatus, PartyKind
from rules.terms.errors import WrongUse
from rules.terms.mail import Verdict
from rules.terms.upkeep import Stance

SHOWN = 50
LONGEST = 200
# What the form of a new customer asks; the rest is the import's business.
CUSTOMER_FIELDS = ("name", "id", "street", "zip", "city", "country", "phone", "email", "domain")
CONTACT_FIELDS = ("title", "first_name", "last_name", "role", "email", "phone", "mobile")


@get("/leads", sync_to_thread=True)
def leads(visit: Given[Visit], after: Annotated[int | None, QueryParameter(ge=1, le=LARGEST)] = None) -> Response[str]:
    """Who wrote and is nobody we know, whoever wrote last first; `after`: the last mail of the page before."""
    people, following = visit.services.upkeep.leads.page(visit.viewer, SHOWN, after)
    with visit.services.pool.read() as work:
        shown = tabs(visit, work)
    items = [(person, snippet(person.mail)) for person in people]
    here = "/leads" if after is None else f"/leads?after={after}"
    return visit.page("leads.html", "review", tabs=shown, chosen="leads", items=items, here=here, more=following)


@get("/messages/{no:int}/new", sync_to_thread=True)
def new(visit: Given[Visit], no: Number, also: Annotated[str, QueryParameter(max_length=2000)] = "") -> Response[str]:
    """The form of a new customer, filled with what the mail tells."""
    mail = visit.services.lookup.mail(visit.viewer, no)
    about = visit.services.upkeep.leads.about(mail)
    return visit.page(
        "newcomer.html",
        "review",
        mail=mail,
        text=(mail.reading.new_text or mail.message.text)[:3000],
        signature=(mail.reading.signature or "")[:1000],
        customer=about.customer,
        contact=about.contact,
        customer_fields=CUSTOMER_FIELDS,
        contact_fields=CONTACT_FIELDS,
        also=also,
        unsure=mail.verdict is Verdict.FAIL or mail.match.spoof,
    )


@post("/messages/{no:int}/new", sync_to_thread=True, status_code=303)
def create(visit: Given[Visit], no: Number, data: Form) -> Redirect:
    """Make the customer and file the mail there."""
    record: dict[str, Any] = {name: data.get(name, "").strip()[:LONGEST] for name in CUSTOMER_FIELDS}
    customer = Customer(
        **record,
        kind=CustomerKind.PERSON if data.get("kind") == "person" else CustomerKind.FIRM,
        status=CustomerStatus.ACTIVE if data.get("status") == "active" else CustomerStatus.LEAD,
        party=frozenset({_party(data.get("party", ""))}),
    )
    values: dict[str, Any] = {name: data.get(f"contact_{name}", "").strip()[:LONGEST] for name in CONTACT_FIELDS}
    contact = replace(Contact("", ""), **values) if any(values.values()) else None
    visit.services.upkeep.book.create(visit.viewer, [no, *numbers(data.get("also", ""))], customer, contact)
    return visit.back(own_path(data.get("next", ""), "/leads"), "created", mail=no)


@post("/messages/{no:int}/new/undo", sync_to_thread=True, status_code=303)
def uncreate(visit: Given[Visit], no: Number, data: Form) -> Redirect:
    """Take the new customer back."""
    visit.services.upkeep.book.uncreate(visit.viewer, no)
    return visit.back(own_path(data.get("next", ""), "/leads"), "uncreated")


@post("/messages/{no:int}/sender", sync_to_thread=True, status_code=303)
def say(visit: Given[Visit], no: Number, data: Form) -> Redirect:
    """Say what the sender is."""
    if data.get("stance") not in [each.value for each in Stance]:
        raise WrongUse(problem=t(visit.language, "leads.no_stance"))
    also = data.get("also", "")
    visit.services.upkeep.senders.say(visit.viewer, [no, *numbers(also)], Stance(data["stance"]))
    return visit.back(own_path(data.get("next", ""), "/leads"), "said", mail=no, also=also)


@post("/messages/{no:int}/sender/undo", sync_to_thread=True, status_code=303)
def unsay(visit: Given[Visit], no: Number, data: Form) -> Redirect:
    """Take back what was said of the sender."""
    visit.services.upkeep.senders.unsay(visit.viewer, [no, *numbers(data.get("also", ""))])
    return visit.back(own_path(data.get("next", ""), "/leads"), "unsaid")


def _party(value: str) -> PartyKind:
    return PartyKind(value) if value in [each.value for each in PartyKind] else PartyKind.CUSTOMER


ROUTES = (leads, new, create, uncreate, say, unsay)
