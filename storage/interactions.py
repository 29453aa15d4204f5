"""The timelines: every contact with a customer, whatever the channel, newest first."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from itertools import repeat
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, null, or_, select, tuple_, update

from rules.terms.complaint import FindingState
from rules.terms.errors import WrongUse
from rules.terms.interaction import Channel, Interaction
from rules.terms.mail import Direction
from storage.aliases import Alias, aliases, note_moved
from storage.findings import shown
from storage.moments import moment, stamp
from storage.placements import chunks
from storage.records import interactions as timeline
from storage.schema import boxes, findings, messages, placements
from storage.upserted import Upserted

_Entry = tuple[Interaction, str | None]


class Interactions:
    """Entries of the customers' timelines."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

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
        """Let entries be another customer's; the people in them stay."""
        for chunk in chunks(ids):
            self._connection.execute(update(timeline).where(timeline.c.id.in_(chunk)).values(customer_id=customer_id))

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
        found_in_it = and_(findings.c.message == timeline.c.message, shown())
        query = select(timeline, findings.c.state).select_from(timeline.outerjoin(findings, found_in_it))
        query = query.where(timeline.c.customer_id == customer_id)
        if before is not None:
            date = stamp(self.moment_of(customer_id, before))
            query = query.where(tuple_(timeline.c.date, timeline.c.id) < tuple_(date, before))
        if older is not None:
            query = query.where(timeline.c.date < stamp(older))
        if channels:
            query = query.where(timeline.c.channel.in_([channel.value for channel in channels]))
        query = query.order_by(timeline.c.date.desc(), timeline.c.id.desc()).limit(limit)
        rows = self._connection.execute(query).all()
        mailboxes = self._mailboxes([row.message for row in rows if row.message is not None])
        return [_interaction(row, frozenset(mailboxes.get(row.message, ()))) for row in rows]

    def holding(self, customer_id: str, text: str, limit: int = 50) -> list[Interaction]:
        """A customer's entries, mails left out, that hold a text, newest first."""
        c = timeline.c
        words = [
            or_(c.subject.icontains(word, autoescape=True), c.text.icontains(word, autoescape=True))
            for word in text.split()[:10]
        ]
        query = select(timeline, null().label("state")).where(c.customer_id == customer_id, c.message.is_(None))
        query = query.where(*words).order_by(c.date.desc(), c.id.desc()).limit(limit)
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
        query = select(timeline, null().label("state")).where(timeline.c.external_id == external_id)
        row = self._connection.execute(query).one_or_none()
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
        if new:
            self._connection.execute(insert(timeline), list(new.values()))
        for id, row in changed.items():
            self._connection.execute(update(timeline).where(timeline.c.id == id).values(row))
        return Upserted(len(new), len(changed), same)

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
        c = messages.c
        query = select(c.date, c.arrived, c.subject, c.direction).where(c.no == message)
        return [
            Interaction(
                customer_id,
                Channel.MAIL,
                moment(row.arrived if row.date is None else row.date),
                row.subject,
                direction=Direction(row.direction),
                contact_id=contact_id,
                message=message,
            )
            for row in self._connection.execute(query)
        ]

    def _mailboxes(self, nos: Collection[int]) -> dict[int, set[str]]:
        found: dict[int, set[str]] = {}
        query = select(placements.c.message, boxes.c.name).join(boxes, boxes.c.id == placements.c.box)
        for chunk in chunks(nos):
            for row in self._connection.execute(query.where(placements.c.message.in_(chunk))):
                found.setdefault(row.message, set()).add(row.name)
        return found


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
    }


def _interaction(row: Row[Any], mailboxes: frozenset[str]) -> Interaction:
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
    )
