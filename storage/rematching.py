"""Which open mails are to be matched again, because something is known now that was not known then.

A row is a walk over open mails, newest first: over all of them, a sender's or a thread's. Whoever changes what is known
marks the walk in the same unit of work, so that no crash loses it; a walk that was under way begins again.
"""

import secrets
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, true, tuple_, update

from rules.terms.finding import Action
from storage.columns import plain
from storage.keys import key
from storage.recognition import rematching
from storage.schema import OPEN, WRITER, messages

_OPEN = (Action.REVIEW, Action.UNKNOWN)


class Scope(StrEnum):
    """Which mails a walk goes over; the narrow ones are done first."""

    SENDER = "sender"
    THREAD = "thread"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk that is still to be done: over what, since which cause, and the last mail that was done, if any."""

    scope: Scope
    key: str
    cause: int
    after: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """The next mails of a walk, newest first, and where the walk is once they are done."""

    walk: Walk
    numbers: tuple[int, ...]
    last: tuple[int, int] | None


class Rematching:
    """The walks of a pool."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def mark_all(self) -> None:
        """Customers, contacts or numbers changed: all open mails."""
        self._mark(Scope.ALL, "")

    def mark_sender(self, address: str) -> None:
        """Somebody taught or took back whose address this is: the open mails of that writer."""
        self._mark(Scope.SENDER, plain(address)[:WRITER])

    def mark_thread(self, thread: str) -> None:
        """A mail of this thread was filed: the open ones beside it, if there are such."""
        walk = Walk(Scope.THREAD, plain(thread), 0, None)
        if self._stretch(walk, 1).numbers:
            self._mark(walk.scope, walk.key)

    def next(self, limit: int) -> Stretch | None:
        """The next mails to be matched again, at most so many; None when nothing is to be done."""
        c = rematching.c
        for scope in Scope:
            row = self._connection.execute(select(rematching).where(c.scope == scope.value).limit(1)).one_or_none()
            if row is not None:
                after = None if row.arrived is None else (row.arrived, row.message)
                return self._stretch(Walk(scope, row.key, row.cause, after), limit)
        return None

    def still(self, walk: Walk) -> bool:
        """Whether the walk is where it was: nothing changed since, and nobody else went on with it."""
        c = rematching.c
        where = select(c.arrived, c.message).where(self._is(walk))
        row = self._connection.execute(where).one_or_none()
        return row is not None and (None if row.arrived is None else (row.arrived, row.message)) == walk.after

    def advance(self, stretch: Stretch) -> None:
        """These mails are done; without any the walk has ended."""
        this = self._is(stretch.walk)
        if stretch.last is None:
            self._connection.execute(delete(rematching).where(this))
        else:
            arrived, message = stretch.last
            self._connection.execute(update(rematching).where(this).values(arrived=arrived, message=message))

    def left(self) -> int:
        """How many mails are to be matched again, about: some may be done by the time."""
        c = rematching.c
        walks = [
            Walk(Scope(row.scope), row.key, row.cause, None if row.arrived is None else (row.arrived, row.message))
            for row in self._connection.execute(select(rematching).order_by(c.scope, c.key).limit(100))
        ]
        return sum(self._count(walk) for walk in walks)

    def _mark(self, scope: Scope, name: str) -> None:
        c = rematching.c
        # Not a count: a walk that ended meanwhile and was marked anew is another one.
        cause = secrets.randbits(62)
        again = update(rematching).where(c.scope == scope.value, c.key == name)
        if not self._connection.execute(again.values(cause=cause, arrived=None, message=None)).rowcount:
            self._connection.execute(insert(rematching).values(scope=scope.value, key=name, cause=cause))

    def _is(self, walk: Walk) -> ColumnElement[bool]:
        c = rematching.c
        return (c.scope == walk.scope.value) & (c.key == walk.key) & (c.cause == walk.cause)

    def _stretch(self, walk: Walk, limit: int) -> Stretch:
        c = messages.c
        rows = [
            (row.arrived, row.no)
            for mails in self._mails(walk)
            for row in self._connection.execute(
                select(c.arrived, c.no).where(mails).order_by(c.arrived.desc(), c.no.desc()).limit(limit)
            )
        ]
        chosen = sorted(rows, reverse=True)[:limit]
        return Stretch(walk, tuple(no for _, no in chosen), chosen[-1] if chosen else None)

    def _count(self, walk: Walk) -> int:
        counts = (select(func.count()).select_from(messages).where(mails) for mails in self._mails(walk))
        return sum(self._connection.scalar(count) or 0 for count in counts)

    def _mails(self, walk: Walk) -> list[ColumnElement[bool]]:
        """The conditions that together say which mails are left; each is answered by an index in its order."""
        c = messages.c
        older = true() if walk.after is None else tuple_(c.arrived, c.no) < tuple_(*walk.after)
        match walk.scope:
            case Scope.SENDER:
                return [and_(c.writer == walk.key, OPEN, older)]
            case Scope.THREAD:
                return [and_(c.thread_key == key(walk.key), c.thread == walk.key, OPEN, older)]
            case Scope.ALL:
                return [(c.action == action.value) & older for action in _OPEN]
