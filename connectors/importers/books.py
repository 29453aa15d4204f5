"""A row of the firm's books as one of our words: orders, offers, invoices, payments, open items, surveys."""

import re
from dataclasses import replace

from connectors.importers import cells
from connectors.importers.fields import ID, Fields
from connectors.importers.problems import Problem, quoted, shown
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
    SurveyAnswer,
)

_CURRENCY = "EUR"
_COMMENT = 10_000

_ORDER_STATES = {"offen": OrderStatus.OPEN, "neu": OrderStatus.OPEN, "in bearbeitung": OrderStatus.OPEN,
                 "bestätigt": OrderStatus.OPEN, "teilgeliefert": OrderStatus.OPEN,
                 "teilweise geliefert": OrderStatus.OPEN,
                 "new": OrderStatus.OPEN, "in progress": OrderStatus.OPEN, "confirmed": OrderStatus.OPEN,
                 "processing": OrderStatus.OPEN, "geliefert": OrderStatus.DELIVERED, "erledigt": OrderStatus.DELIVERED,
                 "abgeschlossen": OrderStatus.DELIVERED, "versendet": OrderStatus.DELIVERED,
                 "berechnet": OrderStatus.DELIVERED, "fakturiert": OrderStatus.DELIVERED,
                 "closed": OrderStatus.DELIVERED, "completed": OrderStatus.DELIVERED, "done": OrderStatus.DELIVERED,
                 "shipped": OrderStatus.DELIVERED, "invoiced": OrderStatus.DELIVERED,
                 "storniert": OrderStatus.CANCELLED, "storno": OrderStatus.CANCELLED,
                 "abgebrochen": OrderStatus.CANCELLED, "canceled": OrderStatus.CANCELLED}  # fmt: skip
_OFFER_STATES = {"offen": OfferStatus.OPEN, "versendet": OfferStatus.OPEN, "gesendet": OfferStatus.OPEN,
                 "sent": OfferStatus.OPEN, "pending": OfferStatus.OPEN, "angenommen": OfferStatus.ACCEPTED,
                 "beauftragt": OfferStatus.ACCEPTED, "auftrag": OfferStatus.ACCEPTED, "gewonnen": OfferStatus.ACCEPTED,
                 "won": OfferStatus.ACCEPTED, "ordered": OfferStatus.ACCEPTED, "abgelehnt": OfferStatus.DECLINED,
                 "verloren": OfferStatus.DECLINED, "lost": OfferStatus.DECLINED, "rejected": OfferStatus.DECLINED,
                 "abgelaufen": OfferStatus.EXPIRED, "verfallen": OfferStatus.EXPIRED}  # fmt: skip
_INVOICE_KINDS = {"rechnung": InvoiceKind.INVOICE, "re": InvoiceKind.INVOICE, "ausgangsrechnung": InvoiceKind.INVOICE,
                  "abschlagsrechnung": InvoiceKind.INVOICE, "teilrechnung": InvoiceKind.INVOICE,
                  "schlussrechnung": InvoiceKind.INVOICE, "anzahlungsrechnung": InvoiceKind.INVOICE,
                  "gutschrift": InvoiceKind.CREDIT_NOTE, "gs": InvoiceKind.CREDIT_NOTE,
                  "rechnungskorrektur": InvoiceKind.CREDIT_NOTE, "storno": InvoiceKind.CREDIT_NOTE,
                  "stornorechnung": InvoiceKind.CREDIT_NOTE, "credit note": InvoiceKind.CREDIT_NOTE,
                  "credit memo": InvoiceKind.CREDIT_NOTE, "credit": InvoiceKind.CREDIT_NOTE}  # fmt: skip
_PAYMENT_KINDS = {"zahlung": PaymentKind.PAYMENT, "zahlungseingang": PaymentKind.PAYMENT,
                  "teilzahlung": PaymentKind.PAYMENT, "anzahlung": PaymentKind.PAYMENT,
                  "überweisung": PaymentKind.PAYMENT, "lastschrift": PaymentKind.PAYMENT,
                  "bar": PaymentKind.PAYMENT, "karte": PaymentKind.PAYMENT, "scheck": PaymentKind.PAYMENT,
                  "paypal": PaymentKind.PAYMENT, "transfer": PaymentKind.PAYMENT, "bank transfer": PaymentKind.PAYMENT,
                  "direct debit": PaymentKind.PAYMENT, "cash": PaymentKind.PAYMENT, "card": PaymentKind.PAYMENT,
                  "rückzahlung": PaymentKind.REFUND, "erstattung": PaymentKind.REFUND,
                  "rücklastschrift": PaymentKind.REFUND, "chargeback": PaymentKind.REFUND,
                  "einbehalt": PaymentKind.RETENTION, "sicherheitseinbehalt": PaymentKind.RETENTION,
                  "skonto": PaymentKind.DISCOUNT, "skontoabzug": PaymentKind.DISCOUNT,
                  "gewährtes skonto": PaymentKind.DISCOUNT, "gewährte skonti": PaymentKind.DISCOUNT,
                  "cash discount": PaymentKind.DISCOUNT, "early payment discount": PaymentKind.DISCOUNT,
                  "gutschrift": PaymentKind.CREDIT, "verrechnung": PaymentKind.CREDIT,
                  "gutschriftverrechnung": PaymentKind.CREDIT, "aufrechnung": PaymentKind.CREDIT,
                  "credit note": PaymentKind.CREDIT, "credit memo": PaymentKind.CREDIT, "offset": PaymentKind.CREDIT,
                  "ausbuchung": PaymentKind.WRITE_OFF, "abschreibung": PaymentKind.WRITE_OFF,
                  "forderungsausfall": PaymentKind.WRITE_OFF, "write off": PaymentKind.WRITE_OFF}  # fmt: skip

