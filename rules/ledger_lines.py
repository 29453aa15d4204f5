"""Orders, offers and invoices as entries of the timeline, in the reader's language."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from rules.money import money
from rules.terms.interaction import Channel, TimelineEntry
from rules.terms.ledger import Invoice, InvoiceKind, Item, Offer, Order
from rules.wording import say

Paper = Order | Offer | Invoice
# A paper knows its day only; it stands at noon, between the calls of the morning and those of the afternoon.
NOON = time(12)
_ITEMS = 20


def channel_of(paper: Paper) -> Channel:
    """The mark under which it stands in the timeline."""
    if isinstance(paper, Order):
        return Channel.ORDER
    return Channel.OFFER if isinstance(paper, Offer) else Channel.INVOICE


def number_of(paper: Paper) -> str:
    """The number on it."""
    if isinstance(paper, Order):
        return paper.order_no
    return paper.offer_no if isinstance(paper, Offer) else paper.invoice_no


def entry(paper: Paper, language: str, zone: ZoneInfo, *, with_money: bool) -> TimelineEntry:
    """A paper as an entry.

    Args:
        paper: the order, offer, invoice or credit note.
        language: the reader's.
        zone: the firm's, where its day lies.
        with_money: whether the reader may see amounts.
    """
    amount = money(paper.amount, paper.currency, language) if with_money else ""
    return TimelineEntry(
        channel=channel_of(paper),
        direction=None,
        date=datetime.combine(paper.date, NOON, zone),
        subject=", ".join(filter(None, (number_of(paper), *_state(paper, language), amount))),
        text="\n".join(_item(item, language) for item in paper.items[:_ITEMS]) if isinstance(paper, Order) else "",
        who="",
        mailbox="",
        message=None,
    )


def _state(paper: Paper, language: str) -> list[str]:
    if isinstance(paper, Order):
        return [say(f"order.{paper.status.value}", language)]
    if isinstance(paper, Offer):
        return [say(f"offer.{paper.status.value}", language)]
    credit = [say("invoice.credit-note", language)] if paper.kind is InvoiceKind.CREDIT_NOTE else []
    return credit + ([say("invoice.disputed", language)] if paper.disputed else [])


def _item(item: Item, language: str) -> str:
    quantity = f"{item.quantity:g}".replace(".", "," if language == "de" else ".")
    return f"{quantity} × {item.name}"
