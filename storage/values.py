"""Where customers stand among all: what the whole-pool reckoning (assistant.valuing) reads, leaves, and lists by.

A reckoning writes its rows piece by piece under its own number and takes those of older ones out when it is complete.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    func,
    insert,
    literal_column,
    select,
    tuple_,
    update,
)

from rules.terms.customer import Customer, CustomerKind, CustomerStatus, PartyKind
from rules.terms.interaction import Channel
from rules.terms.ledger import OrderStatus
from rules.terms.worth import CustomerValue, PoolValue
from storage.case_tables import cases
from storage.customer_files import CUSTOMER, customer_of
from storage.ledger_tables import invoices, offers, orders, surveys
from storage.moments import moment, stamp
from storage.packing import unpack_words
from storage.placements import chunks
from storage.prepared import Asked, Prepared, any_of
from storage.records import contacts, customers, interactions, state
from storage.restrictions import used_customer
from storage.value_tables import customer_values, pool_values

_MARK = "values"  # in the table of states: counts what changed for the reckoning


class ValueList(StrEnum):
    """The lists that follow from the values."""

    KINGS = "kings"
    RISK = "risk"
    LOST = "lost"
    LIKENESS = "likeness"
    MOVERS = "movers"


@dataclass(frozen=True, slots=True)
class Trader:
    """A customer as the reckoning needs them; their orders follow."""

    id: str
    kind: CustomerKind
    party: frozenset[PartyKind]
    status: CustomerStatus
    key_account: bool
    revenue_12m: float | None


# Day, amount, margin (None where unknown) of an order.
OrderRow = tuple[date, int, int | None]


@dataclass(frozen=True, slots=True)
class Profiled:
    """What is known of a customer beside their trade."""

    id: str
    name: str
    zip: str
    city: str
    country: str
    legal_form: str
    contacts: int


class Values:
    """The values of a pool's customers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # what is reckoned from

    def mark(self) -> None:
        """Something changed from which values follow."""
        self._connection.execute(update(state).where(state.c.name == _MARK).values(value=state.c.value + 1))

    def marked(self) -> int:
        """How often something changed."""
        return self._connection.scalar(select(state.c.value).where(state.c.name == _MARK)) or 0

    def traders(self, currency: str, until: date) -> Iterator[tuple[Trader, OrderRow | None]]:
        """Every customer with their orders, a row an order, by customer and day; a page of rows in memory at a time.

        Cancelled orders, those in another currency and those of days to come are left out. Who has none comes once;
        whose data are only kept does not come.
        """
        c, o = customers.c, orders.c
        theirs = and_(
            o.customer_id == c.id, o.currency == currency, o.status != OrderStatus.CANCELLED.value, o.date <= until
        )
        query = (
            select(c.id, c.kind, c.party, c.status, c.key_account, c.revenue_12m, o.date, o.amount, o.margin)
            .select_from(customers.outerjoin(orders, theirs))
            .where(*used_customer(self._connection, c.id))
            .order_by(c.id, o.date)
            .execution_options(yield_per=1000)
        )
        last: Trader | None = None
        for id, kind, party, status, key_account, revenue, day, amount, margin in self._connection.execute(query):
            if last is None or last.id != id:
                parties = frozenset(PartyKind(one) for one in unpack_words(party))
                last = Trader(id, CustomerKind(kind), parties, CustomerStatus(status), key_account, revenue)
            yield last, None if day is None else (day, amount, margin)

    def case_costs(self, since: datetime) -> Iterator[tuple[str, datetime, int]]:
        """What cases cost since a moment: whose, when opened, cents."""
        c = cases.c
        query = select(c.customer_id, c.opened, c.cost).where(
            c.customer_id.is_not(None), c.cost.is_not(None), c.opened >= stamp(since), c.merged_into.is_(None)
        )
        for row in self._connection.execute(query):
            yield row.customer_id, moment(row.opened), row.cost

    def profiles(self, ids: Collection[str]) -> list[Profiled]:
        """What is known of customers beside their trade."""
        c, people = customers.c, contacts.c
        count = select(func.count()).where(people.customer_id == c.id, people.active).scalar_subquery()
        query = select(c.id, c.name, c.zip, c.city, c.country, c.legal_form, count.label("contacts"))
        return [
            Profiled(**row._mapping)
            for chunk in chunks(ids)
            for row in self._connection.execute(query.where(c.id.in_(chunk)))
        ]

    def channels(self, since: datetime) -> dict[Channel, int]:
        """How many entries the timelines have since a moment, by channel; papers among them."""
        i = interactions.c
        query = select(i.channel, func.count()).where(i.date >= stamp(since)).group_by(i.channel)
        found = {Channel(name): count for name, count in self._connection.execute(query)}
        for channel, table in ((Channel.ORDER, orders), (Channel.OFFER, offers), (Channel.INVOICE, invoices)):
            papers = select(func.count()).select_from(table).where(table.c.date >= since.date())
            if count := self._connection.scalar(papers):
                found[channel] = count
        return found

    def scores(self, since: date) -> list[int]:
        """How many answers of 0, 1, … 10 there are since a day."""
        c = surveys.c
        rows = self._connection.execute(select(c.score, func.count()).where(c.date >= since).group_by(c.score))
        found: dict[int, int] = {row[0]: row[1] for row in rows}
        return [found.get(score, 0) for score in range(11)]

    # what was reckoned

    def put(self, run: int, found: Iterable[CustomerValue]) -> None:
        """Keep values, each in place of the one its customer had."""
        for chunk in chunks(found):
            rows = [_row(value, run) for value in chunk]
            gone = delete(customer_values).where(
                customer_values.c.customer_id.in_([row["customer_id"] for row in rows])
            )
            self._connection.execute(gone)
            self._connection.execute(insert(customer_values), rows)

    def finish(self, run: int, marked: int, found: PoolValue) -> None:
        """The reckoning is complete; `marked`: the changes that it knows."""
        self._connection.execute(delete(customer_values).where(customer_values.c.run != run))
        self._connection.execute(delete(pool_values))
        text = _PACKER.encode(found).decode()
        self._connection.execute(insert(pool_values).values(run=run, marked=marked, found=text))

    def reckoned(self) -> tuple[PoolValue, int] | None:
        """What was reckoned last over all customers, and up to which change; None before the first time."""
        row = self._connection.execute(select(pool_values)).one_or_none()
        return None if row is None else (_UNPACKER.decode(row.found), row.marked)

    def of(self, ids: Collection[str]) -> dict[str, CustomerValue]:
        """The values of customers, of those that have some."""
        return {row.customer_id: _value(row) for chunk in chunks(ids) for row in _OF.rows(self._connection, ids=chunk)}

    def page(
        self, name: ValueList, limit: int, before: tuple[float, str] | None = None
    ) -> list[tuple[Customer, CustomerValue]]:
        """A list, the most valuable (most alike) first; `before`: worth (likeness) and id of the last one seen."""
        c = customer_values.c
        order = c.likeness if name is ValueList.LIKENESS else c.worth
        query: Select[Any] = (
            select(*CUSTOMER, *(column for column in c if column.name != "customer_id"))
            .join(customers, customers.c.id == c.customer_id)
            .where(_HOLDS[name], *used_customer(self._connection, customers.c.id))
            .order_by(order.desc(), c.customer_id.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(tuple_(order, c.customer_id) < tuple_(*before))
        width = len(CUSTOMER)
        found = []
        for row in self._connection.execute(query):
            customer = customer_of(tuple(row[:width]))
            found.append((customer, _value(row, customer.id)))
        return found


def beside(customer_id: str) -> Asked:
    """What is asked for a customer's value."""
    return {_OF: {"ids": [customer_id]}}


# The very words of the indexes, so that these are used.
_HOLDS: dict[ValueList, ColumnElement[bool]] = {
    ValueList.KINGS: literal_column("king"),
    ValueList.RISK: literal_column("risk <> ''"),
    ValueList.LOST: literal_column("segment = 'lost'"),
    ValueList.LIKENESS: literal_column("likeness is not null"),
    ValueList.MOVERS: literal_column("abc <> abc_before"),
}
_PACKER = msgspec.json.Encoder()
_UNPACKER = msgspec.json.Decoder(PoolValue)


def _row(value: CustomerValue, run: int) -> dict[str, Any]:
    return {
        "customer_id": value.customer_id,
        "as_of": value.as_of,
        "king": value.king,
        "segment": value.segment,
        "because": value.because,
        "abc": value.abc,
        "abc_before": value.abc_before,
        "rfm": value.rfm,
        "worth": value.worth,
        "revenue": value.revenue,
        "before": value.before,
        "share": value.share,
        "risk": value.risk,
        "p_alive": value.p_alive,
        "expected": value.expected,
        "lifetime": value.lifetime,
        "likeness": value.likeness,
        "likes": json.dumps(value.like),
        "shared": json.dumps(value.shared),
        "run": run,
    }


_OF = Prepared(select(customer_values).where(any_of(customer_values.c.customer_id, "ids")))


def _value(row: Any, customer_id: str = "") -> CustomerValue:
    return CustomerValue(
        customer_id=customer_id or row.customer_id,
        as_of=row.as_of,
        king=row.king,
        segment=row.segment,
        because=row.because,
        abc=row.abc,
        abc_before=row.abc_before,
        rfm=row.rfm,
        worth=row.worth,
        revenue=row.revenue,
        before=row.before,
        share=row.share,
        risk=row.risk,
        p_alive=row.p_alive,
        expected=row.expected,
        lifetime=row.lifetime,
        likeness=row.likeness,
        like=_words(row.likes),
        shared=_words(row.shared),
    )


def _words(text: str) -> tuple[str, ...]:
    found: Sequence[str] = json.loads(text)
    return tuple(found)
