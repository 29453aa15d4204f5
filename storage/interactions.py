"""The timelines: every contact with a customer, whatever the channel, newest first."""

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from itertools import islice, repeat
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    null,
    or_,
    select,
    tuple_,
    update,
)

from rules.terms.complaint import FindingState
from rules.terms.errors import WrongUse
from rules.terms.interaction import Channel, Interaction, Reaction, channel_of
from rules.terms.mail import Attachment, Direction, MailKind
from storage import entry_words
from storage.aliases import Alias, aliases, note_moved
from storage.document_tables import documents
from storage.documents import SHOWN, document_of
from storage.findings import shown
from storage.folding import fold, words
from storage.fulltext import FullText
from storage.keys import new_numbers
from storage.moments import moment, stamp
from storage.placements import chunks
from storage.prepared import Asked, Prepared, any_of, listed
from storage.records import interactions as timeline
from storage.relation_tables import promises
from storage.schema import attachments, boxes, findings, messages, placements
from storage.upserted import Upserted

_Entry = tuple[Interaction, str | None]


# Texts of so many entries are in memory at a time.
_AT_ONCE = 100
# After everything that ever was.
_EVER = 2**63 - 1
# Entries that are no mails.
_ALONE = select(timeline, null().label("state"), *SHOWN).select_from(timeline.outerjoin(documents))


