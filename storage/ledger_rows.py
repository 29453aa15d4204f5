"""Rows of the books as the words of the house, and back."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Generic, TypeVar

from sqlalchemy import Row, Table

from rules.terms.ledger import (
    Invoice,
    InvoiceKind,
    Item,
    Offer,
    OfferStatus,
    OpenItem,
    Order,
    OrderStatus,
    Particular,
    Payment,
    PaymentKind,
    SurveyAnswer,
)
from storage.ledger_tables import invoices, offers, orders, surveys

T = TypeVar("T", Order, Offer, Invoice, SurveyAnswer)
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Book(Generic[T]):
    """A table whose rows are a customer's, each known by a name of its own (`key`).

    `reference`: the type under which the number leads to the customer, "" where nobody writes it.
    """

    table: Table
    key: str
    values: Callable[[T], Values]
    term: Callable[[Row[Any]], T]
    reference: str = ""


def _order_values(order: Order) -> Values:
    return {
        "customer_id": order.customer_id,
        "date": order.date,
        "order_no": order.order_no,
        "amount": order.amount,
        "currency": order.currency,
        "status": order.status.value,
        "margin": order.margin,
        "items": json.dumps([(item.name, item.quantity, item.amount) for item in order.items], ensure_ascii=False)
        if order.items
        else None,
    }


def _order(row: Any) -> Order:
    return Order(
        order_no=row.order_no,
        customer_id=row.customer_id,
        date=row.date,
        amount=row.amount,
        currency=row.currency,
        status=OrderStatus(row.status),
        margin=row.margin,
        items=tuple(Item(*item) for item in json.loads(row.items)) if row.items else (),
    )


def _offer_values(offer: Offer) -> Values:
    return {
        "customer_id": offer.customer_id,
        "date": offer.date,
        "offer_no": offer.offer_no,
        "amount": offer.amount,
        "currency": offer.currency,
        "valid_until": offer.valid_until,
        "status": offer.status.value,
    }


def _offer(row: Any) -> Offer:
    return Offer(**{**row._asdict(), "status": OfferStatus(row.status)})


def _invoice_values(invoice: Invoice) -> Values:
    return {
        "customer_id": invoice.customer_id,
        "date": invoice.date,
        "invoice_no": invoice.invoice_no,
        "amount": invoice.amount,
        "due": invoice.due,
        "kind": invoice.kind.value,
        "currency": invoice.currency,
        "discount_percent": invoice.discount_percent,
        "discount_until": invoice.discount_until,
        "disputed": invoice.disputed,
        "invoice_ref": invoice.invoice_ref,
    }


def _invoice(row: Any) -> Invoice:
    return Invoice(**{**row._asdict(), "kind": InvoiceKind(row.kind)})


def _survey_values(answer: SurveyAnswer) -> Values:
    return {
        "customer_id": answer.customer_id,
        "date": answer.date,
        "external_id": survey_name(answer),
        "contact_id": answer.contact_id,
        "score": answer.score,
        "comment": answer.comment,
    }


def _survey(row: Row[Any]) -> SurveyAnswer:
    return SurveyAnswer(**row._asdict())


ORDERS = Book(orders, "order_no", _order_values, _order, "order")
OFFERS = Book(offers, "offer_no", _offer_values, _offer, "offer")
INVOICES = Book(invoices, "invoice_no", _invoice_values, _invoice, "invoice")
SURVEYS = Book(surveys, "external_id", _survey_values, _survey)


def survey_name(answer: SurveyAnswer) -> str:
    """By what an answer is known again: its own id, or what it says."""
    content = (answer.customer_id, answer.contact_id, answer.date.isoformat(), str(answer.score), answer.comment)
    return answer.external_id or "row:" + sha256("\x1f".join(content).encode()).hexdigest()


def payment_values(payment: Payment) -> Values:
    """A payment as a row."""
    said = f"{payment.date.isoformat()} {payment.amount} {payment.kind.value}"
    return {
        "invoice_no": payment.invoice_no,
        "key": f"no {payment.payment_no}" if payment.payment_no else said,
        "date": payment.date,
        "amount": payment.amount,
        "kind": payment.kind.value,
        "payment_no": payment.payment_no,
    }


def payment_of(row: Any) -> Payment:
    """A payment from its row."""
    return Payment(row.invoice_no, row.date, row.amount, PaymentKind(row.kind), row.payment_no)


def open_item_values(item: OpenItem, batch: int) -> Values:
    """An open item as a row of the list that this import brings."""
    return {
        "customer_id": item.customer_id,
        "as_of": item.as_of.toordinal(),
        "invoice_no": item.invoice_no,
        "amount": item.amount,
        "due": item.due,
        "currency": item.currency,
        "batch": batch,
    }


def open_item_of(row: Any) -> OpenItem:
    """An open item from its row."""
    as_of = date.fromordinal(row.as_of)
    return OpenItem(row.customer_id, row.invoice_no, as_of, row.amount, row.due, row.currency)


def particular_of(row: Any) -> Particular:
    """A particular from its row."""
    return Particular(**row._asdict())
