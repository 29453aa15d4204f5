"""Mailboxes on their way in (assistant.drafts): each one sealed piece, gone after its time or when it is finished."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, LargeBinary, Table, Text, delete, func, insert, select, update

from storage.columns import metadata
from storage.moments import stamp

setup_drafts = Table(
    "setup_drafts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("began", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)


class SetupDrafts:
    """The drafts of a pool."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, id: str, began: datetime, sealed: bytes, most: int) -> None:
        """Keep a new one, or what has become of a known one; where there are too many, the oldest goes."""
        d = setup_drafts.c
        if self._connection.execute(update(setup_drafts).where(d.id == id).values(sealed=sealed)).rowcount:
            return
        there = self._connection.scalar(select(func.count()).select_from(setup_drafts)) or 0
        if there >= most:
            oldest = select(d.id).order_by(d.began, d.id).limit(1).scalar_subquery()
            self._connection.execute(delete(setup_drafts).where(d.id == oldest))
        self._connection.execute(insert(setup_drafts).values(id=id, began=stamp(began), sealed=sealed))

    def get(self, id: str, since: datetime) -> bytes | None:
        """One that began since then."""
        d = setup_drafts.c
        these = select(d.sealed).where(d.id == id, d.began > stamp(since))
        sealed: bytes | None = self._connection.scalar(these)
        return sealed

    def take(self, id: str) -> bool:
        """Take one out; whether it was there."""
        return bool(self._connection.execute(delete(setup_drafts).where(setup_drafts.c.id == id)).rowcount)

    def forget(self, before: datetime) -> None:
        """Drop what began until then."""
        self._connection.execute(delete(setup_drafts).where(setup_drafts.c.began <= stamp(before)))