class Interactions:
    """Entries of the customers' timelines."""

    def __init__(self, connection: Connection, fulltext: FullText) -> None:
        self._connection = connection
        self._fulltext = fulltext

    def add(self, interactions: Iterable[Interaction], external_ids: Iterable[str | None] | None = None) -> Upserted:
        """Add entries. One with a known external id, or of a known message and customer, is replaced, not doubled.

        Those of a customer that became part of another one are added there.
        """
        counted = Upserted()
        for chunk in chunks(zip(interactions, repeat(None) if external_ids is None else external_ids, strict=False)):
            merged = aliases(self._connection, {entry.customer_id for entry, _ in chunk})
            counted += self._add([entry for entry in chunk if entry[0].customer_id not in merged])
            for entry, external_id in chunk:
                if (alias := merged.get(entry.customer_id)) is not None:
                    counted += self._add_to_kept((replace(entry, customer_id=alias.kept), external_id), alias)
        return counted

    def move_message(self, message: int, customer_id: str | None, contact_id: str | None) -> None:
        """File a mail's entry under another customer after a corrected match, or take it out (None).

        A mail that had no entry, because nobody knew whose it was, gets one.
        """
        this = timeline.c.message == message
        query = select(timeline).where(this).order_by(timeline.c.id).limit(1)
        entry = self._connection.execute(query).one_or_none()
        if customer_id is None:
            self._connection.execute(delete(timeline).where(this))
        elif entry is not None:
            self._connection.execute(delete(timeline).where(this, timeline.c.id != entry.id))
            moved = update(timeline).where(timeline.c.id == entry.id)
            self._connection.execute(moved.values(customer_id=customer_id, contact_id=contact_id))
        else:
            self._add([(made, None) for made in self._entry_of(message, customer_id, contact_id)])

    def move(self, ids: Iterable[int], customer_id: str) -> None:
        """Let entries be another customer's, with what we promised in them; the people in them stay."""
        for chunk in chunks(ids):
            for table, number in ((timeline, timeline.c.id), (promises, promises.c.entry)):
                self._connection.execute(update(table).where(number.in_(chunk)).values(customer_id=customer_id))

    def timeline(
        self,
        customer_id: str,
        *,
        before: int | None = None,
        older: datetime | None = None,
        limit: int = 50,
        channels: Collection[Channel] = (),
    ) -> list[Interaction]:
        """A customer's entries, newest first, those before the entry of an id, those older than a moment.

        Mails name their mailboxes, and where what was found in them as a complaint stands.

        Raises:
            WrongUse: the customer has no entry of that id.
        """
        asked = _newest(customer_id, limit)
        if before is not None:
            asked |= {"date": stamp(self.moment_of(customer_id, before)), "before": before}
        if older is not None:
            asked |= {"older": stamp(older)}
        if channels:
            asked |= {"any": False, "channels": [channel.value for channel in channels]}
        rows = _TIMELINE.rows(self._connection, **asked)
        return [_interaction(row, frozenset(json.loads(row.mailboxes or "[]"))) for row in rows]

    def holding(self, customer_id: str, text: str, limit: int = 50) -> list[Interaction]:
        """A customer's entries, mails left out, that hold all words of a text, in whole or in part, newest first.

        The text of their files counts. All of the customer's entries are read, which costs the same in any pool.
        """
        c, asked = timeline.c, words(text)
        if not asked:
            return []
        theirs = entry_words.with_file_text(c.id, c.subject, c.text)
        theirs = theirs.where(c.customer_id == customer_id, c.message.is_(None)).order_by(c.date.desc(), c.id.desc())
        rows = self._connection.execute(theirs.execution_options(yield_per=_AT_ONCE))
        found = list(islice((row.id for row in rows if _holds(row, asked)), limit))
        rows.close()
        if not found:
            return []
        query = _ALONE.where(c.id.in_(found)).order_by(c.date.desc(), c.id.desc())
        return [_interaction(row, frozenset()) for row in self._connection.execute(query)]

    def moment_of(self, customer_id: str, id: int) -> datetime:
        """When an entry of a customer's happened.

        Raises:
            WrongUse: the customer has no entry of that id.
        """
        query = select(timeline.c.date).where(timeline.c.id == id, timeline.c.customer_id == customer_id)
        date = self._connection.scalar(query)
        if date is None:
            raise WrongUse(
                problem="“before” is no entry of this timeline (any more); start again without it.",
                problem_de="„before“ ist kein Eintrag dieses Verlaufs (mehr); beginnen Sie noch einmal ohne ihn.",
            )
        return moment(date)

    def by_external_id(self, external_id: str) -> Interaction | None:
        """The entry that came under an id of another program's."""
        row = self._connection.execute(_ALONE.where(timeline.c.external_id == external_id)).one_or_none()
        return None if row is None else _interaction(row, frozenset())

    def mails_of(self, customer_id: str, writer: str) -> list[int]:
        """A customer's mails from one address (as `messages.writer` has it), newest first: what an alias has filed."""
        query = select(timeline.c.message).join(messages, messages.c.no == timeline.c.message)
        query = query.where(timeline.c.customer_id == customer_id, messages.c.writer == writer)
        return list(self._connection.scalars(query.order_by(timeline.c.date.desc(), timeline.c.id.desc())))

    def count_of(self, customer_id: str) -> int:
        """How many entries a customer's timeline has."""
        query = select(func.count()).select_from(timeline).where(timeline.c.customer_id == customer_id)
        return self._connection.scalar(query) or 0

    def _add(self, entries: list[_Entry]) -> Upserted:
        known = self._known(entries)
        new: dict[object, dict[str, Any]] = {}
        changed: dict[int, dict[str, Any]] = {}
        same = 0
        for entry, external_id in entries:
            row = _row(entry, external_id)
            name = _name(row) or object()  # without a name of its own every entry is a new one
            if name in new:
                new[name] = row
                same += 1
            elif (before := known.get(name)) is None:
                new[name] = row
            elif all(getattr(before, field) == value for field, value in row.items()):
                same += 1
            else:
                changed[before.id] = row
        self._insert(list(new.values()))
        if changed:
            entry_words.drop(self._connection, self._fulltext, timeline.c.id.in_(changed))
            for id, row in changed.items():
                self._connection.execute(update(timeline).where(timeline.c.id == id).values(row))
            entry_words.index(self._connection, self._fulltext, changed)
        return Upserted(len(new), len(changed), same)

    def _insert(self, rows: list[dict[str, Any]]) -> None:
        mails = [row for row in rows if row["message"] is not None]
        others = [row for row in rows if row["message"] is None]
        if mails:
            self._connection.execute(insert(timeline), mails)
        if others:
            numbers = new_numbers(self._connection, timeline, len(others))
            numbered = [{"id": id, **row} for id, row in zip(numbers, others, strict=True)]
            self._connection.execute(insert(timeline), numbered)
            entry_words.index(self._connection, self._fulltext, numbers)

    def _add_to_kept(self, entry: _Entry, alias: Alias) -> Upserted:
        counted = self._add([entry])
        known = [row.id for row in self._known([entry]).values()]
        if not known:
            # Without a name of its own it is the newest row.
            known = [self._connection.scalar(select(func.max(timeline.c.id)))]
        for merge in alias.merges:
            note_moved(self._connection, merge, timeline.name, [(id,) for id in known])
        return counted

    def _known(self, entries: list[_Entry]) -> dict[object, Row[Any]]:
        named = [external_id for _, external_id in entries if external_id is not None]
        mails = [entry.message for entry, external_id in entries if external_id is None and entry.message is not None]
        found: dict[object, Row[Any]] = {}
        for column, values in ((timeline.c.external_id, named), (timeline.c.message, mails)):
            if values:
                rows = self._connection.execute(select(timeline).where(column.in_(values)))
                found.update((_name(row._mapping), row) for row in rows)
        return found

    def _entry_of(self, message: int, customer_id: str, contact_id: str | None) -> list[Interaction]:
        c, a = messages.c, attachments.c
        query = select(c.date, c.arrived, c.subject, c.direction, c.kind).where(c.no == message)
        files = [
            Attachment(row.name, row.content_type, 0, "")
            for row in self._connection.execute(select(a.name, a.content_type).where(a.message == message))
        ]
        return [
            Interaction(
                customer_id,
                channel_of(MailKind(row.kind), files),
                moment(row.arrived if row.date is None else row.date),
                row.subject,
                direction=Direction(row.direction),
                contact_id=contact_id,
                message=message,
            )
            for row in self._connection.execute(query)
        ]


