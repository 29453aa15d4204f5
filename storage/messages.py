"""The mail of the pool: taken in once however many copies there are, and handed out complete."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import Connection, Integer, Select, bindparam, case, exists, func, insert, literal, select, tuple_

from rules.terms.finding import Action
from rules.terms.mail import Address, Attachment, Direction, MailKind, Message, Placement, Reading, Verdict
from rules.terms.pooled import NewMail, PooledMessage
from storage import packing
from storage.columns import plain
from storage.fulltext import FullText
from storage.keys import key, new_numbers
from storage.matches import Matches
from storage.moments import moment, moment_or_none, stamp, stamp_or_none
from storage.placements import Placements, chunks
from storage.places import Places
from storage.prepared import Prepared, ahead, any_of
from storage.restrictions import used_mail
from storage.schema import WRITER, attachments, boxes, messages, placements, places, texts
from storage.senders import said_of
from storage.threads import Threads

# In characters. A longer reading holds a text that stands nowhere else; lists do without it.
_READING_IN_LISTS = 100_000


class Messages(Placements, Matches, Threads):
    """All stored mail. Numbers are given once and never again."""

    def __init__(self, connection: Connection, fulltext: FullText) -> None:
        super().__init__(connection, Places(connection))
        self._fulltext = fulltext

    def known(self, identities: Collection[str]) -> dict[str, int]:
        """The numbers of those of the identities that are in the pool."""
        found: dict[str, int] = {}
        for chunk in chunks(identities):
            query = select(messages.c.identity, messages.c.no).where(messages.c.identity.in_(chunk))
            found.update((row.identity, row.no) for row in self._connection.execute(query))
        return found

    def add(self, mails: Sequence[NewMail]) -> list[int]:
        """Store new mails with their first copies, in order; their numbers. The caller has asked `known` before."""
        if not mails:
            return []
        connection = self._connection
        numbers = new_numbers(connection, messages, len(mails))
        numbered = list(zip(numbers, mails, strict=True))
        bodies = [plain(mail.message.text) for mail in mails]
        connection.execute(
            insert(messages), [_row(no, mail, body) for (no, mail), body in zip(numbered, bodies, strict=True)]
        )
        connection.execute(
            insert(texts), [{"message": no, "text": body} for no, body in zip(numbers, bodies, strict=True)]
        )
        files = [row for no, mail in numbered for row in _attachment_rows(no, mail.message.attachments)]
        if files:
            connection.execute(insert(attachments), files)
        self._place_new([(no, mail.placement, mail.verdict, mail.arrived) for no, mail in numbered])
        self._leave((no, mail.traces) for no, mail in numbered)
        self._fulltext.add_messages(
            connection,
            [
                (no, mail.message.subject, f"{mail.message.sender.name} {mail.message.sender.addr}", body)
                for (no, mail), body in zip(numbered, bodies, strict=True)
            ],
        )
        return numbers

    def get(self, no: int, text_length: int | None = None) -> PooledMessage | None:
        """One mail; `text_length` as in `get_many`."""
        return self.get_many([no], text_length).get(no)

    def get_many(self, nos: Collection[int], text_length: int | None = None) -> dict[int, PooledMessage]:
        """Those of the mails that there are, by number, in the order asked for.

        Lists say how many characters of each text they need (`text_length`): a text may have fifty million. The new
        text and the other parts of a reading then are what of them stands within, or empty.
        """
        found: dict[int, PooledMessage] = {}
        for chunk in chunks(nos):
            mails, asked = _asked(chunk, text_length)
            if text_length is not None:  # whole texts are not worth a second form
                ahead(self._connection, {mails: asked, _ATTACHMENTS: {"nos": chunk}, _PLACEMENTS: {"nos": chunk}})
            rows = {row.no: row for row in mails.rows(self._connection, **asked)}
            files = self._attachments(chunk)
            copies = self._placements(chunk)
            found.update(
                (no, _pooled(rows[no], tuple(files.get(no, ())), tuple(copies.get(no, ()))))
                for no in chunk
                if no in rows
            )
        return found

    def by_message_id(self, message_id: str, limit: int = 20, text_length: int | None = None) -> list[PooledMessage]:
        """The mails with a (normalised) Message-ID, first known first; honest senders give it to one only.

        `text_length` as in `get_many`.
        """
        message_id = plain(message_id)
        numbers = _BY_MESSAGE_ID.column(self._connection, key=key(message_id), message_id=message_id, limit=limit)
        return list(self.get_many(numbers, text_length).values())

    def count(self) -> int:
        """How many mails there are, however many copies of them."""
        return self._connection.scalar(select(func.count()).select_from(messages)) or 0

    def last(self) -> int:
        """The highest number of a mail."""
        return self._connection.scalar(select(func.max(messages.c.no))) or 0

    def by_action(self, action: Action, mailboxes: frozenset[str] | None, limit: int = 50) -> list[int]:
        """The newest mails that wait for review, are from somebody unknown …; None: in whatever mailbox.

        Those of senders of whom staff said what they are wait for nobody.
        """
        silent = ~exists().where(said_of(messages.c.writer))
        query = select(messages.c.no).where(messages.c.action == action.value, silent)
        if mailboxes is not None:
            visible = exists().where(
                placements.c.message == messages.c.no, placements.c.box.in_(self._places.boxes(mailboxes))
            )
            query = query.where(visible)
        return self._numbers(query.order_by(messages.c.arrived.desc(), messages.c.no.desc()), limit)

    def latest(self, mailboxes: frozenset[str] | None, limit: int = 50) -> list[int]:
        """The mails that arrived last in these mailboxes; None: in any."""
        arrivals: dict[int, int] = {}
        p = placements.c
        used = used_mail(self._connection, p.message)
        # Mailbox by mailbox: one walk over all would read far back for somebody who sees but a quiet one.
        for box in self._places.boxes(mailboxes):
            query = select(p.message, p.arrived).where(p.box == box, *used).order_by(p.arrived.desc(), p.message.desc())
            for row in self._connection.execute(query.limit(limit)):
                arrivals[row.message] = max(row.arrived, arrivals.get(row.message, row.arrived))
        return sorted(arrivals, key=lambda no: (arrivals[no], no), reverse=True)[:limit]

    def incoming_since(
        self, since: datetime, kinds: Collection[MailKind], after: tuple[datetime, int] | None, limit: int
    ) -> list[int]:
        """Mails of others of these kinds that arrived since a moment, oldest first; `after`: the last one before."""
        m = messages.c
        query = select(m.no).where(m.arrived >= stamp(since), m.direction == Direction.INCOMING.value)
        query = query.where(m.kind.in_([kind.value for kind in kinds]))
        if after is not None:
            query = query.where(tuple_(m.arrived, m.no) > tuple_(stamp(after[0]), after[1]))
        return self._numbers(query.order_by(m.arrived, m.no), limit)

    def per_day(self, mailboxes: Collection[str], first: date, last: date, zone: tzinfo) -> dict[date, int]:
        """How many mails of others arrived in these mailboxes on each day from first to last; quiet days are left out.

        A day begins at midnight in `zone`.
        """
        own, p = self._places.boxes(mailboxes), placements.c
        counts: dict[date, int] = {}
        for back in range((last - first).days + 1):
            day = first + timedelta(days=back)
            begin, end = (stamp(datetime.combine(one, time(), zone)) for one in (day, day + timedelta(days=1)))
            arrived = (p.box.in_(own)) & (p.arrived >= begin) & (p.arrived < end)
            query = select(func.count(p.message.distinct())).join(messages, messages.c.no == p.message)
            theirs = messages.c.direction == Direction.INCOMING.value
            count = self._connection.scalar(query.where(arrived, theirs))
            if count:
                counts[day] = count
        return counts

    def _numbers(self, query: Select[tuple[int]], limit: int) -> list[int]:
        return list(self._connection.scalars(query.limit(limit)))

    def _attachments(self, nos: Collection[int]) -> dict[int, list[Attachment]]:
        found: dict[int, list[Attachment]] = {}
        for row in _ATTACHMENTS.rows(self._connection, nos=nos):
            one = Attachment(row.name, row.content_type, row.size, row.digest, row.inline)
            found.setdefault(row.message, []).append(one)
        return found

    def _placements(self, nos: Collection[int]) -> dict[int, list[Placement]]:
        found: dict[int, list[Placement]] = {}
        for row in _PLACEMENTS.rows(self._connection, nos=nos):
            found.setdefault(row.message, []).append(
                packing.placement(row.name, row.folder, row.uidvalidity, row.uid, row.flags)
            )
        return found


def _asked(nos: Collection[int], text_length: int | None) -> tuple[Prepared, Mapping[str, object]]:
    """What finds mails with their text, all of it or so many characters, and its parameters."""
    if text_length is None:
        return _WHOLE, {"nos": nos}
    return (_BEGUN, {"nos": nos, "length": text_length}) if text_length else (_WITHOUT_TEXT, {"nos": nos})


_THESE = any_of(messages.c.no, "nos")
_SHORT_READING = case((func.length(messages.c.reading) <= _READING_IN_LISTS, messages.c.reading)).label("reading")
_IN_LISTS = [*(column for column in messages.c if column is not messages.c.reading), _SHORT_READING]
_WHOLE = Prepared(select(messages, texts.c.text).join(texts).where(_THESE))
_WITHOUT_TEXT = Prepared(select(*_IN_LISTS, literal("").label("text")).where(_THESE))
_BEGUN = Prepared(
    select(*_IN_LISTS, func.substr(texts.c.text, 1, bindparam("length", type_=Integer)).label("text"))
    .join_from(messages, texts)
    .where(_THESE)
)
_BY_MESSAGE_ID = Prepared(
    select(messages.c.no)
    .where(messages.c.message_id_key == bindparam("key"), messages.c.message_id == bindparam("message_id"))
    .order_by(messages.c.no)
    .limit(bindparam("limit", type_=Integer))
)
_ATTACHMENTS = Prepared(
    select(attachments).where(any_of(attachments.c.message, "nos")).order_by(attachments.c.position)
)
_PLACEMENTS = Prepared(
    select(
        placements.c.message,
        boxes.c.name,
        places.c.folder,
        places.c.uidvalidity,
        placements.c.uid,
        placements.c.flags,
    )
    .select_from(placements)
    .join(places, places.c.id == placements.c.place)
    .join(boxes, boxes.c.id == places.c.box)
    .where(any_of(placements.c.message, "nos"))
    .order_by(placements.c.arrived, placements.c.place, placements.c.uid)
)


def _row(no: int, mail: NewMail, body: str) -> dict[str, Any]:
    message, reading, match = mail.message, mail.reading, mail.match
    return {
        "no": no,
        "identity": message.identity,
        "message_id": message.message_id,
        "message_id_key": None if message.message_id is None else key(plain(message.message_id)),
        "thread": mail.thread,
        "thread_key": key(mail.thread),
        "direction": mail.direction.value,
        "action": match.action.value,
        "customer_id": match.customer_id,
        "contact_id": match.contact_id,
        "verdict": mail.verdict.value,
        "history": mail.history,
        "arrived": stamp(mail.arrived),
        "date": stamp_or_none(message.date),
        "size": message.size,
        "raw_digest": mail.raw_digest,
        "subject": message.subject,
        "sender_addr": message.sender.addr,
        "sender_name": message.sender.name,
        "writer": mail.writer[:WRITER],
        "addresses": packing.pack_addresses(message),
        "ancestors": packing.pack_ancestors(message),
        "defects": packing.pack_words(message.defects),
        "kind": reading.kind.value,
        "language": reading.language,
        "reading": packing.pack_reading(reading, body),
        "match": packing.pack_match(match),
    }


def _attachment_rows(no: int, files: Iterable[Attachment]) -> list[dict[str, Any]]:
    return [
        {
            "message": no,
            "position": position,
            "name": file.name,
            "content_type": file.content_type,
            "size": file.size,
            "digest": file.digest,
            "inline": file.inline,
        }
        for position, file in enumerate(files)
    ]


def _pooled(row: Any, files: tuple[Attachment, ...], copies: tuple[Placement, ...]) -> PooledMessage:
    reply_to, to, cc, bcc = packing.unpack_addresses(row.addresses)
    in_reply_to, references = packing.unpack_ancestors(row.ancestors)
    message = Message(
        identity=row.identity,
        message_id=row.message_id,
        sender=Address(row.sender_addr, row.sender_name),
        subject=row.subject,
        date=moment_or_none(row.date),
        text=row.text,
        size=row.size,
        reply_to=reply_to,
        to=to,
        cc=cc,
        bcc=bcc,
        in_reply_to=in_reply_to,
        references=references,
        attachments=files,
        defects=packing.unpack_words(row.defects),
    )
    read = {"new_text": ""} if row.reading is None else packing.unpack_reading(row.reading, row.text)
    reading = Reading(kind=MailKind(row.kind), language=row.language, **read)
    return PooledMessage(
        no=row.no,
        message=message,
        reading=reading,
        direction=Direction(row.direction),
        match=packing.unpack_match(row.match),
        verdict=Verdict(row.verdict),
        thread=row.thread,
        raw_digest=row.raw_digest,
        arrived=moment(row.arrived),
        history=row.history,
        placements=copies,
        writer=row.writer,
    )
