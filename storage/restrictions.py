"""Customers whose data are kept and not used, because they asked for it or because the law keeps business letters.

What arrives later is new: it has to be read and answered, so it stands in the lists. What was there before stands in
none, whoever looks; administrators open the record by its id (assistant.lookup).
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Select, bindparam, delete, exists, func, insert, or_, select

from storage.moments import moment, stamp
from storage.prepared import Asked, Prepared
from storage.privacy_tables import restrictions
from storage.schema import messages

_HOLDS = or_(restrictions.c.until.is_(None), restrictions.c.until >= func.current_date())


@dataclass(frozen=True, slots=True)
class Restriction:
    """Since when, up to which day (None: until it is lifted), and who noted it."""

    customer_id: str
    since: datetime
    until: date | None
    author: str


class Restrictions:
    """The restrictions of a pool. One whose last day is over holds no longer."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, restriction: Restriction) -> None:
        """Restrict a customer, or change how long."""
        self.lift(restriction.customer_id)
        values = {"customer_id": restriction.customer_id, "since": stamp(restriction.since)}
        values |= {"until": restriction.until, "author": restriction.author}
        self._connection.execute(insert(restrictions).values(values))

    def lift(self, customer_id: str) -> bool:
        """It holds no longer; False when there was none."""
        this = delete(restrictions).where(restrictions.c.customer_id == customer_id)
        return self._connection.execute(this).rowcount > 0

    def of(self, customer_id: str) -> Restriction | None:
        """What holds today."""
        row = _OF.one(self._connection, id=customer_id)
        return None if row is None else Restriction(row.customer_id, moment(row.since), row.until, row.author)

    def count(self) -> int:
        """How many there are today; they are few."""
        return self._connection.scalar(select(func.count()).select_from(restrictions).where(_HOLDS)) or 0


def beside(customer_id: str) -> Asked:
    """What is asked for a customer's restriction."""
    return {_OF: {"id": customer_id}}


def restricted_ids() -> Select[tuple[str]]:
    """The customers whose data are restricted today."""
    return select(restrictions.c.customer_id).where(_HOLDS)


def used_customer(connection: Connection, customer: ColumnElement[str]) -> list[ColumnElement[bool]]:
    """The condition that a customer's data may be used; none where nobody's are restricted, which is usual."""
    if _none(connection):
        return []
    return [~exists().where(restrictions.c.customer_id == customer, _HOLDS)]


def used_mail(connection: Connection, message: ColumnElement[int]) -> list[ColumnElement[bool]]:
    """The condition that a mail is none of a restricted customer's of before; none where nobody's are restricted."""
    if _none(connection):
        return []
    m, c = messages.alias(), restrictions.c
    theirs = exists().where(m.c.no == message, c.customer_id == m.c.customer_id, m.c.arrived <= c.since, _HOLDS)
    return [~theirs.correlate_except(m, restrictions)]


def _none(connection: Connection) -> bool:
    return not _FIRST.rows(connection)


_OF = Prepared(select(restrictions).where(restrictions.c.customer_id == bindparam("id"), _HOLDS))
_FIRST = Prepared(select(restrictions.c.customer_id).where(restrictions.c.customer_id > "").limit(1))
