"""Who was asked how satisfied they are, and until when they may answer."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from rules.terms.outgoing import Invitation
from storage.moments import moment, moment_or_none, stamp, stamp_or_none
from storage.outgoing_tables import invitations

_MOMENTS = ("sent", "expires", "answered")


class Invitations:
    """The invitations of a pool."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, invitation: Invitation) -> None:
        """Remember that somebody was asked."""
        row = asdict(invitation)
        row |= {name: stamp_or_none(row[name]) for name in _MOMENTS}
        self._connection.execute(insert(invitations).values(row))

    def get(self, digest: str) -> Invitation | None:
        """The invitation of a token's digest."""
        row = self._connection.execute(select(invitations).where(invitations.c.digest == digest)).one_or_none()
        return None if row is None else _invitation(row)

    def answer(self, digest: str, at: datetime) -> None:
        """Note when it was answered first."""
        this = update(invitations).where(invitations.c.digest == digest, invitations.c.answered.is_(None))
        self._connection.execute(this.values(answered=stamp(at)))

    def last_of(self, customer_id: str) -> datetime | None:
        """When a customer was asked last."""
        query = select(func.max(invitations.c.sent)).where(invitations.c.customer_id == customer_id)
        return moment_or_none(self._connection.scalar(query))

    def of_case(self, case: int) -> bool:
        """Whether somebody was asked after a case."""
        query = select(invitations.c.digest).where(invitations.c.case == case).limit(1)
        return self._connection.scalar(query) is not None

    def forget(self, before: datetime) -> int:
        """Drop those that ended before a moment; how many."""
        return self._connection.execute(delete(invitations).where(invitations.c.expires < stamp(before))).rowcount


def _invitation(row: Row[Any]) -> Invitation:
    values = dict(row._mapping)
    values |= {"sent": moment(row.sent), "expires": moment(row.expires), "answered": moment_or_none(row.answered)}
    return Invitation(**values)
