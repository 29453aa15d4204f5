"""What a person may see of a mail or a customer: fetches the facts, applies the viewer's rights, builds the Summary.

Every page, answer and event about a customer goes through here, so rights are applied in one place: the content of
a mail is for those who may read one of the mailboxes that hold it; to others a timeline says only that there was
contact.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from assistant import bookkeeping, timelines
from assistant.restricting import check_used, named_by
from assistant.settings import Settings
from assistant.triage import Triage
from rules import addresses, ledger_lines, summary
from rules.deadlines import AROUND_THE_CLOCK, BusinessHours
from rules.ledger_lines import Paper
from rules.terms.case import PENDING
from rules.terms.customer import Contact, Customer, Reference
from rules.terms.errors import NotFound
from rules.terms.interaction import Channel, Interaction, Timeline, TimelineEntry
from rules.terms.mail import Direction, FolderRole
from rules.terms.pooled import PooledMessage
from rules.terms.promise import Promise
from rules.terms.staff import FieldGroup, Role, Viewer
from rules.terms.summary import Status, Summary
from rules.value_lines import Worth
from storage.pool import Pool, Work
from storage.restrictions import Restriction

RECENT = 5
SENT_FILES = "sent"
REFERENCES = 5
PAGE = 200
FORGOTTEN = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Lookup:
    """Answers questions about stored mails and customers.

    `zone` is the firm's time zone, `hours` when it works, `horizon_days` how far its lifetime values look ahead.
    `existing`: it mails existing customers without consent (§ 7 (3) UWG).
    """

    pool: Pool
    zone: ZoneInfo
    hours: BusinessHours = AROUND_THE_CLOCK
    horizon_days: int = 730
    existing: bool = False

    @classmethod
    def by(cls, settings: Settings, pool: Pool) -> Self:
        """As kingpost.toml says."""
        firm, hours = settings.firm, Triage.by(settings).hours
        horizon = settings.value.horizon_days
        return cls(pool, ZoneInfo(firm.time_zone), hours, horizon, firm.mail_existing_customers)

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
            self._ask(work, viewer, customer_id, now)
            customer = work.customers.get(customer_id)
            if customer is None:
                raise NotFound
            restriction = work.restrictions.of(customer.id)
            if restriction is not None and viewer.role is not Role.ADMIN:
                return summary.restricted(None, viewer, now)
            worth = self._worth(work, viewer, customer.id, now)
            cases = tuple(work.cases.of_customer(customer.id, viewer.mailboxes))
            facts = summary.Facts(
                customer=customer,
                complaints=tuple(work.findings.beside(None, customer.id, viewer.mailboxes)),
                cases=cases,
                hours=self.hours,
                names=work.staff.names() if cases else {},
                worth=worth,
                promises=self._promises(work, viewer, customer.id, now),
                horizon_days=self.horizon_days,
                recent=self._recent(work, viewer, customer.id, worth),
                references=self._references(work, customer.id, worth),
            )
            return self._marked(summary.build(facts, viewer, now, self.zone), restriction, viewer)

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
            check_used(work, viewer, customer.id)
            found, more = timelines.page(work, customer.id, self.zone, before=before, channels=channels, limit=limit)
            return Timeline(self._entries(work, viewer, found), more)

    def holding(self, viewer: Viewer, customer_id: str, text: str, limit: int) -> tuple[TimelineEntry, ...]:
        """A customer's notes, calls, letters … that hold a text, newest first; mails are found by the search.

        Raises:
            NotFound: there is no such customer.
        """
        with self.pool.read() as work:
            customer = work.customers.get(customer_id)
            if customer is None:
                raise NotFound
            check_used(work, viewer, customer.id)
            return self._entries(work, viewer, work.interactions.holding(customer.id, text, limit))

    def mail(self, viewer: Viewer, no: int) -> PooledMessage:
        """A stored mail whose content the viewer may read.

        Raises:
            NotFound: there is no such mail, or the viewer may see no copy of it.
            Forbidden: it is a customer's whose data are only kept.
        """
        with self.pool.read() as work:
            mail = self._mail(work, viewer, no)
            check_used(work, viewer, mail.match.customer_id, mail.arrived)
        return mail

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
        if match.customer_id:
            self._ask(work, viewer, match.customer_id, now, mail)
        customer = work.customers.get(match.customer_id) if match.customer_id else None
        restriction = work.restrictions.of(customer.id) if customer is not None else None
        if restriction is not None and viewer.role is not Role.ADMIN:
            return summary.restricted(mail, viewer, now)
        contact = work.customers.contact(match.contact_id) if match.contact_id else None
        sent = _was_sent(work, mail)
        facts = summary.Facts(
            message=mail,
            match=match,
            customer=customer,
            contact=contact,
            sent=sent,
            people=_in_order(named_by(work, mail), match.candidates) if customer is None else (),
        )
        known = customer.id if customer is not None and summary.status_of(facts) is Status.KNOWN else None
        facts = replace(facts, complaints=tuple(work.findings.beside(mail.no, known, viewer.mailboxes)))
        if not match.spoof:
            own = work.cases.of_messages([mail.no]).get(mail.no)
            theirs = work.cases.of_customer(known, viewer.mailboxes) if known else []
            first = [own] if own is not None and own.state in PENDING else []
            others = [case for case in theirs if case not in first]
            cases = (*first, *others)
            names = work.staff.names() if cases else {}
            facts = replace(facts, cases=cases, in_case=own is not None, hours=self.hours, names=names)
        if known is not None:
            worth = self._worth(work, viewer, known, now)
            facts = replace(
                facts,
                worth=worth,
                promises=self._promises(work, viewer, known, now),
                horizon_days=self.horizon_days,
                recent=self._recent(work, viewer, known, worth, mail.no),
                references=self._references(work, known, worth),
            )
        return self._marked(summary.build(facts, viewer, now, self.zone), restriction, viewer)

    def _ask(
        self, work: Work, viewer: Viewer, customer_id: str, now: datetime, mail: PooledMessage | None = None
    ) -> None:
        """Let the pool look for what the summary of a customer, or of a mail of theirs, is made of."""
        today = self._today(now)
        work.beside.ask(
            customer_id,
            viewer.mailboxes,
            today=today,
            promised=today - FORGOTTEN,
            entries=RECENT + 1,
            references=4 * REFERENCES,
            message=None if mail is None else mail.no,
            contact_id=None if mail is None else mail.match.contact_id,
        )

    def _today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()

    def _marked(self, built: Summary, restriction: Restriction | None, viewer: Viewer) -> Summary:
        """What an administrator sees of a restricted customer says that it is one."""
        if restriction is None:
            return built
        return summary.with_restriction(built, restriction.since.astimezone(self.zone).date(), viewer)

    def _worth(self, work: Work, viewer: Viewer, id: str, now: datetime) -> Worth:
        """What the books and the reckoning say of a customer."""
        today = self._today(now)
        list_day = work.ledger.list_day()
        return Worth(
            facts=bookkeeping.facts_of(work, id),
            particulars=work.particulars.of(id, today) if FieldGroup.PARTICULARS in viewer.groups else (),
            open_items=work.ledger.open_items_of(id) if list_day is not None else (),
            list_day=list_day,
            value=work.values.of([id]).get(id),
            decided=work.decisions.of(id),
            bars=work.decisions.bars([id]).get(id, frozenset()),
            consents=work.consents.of(id),
            bought=self.existing and id in work.consents.bought([id]),
        )

    def _promises(self, work: Work, viewer: Viewer, id: str, now: datetime) -> tuple[Promise, ...]:
        """What we promised a customer and have not kept; of what is long over nobody is reminded."""
        return tuple(work.promises.open_of(id, viewer.mailboxes, self._today(now) - FORGOTTEN))

    def _recent(
        self, work: Work, viewer: Viewer, id: str, worth: Worth, without: int | None = None
    ) -> tuple[TimelineEntry, ...]:
        """The latest entries of a timeline, but for a mail that is open anyway."""
        found = timelines.latest(work, id, self.zone, _papers(worth), RECENT + 1)
        some = [one for one in found if without is None or not isinstance(one, Interaction) or one.message != without]
        return self._entries(work, viewer, some[:RECENT])

    def _references(self, work: Work, id: str, worth: Worth) -> tuple[Reference, ...]:
        """The latest numbers on paper, but for kinds of paper that the books hold: those stand in the timeline."""
        booked = {channel.value for channel in _papers(worth)}
        found = work.customers.references_of(id, 4 * REFERENCES)
        return tuple(one for one in found if one.type not in booked)[:REFERENCES]

    def _entries(self, work: Work, viewer: Viewer, found: Sequence[Interaction | Paper]) -> tuple[TimelineEntry, ...]:
        with_money = FieldGroup.MONEY in viewer.groups
        contacts = work.customers.contacts(
            {entry.contact_id for entry in found if isinstance(entry, Interaction) and entry.contact_id}
        )
        return tuple(
            _seen_by(viewer, one, contacts, self.zone)
            if isinstance(one, Interaction)
            else ledger_lines.entry(one, viewer.language, self.zone, with_money=with_money)
            for one in found
        )


def _papers(worth: Worth) -> list[Channel]:
    """The kinds of paper that the books hold for a customer."""
    facts = worth.facts
    known = ((Channel.ORDER, facts.orders), (Channel.OFFER, facts.offers), (Channel.INVOICE, facts.billing))
    return [channel for channel, some in known if some is not None]


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


def _seen_by(viewer: Viewer, entry: Interaction, contacts: Mapping[str, Contact], zone: ZoneInfo) -> TimelineEntry:
    """The entry as this viewer may see it; of a mail that is not theirs no more than the day."""
    shared = entry.mailboxes & viewer.mailboxes
    if entry.message is not None and not shared:
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
        reaction=entry.reaction,
        document=entry.document,
        id=entry.id,
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
    return _in_order(work.customers.get_many(ids), ids)


def _in_order(found: Mapping[str, Customer], ids: Sequence[str]) -> tuple[Customer, ...]:
    return tuple(found[one] for one in ids if one in found)
