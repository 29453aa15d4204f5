"""What a person may see of a mail or a customer: fetches the facts, applies the viewer's rights, builds the Summary.

Every page, answer and event about a customer goes through here, so rights are applied in one place: the content of
a mail is for those who may read one of the mailboxes that hold it; to others a timeline says only that there was
contact.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from rules import addresses, summary
from rules.terms.customer import Contact, Customer
from rules.terms.errors import NotFound, WrongUse
from rules.terms.interaction import Channel, Interaction, Timeline, TimelineEntry
from rules.terms.mail import Direction, FolderRole
from rules.terms.pooled import PooledMessage
from rules.terms.staff import Viewer
from rules.terms.summary import Status, Summary
from storage.pool import Pool, Work

RECENT = 5
SENT_FILES = "sent"
REFERENCES = 5
PAGE = 200
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Lookup:
    """Answers questions about stored mails and customers. `zone` is the firm's time zone."""

    pool: Pool
    zone: ZoneInfo

    def of_message(self, viewer: Viewer, no: int, now: datetime) -> Summary:
        """The summary beside a stored mail.

        Raises:
            NotFound: there is no such mail, or the viewer may see no copy of it.
        """
        with self.pool.read() as work:
            return self._of_mail(work, viewer, self._mail(work, viewer, no, text_length=0), now)

    def by_message_id(
        self,
        viewer: Viewer,
        message_id: str,
        *,
        sender: str | None = None,
        subject: str | None = None,
        mailbox: str | None = None,
        now: datetime,
    ) -> Summary:
        """The summary for a mail as a client names it; status `pending` when the pool holds no such mail yet.

        A sender that differs from the stored mail's means another mail with a borrowed Message-ID: nothing is shown
        of the stored one. Where several stored mails fit, nothing is shown either (status `review`).
        """
        with self.pool.read() as work:
            mails = [
                mail
                for mail in work.messages.by_message_id(normalised(message_id), text_length=0)
                if mail.mailboxes & viewer.mailboxes and (sender is None or _same_sender(mail, sender))
            ]
            mails = _narrowed(mails, subject, mailbox)
            if not mails:
                return summary.pending(normalised(message_id), subject or "", sender or "", viewer, now)
            if len(mails) == 1:
                return self._of_mail(work, viewer, mails[0], now)
            ids = tuple(dict.fromkeys(mail.match.customer_id for mail in mails if mail.match.customer_id))
            return summary.ambiguous(normalised(message_id), _customers(work, ids), viewer, now)

    def of_customer(self, viewer: Viewer, customer_id: str, now: datetime) -> Summary:
        """The summary of a customer opened by hand.

        Raises:
            NotFound: there is no such customer.
        """
        with self.pool.read() as work:
            customer = work.customers.get(customer_id)
            if customer is None:
                raise NotFound
            facts = summary.Facts(
                customer=customer,
                complaints=tuple(work.findings.beside(None, customer.id, viewer.mailboxes)),
                recent=self._entries(work, viewer, work.interactions.timeline(customer.id, limit=RECENT)),
                references=tuple(work.customers.references_of(customer.id, REFERENCES)),
            )
            return summary.build(facts, viewer, now, self.zone)

    def timeline(
        self,
        viewer: Viewer,
        customer_id: str,
        *,
        before: str | None = None,
        channels: Collection[Channel] = (),
        limit: int = 50,
    ) -> Timeline:
        """A page of a customer's timeline, newest first.

        Args:
            viewer: who reads.
            customer_id: whose timeline.
            before: `next` of the page before; None for the newest.
            channels: only these; all when empty.
            limit: entries a page, at most 200.

        Raises:
            NotFound: there is no such customer.
            WrongUse: `before` is not a value that this method gave out.
        """
        limit = max(1, min(limit, PAGE))
        with self.pool.read() as work:
            customer = work.customers.get(customer_id)
            if customer is None:
                raise NotFound
            found = work.interactions.timeline(customer.id, before=_mark(before), limit=limit + 1, channels=channels)
            page, more = found[:limit], len(found) > limit
            # The id alone: the exact moment of a closed entry is nobody's business.
            return Timeline(self._entries(work, viewer, page), str(page[-1].id) if more else None)

    def mail(self, viewer: Viewer, no: int) -> PooledMessage:
        """A stored mail whose content the viewer may read.

        Raises:
            NotFound: there is no such mail, or the viewer may see no copy of it.
        """
        with self.pool.read() as work:
            return self._mail(work, viewer, no)

    def _mail(self, work: Work, viewer: Viewer, no: int, text_length: int | None = None) -> PooledMessage:
        mail = work.messages.get(no, text_length)
        if mail is None or not mail.mailboxes & viewer.mailboxes:
            raise NotFound
        if not mail.mailboxes <= viewer.mailboxes:
            # Hidden recipients stand only in the sender's own copy, which may be a colleague's.
            mail = replace(mail, message=replace(mail.message, bcc=()))
        return mail

    def _of_mail(self, work: Work, viewer: Viewer, mail: PooledMessage, now: datetime) -> Summary:
        match = mail.match
        customer = work.customers.get(match.customer_id) if match.customer_id else None
        contact = work.customers.contact(match.contact_id) if match.contact_id else None
        sent = _was_sent(work, mail)
        facts = summary.Facts(
            message=mail,
            match=match,
            customer=customer,
            contact=contact,
            sent=sent,
            people=_customers(work, match.candidates) if customer is None else (),
        )
        known = customer.id if customer is not None and summary.status_of(facts) is Status.KNOWN else None
        facts = replace(facts, complaints=tuple(work.findings.beside(mail.no, known, viewer.mailboxes)))
        if known is not None:
            recent = [
                entry for entry in work.interactions.timeline(known, limit=RECENT + 1) if entry.message != mail.no
            ]
            facts = replace(
                facts,
                recent=self._entries(work, viewer, recent[:RECENT]),
                references=tuple(work.customers.references_of(known, REFERENCES)),
            )
        return summary.build(facts, viewer, now, self.zone)

    def _entries(self, work: Work, viewer: Viewer, found: Sequence[Interaction]) -> tuple[TimelineEntry, ...]:
        contacts: dict[str, Contact | None] = {}
        for entry in found:
            if entry.contact_id and entry.contact_id not in contacts:
                contacts[entry.contact_id] = work.customers.contact(entry.contact_id)
        return tuple(_seen_by(viewer, entry, contacts, self.zone) for entry in found)


