"""Threads of stored mail: which there are, and by what a later mail finds the one it belongs to.

Traces are names that a mail leaves for later ones (rules.threads). They are kept as 64-bit keys, each with the last
mail that left it; that mail's own row says which thread it is now.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from rules.terms.mail import Direction
from rules.terms.pooled import ThreadEntry
from storage import packing
from storage.columns import plain
from storage.keys import key
from storage.moments import moment_or_none
from storage.placements import chunks
from storage.schema import messages, traces

_c = messages.c
_ENTRY: tuple[ColumnElement[Any], ...] = (
    *(_c.message_id, _c.thread, _c.direction, _c.customer_id, _c.contact_id),
    *(_c.sender_addr, _c.addresses, _c.subject, _c.date, _c.ancestors),
)


class Threads:
    """The threads of stored messages."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def thread_entries(self, message_ids: Collection[str]) -> dict[str, ThreadEntry]:
        """Those of the mails that there are, by (normalised) Message-ID, as a later mail of the thread needs them.

        Where several mails carry one Message-ID, the first known counts: a later one may be a forgery.
        """
        found: dict[str, ThreadEntry] = {}
        for chunk in chunks(dict.fromkeys(map(plain, message_ids))):
            query = select(*_ENTRY).where(_c.message_id_key.in_(map(key, chunk)), _c.message_id.in_(chunk))
            for row in self._connection.execute(query.order_by(_c.no.desc())):
                found[row.message_id] = _entry(row)
        return found

    def found_by(self, names: Iterable[str]) -> dict[str, ThreadEntry]:
        """The mails that left these traces, by trace."""
        keys = {key(plain(name)): name for name in names}
        found: dict[str, ThreadEntry] = {}
        for chunk in chunks(keys):
            query = select(traces.c.key, *_ENTRY).join_from(traces, messages).where(traces.c.key.in_(chunk))
            found.update((keys[row.key], _entry(row)) for row in self._connection.execute(query))
        return found

    def thread(self, thread: str, limit: int = 100) -> list[int]:
        """The newest mails of a thread, oldest of them first."""
        query = select(_c.no).where(_c.thread_key == key(thread), _c.thread == thread)
        newest = self._connection.scalars(query.order_by(_c.arrived.desc(), _c.no.desc()).limit(limit))
        return list(newest)[::-1]

    def rename_thread(self, old: str, new: str) -> int:
        """Let a thread go on under another name (two turned out to be one); how many mails that moved."""
        this = (_c.thread_key == key(old)) & (_c.thread == old)
        renamed = update(messages).where(this).values(thread=new, thread_key=key(new))
        return self._connection.execute(renamed).rowcount

    def _leave(self, left: Iterable[tuple[int, Collection[str]]]) -> None:
        """Keep the traces of new messages; the latest mail takes the place of an earlier one with the same."""
        newest = {key(plain(name)): no for no, names in left for name in names}
        for chunk in chunks(newest):
            self._connection.execute(delete(traces).where(traces.c.key.in_(chunk)))
        if newest:
            rows = [{"key": number, "message": no} for number, no in sorted(newest.items())]
            self._connection.execute(insert(traces), rows)


def _entry(row: Row[Any]) -> ThreadEntry:
    return ThreadEntry(
        row.message_id or "",
        row.thread,
        Direction(row.direction),
        row.customer_id,
        row.contact_id,
        packing.participants(row.sender_addr, row.addresses),
        row.subject,
        moment_or_none(row.date),
        bool(packing.unpack_ancestors(row.ancestors)[0]),
    )
