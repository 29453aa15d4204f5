"""Invoices found in mail that wait for a person, over HTTP."""

import datetime
from decimal import Decimal

from litestar import get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from assistant.invoicing import Invoicing
from assistant.ports import Services
from assistant.web.api.bodies import Body, Name, Question
from rules.terms.staff import Viewer


class FoundInvoiceBody(Body):
    """An electronic invoice in a mail of a Sent folder. `customer` is whose it may be."""

    invoice_no: str
    date: datetime.date
    amount: Decimal
    currency: str
    kind: str
    buyer: str
    buyer_vat_id: str
    message: int
    reason: str
    customer: str | None


class Whose(Question):
    """The customer whose invoice it is."""

    customer: Name


@get("/found-invoices", sync_to_thread=True, tags=["books"])
def found_invoices(services: Given[Services], viewer: Given[Viewer]) -> list[FoundInvoiceBody]:
    """Invoices that went out by mail and are surely nobody's: the newest 50 that wait for a person."""
    return [
        FoundInvoiceBody(
            invoice_no=one.invoice.number,
            date=one.invoice.date,
            amount=Decimal(one.invoice.amount) / 100,
            currency=one.invoice.currency,
            kind=one.invoice.kind.value,
            buyer=one.invoice.buyer.name,
            buyer_vat_id=one.invoice.buyer.vat_id,
            message=one.message,
            reason=one.reason,
            customer=customer.id if customer else None,
        )
        for one, customer in Invoicing(services.pool).waiting(viewer)
    ]


@post("/found-invoices/{number:str}/book", status_code=204, sync_to_thread=True, tags=["books"])
def book(number: FromPath[str], data: JSONBody[Whose], services: Given[Services], viewer: Given[Viewer]) -> None:
    """Book one for a customer."""
    Invoicing(services.pool).book(viewer, number, data.customer)


@post("/found-invoices/{number:str}/dismiss", status_code=204, sync_to_thread=True, tags=["books"])
def dismiss(number: FromPath[str], services: Given[Services], viewer: Given[Viewer]) -> None:
    """It is no invoice to a customer; it is not asked about again."""
    Invoicing(services.pool).dismiss(viewer, number)


ROUTES = (found_invoices, book, dismiss)
