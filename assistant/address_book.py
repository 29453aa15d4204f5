"""The address book in staff's hands: a new customer made of a mail, duplicates merged, and both taken back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from assistant.bookkeeping import reckon_all
from assistant.changing import BY_HAND, put_contact, put_customer
from assistant.filing import file_mail, readable, undo_mail
from assistant.learning import open_again
from assistant.numbering import fresh
from rules.terms.customer import Contact, Customer
from rules.terms.errors import NotFound, WrongUse
from rules.terms.finding import Evidence, Match
from rules.terms.firm import Firm
from rules.terms.interaction import Channel, Interaction
from rules.terms.pooled import PooledMessage
from rules.terms.staff import Viewer
from storage.pool import Pool, Work

# The reason by which a mail says that its customer was made of it.
CREATED = "created"
_MOST_MAILS = 5000
_ORIGIN = {"de": "Angelegt aus einer Mail: {subject}", "en": "Created from a mail: {subject}"}


@dataclass(frozen=True, slots=True)
class AddressBook:
    """What staff change in the firm's records."""

    pool: Pool
    firm: Firm

    def create(self, viewer: Viewer, numbers: Sequence[int], customer: Customer, contact: Contact | None) -> str:
        """Make a new customer and file these mails under it; its id.

        Args:
            viewer: who does it.
            numbers: the mails; the first one is where the customer comes from.
            customer: the record; with an empty id the next one of our own ("N-000001") is given.
            contact: who wrote, None where that is the customer.

        Raises:
            NotFound: the viewer may not read one of the mails.
            WrongUse: the id is taken, or there is no name.
        """
        with self.pool.begin() as work:
            mails = [readable(work, viewer, no) for no in numbers]
            made = fresh(work, customer)
            put_customer(work, self.firm, made)
            contact_id = None
            if contact is not None and (contact.first_name or contact.last_name):
                contact_id = f"{BY_HAND}{made.id}"
                put_contact(work, self.firm, replace(contact, id=contact_id, customer_id=made.id), made.country)
            work.interactions.add([self._origin(viewer, made, mails[0].message.subject)])
            for mail in mails:
                file_mail(work, self.firm, viewer, mail, made, contact_id, [Evidence(CREATED, made.id)])
        return made.id

    def uncreate(self, viewer: Viewer, no: int) -> None:
        """Take back that a customer was made of a mail: the record is gone, its mails are open again.

        Raises:
            NotFound: the viewer may not read the mail, or no customer was made of it.
            WrongUse: more belongs to the customer by now than mails that were filed with or by it.
        """
        with self.pool.begin() as work:
            made = _created(readable(work, viewer, no).match)
            if made is None:
                raise NotFound
            take_out(work, self.firm, made, lambda mail: undo_mail(work, self.firm, mail))

    def merge(self, viewer: Viewer, kept: str, merged: str) -> int:
        """Let everything of one customer be another one's; the number by which it can be undone.

        Raises:
            UnknownName: one of them is no customer (any more).
            WrongUse: they are the same.
        """
        with self.pool.begin() as work:
            number = work.merges.merge(kept, merged, viewer.login, datetime.now(UTC))
            reckon_all(work, [kept])
        return number

    def split(self, viewer: Viewer, number: int) -> None:
        """Undo a merge.

        Raises:
            NotFound: there is no such merge, or it has been undone.
            WrongUse: the kept customer has become part of another one since.
        """
        with self.pool.begin() as work:
            reckon_all(work, work.merges.undo(number, viewer.login, datetime.now(UTC)))

    def _origin(self, viewer: Viewer, customer: Customer, subject: str) -> Interaction:
        words = _ORIGIN.get(self.firm.language, _ORIGIN["en"]).format(subject=subject)
        return Interaction(customer.id, Channel.NOTE, datetime.now(UTC), words, staff=viewer.login)


def take_out(work: Work, firm: Firm, made: str, undo: Callable[[PooledMessage], None] | None = None) -> None:
    """Remove a customer who was made here; the mails that follow from the record are open again.

    Args:
        work: the unit of work.
        firm: who we are.
        made: the customer's id.
        undo: takes the decision back by which the customer was made of a mail; None where it was made of none.

    Raises:
        WrongUse: more belongs to the customer by now than mails that were filed with or by the record.
    """
    entries = work.interactions.timeline(made, limit=_MOST_MAILS)
    mails = work.messages.get_many(
        [entry.message for entry in entries if entry.message is not None], 0 if undo is None else None
    )
    notes = [entry for entry in entries if entry.message is None]
    decided = [mail for mail in mails.values() if mail.match.decided_by is not None]
    if (
        any(undo is None or _created(mail.match) != made for mail in decided)
        or len(notes) > 1
        or len(entries) == _MOST_MAILS
        or work.merges.into(made)
        or work.ledger.has(made, without=work.found_invoices.booked_by_themselves(made))
    ):
        raise WrongUse(
            problem="More belongs to this customer by now. File that elsewhere first, or merge the customer.",
            problem_de="Zu diesem Kunden gehört inzwischen mehr. Ordnen Sie das zuerst anderswo zu, oder "
            "führen Sie den Kunden mit einem anderen zusammen.",
        )
    for mail in mails.values():
        if mail.match.decided_by is not None and undo is not None:
            undo(mail)
        else:
            open_again(work, firm, mail.no)
    work.customers.remove(made)


def _created(match: Match) -> str | None:
    """The customer that was made of a mail."""
    made = next((piece.quote for piece in match.evidence if piece.reason == CREATED), None)
    return made if made == match.customer_id else None
