"""Mail that could not be read, with the place it came from, until it can."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, select, update

from rules.terms.mail import Placement
from rules.terms.pooled import Quarantined
from storage.moments import moment, stamp
from storage.packing import pack_flags, placement
from storage.places import NONE, Places, number
from storage.schema import boxes, places, quarantine


class Quarantine:
    """The mails in quarantine. Their raw bytes lie among the blobs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._places = Places(connection)

    def add(self, raw_digest: str, placement: Placement, reason: str, arrived: datetime, at: datetime) -> int:
        """Keep a mail; its number. The same place again is the same entry, tried once more."""
        place, _ = self._places.made(placement)
        c, uid = quarantine.c, number(placement.uid)
        same = (c.place == place) & (c.uid == uid)
        if uid == NONE:
            same &= c.raw_digest == raw_digest
        known = self._connection.scalar(select(c.id).where(same))
        if known is not None:
            again = update(quarantine).where(c.id == known)
            self._connection.execute(again.values(raw_digest=raw_digest, reason=reason, tries=c.tries + 1, gone=None))
            return int(known)
        new = insert(quarantine).values(
            place=place,
            uid=uid,
            raw_digest=raw_digest,
            flags=pack_flags(placement.flags),
            reason=reason,
            arrived=stamp(arrived),
            since=stamp(at),
            tries=1,
        )
        return int(self._connection.execute(new.returning(c.id)).scalar_one())

    def get(self, id: int) -> Quarantined | None:
        """One entry."""
        row = self._connection.execute(_entries().where(quarantine.c.id == id)).one_or_none()
        return None if row is None else _quarantined(row)

    def all(self, mailboxes: frozenset[str] | None = None, limit: int = 200) -> list[Quarantined]:
        """The newest entries, of these mailboxes or of all."""
        query = _entries().where(*_in(mailboxes)).order_by(quarantine.c.since.desc(), quarantine.c.id.desc())
        return [_quarantined(row) for row in self._connection.execute(query.limit(limit))]

    def count(self, mailboxes: frozenset[str] | None = None) -> int:
        """How many mails wait."""
        query = _entries().where(*_in(mailboxes)).with_only_columns(func.count())
        return self._connection.scalar(query) or 0

    def resolve(self, id: int) -> None:
        """Let an entry go: its mail has been read, or somebody decided so."""
        self._connection.execute(delete(quarantine).where(quarantine.c.id == id))

    def failed(self, id: int, reason: str) -> None:
        """Note that another try failed, and why."""
        tried = update(quarantine).where(quarantine.c.id == id)
        self._connection.execute(tried.values(reason=reason, tries=quarantine.c.tries + 1))


def _entries() -> Select[Any]:
    return (
        select(quarantine, boxes.c.name, places.c.folder, places.c.uidvalidity)
        .select_from(quarantine)
        .join(places, places.c.id == quarantine.c.place)
        .join(boxes, boxes.c.id == places.c.box)
    )


def _in(mailboxes: frozenset[str] | None) -> tuple[ColumnElement[bool], ...]:
    return () if mailboxes is None else (boxes.c.name.in_(mailboxes),)


def _quarantined(row: Row[Any]) -> Quarantined:
    return Quarantined(
        id=row.id,
        raw_digest=row.raw_digest,
        placement=placement(row.name, row.folder, row.uidvalidity, row.uid, row.flags),
        reason=row.reason,
        arrived=moment(row.arrived),
        since=moment(row.since),
        tries=row.tries,
    )
