"""Electronic invoices in our own Sent mail on their way into the books: once, and never over what the books said.

an invoice in a mail of Sent (found by the workers)
    known to the books, or found before   nothing
    the customer's to whom it was sent    booked
    in doubt                              waits for a person, who books or dismisses it

It goes where its mail goes: when that is filed anew, or other customers come to be known, it is judged again, and what
was booked of itself moves or is undone. What a person decided about it stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant import bookkeeping
from assistant.care import known
from rules import identifiers
from rules.sent_invoices import Judgement, judged
from rules.terms.customer import Customer, IdentifierKind
from rules.terms.einvoice import ElectronicInvoice, TradeParty
from rules.terms.errors import NotFound, WrongUse
from rules.terms.finding import Action, Match
from rules.terms.firm import Firm
from rules.terms.staff import FieldGroup, Viewer
from storage.found_invoices import FoundInvoice, FoundState
from storage.pool import Pool, Work

_FEW = 5
_AT_ONCE = 50


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
    for number, invoice in wanted.items():
        found = None if number in there else _judged(work, firm, invoice, sent_to)
        if found is None:
            continue
        _book(work, invoice, found)
        work.found_invoices.add(
            FoundInvoice(invoice, message, _state(found), found.reason.value, now, customer_id=found.customer_id)
        )


def follow(work: Work, firm: Firm, message: int, match: Match) -> None:
    """A mail was filed anew: its invoices are judged again by that.

    Args:
        work: the unit of work that files it.
        firm: who we are.
        message: the mail's number; one without invoices is left alone.
        match: whose it is now.
    """
    for found in work.found_invoices.of_message(message):
        _judge_again(work, firm, found, match)


def judge_waiting(pool: Pool, firm: Firm) -> None:
    """Customers changed, or what we know of ourselves: all that waits is judged again, a few at a time."""
    last = ""
    while True:
        with pool.begin() as work:
            some = work.found_invoices.waiting_after(last, _AT_ONCE)
            mails = work.messages.get_many({one.message for one in some}, 0)
            for found in some:
                _judge_again(work, firm, found, mails[found.message].match)
        if len(some) < _AT_ONCE:
            return
        last = some[-1].invoice.number


def _judge_again(work: Work, firm: Firm, found: FoundInvoice, match: Match) -> None:
    number = found.invoice.number
    if found.decided_by or found.state is FoundState.DISMISSED:
        return
    judgement = _judged(work, firm, found.invoice, match.customer_id if match.action is Action.ATTACH else None)
    if found.state is FoundState.BOOKED and (judgement is None or not judgement.booked):
        bookkeeping.unbook(work, number)
    if judgement is None:  # we know by now that somebody else wrote it
        work.found_invoices.drop([number])
        return
    if (_state(judgement), judgement.customer_id) != (found.state, found.customer_id):
        _book(work, found.invoice, judgement)
    work.found_invoices.judge(number, _state(judgement), judgement.reason.value, judgement.customer_id)


def _judged(work: Work, firm: Firm, invoice: ElectronicInvoice, sent_to: str | None) -> Judgement | None:
    customer = work.customers.get(sent_to) if sent_to else None
    return judged(invoice, firm, customer, _buyers(work, invoice.buyer))


def _book(work: Work, invoice: ElectronicInvoice, judgement: Judgement) -> None:
    if judgement.booked and judgement.customer_id is not None:
        bookkeeping.book(work, [invoice.of_customer(judgement.customer_id)], mailed=True)


def _state(judgement: Judgement) -> FoundState:
    return FoundState.BOOKED if judgement.booked else FoundState.WAITING


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
            customers = work.customers.used({one.customer_id for one in found if one.customer_id})
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