# "2 x Schraube M4": how many of what
_QUANTITY = re.compile(r"(\d{1,9}(?:[.,]\d{1,4})?)\s{0,3}[x×*]\s")
_ITEMS = 200


def order(row: Fields) -> Order:
    """A row of orders."""
    return Order(
        order_no=row.needed("order_no"),
        customer_id=row.customer(),
        date=row.day("date"),
        amount=row.amount("amount"),
        currency=_currency(row),
        status=row.word("status", _ORDER_STATES, OrderStatus, OrderStatus.OPEN),
        margin=cells.cents(row.cell("margin"), row.manner),
        items=_items(row),
    )


def offer(row: Fields) -> Offer:
    """A row of offers."""
    return Offer(
        offer_no=row.needed("offer_no"),
        customer_id=row.customer(),
        date=row.day("date"),
        amount=row.amount("amount"),
        currency=_currency(row),
        valid_until=cells.day(row.cell("valid_until"), row.manner),
        status=row.word("status", _OFFER_STATES, OfferStatus, OfferStatus.OPEN),
    )


def invoice(row: Fields) -> Invoice:
    """A row of invoices. A negative amount makes a credit note of it, whatever the row calls itself."""
    amount = row.amount("amount")
    kind = row.word("kind", _INVOICE_KINDS, InvoiceKind, InvoiceKind.INVOICE)
    until = cells.day(row.cell("discount_until"), row.manner)
    return Invoice(
        invoice_no=row.needed("invoice_no"),
        customer_id=row.customer(),
        date=row.day("date"),
        amount=abs(amount),
        due=cells.day(row.cell("due"), row.manner),
        kind=InvoiceKind.CREDIT_NOTE if amount < 0 else kind,
        currency=_currency(row),
        discount_percent=cells.percent(row.cell("discount_percent"), row.manner),
        discount_until=until,
        disputed=cells.yes(row.cell("disputed")),
        invoice_ref=row.text("invoice_ref", ID),
    )


def payment(row: Fields) -> Payment:
    """A row of payments. What is negative went back to the customer."""
    amount = row.amount("amount")
    paid = Payment(
        invoice_no=row.needed("invoice_no"),
        date=row.day("date"),
        amount=abs(amount),
        kind=row.word("kind", _PAYMENT_KINDS, PaymentKind, PaymentKind.PAYMENT),
        payment_no=row.text("payment_no", ID),
    )
    back = amount < 0 and paid.kind is PaymentKind.PAYMENT
    return replace(paid, kind=PaymentKind.REFUND) if back else paid


def open_item(row: Fields) -> OpenItem:
    """A row of accounting's list of what is open. What is negative stands to the customer's credit."""
    return OpenItem(
        customer_id=row.customer(),
        invoice_no=row.needed("invoice_no"),
        as_of=row.day("as_of"),
        amount=row.amount("amount"),
        due=cells.day(row.cell("due"), row.manner),
        currency=_currency(row),
    )


def survey(row: Fields) -> SurveyAnswer:
    """A row of surveys."""
    written = row.needed("score")
    score = cells.number(row.cell("score"), row.manner)
    if score is None or not score.is_integer() or not 0 <= score <= 10:
        raise Problem(
            f"{shown(written)} is no answer from 0 to 10", f"{quoted(written)} ist keine Antwort von 0 bis 10"
        )
    return SurveyAnswer(
        customer_id=row.customer(),
        date=row.day("date"),
        score=int(score),
        contact_id=row.text("contact_id", ID),
        comment=cells.text(row.cell("comment"), _COMMENT, lines=True),
        external_id=row.text("external_id", ID),
    )


def _currency(row: Fields) -> str:
    """The column's, else the one beside the amount, else euros."""
    cell = row.cell("currency")
    named = cells.text(cell)
    if not named:
        return cells.currency(row.cell("amount")) or _CURRENCY
    code = cells.currency(cell) or named.upper()
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise Problem(
            f"currency cannot be {shown(named)}; write a code of three letters, such as EUR",
            f"Währung kann nicht {quoted(named)} sein; schreiben Sie ein Kürzel wie EUR",
        )
    return code


def _items(row: Fields) -> tuple[Item, ...]:
    """Such as "2 x Schraube M4 = 12,50 | Hammer": quantity and amount may be left out."""
    parts = [part.strip() for part in row.text("items", _COMMENT).split("|")]
    return tuple(_item(part, row) for part in parts[:_ITEMS] if part)


def _item(written: str, row: Fields) -> Item:
    name, equals, worth = written.rpartition("=")
    if not equals:
        name, worth = written, ""
    quantity = 1.0
    if many := _QUANTITY.match(name):
        quantity, name = float(many[1].replace(",", ".")), name[many.end() :]
    return Item(name.strip(), quantity, cells.cents(worth.strip(), row.manner))
