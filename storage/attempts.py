"""Failed attempts of the last minutes, by digests that tell nobody whose they are; all processes count together."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, Index, Table, Text, delete, func, insert, select

from storage.columns import Number, metadata
from storage.moments import moment, stamp

attempts = Table(
    "attempts",
    metadata,
    Column("id", Number, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_attempts_digest", "digest", "at"),
    Index("ix_attempts_at", "at"),
)


class AttemptsTable:
    """The attempts of a pool. Whoever counts does so in a unit of work that writes: then nobody else does."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def latest(self, limits: Mapping[str, int], since: datetime) -> dict[str, datetime]:
        """Of the digests that have reached their limit since a moment: when the first of the last so many was."""
        found: dict[str, datetime] = {}
        for digest, allowed in limits.items():
            these = select(attempts.c.at).where(attempts.c.digest == digest, attempts.c.at > stamp(since))
            times = list(self._connection.scalars(these.order_by(attempts.c.at.desc()).limit(allowed)))
            if len(times) == allowed:
                found[digest] = moment(times[-1])
        return found

    def add(self, digests: Collection[str], at: datetime) -> None:
        """Count an attempt."""
        self._connection.execute(insert(attempts), [{"digest": digest, "at": stamp(at)} for digest in digests])

    def forgive(self, all_of: str, one_of: Collection[str]) -> None:
        """Forget all of one digest, and the last attempt of each of the others."""
        self._connection.execute(delete(attempts).where(attempts.c.digest == all_of))
        for digest in one_of:
            last = select(func.max(attempts.c.id)).where(attempts.c.digest == digest).scalar_subquery()
            self._connection.execute(delete(attempts).where(attempts.c.id == last))

    def forget(self, before: datetime) -> None:
        """Drop what is older."""
        self._connection.execute(delete(attempts).where(attempts.c.at <= stamp(before)))