def _was_sent(work: Work, mail: PooledMessage) -> bool:
    """Whether a copy lies or lay in a Sent folder, or was read from files as sent."""
    if mail.direction is Direction.INCOMING:
        return False
    places = {(place.mailbox, place.folder) for place in mail.placements}
    roles = {(name, state.name): state.role for name in mail.mailboxes for state in work.mailboxes.folders(name)}
    return any(roles.get(place) is FolderRole.SENT or place[1] == SENT_FILES for place in places)


def normalised(message_id: str) -> str:
    """A Message-ID as the pool keeps it, however a client writes it."""
    return "".join(message_id.split()).removeprefix("<").removesuffix(">")


def _seen_by(viewer: Viewer, entry: Interaction, contacts: dict[str, Contact | None], zone: ZoneInfo) -> TimelineEntry:
    """The entry as this viewer may see it; of a mail that is not theirs no more than the day."""
    shared = entry.mailboxes & viewer.mailboxes
    if entry.channel is Channel.MAIL and not shared:
        day = datetime.combine(entry.date.astimezone(zone).date(), time(12), zone)
        return TimelineEntry(entry.channel, entry.direction, day, "", "", "", "", None, open=False)
    contact = contacts.get(entry.contact_id) if entry.contact_id else None
    return TimelineEntry(
        channel=entry.channel,
        direction=entry.direction,
        date=entry.date,
        subject=entry.subject,
        text=entry.text,
        who=entry.staff or (contact.name if contact else ""),
        mailbox=min(shared, default=""),
        message=entry.message,
        complaint=entry.complaint,
    )


def _same_sender(mail: PooledMessage, sender: str) -> bool:
    return addresses.canonical(mail.message.sender.addr) == addresses.canonical(sender)


def _narrowed(mails: list[PooledMessage], subject: str | None, mailbox: str | None) -> list[PooledMessage]:
    """Those that fit what else the client says, as far as it tells several mails apart."""
    for fits in (
        lambda mail: mailbox is not None and mailbox in mail.mailboxes,
        lambda mail: subject is not None and mail.message.subject.split() == subject.split(),
    ):
        if len(mails) > 1:
            mails = [mail for mail in mails if fits(mail)] or mails
    return mails


def _customers(work: Work, ids: Sequence[str]) -> tuple[Customer, ...]:
    found = work.customers.get_many(ids)
    return tuple(found[one] for one in ids if one in found)


def _mark(before: str | None) -> int | None:
    if before is None:
        return None
    if not (before.isascii() and before.isdecimal() and len(before) < 20 and int(before) <= LARGEST_ID):
        raise WrongUse(
            problem="“before” is not a mark of this timeline; start again without it.",
            problem_de="„before“ ist keine Marke dieses Verlaufs; beginnen Sie noch einmal ohne sie.",
        )
    return int(before)
