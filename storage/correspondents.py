"""With whom mail is exchanged though nobody made a record of them, and what staff made of such people in one go.

Counted mail by mail by a walk (assistant.correspondence); each mailbox for itself, so that rights hold when it is read.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, exists, func, insert, select, update

from rules.terms.customer import IdentifierKind
from rules.terms.party import Correspondent, Exchange, Sign, Told, counted
from storage import party_weights as weights
from storage.columns import plain
from storage.correspondent_tables import adoptions, correspondents
from storage.moments import moment, stamp
from storage.placements import chunks
from storage.places import Places
from storage.records import identifiers
from storage.schema import boxes, messages
from storage.senders import said_of

_LONGEST = 254
# So many addresses below one VAT id are looked at.
_JOINED = 30


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What a party exchanged with some mailboxes: how many mails it wrote and got, and its addresses, busiest first."""

    received: int
    sent: int
    newest: datetime
    people: tuple[Correspondent, ...]

    @property
    def weight(self) -> int:
        """What these mails weigh."""
        return weights.weight(self.received, self.sent)


@dataclass(frozen=True, slots=True)
class Adoption:
    """What was made in one go: customers by id, and words on senders by number; `words` says how many those are."""

    staff: str
    at: datetime
    customers: tuple[str, ...]
    senders: tuple[int, ...]

    @property
    def words(self) -> int:
        """How many senders something was said of."""
        return len(self.senders)


class Correspondents:
    """The correspondents of a pool."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def mails_after(self, no: int, limit: int) -> tuple[list[int], int]:
        """The next mails that nobody's file holds, of so many by number, and the last number that was looked at."""
        m = messages.c
        rows = self._connection.execute(select(m.no, m.action).where(m.no > no).order_by(m.no).limit(limit)).all()
        return [row.no for row in rows if row.action != "attach"], rows[-1].no if rows else no

    def add(self, exchanges: Iterable[Exchange]) -> None:
        """Count mails that were not counted before."""
        wanted: dict[tuple[int, str], list[Exchange]] = {}
        numbers: dict[str, int] = {}
        for one in exchanges:
            if one.mailbox not in numbers:
                numbers[one.mailbox] = next(iter(Places(self._connection).boxes([one.mailbox])), 0)
            wanted.setdefault((numbers[one.mailbox], plain(one.address)[:_LONGEST]), []).append(one)
        known = self._known({address for _, address in wanted})
        new, changed, told = [], [], set()
        more: Counter[tuple[int, str]] = Counter()
        for (box, address), some in wanted.items():
            row = known.get((box, address))
            values = _counted(row, some)
            values["belongs_to"] = values["belongs_to"] or (row.belongs_to if row else address)
            if row is None:
                new.append({"box": box, "address": address, **values})
            else:
                changed.append({"this": row.id, **values})
                more[box, row.belongs_to] -= weights.weight(row.mails_from, row.mails_to)
            more[box, values["belongs_to"]] += weights.weight(values["mails_from"], values["mails_to"])
            told.add((box, values["vat_id"]))
        if new:
            self._connection.execute(insert(correspondents), new)
        if changed:
            these = update(correspondents).where(correspondents.c.id == bindparam("this"))
            self._connection.execute(these, changed)
        weights.add(self._connection, more)
        for box, vat_id in sorted(told):
            if vat_id:
                self._join(box, vat_id)

    def forget_all(self) -> None:
        """Begin anew."""
        self._connection.execute(delete(correspondents))
        weights.forget_all(self._connection)

    def heaviest(self, mailboxes: Collection[str], limit: int, each: int) -> dict[str, Exchanged]:
        """Whose mail is seen from these mailboxes, most mails first: whom we wrote to, or who wrote often to one.

        Left out is who has a record or of whom staff said something. The parties that weigh most are looked at until
        there are enough of them; the others cost nothing.

        Args:
            mailboxes: from which it is seen.
            limit: so many at most.
            each: so many of the addresses of each at most.
        """
        found: dict[str, Exchanged] = {}
        seen = Places(self._connection).boxes(mailboxes)
        for parties in weights.heaviest(self._connection, seen, limit):
            of_each = self.of_parties(parties, mailboxes, each)
            found |= {party: one for party, one in of_each.items() if one.weight >= weights.OFTEN}
            if len(found) >= limit:
                break
        ranked = sorted(found, key=lambda party: (-found[party].weight, party))
        return {party: found[party] for party in ranked[:limit]}

    def of_parties(
        self, parties: Collection[str], mailboxes: Collection[str], each: int | None = None
    ) -> dict[str, Exchanged]:
        """What these parties exchanged with these mailboxes, with so many of the addresses of each, or all."""
        c = correspondents.c
        its = c.belongs_to
        place = func.row_number().over(partition_by=its, order_by=((c.mails_from + c.mails_to).desc(), c.id))
        sums = {"received": func.sum(c.mails_from), "sent": func.sum(c.mails_to), "last": func.max(c.newest)}
        together = [one.over(partition_by=its).label(name) for name, one in sums.items()]
        # Narrow rows first: a market place has very many addresses, of which few are read.
        query = select(c.id, place.label("place"), *together)
        seen = Places(self._connection).boxes(mailboxes)
        found: dict[str, list[Row[Any]]] = {}
        for chunk in chunks(parties):
            ranked = query.where(its.in_(chunk), *_open(seen)).subquery("ranked")
            these = select(correspondents, boxes.c.name.label("mailbox"), *(ranked.c[name] for name in sums))
            these = these.join(ranked, ranked.c.id == c.id).join(boxes, boxes.c.id == c.box)
            if each is not None:
                these = these.where(ranked.c.place <= each)
            for row in self._connection.execute(these.order_by(ranked.c.place)):
                found.setdefault(row.belongs_to, []).append(row)
        return {
            party: Exchanged(
                received=int(rows[0].received),
                sent=int(rows[0].sent),
                newest=moment(rows[0].last),
                people=tuple(map(_correspondent, rows)),
            )
            for party in parties
            if (rows := found.get(party))
        }

    def keep(self, made: Adoption) -> int:
        """Note what was made in one go; the number by which it can be taken back."""
        a = adoptions.c
        batch: int = (self._connection.scalar(select(func.max(a.batch))) or 0) + 1
        common = {"batch": batch, "staff": made.staff, "at": stamp(made.at)}
        rows: list[dict[str, Any]] = [{**common, "customer_id": id, "sender": None} for id in made.customers]
        rows += [{**common, "customer_id": None, "sender": number} for number in made.senders]
        if rows:
            self._connection.execute(insert(adoptions), rows)
        return batch

    def adoption(self, batch: int) -> Adoption | None:
        """What was made in one go, None where it was taken back or forgotten."""
        query = select(adoptions).where(adoptions.c.batch == batch).order_by(adoptions.c.id)
        rows = self._connection.execute(query).all()
        if not rows:
            return None
        return Adoption(
            rows[0].staff,
            moment(rows[0].at),
            tuple(row.customer_id for row in rows if row.customer_id is not None),
            tuple(row.sender for row in rows if row.sender is not None),
        )

    def drop(self, batch: int, customers: Collection[str] = ()) -> None:
        """Forget what was made in one go, but for these customers."""
        a = adoptions.c
        gone = (a.batch == batch) & (a.customer_id.is_(None) | a.customer_id.not_in(list(customers)))
        self._connection.execute(delete(adoptions).where(gone))

    def forget_adoptions(self, before: datetime) -> None:
        """Forget what was made before a moment: it is not taken back in one go any more."""
        self._connection.execute(delete(adoptions).where(adoptions.c.at < stamp(before)))

    def _known(self, addresses: Collection[str]) -> dict[tuple[int, str], Row[Any]]:
        found: dict[tuple[int, str], Row[Any]] = {}
        for chunk in chunks(addresses):
            query = select(correspondents).where(correspondents.c.address.in_(chunk))
            found.update(((row.box, row.address), row) for row in self._connection.execute(query))
        return found

    def _join(self, box: int, vat_id: str) -> None:
        """What one firm's VAT id stands below is one party: the one with a domain, or that was known first."""
        c = correspondents.c
        query = select(c.belongs_to, c.address).where(c.vat_id == vat_id, c.box == box).order_by(c.id)
        rows = self._connection.execute(query.limit(_JOINED)).all()
        first = next((row.belongs_to for row in rows if "@" not in row.belongs_to), rows[0].belongs_to)
        others = {row.belongs_to for row in rows} - {first}
        if others:
            this = c.belongs_to.in_(others) & (c.box == box)
            self._connection.execute(update(correspondents).where(this).values(belongs_to=first))
            weights.join(self._connection, box, first, sorted(others))


