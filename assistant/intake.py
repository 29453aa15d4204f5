"""One mail's way into the pool: read by workers, decided by the rules, stored together with its cause.

    raw mails of one folder → Reader (worker processes) → questions → one look into the pool → decisions
        → message, placement, interaction, finding, quarantine and the folder's cursor in one transaction
        → listeners are told

What is not committed is simply read again from where it came; what is committed is never stored twice, because the
message's identity and the placement are unique keys.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import compress

from assistant import invoicing
from assistant.deciding import Draft, believed, decide, draft_of
from assistant.erased import Arrival, Gate
from assistant.events import Arrived, CaseChanged, Event
from assistant.metadata_only import bared, is_whole_known, marked, superseded
from assistant.promising import Sent, note_sent
from assistant.reader import Reader, ReadMail
from assistant.repairing import Filed, propose
from assistant.triage import Triage, Triaged
from connectors.mime import pack
from rules.complaints import frames
from rules.exclusion import is_left_out
from rules.terms.complaint import Assessment, Finding
from rules.terms.errors import MailRefused, NotFound
from rules.terms.finding import Action, Match
from rules.terms.interaction import Interaction, channel_of
from rules.terms.mail import (
    Blob,
    Cursor,
    Direction,
    FolderRole,
    MailboxKind,
    MailKind,
    Message,
    Placement,
    RawMail,
    Reading,
    Verdict,
)
from rules.terms.pooled import NewMail
from storage.pool import Pool, Work

EXCERPT = 300
AHEAD = 3
CLOCK_SKEW = timedelta(days=1)
# So many former findings of a customer are compared with what a colleague hands on.
_COMPARED = 50
# What of a customer is missed when it lies in Junk; their newsletters are not.
_MISSED = (MailKind.PERSON, MailKind.WEB_FORM, MailKind.GATEWAY)


@dataclass(frozen=True, slots=True)
class Batch:
    """Mails of one folder on their way in. At most 100, so that one transaction stays short.

    `cursor` is how far the folder has been read once these are stored; None where there is no folder to go on in.
    `history` makes the whole batch history; otherwise the cursor's `history_uid` decides mail by mail, or, without a
    cursor, the batch's. `trusted`: whether Authentication-Results can be our own server's word.
    Of `metadata_only` ones the mails are bare: nobody but this module makes them so.
    `refused` holds place and reason of mails that the server lists but would not give in a usable form: they are
    quarantined without content.
    """

    mailbox: str
    folder: str
    role: FolderRole
    mails: tuple[RawMail, ...]
    cursor: Cursor | None = None
    history: bool = False
    history_uid: int = 0
    trusted: bool = True
    refused: tuple[tuple[Placement, str], ...] = ()
    metadata_only: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a batch: numbers of new mails, copies of known ones, how many are in quarantine, changed cases.

    `kept_out`: how many stay out because they were erased, or because the firm leaves such mail out.
    """

    new: tuple[int, ...] = ()
    known: int = 0
    quarantined: int = 0
    cases: frozenset[int] = frozenset()
    kept_out: int = 0


@dataclass(frozen=True, slots=True)
class Pending:
    """A batch whose mails are being read; `kept` is done when their blobs are safely on the disk."""

    batch: Batch
    reading: "Future[list[ReadMail | MailRefused]]"
    kept: "Future[None]"


