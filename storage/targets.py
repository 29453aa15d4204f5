"""Target groups: saved filters, whom they mean, who of them gets no advertising, and who took them out of the pool."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    tuple_,
    update,
)

from rules.terms.complaint import STANDING
from rules.terms.customer import Customer, PartyKind
from rules.terms.ledger import OrderStatus
from rules.terms.target import Filters, Stop, TargetExport, TargetGroup
from rules.terms.worth import Bar
from storage.consents import may_be_addressed
from storage.customer_files import CUSTOMER, customer_of
from storage.folding import fold
from storage.ledger_tables import orders, particulars
from storage.moments import moment, stamp
from storage.records import contacts, customers
from storage.relation_tables import target_exports, target_groups
from storage.restrictions import restricted_ids
from storage.schema import findings
from storage.value_tables import customer_bars, customer_values

_PACKER = msgspec.json.Encoder()
_UNPACKER = msgspec.json.Decoder(Filters)
_EXPORTS = 100
_AT_ONCE = 500


class Targets:
    """The target groups of a pool."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # saved

    def all(self) -> list[TargetGroup]:
        """The saved ones, by name."""
        rows = self._connection.execute(select(target_groups).order_by(target_groups.c.name))
        return [
            TargetGroup(row.name, _UNPACKER.decode(row.filters), row.author, moment(row.at), row.id) for row in rows
        ]

    def get(self, group: int | str) -> TargetGroup | None:
        """One of them, by number or by name."""
        return next((one for one in self.all() if group in (one.id, one.name)), None)

    def put(self, group: TargetGroup) -> int:
        """Save a group under its name, in place of one of that name; its number."""
        c = target_groups.c
        values = {"filters": _PACKER.encode(group.filters).decode(), "author": group.author, "at": stamp(group.at)}
        this = update(target_groups).where(c.name == group.name).values(values).returning(c.id)
        known: int | None = self._connection.execute(this).scalar()
        if known is not None:
            return known
        new = insert(target_groups).values(values | {"name": group.name}).returning(c.id)
        made: int = self._connection.execute(new).scalar_one()
        return made

    def remove(self, number: int) -> bool:
        """Forget a group; False when there was none."""
        return self._connection.execute(delete(target_groups).where(target_groups.c.id == number)).rowcount > 0

    # whom they mean

    # `existing`: existing customers may be mailed without consent (§ 7 (3) UWG).

    def count(self, filters: Filters, today: date, *, existing: bool = False) -> tuple[int, dict[Stop, int]]:
        """How many may get advertising, and how many may not, by the first reason."""
        stop = _stop(filters, existing=existing)
        stops = _meant(select(stop.label("stop")), filters, today).subquery()
        query = select(stops.c.stop, func.count()).group_by(stops.c.stop)
        found: dict[str, int] = {row[0]: row[1] for row in self._connection.execute(query)}
        return found.pop("", 0), {one: found[one.value] for one in Stop if one.value in found}

    def page(
        self, filters: Filters, today: date, limit: int, after: str = "", *, existing: bool = False
    ) -> list[Customer]:
        """Those who may get advertising, by name; `after` is the id of the last one on the page before."""
        c = customers.c
        query = (
            _meant(select(*CUSTOMER), filters, today)
            .where(_stop(filters, existing=existing) == "")
            .order_by(c.name_key, c.id)
        )
        last = self._connection.scalar(select(c.name_key).where(c.id == after)) if after else None
        if last is not None:
            query = query.where(tuple_(c.name_key, c.id) > tuple_(last, after))
        return [customer_of(row) for row in self._connection.execute(query.limit(limit))]

    def everyone(self, filters: Filters, today: date, *, existing: bool = False) -> Iterator[list[Customer]]:
        """All of those who may get advertising, by name, some hundreds at a time."""
        after = ""
        while some := self.page(filters, today, _AT_ONCE, after, existing=existing):
            yield some
            after = some[-1].id

    # taken out

    def note_export(self, group: TargetGroup, staff: str, at: datetime, rows: int, left_out: int) -> None:
        """Remember who took which group out, with what filters."""
        values = {
            "name": group.name,
            "filters": _PACKER.encode(group.filters).decode(),
            "staff": staff,
            "at": stamp(at),
        }
        self._connection.execute(insert(target_exports).values(values | {"rows": rows, "left_out": left_out}))

    def exports(self) -> list[TargetExport]:
        """The latest exports, newest first."""
        query = select(target_exports).order_by(target_exports.c.id.desc()).limit(_EXPORTS)
        rows = self._connection.execute(query)
        return [TargetExport(row.name, row.staff, moment(row.at), row.rows, row.left_out) for row in rows]


