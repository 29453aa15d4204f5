"""What one should know of a customer before anything else (Besonderheiten), as staff wrote it."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, Integer, Select, bindparam, delete, insert, or_, select, update

from rules.terms.ledger import Particular
from storage.ledger_rows import particular_of
from storage.ledger_tables import particulars
from storage.prepared import Asked, Prepared


def _of() -> Select[Any]:
    c = particulars.c
    query = select(particulars).where(
        c.customer_id == bindparam("id"), or_(c.until.is_(None), c.until >= bindparam("today"))
    )
    return query.order_by(c.id.desc()).limit(bindparam("limit", type_=Integer))


_OF = Prepared(_of())
_MOST = 50


def beside(customer_id: str, today: date) -> Asked:
    """What is asked for a customer's particulars."""
    return {_OF: {"id": customer_id, "today": today, "limit": _MOST}}


class Particulars:
    """The particulars of a pool's customers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, customer_id: str, today: date, limit: int = _MOST) -> list[Particular]:
        """Those of a customer that hold on a day, newest first."""
        rows = _OF.rows(self._connection, id=customer_id, today=today, limit=limit)
        return [particular_of(row) for row in rows]

    def get(self, id: int) -> Particular | None:
        """One of them, expired or not."""
        row = self._connection.execute(select(particulars).where(particulars.c.id == id)).one_or_none()
        return None if row is None else particular_of(row)

    def add(self, customer_id: str, text: str, until: date | None, author: str, today: date) -> Particular:
        """Write one down."""
        values = {"customer_id": customer_id, "text": text, "until": until, "author": author, "since": today}
        id = self._connection.execute(insert(particulars).values(values).returning(particulars.c.id)).scalar_one()
        return Particular(customer_id, text, until, author, id, today)

    def change(self, particular: Particular) -> None:
        """Let it say something else."""
        values = {"text": particular.text, "until": particular.until, "author": particular.author}
        this = update(particulars).where(particulars.c.id == particular.id)
        self._connection.execute(this.values(values | {"since": particular.since}))

    def remove(self, id: int) -> None:
        """Take it out."""
        self._connection.execute(delete(particulars).where(particulars.c.id == id))
