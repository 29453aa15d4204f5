"""Two records of one customer become one, and become two again when that was wrong.

    merge   every row of the merged customer points to the kept one; its id stays as an alias (storage.aliases)
    import  of the merged id changes nothing; what belongs to it goes to the kept customer, and is remembered
    undo    what was moved and is still there goes back, and with it the record as it was

What had no place beside the kept customer's own rows (the same order number, an entry for the same mail) is laid aside
with the merge and comes back with it.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Date, Row, Table, delete, insert, select, tuple_, update

from rules.terms.customer import Customer, Known
from rules.terms.errors import NotFound, UnknownName, WrongUse
from rules.terms.finding import Match
from rules.terms.upkeep import Merge
from storage.alarm_tables import sightings
from storage.aliases import aliases, note_moved, packed
from storage.case_tables import cases
from storage.consent_tables import consents
from storage.correspondent_tables import adoptions
from storage.customer_files import CUSTOMER, customer_of
from storage.customer_imports import CUSTOMERS, customer_text
from storage.document_tables import found_invoices
from storage.findings import follow
from storage.fulltext import FullText
from storage.identifiers import Identifiers
from storage.ledger_tables import customer_facts, invoices, offers, open_items, orders, particulars, surveys
from storage.moments import moment, moment_or_none, stamp
from storage.outgoing_tables import invitations, outgoing
from storage.packing import pack_match, unpack_match
from storage.placements import chunks
from storage.recognition import merge_moves, merges, proposals
from storage.records import contacts, customer_references, customers, identifiers, interactions, state
from storage.relation_tables import promises, referrals
from storage.rematching import Rematching
from storage.restrictions import Restrictions
from storage.schema import messages
from storage.value_tables import customer_bars

_DERIVED = ("customers", "contacts")


@dataclass(frozen=True, slots=True)
class _Part:
    """A table whose rows belong to customers: by what a row is known, and what a customer can have but once."""

    table: Table
    key: tuple[str, ...]
    once: tuple[str, ...]


# What hangs on other rows (payments on invoices) goes with them.
_PARTS = (
    _Part(contacts, ("id",), ()),
    _Part(customer_references, ("number", "type"), ("number", "type")),
    _Part(interactions, ("id",), ("message",)),
    _Part(proposals, ("id",), ("contact_id", "kind", "payload_key")),
    _Part(orders, ("order_no",), ()),
    _Part(offers, ("offer_no",), ()),
    _Part(invoices, ("invoice_no",), ()),
    _Part(found_invoices, ("invoice_no",), ()),
    _Part(open_items, ("as_of", "invoice_no"), ()),
    _Part(surveys, ("external_id",), ()),
    _Part(particulars, ("id",), ()),
    _Part(cases, ("id",), ()),
    _Part(customer_bars, ("bar",), ("bar",)),
    _Part(consents, ("id",), ()),
    _Part(referrals, ("id",), ("referrer",)),
    _Part(promises, ("id",), ()),
    _Part(outgoing, ("id",), ()),
    _Part(invitations, ("digest",), ()),
    _Part(sightings, ("place", "uid"), ()),
    _Part(adoptions, ("id",), ()),
)


class Merges:
    """The merges of a pool."""

    def __init__(self, connection: Connection, fulltext: FullText) -> None:
        self._connection = connection
        self._fulltext = fulltext

    def merge(self, kept: str, merged: str, staff: str, at: datetime) -> int:
        """Let everything of one customer be another one's; the number by which it can be undone.

        Raises:
            UnknownName: one of them is no customer (any more).
            WrongUse: they are the same, or the data of one of them are restricted.
        """
        if kept == merged:
            raise WrongUse(
                problem="A customer cannot be merged with itself.",
                problem_de="Ein Kunde kann nicht mit sich selbst zusammengeführt werden.",
            )
        restrictions = Restrictions(self._connection)
        if restrictions.of(kept) or restrictions.of(merged):
            raise WrongUse(
                problem="The data of one of them are restricted. Lift that first.",
                problem_de="Die Daten des einen sind eingeschränkt. Heben Sie das zuerst auf.",
            )
        self._record(kept)
        record = self._record(merged)
        values = {"kept": kept, "merged": merged, "staff": staff, "at": stamp(at)}
        new = insert(merges).values(values | {"record": json.dumps(dict(record._mapping))})
        number: int = self._connection.execute(new.returning(merges.c.id)).scalar_one()
        self._move_messages(number, kept, merged)
        for part in _PARTS:
            self._move(number, part, kept, merged)
        self._move_identifiers(number, kept, merged)
        self._connection.execute(delete(customers).where(customers.c.id == merged))
        self._fulltext.drop_customers(self._connection, [(record.no, customer_text(_customer(record)))])
        self._changed(-1, kept, merged)
        return number

    def undo(self, number: int, staff: str, at: datetime) -> tuple[str, str]:
        """Make two customers of it again; their ids. Mail that was filed since stays with the kept one.

        Raises:
            NotFound: there is no such merge, or it has been undone.
            WrongUse: the kept customer has become part of another one since; that has to be undone first.
        """
        c = merges.c
        row = self._connection.execute(select(merges).where(c.id == number, c.undone_at.is_(None))).one_or_none()
        if row is None:
            raise NotFound
        if self._connection.scalar(select(customers.c.no).where(customers.c.id == row.kept)) is None:
            raise WrongUse(
                problem=f"Customer “{row.kept}” has been merged into another one since. Undo that first.",
                problem_de=f"Kunde „{row.kept}“ wurde seither selbst mit einem anderen zusammengeführt. Machen Sie "
                "zuerst das rückgängig.",
            )
        record = json.loads(row.record)
        self._connection.execute(insert(customers).values(record))
        made = customer_of([record[column.name] for column in CUSTOMER])
        self._fulltext.add_customers(self._connection, [(record["no"], customer_text(made))])
        self._move_identifiers_back(number, row.kept, row.merged)
        for part in _PARTS:
            self._move_back(number, part, row.kept, row.merged)
        # What people have said since goes with them.
        people = select(contacts.c.id).where(contacts.c.customer_id == row.merged)
        since = update(consents).where(consents.c.customer_id == row.kept, consents.c.contact_id.in_(people))
        self._connection.execute(since.values(customer_id=row.merged))
        self._move_messages_back(number, row.kept, row.merged)
        self._connection.execute(delete(merge_moves).where(merge_moves.c.merge == number))
        self._connection.execute(update(merges).where(c.id == number).values(undone_by=staff, undone_at=stamp(at)))
        self._changed(1, row.kept, row.merged)
        return row.kept, row.merged

    def page(self, limit: int = 50, before: int | None = None) -> list[Merge]:
        """The merges, undone ones too, newest first; `before` is the number of the last one on the page before."""
        query = select(merges).order_by(merges.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(merges.c.id < before)
        return [_merge(row) for row in self._connection.execute(query)]

    def into(self, customer_id: str) -> list[Merge]:
        """Which customers are part of this one by a merge of their own that stands, newest first."""
        c = merges.c
        query = select(merges).where(c.kept == customer_id, c.undone_at.is_(None)).order_by(c.id.desc())
        return [_merge(row) for row in self._connection.execute(query)]

    def derive_anew(self, derive: Callable[[Customer], Iterable[Known]]) -> None:
        """Replace the identifiers that the records of merged customers give, after the rules for them changed."""
        c = merges.c
        rows = self._connection.execute(select(c.merged, c.record).where(c.undone_at.is_(None))).all()
        leads_to = aliases(self._connection, [row.merged for row in rows])
        for row in rows:
            kept, source = leads_to[row.merged].kept, merged_source(row.merged)
            record = json.loads(row.record)
            known = derive(customer_of([record[column.name] for column in CUSTOMER]))
            wanted = (replace(one, customer_id=kept, source=source) for one in known)
            Identifiers(self._connection).replace([(kept, "")], source, wanted)

    def _record(self, id: str) -> Row[Any]:
        row = self._connection.execute(select(customers).where(customers.c.id == id)).one_or_none()
        if row is None:
            raise UnknownName(what="customer", name=id, hint="")
        return row

    def _changed(self, customers_more: int, kept: str, merged: str) -> None:
        # What was reckoned from their books has to be reckoned anew.
        both = customer_facts.c.customer_id.in_((kept, merged))
        self._connection.execute(delete(customer_facts).where(both))
        counted = update(state).where(state.c.name == CUSTOMERS)
        self._connection.execute(counted.values(value=state.c.value + customers_more))
        Rematching(self._connection).mark_all()

    # the tables whose rows only change their customer

    def _move(self, number: int, part: _Part, kept: str, merged: str) -> None:
        table = part.table
        if part.once:
            self._lay_aside(number, part, kept, merged)
        rows = self._connection.execute(
            select(*(table.c[name] for name in part.key)).where(table.c.customer_id == merged)
        )
        note_moved(self._connection, number, table.name, rows)
        self._connection.execute(update(table).where(table.c.customer_id == merged).values(customer_id=kept))

    def _lay_aside(self, number: int, part: _Part, kept: str, merged: str) -> None:
        """Take away the rows that the kept customer has too."""
        table, other = part.table, part.table.alias()
        same = [table.c[name] == other.c[name] for name in part.once]
        both = select(table).join(other, (other.c.customer_id == kept) & same[0]).where(*same[1:])
        for row in self._connection.execute(both.where(table.c.customer_id == merged)).all():
            key = {name: getattr(row, name) for name in part.key}
            self._lay(number, table, key, row)
            this = (table.c[name] == value for name, value in key.items())
            self._connection.execute(delete(table).where(table.c.customer_id == merged, *this))

    def _lay(self, number: int, table: Table, key: dict[str, Any], row: Row[Any]) -> None:
        content = json.dumps(dict(row._mapping), default=str)
        values = {"merge": number, "part": table.name, "key": packed(key.values()), "row": content}
        self._connection.execute(insert(merge_moves).values(values))

    def _move_back(self, number: int, part: _Part, kept: str, merged: str) -> None:
        table = part.table
        columns = tuple_(*(table.c[name] for name in part.key))
        for chunk in chunks(self._moved(number, table.name)):
            keys = [tuple(json.loads(key)) for key, row in chunk if row is None]
            if keys:
                these = update(table).where(table.c.customer_id == kept, columns.in_(keys))
                self._connection.execute(these.values(customer_id=merged))
            laid_aside = [_unpacked(table, row) for _, row in chunk if row is not None]
            if laid_aside:
                self._connection.execute(insert(table), self._still_possible(table, laid_aside))

    def _still_possible(self, table: Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows without those of mails that were erased meanwhile."""
        mails = {row["message"] for row in rows if row.get("message") is not None}
        there = set(self._connection.scalars(select(messages.c.no).where(messages.c.no.in_(mails)))) if mails else set()
        return [row for row in rows if row.get("message") is None or row["message"] in there]

    def _moved(self, number: int, part: str) -> list[tuple[str, str | None]]:
        c = merge_moves.c
        query = select(c.key, c.row).where(c.merge == number, c.part == part)
        return [(row.key, row[1]) for row in self._connection.execute(query)]

    # identifiers: those of the merged record take a source of their own, so that imports of the kept one leave them

    def _move_identifiers(self, number: int, kept: str, merged: str) -> None:
        c = identifiers.c
        own = {tuple(row) for row in self._connection.execute(select(identifiers).where(c.customer_id == kept))}
        moved: list[dict[str, Any]] = []
        taught: list[tuple[str, ...]] = []
        for row in self._connection.execute(select(identifiers).where(c.customer_id == merged)).all():
            source = merged_source(merged) if row.source == "customers" and not row.contact_id else row.source
            now = {**row._mapping, "customer_id": kept, "source": source}
            key = {name: now[name] for name in ("contact_id", "source", "kind", "value")}
            if tuple(now[column.name] for column in c) in own:
                self._lay(number, identifiers, key, row)
                continue
            moved.append(now)
            if row.source not in _DERIVED:
                taught.append(tuple(key.values()))
        self._connection.execute(delete(identifiers).where(c.customer_id == merged))
        if moved:
            self._connection.execute(insert(identifiers), moved)
        note_moved(self._connection, number, identifiers.name, taught)

    def _move_identifiers_back(self, number: int, kept: str, merged: str) -> None:
        c = identifiers.c
        theirs = update(identifiers).where(c.customer_id == kept, c.source == merged_source(merged))
        self._connection.execute(theirs.values(customer_id=merged, source="customers"))
        # With the people, who go back after this, goes by what they are known, whoever says so.
        for chunk in chunks(self._moved(number, contacts.name)):
            people = [json.loads(key)[0] for key, _ in chunk]
            still = select(contacts.c.id).where(contacts.c.id.in_(people), contacts.c.customer_id == kept)
            of_them = update(identifiers).where(c.customer_id == kept, c.contact_id.in_(still.scalar_subquery()))
            self._connection.execute(of_them.values(customer_id=merged))
        columns = tuple_(c.contact_id, c.source, c.kind, c.value)
        for chunk in chunks(self._moved(number, identifiers.name)):
            keys = [tuple(json.loads(key)) for key, row in chunk if row is None]
            if keys:
                taught = update(identifiers).where(c.customer_id == kept, columns.in_(keys))
                self._connection.execute(taught.values(customer_id=merged))
            laid_aside = [json.loads(row) for _, row in chunk if row is not None]
            if laid_aside:
                self._connection.execute(insert(identifiers), laid_aside)

    # mails: the match says the customer in several places, so it is kept as it was

    def _move_messages(self, number: int, kept: str, merged: str) -> None:
        c = messages.c
        theirs = select(interactions.c.message).where(interactions.c.customer_id == merged)
        query = select(c.no, c.match).where(c.no.in_(theirs), c.customer_id == merged)
        for row in self._connection.execute(query).all():
            values = {"merge": number, "part": messages.name, "key": packed([row.no]), "row": row.match}
            self._connection.execute(insert(merge_moves).values(values))
            self._set_match(row.no, _renamed(unpack_match(row.match), merged, kept))

    def _move_messages_back(self, number: int, kept: str, merged: str) -> None:
        c = messages.c
        for key, before in self._moved(number, messages.name):
            (no,) = json.loads(key)
            match = unpack_match(before or "")
            now = self._connection.scalar(select(c.match).where(c.no == no))
            # Whoever decided anew since meant the kept customer, or another one.
            if now == pack_match(_renamed(match, merged, kept)):
                self._set_match(no, match)

    def _set_match(self, no: int, match: Match) -> None:
        values = {"customer_id": match.customer_id, "match": pack_match(match)}
        self._connection.execute(update(messages).where(messages.c.no == no).values(values))
        follow(self._connection, no, match.customer_id)


def merged_source(merged: str) -> str:
    """The source of identifiers that the record of a merged customer gives."""
    return f"customers: {merged}"


def _renamed(match: Match, old: str, new: str) -> Match:
    candidates = dict.fromkeys(new if one == old else one for one in match.candidates)
    customer = new if match.customer_id == old else match.customer_id
    return replace(match, customer_id=customer, candidates=tuple(candidates))


def _unpacked(table: Table, row: str) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(row)
    days = (column.name for column in table.columns if isinstance(column.type, Date))
    return values | {name: date.fromisoformat(values[name]) for name in days if values[name] is not None}


def _customer(row: Row[Any]) -> Customer:
    return customer_of([row._mapping[column.name] for column in CUSTOMER])


def _merge(row: Row[Any]) -> Merge:
    return Merge(
        id=row.id,
        kept=row.kept,
        merged=row.merged,
        name=json.loads(row.record)["name"],
        staff=row.staff,
        at=moment(row.at),
        undone_by=row.undone_by,
        undone_at=moment_or_none(row.undone_at),
    )
