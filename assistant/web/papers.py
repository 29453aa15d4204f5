"""The newest orders, offers and invoices of a customer, as their page lists them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from assistant import bookkeeping
from assistant.web.moments import exact
from rules.money import money
from rules.terms.ledger import Invoice, InvoiceKind, Offer, OfferStatus
from rules.value.balance import Balance
from rules.value.facts import owed
from rules.wording import say
from storage.pool import Work

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Paper:
    """A line of the books: its number, day, amount, where it stands, and whether that is a reason to act."""

    number: str
    date: date
    amount: str
    state: str
    warn: bool = False


def papers(work: Work, customer_id: str, language: str, today: date) -> Sequence[tuple[str, list[Paper]]]:
    """The newest of each kind that there is: "orders", "offers", "invoices"."""
    orders = [
        Paper(one.order_no, one.date, money(one.amount, one.currency, language), say(f"order.{one.status}", language))
        for one in work.ledger.orders_of(customer_id, SHOWN)
    ]
    offers = [
        Paper(one.offer_no, one.date, money(one.amount, one.currency, language), _offered(one, language))
        for one in work.ledger.offers_of(customer_id, SHOWN)
    ]
    billing = bookkeeping.facts_of(work, customer_id).billing
    # Without payments every invoice would seem to be open.
    owing = {one.invoice.invoice_no: one for one in owed(billing, today)} if billing and billing.payments else {}
    mailed = work.found_invoices.sources(customer_id)
    invoices = [
        _billed(one, owing.get(one.invoice_no), mailed.get(one.invoice_no), language, today)
        for one in work.ledger.invoices_of(customer_id, SHOWN)
    ]
    return [(name, some) for name, some in (("orders", orders), ("offers", offers), ("invoices", invoices)) if some]


def _offered(one: Offer, language: str) -> str:
    state = say(f"offer.{one.status}", language)
    if one.valid_until is None or one.status is not OfferStatus.OPEN:
        return state
    return f"{state}, {say('because.offer.until', language, day=exact(one.valid_until, language, UTC))}"


def _billed(one: Invoice, open: Balance | None, mailed: datetime | None, language: str, today: date) -> Paper:
    late = open is not None and open.overdue(today)
    parts = [say("invoice.credit-note", language)] if one.kind is InvoiceKind.CREDIT_NOTE else []
    parts += [say("invoice.disputed", language)] if one.disputed else []
    if open is not None:
        key = "invoice.overdue" if late else "invoice.open"
        parts.append(say(key, language, sum=money(open.open, one.currency, language)))
    if mailed is not None:
        parts.append(say("invoice.mailed", language, day=exact(mailed.date(), language, UTC)))
    amount = money(one.amount, one.currency, language)
    return Paper(one.invoice_no, one.date, amount, ", ".join(parts), late)