class Intake:
    """Takes mails into the pool, whatever door they came through."""

    def __init__(
        self,
        pool: Pool,
        reader: Reader,
        triage: Triage,
        publish: Callable[[Event], None] = lambda event: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        gate: Gate | None = None,
    ) -> None:
        """Put together what the way needs.

        `publish` tells listeners what has been committed; `gate` keeps out what was erased.
        """
        self._pool = pool
        self._reader = reader
        self._triage = triage
        self._publish = publish
        self._clock = clock
        self._gate = gate
        # Waiting for the disk is most of writing blobs, so it is done while earlier batches are stored.
        self._keepers = ThreadPoolExecutor(AHEAD, "keeper")

    def receive(self, batch: Batch) -> Received:
        """Read and store one batch; returns after the commit.

        Raises:
            PoolError: nothing of the batch is stored; it can be offered again.
        """
        return self.store(self.submit(batch))

    def receive_all(self, batches: Iterable[Batch]) -> Iterator[tuple[Batch, Received]]:
        """Read and store many batches in order, reading the next while one is stored."""
        ahead: list[Pending] = []
        for batch in batches:
            ahead.append(self.submit(batch))
            if len(ahead) >= AHEAD:
                pending = ahead.pop(0)
                yield pending.batch, self.store(pending)
        for pending in ahead:
            yield pending.batch, self.store(pending)

    def submit(self, batch: Batch) -> Pending:
        """Hand a batch to the reading workers, and what they make of it to the blob store."""
        if self._is_metadata_only(batch.mailbox):
            batch = replace(batch, mails=bared(batch.mails), metadata_only=True)
        reading = self._reader.submit([mail.raw for mail in batch.mails])
        return Pending(batch, reading, self._keepers.submit(self._keep, batch, reading))

    def store(self, pending: Pending) -> Received:
        """Decide and commit a batch that has been read.

        Raises:
            PoolError: nothing of the batch is stored; it can be offered again.
        """
        batch, results = pending.batch, pending.reading.result()
        pending.kept.result()
        if batch.role is FolderRole.JUNK:
            return self._look(batch, results)
        read = [(mail, result) for mail, result in zip(batch.mails, results, strict=True)]
        good = [self._draft(batch, mail, result) for mail, result in read if isinstance(result, ReadMail)]
        bad = [(mail, result, pack(mail.raw)) for mail, result in read if isinstance(result, MailRefused)]
        self._pool.blobs.put(blob for _, _, blob in bad)
        now = self._clock()
        with self._pool.begin() as work:
            welcome = self._welcome(work, [(draft.source, draft.mail) for draft in good], bare=batch.metadata_only)
            if not batch.metadata_only and (bare := superseded(work, [draft.mail.message for draft in good])):
                work.erasures.erase_mails(bare)
            received = self._commit(work, batch, list(compress(good, welcome)), now)
            for draft, kept in zip(good, welcome, strict=True):
                if not kept:
                    work.erasures.keep_out(draft.source.placement)
            for mail, refusal, blob in bad:
                if self._gate is not None and self._gate.refused_raw(work, blob.digest):
                    work.erasures.keep_out(mail.placement)
                    continue
                work.quarantine.add(
                    blob.digest, mail.placement, str(refusal.details.get("reason", refusal)), mail.arrived or now, now
                )
            for place, reason in batch.refused:
                work.quarantine.add("", place, reason, now, now)
            if batch.cursor is not None:
                work.mailboxes.advance(batch.mailbox, batch.folder, batch.role, batch.cursor)
        self._tell(batch.mailbox, received)
        return replace(received, quarantined=len(bad) + len(batch.refused), kept_out=welcome.count(False))

    def _keep(self, batch: Batch, reading: "Future[list[ReadMail | MailRefused]]") -> None:
        """Write the blobs of a batch's new mails: before the transaction that names them."""
        if batch.role is FolderRole.JUNK:
            return
        results = zip(batch.mails, reading.result(), strict=True)
        read = [(source, mail) for source, mail in results if isinstance(mail, ReadMail)]
        with self._pool.read() as work:
            known = work.messages.known({mail.message.identity for _, mail in read})
            welcome = self._welcome(work, read, bare=batch.metadata_only)
        kept = (mail for _, mail in compress(read, welcome))
        self._pool.blobs.put(_blobs(mail for mail in kept if mail.message.identity not in known))

    def _look(self, batch: Batch, results: Sequence[ReadMail | MailRefused]) -> Received:
        """Of mail in Junk nothing is stored but whose it is, if a customer wrote it and no check of the sender failed.

        A mail that is in the pool already was put there by somebody who had seen it.
        """
        pairs = zip(batch.mails, results, strict=True)
        read = [(source, mail) for source, mail in pairs if isinstance(mail, ReadMail)]
        now = self._clock()
        with self._pool.begin() as work:
            known = work.messages.known({mail.message.identity for _, mail in read})
            welcome = compress(read, self._welcome(work, read))
            drafts = [
                self._draft(batch, source, mail) for source, mail in welcome if mail.message.identity not in known
            ]
            decide(work, drafts)
            for draft in drafts:
                wrote = draft.direction is Direction.INCOMING and draft.mail.reading.kind in _MISSED
                if wrote and draft.verdict is not Verdict.FAIL and draft.match.action is Action.ATTACH:
                    arrived = draft.source.arrived or now
                    work.sightings.see(draft.source.placement, draft.match.customer_id or "", arrived)
            if batch.cursor is not None:
                work.mailboxes.advance(batch.mailbox, batch.folder, batch.role, batch.cursor)
        return Received()

    def _welcome(self, work: Work, read: Sequence[tuple[RawMail, ReadMail]], *, bare: bool = False) -> list[bool]:
        """Which mails come in: none that is left out or was erased, and no `bare` one that is there whole."""
        free = [not is_left_out(mail.message, self._triage.firm) for _, mail in read]
        if bare:
            free = [one and not is_whole_known(work, mail.message) for one, (_, mail) in zip(free, read, strict=True)]
        if self._gate is None:
            return free
        arrivals = [
            Arrival(mail.message, mail.reading, mail.message.date or source.arrived or self._clock())
            for source, mail in read
        ]
        return [one and not refused for one, refused in zip(free, self._gate.refused(work, arrivals), strict=True)]

    def retry(self, quarantined: int) -> bool:
        """Read a mail from the quarantine once more; True when it waits no more: it is in the pool, or stays out of it.

        Raises:
            NotFound: there is no such mail in quarantine.
        """
        with self._pool.read() as work:
            row = work.quarantine.get(quarantined)
        if row is None:
            raise NotFound
        raw = RawMail(self._pool.blobs.get(row.raw_digest), row.placement, row.arrived)
        if metadata_only := self._is_metadata_only(row.placement.mailbox):
            (raw,) = bared([raw])
        (result,) = self._reader.submit([raw.raw]).result()
        if isinstance(result, MailRefused):
            with self._pool.begin() as work:
                work.quarantine.failed(quarantined, str(result.details.get("reason", result)))
            return False
        with self._pool.begin() as work:
            if not all(self._welcome(work, [(raw, result)], bare=metadata_only)):
                work.erasures.erase_quarantined([quarantined])
                return True
        batch = replace(self._batch_of_one(raw), metadata_only=metadata_only)
        draft = self._draft(batch, raw, result)
        self._pool.blobs.put(_blobs((result,)))
        with self._pool.begin() as work:
            received = self._commit(work, batch, [draft], self._clock())
            work.quarantine.resolve(quarantined)
        self._tell(batch.mailbox, received)
        return True

    def _tell(self, mailbox: str, received: Received) -> None:
        if received.new:
            self._publish(Arrived(mailbox, received.new))
        if received.cases:
            self._publish(CaseChanged(received.cases))

    def _batch_of_one(self, mail: RawMail) -> Batch:
        """A mail by itself, as if it came with its folder: with that folder's role and its bound of history."""
        place = mail.placement
        with self._pool.read() as work:
            roles = {folder.name: folder.role for folder in work.mailboxes.folders(place.mailbox)}
            mailbox = work.mailboxes.get(place.mailbox)
            cursor = work.mailboxes.cursor(place.mailbox, place.folder)
        return Batch(
            place.mailbox,
            place.folder,
            roles.get(place.folder, FolderRole.SENT if place.folder == "sent" else FolderRole.OTHER),
            (mail,),
            history=mailbox is not None and mailbox.kind is MailboxKind.FILES,
            history_uid=cursor.history_uid if cursor and cursor.uidvalidity == place.uidvalidity else 0,
            trusted=believed(place, {place.mailbox} if mailbox and mailbox.kind is MailboxKind.DOOR else set()),
        )

    def _is_metadata_only(self, mailbox: str) -> bool:
        with self._pool.read() as work:
            known = work.mailboxes.get(mailbox)
        return known is not None and known.metadata_only

    def _draft(self, batch: Batch, source: RawMail, mail: ReadMail) -> Draft:
        if batch.metadata_only:
            mail = replace(mail, message=marked(mail.message))
        return draft_of(mail, source, batch.role, self._triage.firm, trusted=batch.trusted)

    def _commit(self, work: Work, batch: Batch, drafts: Sequence[Draft], now: datetime) -> Received:
        known = work.messages.known({draft.mail.message.identity for draft in drafts})
        fresh: dict[str, Draft] = {}
        copies: list[Draft] = []
        for draft in drafts:
            identity = draft.mail.message.identity
            if identity in known or identity in fresh:
                copies.append(draft)
            else:
                fresh[identity] = draft
        _join_threads(work, decide(work, list(fresh.values())))
        mails = [self._new_mail(batch, draft, now) for draft in fresh.values()]
        numbers = work.messages.add(mails)
        known |= dict(zip(fresh, numbers, strict=True))
        work.interactions.add(
            _draft_entry(draft, known[identity], now)
            for identity, draft in fresh.items()
            if draft.match.action is Action.ATTACH and draft.match.customer_id
        )
        found = {
            number: finding(
                draft.mail.message, draft.assessment, draft.match, number, mail.arrived, history=mail.history
            )
            for draft, mail, number in zip(fresh.values(), mails, numbers, strict=True)
            if draft.assessment is not None
        }
        kept = {number: one for number, one in found.items() if one.worth_keeping}
        inside = [known[identity] for identity, draft in fresh.items() if draft.mail.handed_on]
        work.findings.put([one for number, one in kept.items() if number not in inside])
        # The mail that is handed on may lie here itself, perhaps in this batch.
        for number in (number for number in inside if number in kept):
            if was_told(work, kept[number], batch.mailbox):
                del found[number]
            else:
                work.findings.put([kept[number]])
        news = [
            Triaged.of_draft(draft, number, written(mail.message, mail.arrived), mail.arrived, found.get(number))
            for draft, mail, number in zip(fresh.values(), mails, numbers, strict=True)
            if not mail.history
        ]
        cases = self._triage.take(work, news, now) if news else set()
        propose(work, (_filed(draft, known[identity]) for identity, draft in fresh.items()), now)
        for draft in copies:
            number = known[draft.mail.message.identity]
            work.messages.place(number, draft.source.placement, draft.verdict, draft.source.arrived or now)
            if draft.verdict is Verdict.FAIL:
                lost = "forged" if distrust(work, number, draft) else ""
            else:
                lost = "own" if batch.role is FolderRole.SENT and claim(work, number, draft) else ""
            if lost and (closed := self._triage.disown(work, number, lost, now)) is not None:
                cases.add(closed)
        if batch.role is FolderRole.SENT:
            self._book(work, drafts, known, now)
            ours = (draft for draft in drafts if draft.direction is Direction.OUTGOING)
            note_sent(work, (_sent(draft, known, now) for draft in ours), now, self._triage.hours.zone)
        return Received(tuple(numbers), len(copies), cases=frozenset(cases))

    def _book(self, work: Work, drafts: Sequence[Draft], known: Mapping[str, int], now: datetime) -> None:
        """The invoices that went out with mails of a Sent folder."""
        for draft in drafts:
            if draft.mail.invoices and draft.direction is Direction.OUTGOING:
                number = known[draft.mail.message.identity]
                stored = work.messages.get(number)  # of a copy nothing was decided anew
                match = stored.match if stored is not None else draft.match
                sent_to = match.customer_id if match.action is Action.ATTACH else None
                invoicing.take(
                    work,
                    self._triage.firm,
                    draft.mail.invoices,
                    message=number,
                    sent_to=sent_to,
                    now=now,
                )

    def _new_mail(self, batch: Batch, draft: Draft, now: datetime) -> NewMail:
        placement = draft.source.placement
        history_uid = batch.cursor.history_uid if batch.cursor else batch.history_uid
        old = placement.uid is not None and placement.uid <= history_uid
        return NewMail(
            message=draft.mail.message,
            reading=draft.mail.reading,
            direction=draft.direction,
            match=draft.match,
            verdict=draft.verdict,
            thread=draft.thread,
            raw_digest=draft.mail.raw.digest,
            placement=placement,
            arrived=draft.source.arrived or now,
            history=batch.history or old,
            writer=draft.writer,
            traces=draft.traces,
        )


