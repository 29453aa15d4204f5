"""The books over HTTP: other programs bring orders, offers, invoices and payments, and ask what stands there.

Amounts are numbers with at most two decimals, such as 1234.56; answers write them as texts, so that no program rounds
them. The same rows again change nothing.
"""

import datetime
from decimal import Decimal
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from assistant.ports import Services
from assistant.web.api.bodies import Body, Limit, Name, Question, Short
from rules.terms.errors import RowsRefused
from rules.terms.ledger import (
    Invoice,
    InvoiceKind,
    Item,
    Offer,
    OfferStatus,
    OpenItem,
    Order,
    OrderStatus,
    Payment,
    PaymentKind,
)
from rules.terms.staff import Viewer
from storage.upserted import Upserted

_RICHEST = Decimal(10) ** 13
_CENT = Decimal("0.01")

Currency = Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$", max_length=3)]
Percent = Annotated[float, msgspec.Meta(ge=0, lt=100)]


class UpsertedBody(Body):
    """How many rows were new, how many were known but different, and how many were there already."""

    new: int
    changed: int
    same: int

    @classmethod
    def of(cls, counted: Upserted) -> "UpsertedBody":
        """From the word of the house."""
        return cls(new=counted.new, changed=counted.changed, same=counted.same)


class ItemRow(Question):
    """A line of an order."""

    name: Short
    quantity: float = 1.0
    amount: Decimal | None = None


class OrderRow(Question):
    """An order; amounts without tax."""

    order_no: Name
    customer: Name
    date: datetime.date
    amount: Decimal
    currency: Currency = "EUR"
    status: OrderStatus = OrderStatus.OPEN
    margin: Decimal | None = None
    items: Annotated[list[ItemRow], msgspec.Meta(max_length=200)] = msgspec.field(default_factory=list)


class OfferRow(Question):
    """An offer; the amount without tax."""

    offer_no: Name
    customer: Name
    date: datetime.date
    amount: Decimal
    currency: Currency = "EUR"
    valid_until: datetime.date | None = None
    status: OfferStatus = OfferStatus.OPEN


class InvoiceRow(Question):
    """An invoice; the amount with tax. A negative one makes a credit note of it."""

    invoice_no: Name
    customer: Name
    date: datetime.date
    amount: Decimal
    due: datetime.date | None = None
    kind: InvoiceKind = InvoiceKind.INVOICE
    currency: Currency = "EUR"
    discount_percent: Percent = 0.0
    discount_until: datetime.date | None = None
    disputed: bool = False
    invoice_ref: Short = ""


class PaymentRow(Question):
    """Money on an invoice. Two alike on one day need numbers of their own."""

    invoice_no: Name
    date: datetime.date
    amount: Decimal
    kind: PaymentKind = PaymentKind.PAYMENT
    payment_no: Short = ""


class OpenItemBody(Body):
    """A line of accounting's list of what is open."""

    invoice_no: str
    amount: Decimal
    due: datetime.date | None
    currency: str

    @classmethod
    def of(cls, item: OpenItem) -> "OpenItemBody":
        """From the word of the house."""
        return cls(invoice_no=item.invoice_no, amount=_money(item.amount), due=item.due, currency=item.currency)


class LedgerBody(Body):
    """A customer's books, newest first. `open_items` are accounting's, as of the day `as_of`."""

    orders: list[OrderRow]
    offers: list[OfferRow]
    invoices: list[InvoiceRow]
    payments: list[PaymentRow]
    open_items: list[OpenItemBody]
    as_of: datetime.date | None


@post("/orders", status_code=200, sync_to_thread=True, tags=["books"])
def orders(data: JSONBody[list[OrderRow]], services: Given[Services], viewer: Given[Viewer]) -> UpsertedBody:
    """Bring orders, at most 1,000: all go in, or none. Each is known by its number."""
    amounts = _Amounts()
    rows = [
        Order(
            order_no=row.order_no,
            customer_id=row.customer,
            date=row.date,
            amount=amounts.cents(row.amount, f"{number}.amount"),
            currency=row.currency,
            status=row.status,
            margin=amounts.cents_or_none(row.margin, f"{number}.margin"),
            items=tuple(
                Item(item.name, item.quantity, amounts.cents_or_none(item.amount, f"{number}.items.{place}.amount"))
                for place, item in enumerate(row.items)
            ),
        )
        for number, row in enumerate(data)
    ]
    amounts.check()
    return UpsertedBody.of(services.upkeep.books.add(viewer, rows))


@post("/offers", status_code=200, sync_to_thread=True, tags=["books"])
def offers(data: JSONBody[list[OfferRow]], services: Given[Services], viewer: Given[Viewer]) -> UpsertedBody:
    """Bring offers, at most 1,000: all go in, or none. Each is known by its number."""
    amounts = _Amounts()
    rows = [
        Offer(
            offer_no=row.offer_no,
            customer_id=row.customer,
            date=row.date,
            amount=amounts.cents(row.amount, f"{number}.amount"),
            currency=row.currency,
            valid_until=row.valid_until,
            status=row.status,
        )
        for number, row in enumerate(data)
    ]
    amounts.check()
    return UpsertedBody.of(services.upkeep.books.add(viewer, rows))


