"""Electronic invoices in our own Sent mail on their way into the books: once, and never over what the books said.

an invoice in a mail of Sent (found by the workers)
    known to the books, or found before   nothing
    the customer's to whom it was sent    booked
    in doubt                              waits for a person, who books or dismisses it
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant import bookkeeping
from assistant.care import known
from rules import identifiers
from rules.sent_invoices import judged
from rules.terms.customer import Customer, IdentifierKind
from rules.terms.einvoice import ElectronicInvoice, TradeParty
from rules.terms.errors import NotFound, WrongUse
from rules.terms.firm import Firm
from rules.terms.staff import FieldGroup, Viewer
from storage.found_invoices import FoundInvoice, FoundState
from storage.pool import Pool, Work

_FEW = 5


def take(
    work: Work,
    firm: Firm,
    invoices: Sequence[ElectronicInvoice],
    *,
    message: int,
    sent_to: str | None,
    now: datetime,
) -> None:
    """Book the invoices of a mail that was sent, or let them wait.

    Args:
        work: the unit of work that stores the mail.
        firm: who we are.
        invoices: what it carried.
        message: the mail's number.
        sent_to: the customer to whom it surely went.
        now: the present moment.
    """
    wanted = {one.number: one for one in invoices if bookkeeping.plausible(one.date)}
    there = work.ledger.customers_of_invoices(wanted).keys() | work.found_invoices.known(wanted)
    customer = work.customers.get(sent_to) if sent_to else None
    for number, invoice in wanted.items():
        found = None if number in there else judged(invoice, firm, customer, _buyers(work, invoice.buyer))
        if found is None:
            continue
        if found.booked and found.customer_id is not None:
            bookkeeping.book(work, [invoice.of_customer(found.customer_id)], mailed=True)
        state = FoundState.BOOKED if found.booked else FoundState.WAITING
        work.found_invoices.add(
            FoundInvoice(invoice, message, state, found.reason.value, now, customer_id=found.customer_id)
        )


@dataclass(frozen=True, slots=True)
class Invoicing:
    """What staff do with invoices that wait."""

    pool: Pool

    def waiting(self, viewer: Viewer) -> list[tuple[FoundInvoice, Customer | None]]:
        """What waits, with the customer whose it may be, newest first.

        Raises:
            Forbidden: the viewer has no right to money.
        """
        bookkeeping.allow(viewer, FieldGroup.MONEY)
        with self.pool.read() as work:
            found = work.found_invoices.waiting(viewer.mailboxes)
            customers = work.customers.get_many({one.customer_id for one in found if one.customer_id})
            return [(one, customers.get(one.customer_id or "")) for one in found]

    def book(self, viewer: Viewer, number: str, customer_id: str) -> str:
        """It is a customer's; the customer's id.

        Raises:
            Forbidden: the viewer has no right to money.
            NotFound: nothing of that number waits.
            UnknownName: there is no such customer.
            WrongUse: the books have brought it meanwhile.
        """
        bookkeeping.allow(viewer, FieldGroup.MONEY)
        with self.pool.begin() as work:
            found = _waiting(work, viewer, number)
            customer = known(work, customer_id)
            if work.ledger.customers_of_invoices([number]):
                raise WrongUse(
                    problem=f"Invoice {number} stands in the books already.",
                    problem_de=f"Die Rechnung {number} steht schon in den Büchern.",
                )
            bookkeeping.book(work, [found.invoice.of_customer(customer)], mailed=True)
            work.found_invoices.settle(number, FoundState.BOOKED, customer, viewer.login)
        return customer

    def dismiss(self, viewer: Viewer, number: str) -> None:
        """It is none of a customer's, and is not asked about again.

        Raises:
            Forbidden: the viewer has no right to money.
            NotFound: nothing of that number waits.
        """
        bookkeeping.allow(viewer, FieldGroup.MONEY)
        with self.pool.begin() as work:
            _waiting(work, viewer, number)
            work.found_invoices.settle(number, FoundState.DISMISSED, None, viewer.login)


def _waiting(work: Work, viewer: Viewer, number: str) -> FoundInvoice:
    found = work.found_invoices.get(number, viewer.mailboxes)
    if found is None or found.state is not FoundState.WAITING:
        raise NotFound
    return found


def _buyers(work: Work, buyer: TradeParty) -> list[Customer]:
    """Customers who may be the buyer that an invoice names: by VAT id, number, address or name."""
    asked = {
        IdentifierKind.VAT: [identifiers.vat_id(buyer.vat_id)],
        IdentifierKind.ADDRESS: [addr for field in buyer.addresses for addr in identifiers.mail_addresses(field)],
    }
    owners = work.customers.owners(asked)
    ids = {one.customer_id for found in owners.values() for one in found.known} | set(buyer.ids)
    found = work.customers.get_many(ids)
    for text in (*buyer.ids, buyer.name):
        if text:
            found |= {one.id: one for one in work.customers.find(text, _FEW)}
    return list({one.id: one for one in found.values()}.values())
