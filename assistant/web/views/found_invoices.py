"""Invoices that went out by mail and belong to nobody surely: one click books them, or says that they are none."""

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.response import Redirect

from assistant.invoicing import Invoicing
from assistant.web.texts import t
from assistant.web.views.tabs import tabs
from assistant.web.visit import Form, Visit
from rules.money import money
from rules.terms.errors import WrongUse

HERE = "/review/invoices"


@get(HERE, sync_to_thread=True)
def found_invoices(visit: Given[Visit]) -> Response[str]:
    """What waits, newest first."""
    waiting = Invoicing(visit.services.pool).waiting(visit.viewer)
    items = [
        (one, customer, money(one.invoice.amount, one.invoice.currency, visit.language)) for one, customer in waiting
    ]
    with visit.services.pool.read() as work:
        shown = tabs(visit, work)
    return visit.page("found_invoices.html", "review", tabs=shown, chosen="invoices", items=items)


@post(f"{HERE}/book", sync_to_thread=True, status_code=303)
def book(visit: Given[Visit], data: Form) -> Redirect:
    """It is this customer's."""
    customer = data.get("customer", "").strip()
    if not customer:
        raise WrongUse(problem=t(visit.language, "found_invoices.no_customer"))
    Invoicing(visit.services.pool).book(visit.viewer, data.get("number", ""), customer)
    return visit.back(HERE, "booked")


@post(f"{HERE}/dismiss", sync_to_thread=True, status_code=303)
def dismiss(visit: Given[Visit], data: Form) -> Redirect:
    """It is nobody's of ours."""
    Invoicing(visit.services.pool).dismiss(visit.viewer, data.get("number", ""))
    return visit.back(HERE, "unbooked")


ROUTES = (found_invoices, book, dismiss)