@post("/invoices", status_code=200, sync_to_thread=True, tags=["books"])
def invoices(data: JSONBody[list[InvoiceRow]], services: Given[Services], viewer: Given[Viewer]) -> UpsertedBody:
    """Bring invoices and credit notes, at most 1,000: all go in, or none. Each is known by its number."""
    amounts = _Amounts()
    rows = [
        Invoice(
            invoice_no=row.invoice_no,
            customer_id=row.customer,
            date=row.date,
            amount=abs(amounts.cents(row.amount, f"{number}.amount")),
            due=row.due,
            kind=InvoiceKind.CREDIT_NOTE if row.amount < 0 else row.kind,
            currency=row.currency,
            discount_percent=row.discount_percent,
            discount_until=row.discount_until,
            disputed=row.disputed,
            invoice_ref=row.invoice_ref,
        )
        for number, row in enumerate(data)
    ]
    amounts.check()
    return UpsertedBody.of(services.upkeep.books.add(viewer, rows))


@post("/payments", status_code=200, sync_to_thread=True, tags=["books"])
def payments(data: JSONBody[list[PaymentRow]], services: Given[Services], viewer: Given[Viewer]) -> UpsertedBody:
    """Bring payments, at most 1,000: all go in, or none. Their invoices come first."""
    amounts = _Amounts()
    rows = [
        Payment(
            invoice_no=row.invoice_no,
            date=row.date,
            amount=amounts.cents(row.amount, f"{number}.amount", least=0),
            kind=row.kind,
            payment_no=row.payment_no,
        )
        for number, row in enumerate(data)
    ]
    amounts.check()
    return UpsertedBody.of(services.upkeep.books.add(viewer, rows))


@get("/customers/{customer:str}/ledger", sync_to_thread=True, tags=["books"])
def ledger(customer: FromPath[str], services: Given[Services], viewer: Given[Viewer], limit: Limit = 50) -> LedgerBody:
    """A customer's newest orders, offers, invoices and payments, and what accounting says is open."""
    found = services.upkeep.books.of_customer(viewer, customer, limit)
    return LedgerBody(
        orders=[_order(row) for row in found.orders],
        offers=[_offer(row) for row in found.offers],
        invoices=[_invoice(row) for row in found.invoices],
        payments=[
            PaymentRow(row.invoice_no, row.date, _money(row.amount), row.kind, row.payment_no) for row in found.payments
        ],
        open_items=[OpenItemBody.of(row) for row in found.open_items],
        as_of=found.as_of,
    )


class _Amounts:
    """The amounts of a request as cents; what is none is told of all rows together."""

    def __init__(self) -> None:
        self._problems: list[tuple[str, str, str]] = []

    def cents(self, amount: Decimal, field: str, least: int | None = None) -> int:
        """Cents, 0 where it is no amount."""
        sound = amount.is_finite() and abs(amount) < _RICHEST and amount == amount.quantize(_CENT)
        if not sound or (least is not None and amount < least):
            self._problems.append(
                (
                    field,
                    "an amount has at most two decimals and fewer than 14 digits before them"
                    + (", and is not negative: what went back is of the kind refund." if least is not None else "."),
                    "ein Betrag hat höchstens zwei Nachkommastellen und weniger als 14 Stellen davor"
                    + (" und ist nicht negativ: was zurückging, ist von der Art refund." if least is not None else "."),
                )
            )
            return 0
        return int(amount * 100)

    def cents_or_none(self, amount: Decimal | None, field: str) -> int | None:
        """Likewise; nothing stays nothing."""
        return None if amount is None else self.cents(amount, field)

    def check(self) -> None:
        """RowsRefused, when there was one that is none."""
        if self._problems:
            raise RowsRefused(problems=tuple(self._problems))


def _money(cents: int) -> Decimal:
    return Decimal(cents) / 100


def _money_or_none(cents: int | None) -> Decimal | None:
    return None if cents is None else _money(cents)


def _order(row: Order) -> OrderRow:
    return OrderRow(
        order_no=row.order_no,
        customer=row.customer_id,
        date=row.date,
        amount=_money(row.amount),
        currency=row.currency,
        status=row.status,
        margin=_money_or_none(row.margin),
        items=[ItemRow(item.name, item.quantity, _money_or_none(item.amount)) for item in row.items],
    )


def _offer(row: Offer) -> OfferRow:
    return OfferRow(
        offer_no=row.offer_no,
        customer=row.customer_id,
        date=row.date,
        amount=_money(row.amount),
        currency=row.currency,
        valid_until=row.valid_until,
        status=row.status,
    )


def _invoice(row: Invoice) -> InvoiceRow:
    return InvoiceRow(
        invoice_no=row.invoice_no,
        customer=row.customer_id,
        date=row.date,
        amount=_money(row.amount),
        due=row.due,
        kind=row.kind,
        currency=row.currency,
        discount_percent=row.discount_percent,
        discount_until=row.discount_until,
        disputed=row.disputed,
        invoice_ref=row.invoice_ref,
    )


ROUTES = (orders, offers, invoices, payments, ledger)
