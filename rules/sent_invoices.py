"""An invoice went out by mail: is it ours, and whose is it?

It is booked without asking only for the customer to whom the mail went, and only where nothing in the invoice names
somebody else: an invoice that was forwarded to the tax adviser is not the adviser's.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rules import firms, numbers
from rules.firms import FirmLikeness
from rules.terms.customer import Customer
from rules.terms.einvoice import ElectronicInvoice, TradeParty
from rules.terms.firm import Firm


class Reason(StrEnum):
    """Why an invoice waits for a person, or went in."""

    SENT_TO = "sent-to"
    NOBODY_KNOWN = "nobody-known"
    OTHER_BUYER = "other-buyer"
    OTHER_SELLER = "other-seller"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whose an invoice is, or may be (`customer_id`); `booked` where nobody has to be asked."""

    booked: bool
    reason: Reason
    customer_id: str | None = None


def judged(
    invoice: ElectronicInvoice, firm: Firm, sent_to: Customer | None, buyers: Sequence[Customer]
) -> Judgement | None:
    """Whose an invoice in a mail of ours is.

    Args:
        invoice: what stands in it.
        firm: who we are.
        sent_to: the customer to whom the mail went; None where that is not sure.
        buyers: customers who may be the buyer that it names.

    Returns:
        None where somebody else wrote it: a supplier's invoice that was passed on.
    """
    ours = is_ours(invoice.seller, firm)
    if ours is False:
        return None
    named = [one for one in buyers if is_buyer(invoice.buyer, one)]
    buyer = named[0].id if len(named) == 1 else None
    if ours is None:
        perhaps = buyer or (sent_to.id if sent_to else None)
        return Judgement(booked=False, reason=Reason.OTHER_SELLER, customer_id=perhaps)
    if sent_to is None:
        return Judgement(booked=False, reason=Reason.NOBODY_KNOWN, customer_id=buyer)
    if is_buyer(invoice.buyer, sent_to) or (not named and _unnamed(invoice.buyer)):
        return Judgement(booked=True, reason=Reason.SENT_TO, customer_id=sent_to.id)
    return Judgement(booked=False, reason=Reason.OTHER_BUYER, customer_id=buyer)


def is_ours(seller: TradeParty, firm: Firm) -> bool | None:
    """Whether we wrote it; None where it does not say enough, or we know too little of ourselves."""
    if firm.vat_id and seller.vat_id:
        return _plain(firm.vat_id) == _plain(seller.vat_id)
    if any(firm.is_own(address) for address in seller.addresses):
        return True
    if firm.name and seller.name:
        doubtful = firms.compare(firm.name, seller.name) is FirmLikeness.PART
        return None if doubtful else _same_name(firm.name, seller.name)
    return None


def is_buyer(buyer: TradeParty, customer: Customer) -> bool:
    """Whether the buyer of an invoice is a customer: by VAT id, else by number or name."""
    if buyer.vat_id and customer.vat_id:
        return _plain(buyer.vat_id) == _plain(customer.vat_id)
    known = {numbers.normal(one) for one in (customer.id, customer.customer_no) if one}
    if known & {numbers.normal(one) for one in buyer.ids}:
        return True
    if customer.email and customer.email.lower() in _lower(buyer.addresses):
        return True
    return bool(buyer.name) and _same_name(customer.name, buyer.name)


def _unnamed(buyer: TradeParty) -> bool:
    """Whether an invoice names no buyer at all."""
    return not (buyer.name or buyer.vat_id or buyer.ids)


def _lower(texts: Collection[str]) -> set[str]:
    return {text.lower() for text in texts}


def _plain(vat_id: str) -> str:
    return "".join(filter(str.isalnum, vat_id)).upper()


def _same_name(a: str, b: str) -> bool:
    alike = (FirmLikeness.EXACT, FirmLikeness.VARIANT, FirmLikeness.TYPO)
    return a.casefold() == b.casefold() or firms.compare(a, b) in alike