def beside(customer_id: str, limit: int) -> Asked:
    """What `timeline` asks for a customer's newest entries."""
    return {_TIMELINE: _newest(customer_id, limit)}


def _newest(customer_id: str, limit: int) -> dict[str, object]:
    first: dict[str, object] = {"date": _EVER, "before": _EVER, "older": _EVER, "any": True, "channels": []}
    return first | {"customer": customer_id, "limit": limit}


def _timeline() -> Select[Any]:
    """A customer's entries before an entry and older than a moment, newest first; of some channels or of any."""
    c = timeline.c
    found_in_it = and_(findings.c.message == c.message, shown())
    lies_in = select(boxes.c.name).join(placements, placements.c.box == boxes.c.id)
    mailboxes = listed(lies_in.where(placements.c.message == c.message)).label("mailboxes")
    query = select(timeline, findings.c.state, *SHOWN, mailboxes)
    query = query.select_from(timeline.outerjoin(findings, found_in_it).outerjoin(documents))
    query = query.where(
        c.customer_id == bindparam("customer"),
        tuple_(c.date, c.id) < tuple_(bindparam("date", type_=BigInteger), bindparam("before", type_=BigInteger)),
        c.date < bindparam("older"),
        or_(bindparam("any", type_=Boolean), any_of(c.channel, "channels")),
    )
    return query.order_by(c.date.desc(), c.id.desc()).limit(bindparam("limit", type_=Integer))


_TIMELINE = Prepared(_timeline())


def _holds(row: Row[Any], asked: list[str]) -> bool:
    folded = fold(f"{row.subject} {row.text} {row.file_text}")
    return all(word in folded for word in asked)


def _name(row: Any) -> object:
    """By what an entry is known again."""
    if row["external_id"] is not None:
        return row["external_id"]
    return None if row["message"] is None else (row["message"], row["customer_id"])


def _row(entry: Interaction, external_id: str | None) -> dict[str, Any]:
    return {
        "customer_id": entry.customer_id,
        "date": stamp(entry.date),
        "channel": entry.channel.value,
        "direction": None if entry.direction is None else entry.direction.value,
        "contact_id": entry.contact_id,
        "staff": entry.staff,
        "message": entry.message,
        "external_id": external_id,
        "subject": entry.subject,
        "text": entry.text,
        "reaction": None if entry.reaction is None else entry.reaction.value,
    }


def _interaction(row: Any, mailboxes: frozenset[str]) -> Interaction:
    return Interaction(
        customer_id=row.customer_id,
        channel=Channel(row.channel),
        date=moment(row.date),
        subject=row.subject,
        text=row.text,
        direction=None if row.direction is None else Direction(row.direction),
        contact_id=row.contact_id,
        staff=row.staff,
        message=row.message,
        mailboxes=mailboxes,
        id=row.id,
        complaint=None if row.state is None else FindingState(row.state),
        reaction=None if row.reaction is None else Reaction(row.reaction),
        document=None if row.digest is None else document_of(row),
    )
