"""The rights of persons on pages: hand over, erase after one has read what goes, restrict, lift."""

from datetime import date
from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from assistant.privacy import Privacy
from assistant.web.render import quoted
from assistant.web.texts import t
from assistant.web.visit import Form, Visit
from rules.terms.errors import WrongUse
from rules.terms.staff import Role
from storage.pool import Work
from storage.restrictions import Restriction

Person = Annotated[str, QueryParameter(max_length=200, description="Only this person of the customer.")]


def restriction_of(visit: Visit, work: Work, customer_id: str) -> Restriction | None:
    """The restriction that holds, for those who may see such a record."""
    return work.restrictions.of(customer_id) if visit.viewer.role.at_least(Role.ADMIN) else None


@get("/customers/{customer:str}/erase", role=Role.ADMIN, sync_to_thread=True)
def what_goes(visit: Given[Visit], customer: FromPath[str], contact: Person = "") -> Response[str]:
    """What would go, what stays and why, and the name that has to be typed."""
    found = _privacy(visit).find(customer, contact)
    with visit.services.pool.read() as work:
        record = work.customers.get(customer)
        people = [one for one in work.customers.contacts_of(customer) if one.name]
        invoices = work.ledger.count_invoices(customer) if not contact else 0
    return visit.page(
        "erase.html",
        "customers",
        record=record,
        found=found,
        contact=contact,
        people=people,
        invoices=invoices,
        goes=[
            (name, count)
            for name, count in (
                ("records", len(found.customers)),
                ("contacts", len(found.contacts)),
                ("addresses", len(found.addresses)),
                ("mails", len(found.mails)),
                ("quarantined", len(found.quarantined)),
            )
            if count
        ],
    )


@post("/customers/{customer:str}/erase", role=Role.ADMIN, by_person=True, sync_to_thread=True, status_code=303)
def erase(visit: Given[Visit], customer: FromPath[str], data: Form) -> Redirect:
    """Erase for good, if the name was typed as it is shown."""
    privacy = _privacy(visit)
    found = privacy.find(customer, data.get("contact", ""))
    if " ".join(data.get("name", "").split()) != " ".join(found.name.split()):
        raise WrongUse(problem=t(visit.language, "rights.other_name", name=found.name))
    privacy.erase(found, blocked=bool(data.get("block")))
    there = f"/customers/{quoted(customer)}" if data.get("contact") else "/customers"
    return visit.back(there, "erased")


@post("/customers/{customer:str}/restriction", role=Role.ADMIN, sync_to_thread=True, status_code=303)
def restrict(visit: Given[Visit], customer: FromPath[str], data: Form) -> Redirect:
    """Keep the data and use them no longer, or use them again."""
    if data.get("lift"):
        _privacy(visit).lift(customer)
        return visit.back(_record(customer), "unrestricted")
    _privacy(visit).restrict(customer, _day(data.get("until", ""), visit.language), visit.viewer.login)
    return visit.back(_record(customer), "restricted")


def _privacy(visit: Visit) -> Privacy:
    return Privacy.over(visit.services.settings, visit.services.pool)


def _record(customer: str) -> str:
    return f"/customers/{quoted(customer)}#rights"


def _day(text: str, language: str) -> date | None:
    """A day as a date field sends it; None where it is empty."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise WrongUse(problem=t(language, "customer.no_day")) from error


ROUTES = (what_goes, erase, restrict)
