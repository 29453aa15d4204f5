"""What was decided on proposals for a customer, and what forbids to ask them for business."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from rules.terms.worth import Bar
from storage.placements import chunks
from storage.prepared import Asked, Prepared, any_of
from storage.value_tables import action_decisions, customer_bars

# Asked for each summary: made once.
_DECIDED = Prepared(
    select(action_decisions.c.action, action_decisions.c.date).where(action_decisions.c.customer_id == bindparam("id"))
)
_BARS = Prepared(
    select(customer_bars.c.customer_id, customer_bars.c.bar).where(any_of(customer_bars.c.customer_id, "ids"))
)


def beside(customer_id: str) -> Asked:
    """What is asked for a customer's decisions and bars."""
    return {_DECIDED: {"id": customer_id}, _BARS: {"ids": [customer_id]}}


class Decisions:
    """Decisions and bars of a pool's customers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def decide(self, customer_id: str, action: str, day: date, *, accepted: bool) -> None:
        """Note that a proposal was accepted or declined on a day."""
        c = action_decisions.c
        this = update(action_decisions).where(c.customer_id == customer_id, c.action == action)
        if not self._connection.execute(this.values(date=day, accepted=accepted)).rowcount:
            values = {"customer_id": customer_id, "action": action, "date": day, "accepted": accepted}
            self._connection.execute(insert(action_decisions).values(values))

    def forget(self, customer_id: str, action: str) -> None:
        """Take a decision back."""
        c = action_decisions.c
        self._connection.execute(delete(action_decisions).where(c.customer_id == customer_id, c.action == action))

    def of(self, customer_id: str) -> dict[str, date]:
        """When each proposal for a customer was last decided on."""
        return {row.action: row.date for row in _DECIDED.rows(self._connection, id=customer_id)}

    def bar(self, customer_id: str, bar: Bar, day: date, author: str) -> None:
        """Note that a customer is not to be asked for business. Again is fine."""
        self.unbar(customer_id, bar)
        values = {"customer_id": customer_id, "bar": bar.value, "since": day, "author": author}
        self._connection.execute(insert(customer_bars).values(values))

    def unbar(self, customer_id: str, bar: Bar) -> None:
        """It holds no longer."""
        c = customer_bars.c
        self._connection.execute(delete(customer_bars).where(c.customer_id == customer_id, c.bar == bar.value))

    def bars(self, ids: Collection[str]) -> dict[str, frozenset[Bar]]:
        """What staff noted for customers; those of whom nothing was noted are left out."""
        found: dict[str, set[Bar]] = {}
        for chunk in chunks(ids):
            for id, bar in _BARS.rows(self._connection, ids=chunk):
                found.setdefault(id, set()).add(Bar(bar))
        return {id: frozenset(bars) for id, bars in found.items()}