def distrust(work: Work, number: int, draft: Draft) -> bool:
    """A copy of a stored mail failed the sender check: the worst verdict counts, whatever was decided before.

    Whether anything was decided anew: not what staff decided.
    """
    stored = work.messages.get(number)
    if stored is None or stored.direction is Direction.OUTGOING or stored.match.spoof or stored.match.decided_by:
        return False
    decide(work, [draft])
    work.messages.set_match(number, draft.match)
    work.interactions.move_message(number, None, None)
    return True


def claim(work: Work, number: int, draft: Draft) -> bool:
    """A copy in a Sent folder: what came back to us by a list or a forwarder and looked foreign is our own mail.

    Whether anything was decided anew: not what staff decided.
    """
    stored = work.messages.get(number)
    if stored is None or stored.direction is Direction.OUTGOING or stored.match.decided_by:
        return False
    decide(work, [draft])
    work.messages.set_direction(number, Direction.OUTGOING)
    work.messages.set_match(number, draft.match)
    work.interactions.move_message(number, None, None)
    work.findings.drop([number])
    if draft.match.action is Action.ATTACH and draft.match.customer_id:
        work.interactions.add([_draft_entry(draft, number, stored.arrived)])
    return True


def _join_threads(work: Work, joins: Sequence[tuple[str, str]]) -> None:
    """Rename the stored threads that turned out to be parts of others; nearly always there is none."""
    for part, whole in joins:
        work.messages.rename_thread(part, whole)


