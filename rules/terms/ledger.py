"""The words of the books: orders, offers, invoices, payments, what accounting says is open, surveys and mailings.

Amounts are whole cents (hundredths of their currency, whichever it is), so that sums are exact. Days are the firm's.
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum


class OrderStatus(StrEnum):
    """Where an order stands. A cancelled one counts nowhere."""

    OPEN = "open"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class OfferStatus(StrEnum):
    """Where an offer stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"


class InvoiceKind(StrEnum):
    """An invoice, or a credit note, which takes back what an invoice asked for."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit-note"


class PaymentKind(StrEnum):
    """What came in, what went back, what was agreed to be held back or written off, and what was booked beside money.

    DISCOUNT: a Skonto as a line of its own. CREDIT: set off against a credit note.
    """

    PAYMENT = "payment"
    REFUND = "refund"
    RETENTION = "retention"
    WRITE_OFF = "write-off"
    DISCOUNT = "discount"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Item:
    """A line of an order."""

    name: str
    quantity: float = 1.0
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """An order (Auftrag). `amount` without tax; `margin` what of it is left after direct costs, None where unknown."""

    order_no: str
    customer_id: str
    date: datetime.date
    amount: int
    currency: str = "EUR"
    status: OrderStatus = OrderStatus.OPEN
    margin: int | None = None
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer (Angebot)."""

    offer_no: str
    customer_id: str
    date: datetime.date
    amount: int
    currency: str = "EUR"
    valid_until: datetime.date | None = None
    status: OfferStatus = OfferStatus.OPEN


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice or credit note. `amount` with tax and always positive; `discount_percent` is the Skonto offered.

    A credit note that names the invoice it belongs to (`invoice_ref`) lowers what that one asks for.
    """

    invoice_no: str
    customer_id: str
    date: datetime.date
    amount: int
    due: datetime.date | None = None
    kind: InvoiceKind = InvoiceKind.INVOICE
    currency: str = "EUR"
    discount_percent: float = 0.0
    discount_until: datetime.date | None = None
    disputed: bool = False
    invoice_ref: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """Money on an invoice; `amount` positive whatever the kind.

    `payment_no` is the firm's own number of the booking. Without one a payment is known again by what it says.
    """

    invoice_no: str
    date: datetime.date
    amount: int
    kind: PaymentKind = PaymentKind.PAYMENT
    payment_no: str = ""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A line of accounting's own list of what is open, as of a day. It outweighs what we reckon from payments."""

    customer_id: str
    invoice_no: str
    as_of: datetime.date
    amount: int
    due: datetime.date | None = None
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class SurveyAnswer:
    """An answer to "would you recommend us?", 0 to 10. Without an `external_id` it is known again by what it says."""

    customer_id: str
    date: datetime.date
    score: int
    contact_id: str = ""
    comment: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Particular:
    """What one should know of a customer before anything else (Besonderheit). Gone from view after `until`.

    `author` is the login of whoever wrote it last, `since` the day on which they did; `id` is the pool's number.
    """

    customer_id: str
    text: str
    until: datetime.date | None = None
    author: str = ""
    id: int = 0
    since: datetime.date | None = None