def forget_exchanges(connection: Connection, these: ColumnElement[bool]) -> None:
    """Erase the rows of `correspondents` for which this holds, and what they weigh."""
    c = correspondents.c
    weighs = select(c.box, c.belongs_to, func.sum(weights.weight(c.mails_from, c.mails_to))).where(these)
    rows = connection.execute(weighs.group_by(c.box, c.belongs_to)).all()
    connection.execute(delete(correspondents).where(these))
    weights.add(connection, {(box, party): -int(weight) for box, party, weight in rows})


def _open(seen: Collection[int]) -> list[ColumnElement[bool]]:
    """The condition that an address is seen from these mailboxes and nothing is known of whose it is."""
    c, k = correspondents.c, identifiers.c
    as_address = exists().where(k.kind == IdentifierKind.ADDRESS.value, k.value == c.address)
    as_domain = exists().where(k.kind == IdentifierKind.DOMAIN.value, k.value == c.belongs_to)
    return [c.box.in_(seen), ~as_address, ~as_domain, ~exists().where(said_of(c.address))]


def _counted(row: Row[Any] | None, some: Iterable[Exchange]) -> dict[str, Any]:
    """A row's values with some more mails. The mail that is kept is theirs where they wrote."""
    received, sent = (row.mails_from, row.mails_to) if row else (0, 0)
    values: dict[str, Any] = {
        "belongs_to": "",
        "vat_id": row.vat_id if row else "",
        "name": row.name if row else "",
        "newest": row.newest if row else 0,
        "message": row.message if row else 0,
    }
    signs = _signs(row.signs) if row else {}
    for one in some:
        told = {"belongs_to": one.party, "vat_id": one.vat_id, "name": one.name}
        values |= {name: plain(value)[:_LONGEST] for name, value in told.items() if value}
        at = stamp(one.at)
        if one.received or not received:
            values["message"] = one.message
        values["newest"] = max(values["newest"], at)
        received, sent = received + one.received, sent + (not one.received)
        signs = counted(signs, one.signs)
    packed = json.dumps({sign.value: [told.count, told.quote] for sign, told in signs.items()})
    return values | {"mails_from": received, "mails_to": sent, "signs": packed}


def _signs(packed: str) -> dict[Sign, Told]:
    return {Sign(sign): Told(count, quote) for sign, (count, quote) in json.loads(packed).items()}


def _correspondent(row: Row[Any]) -> Correspondent:
    return Correspondent(
        mailbox=row.mailbox,
        address=row.address,
        party=row.belongs_to,
        name=row.name,
        received=row.mails_from,
        sent=row.mails_to,
        newest=moment(row.newest),
        message=row.message,
        signs=_signs(row.signs),
    )