def entry(
    message: Message, reading: Reading, direction: Direction, match: Match, number: int, arrived: datetime
) -> Interaction:
    """A filed mail's entry on the timeline."""
    return Interaction(
        customer_id=match.customer_id or "",
        channel=channel_of(reading.kind, message.attachments),
        date=written(message, arrived),
        subject=message.subject,
        text=" ".join((reading.new_text or message.text).split())[:EXCERPT],
        direction=direction,
        contact_id=match.contact_id,
        staff=message.sender.name or message.sender.addr,
        message=number,
    )


def finding(
    message: Message, assessment: Assessment, match: Match, number: int, arrived: datetime, *, history: bool
) -> Finding:
    """What was found of a complaint in a mail. An impostor's is nobody's: it gives no customer priority."""
    return Finding(number, written(message, arrived), assessment, match.customer_id, history)


def was_told(work: Work, found: Finding, mailbox: str) -> bool:
    """Whether what a colleague hands on was found before in the mail itself, where all who read this mailbox see it."""
    if found.customer_id is None:
        return False
    everybodys = [one.name for one in work.mailboxes.all() if not one.personal and not one.members]
    before = work.findings.of_customer(found.customer_id, {mailbox, *everybodys}, _COMPARED)
    return any(frames.repeats(found, one) for one in before if one.message != found.message)


def written(message: Message, arrived: datetime) -> datetime:
    """When a mail was written. A date in the future would stay on top for ever: then the arrival counts."""
    return message.date if message.date and message.date <= arrived + CLOCK_SKEW else arrived


def _draft_entry(draft: Draft, number: int, now: datetime) -> Interaction:
    mail, arrived = draft.mail, draft.source.arrived or now
    return entry(mail.message, mail.reading, draft.direction, draft.match, number, arrived)


def _sent(draft: Draft, known: Mapping[str, int], now: datetime) -> Sent:
    mail, arrived = draft.mail, draft.source.arrived or now
    return Sent(known[mail.message.identity], mail.message, mail.reading, written(mail.message, arrived))


def _filed(draft: Draft, number: int) -> Filed:
    mail = draft.mail
    return Filed(number, mail.message, mail.reading, draft.direction, draft.verdict, draft.match)


def _blobs(mails: Iterable[ReadMail]) -> Iterator[Blob]:
    for mail in mails:
        yield mail.raw
        yield from mail.blobs