def _meant(query: Select[Any], filters: Filters, today: date) -> Select[Any]:
    """A query of those whom a filter means, whether they may get advertising or not."""
    valued = customers.outerjoin(customer_values, customer_values.c.customer_id == customers.c.id)
    return query.select_from(valued).where(*_conditions(filters, today))


def _stop(filters: Filters, *, existing: bool) -> ColumnElement[str]:
    """The first reason for which a customer gets no advertising; "" where there is none.

    What a mere supplier complains of needs no look: suppliers are not meant at all.
    """
    id, b, f = customers.c.id, customer_bars.c, findings.c
    standing = f.state.in_([state.value for state in STANDING])
    complaining = select(f.customer_id).where(f.customer_id.is_not(None), standing)
    reasons = (
        (id.in_(restricted_ids()), Stop.RESTRICTED),
        (id.in_(select(b.customer_id).where(b.bar == Bar.OBJECTION.value)), Stop.OBJECTION),
        (id.in_(select(b.customer_id).where(b.bar == Bar.COLLECTION.value)), Stop.COLLECTION),
        (id.in_(complaining), Stop.COMPLAINT),
        (not_(may_be_addressed(filters.by, filters.language, existing=existing)), Stop.CONSENT),
    )
    return case(*((holds, literal(stop.value, String)) for holds, stop in reasons), else_=literal("", String))


def _conditions(filters: Filters, today: date) -> Iterator[ColumnElement[bool]]:  # noqa: PLR0912 — one a filter
    c, v, o = customers.c, customer_values.c, orders.c
    # Suppliers and authorities get no advertising.
    yield c.party.like(f"%{PartyKind.CUSTOMER.value}%")
    for column, values in ((c.status, filters.status), (v.segment, filters.segments), (v.abc, filters.classes)):
        if values:
            yield column.in_(values)
    if filters.kind:
        yield c.kind == filters.kind
    for place, least in enumerate((filters.recency, filters.frequency, filters.monetary), start=1):
        if least:
            yield func.substr(v.rfm, place, 1) >= str(least)
    if filters.country:
        yield or_(func.lower(c.country) == filters.country.lower(), c.country == "")
    if filters.zips:
        yield or_(*(c.zip.startswith(zip, autoescape=True) for zip in filters.zips))
    if filters.city:
        yield func.lower(c.city).in_({filters.city.lower(), fold(filters.city)})
    if filters.revenue_from is not None:
        yield func.coalesce(v.revenue, 0) >= filters.revenue_from
    if filters.revenue_to is not None:
        yield func.coalesce(v.revenue, 0) <= filters.revenue_to
    theirs = exists().where(o.customer_id == c.id, o.status != OrderStatus.CANCELLED.value)
    if filters.ordered_days:
        yield theirs.where(o.date >= today - timedelta(days=filters.ordered_days))
    if filters.silent_days:
        yield and_(theirs, ~theirs.where(o.date >= today - timedelta(days=filters.silent_days)))
    if filters.particular:
        p = particulars.c
        holding = or_(p.until.is_(None), p.until >= today)
        words = func.lower(p.text).contains(filters.particular.lower(), autoescape=True)
        yield exists().where(p.customer_id == c.id, holding, words)
    if filters.language:
        people = contacts.c
        yield exists().where(people.customer_id == c.id, people.active, func.lower(people.language) == filters.language)
