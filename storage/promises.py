"""What we promised customers, until somebody says that it is done."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, delete, insert, or_, select, update

from rules.terms.promise import Promise
from storage.moments import moment, moment_or_none, stamp
from storage.prepared import Asked, Prepared
from storage.relation_tables import promises
from storage.visible import visible


class Promises:
    """The promises of a pool."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_message(self, message: int) -> list[Promise]:
        """What a mail promised, kept or not."""
        return self._found(select(promises).where(promises.c.message == message).order_by(promises.c.id))

    def of_entry(self, entry: int) -> list[Promise]:
        """What an entry of the timeline promised, kept or not."""
        return self._found(select(promises).where(promises.c.entry == entry).order_by(promises.c.id))

    def add(self, found: Iterable[Promise]) -> None:
        """Keep promises."""
        rows = [
            {
                "customer_id": one.customer_id,
                "message": one.message,
                "entry": one.entry,
                "said": stamp(one.said),
                "due": one.due,
                "quote": one.quote,
            }
            for one in found
        ]
        if rows:
            self._connection.execute(insert(promises), rows)

    def forget_entry(self, entry: int) -> None:
        """Drop what an entry of the timeline promised and is not kept: it says something else now."""
        c = promises.c
        self._connection.execute(delete(promises).where(c.entry == entry, c.kept_at.is_(None)))

    def open_of(
        self, customer_id: str, mailboxes: Collection[str] | None, since: date, limit: int = 5
    ) -> list[Promise]:
        """A customer's open promises that were due on a day or later, the most urgent first.

        Those of mails only where the mail can be seen from these mailboxes; None: from any.
        """
        # Most were promised nothing, and each summary asks.
        if not _ANY.rows(self._connection, customer=customer_id, since=since):
            return []
        c = promises.c
        query = select(promises).where(_open(customer_id, since))
        return self._found(self._seen(query, mailboxes).order_by(c.due, c.id).limit(limit))

    def get(self, number: int, mailboxes: Collection[str] | None) -> Promise | None:
        """One of them, if it can be seen from these mailboxes; None: from any."""
        found = self._found(self._seen(select(promises).where(promises.c.id == number), mailboxes))
        return found[0] if found else None

    def keep(self, number: int, staff: str, at: datetime) -> None:
        """It is done."""
        this = update(promises).where(promises.c.id == number)
        self._connection.execute(this.values(kept_by=staff, kept_at=stamp(at)))

    def reopen(self, number: int) -> None:
        """It is not done after all."""
        self._connection.execute(update(promises).where(promises.c.id == number).values(kept_by=None, kept_at=None))

    def _seen(self, query: Select[Any], mailboxes: Collection[str] | None) -> Select[Any]:
        conditions = visible(self._connection, promises.c.message, mailboxes)
        return query.where(or_(promises.c.message.is_(None), and_(*conditions))) if conditions else query

    def _found(self, query: Select[Any]) -> list[Promise]:
        return [_promise(row) for row in self._connection.execute(query)]


def beside(customer_id: str, since: date) -> Asked:
    """What is asked first for a customer's open promises."""
    return {_ANY: {"customer": customer_id, "since": since}}


def _open(customer_id: Any, since: Any) -> ColumnElement[bool]:
    c = promises.c
    return and_(c.customer_id == customer_id, c.kept_at.is_(None), c.due >= since)


_ANY = Prepared(select(promises.c.id).where(_open(bindparam("customer"), bindparam("since"))).limit(1))


def _promise(row: Row[Any]) -> Promise:
    return Promise(
        customer_id=row.customer_id,
        due=row.due,
        quote=row.quote,
        said=moment(row.said),
        message=row.message,
        entry=row.entry,
        id=row.id,
        kept_by=row.kept_by,
        kept_at=moment_or_none(row.kept_at),
    )
