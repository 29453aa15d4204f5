"""By what customers and contacts are recognised, each identifier with the source that says so.

What the kinds mean is the rules' business (rules.identifiers); here each is a text that leads to its owners.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, select

from rules.terms.customer import IdentifierKind, Known, Owners
from storage.bounded import each
from storage.columns import plain
from storage.records import identifiers
from storage.rematching import Rematching
from storage.upserting import write_rows

KNOWN = 20
COUNTED = 200
# In characters: an index has no room for more, and no two parties differ only after so many.
LONGEST = 250

# Groups and order are the index's, so that nothing is sorted.
_PEOPLE = (
    "select kind, value, customer_id, contact_id, min(source) from identifiers where kind = ? and value = ? "
    "group by kind, value, customer_id, contact_id order by kind, value, customer_id, contact_id limit ?"
)
# A domain means no person: its owners are customers, however many people each of them has there.
_OF_CUSTOMERS = (IdentifierKind.DOMAIN.value, IdentifierKind.DOMAIN_NAME.value)
_CUSTOMERS = (
    "select kind, value, customer_id, '', min(source) from identifiers where kind = ? and value = ? "
    "group by kind, value, customer_id order by kind, value, customer_id limit ?"
)
_COUNT = (
    "select kind, value, count(*) from (select distinct kind, value, customer_id from identifiers "
    "where kind = ? and value = ? limit ?) as counted group by kind, value"
)
_REFERENCES = (
    "select 'number', number_key, customer_id, '', type from customer_references where 'number' = ? and number_key = ? "
    "group by number_key, customer_id, type order by number_key, customer_id, type limit ?"
)
_COUNT_REFERENCES = (
    "select 'number', number_key, count(*) from (select distinct number_key, customer_id from customer_references "
    "where 'number' = ? and number_key = ? limit ?) as counted group by number_key"
)

_OF_OWNER = (
    "select customer_id, contact_id, source, kind, value from identifiers "
    "where customer_id = ? and contact_id = ? and source = ?"
)

_Key = tuple[str, str]
# A row of the table: customer, contact ("" for the customer as a whole), source, kind, value.
_Row = tuple[str, str, str, str, str]


class Identifiers:
    """Who is known by what."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rematching = Rematching(connection)

    def owners(self, keys: Mapping[IdentifierKind, Collection[str]]) -> dict[tuple[IdentifierKind, str], Owners]:
        """Whom the values belong to; a value nobody owns is left out.

        Owners of a domain are customers, of anything else contacts and customers. A NUMBER is looked for among the
        numbers of orders, invoices … too, by their normal form; the source then is the reference's type.
        """
        asked = {
            (kind.value, _fitting(value)): (kind, value) for kind, values in keys.items() for value in values if value
        }
        domains = [key for key in asked if key[0] in _OF_CUSTOMERS]
        numbers = [key for key in asked if key[0] == IdentifierKind.NUMBER.value]
        others = [key for key in asked if key[0] not in _OF_CUSTOMERS]
        found = self._looked_up(_PEOPLE, _COUNT, others) | self._looked_up(_CUSTOMERS, _COUNT, domains)
        for key, owners in self._looked_up(_REFERENCES, _COUNT_REFERENCES, numbers).items():
            found[key] = _together(found[key], owners) if key in found else owners
        return {asked[key]: owners for key, owners in found.items()}

    def owners_of_phones(self, beginning: str, limit: int) -> list[str]:
        """Customers with a telephone number that begins so ("+49431"), by number; the same id may come twice."""
        c = identifiers.c
        # Digits are sorted as digits whatever the database's locale; a letter behind them would not be.
        within = c.value.between(beginning, f"{beginning}{'9' * 16}")
        query = select(c.customer_id, c.value).where(c.kind == IdentifierKind.PHONE.value, within)
        rows = self._connection.execute(query.order_by(c.kind, c.value).limit(4 * limit))
        return list(dict.fromkeys(row.customer_id for row in rows if row.value.startswith(beginning)))[:limit]

    def teach(self, known: Known) -> bool:
        """Remember an identifier that somebody taught; False when that was known."""
        row = _row(known)
        c = identifiers.c
        this = (c.customer_id == row[0]) & (c.contact_id == row[1]) & (c.source == row[2]) & (c.kind == row[3])
        if self._connection.execute(select(c.kind).where(this, c.value == row[4])).first() is not None:
            return False
        self._insert([row])
        self._changed(known)
        return True

    def forget(self, known: Known) -> bool:
        """Take a taught identifier back; False when it was not there."""
        if not self._delete(_row(known)):
            return False
        self._changed(known)
        return True

    def taught(self, customer_id: str, sources: Collection[str]) -> list[Known]:
        """What these sources, logins of staff, taught of a customer and its people."""
        c = identifiers.c
        query = select(c.kind, c.value, c.customer_id, c.contact_id, c.source)
        query = query.where(c.customer_id == customer_id, c.source.in_(sources)).order_by(c.kind, c.value, c.source)
        return [
            Known(IdentifierKind(kind), value, customer, contact or None, source)
            for kind, value, customer, contact, source in self._connection.execute(query)
        ]

    def _changed(self, known: Known) -> None:
        """Open mails may be somebody's now: of an address those of that writer, of anything else all."""
        if known.kind is IdentifierKind.ADDRESS:
            self._rematching.mark_sender(known.value)
        else:
            self._rematching.mark_all()

    def replace(self, owners: Collection[tuple[str, str]], source: str, wanted: Iterable[Known]) -> set[str]:
        """Let these owners have the wanted identifiers of this source and no others.

        Args:
            owners: customer and contact, "" for the customer as a whole; of a contact who moves both customers.
            source: who says so.
            wanted: what they shall have.

        Returns:
            The customers, or the contacts where there are such, for whom that changed something.
        """
        now = set(map(_row, wanted))
        asked = [(plain(customer), plain(contact), source) for customer, contact in dict.fromkeys(owners)]
        before: set[_Row] = {tuple(row) for row in each(self._connection, _OF_OWNER, asked)}
        for row in before - now:
            self._delete(row)
        self._insert(now - before)
        return {row[1] or row[0] for row in before ^ now}

    def _looked_up(self, look: str, count: str, asked: Sequence[_Key]) -> dict[_Key, Owners]:
        found: dict[_Key, list[Known]] = {}
        # One owner more than is told shows that there are more.
        for kind, value, customer, contact, source in each(
            self._connection, look, [(*key, KNOWN + 1) for key in asked]
        ):
            known = Known(IdentifierKind(kind), value, customer, contact or None, source)
            found.setdefault((kind, value), []).append(known)
        crowded = [key for key, owners in found.items() if len(owners) > KNOWN]
        counted = each(self._connection, count, [(*key, COUNTED) for key in crowded])
        counts = {(kind, value): number for kind, value, number in counted}
        return {
            key: Owners(tuple(owners[:KNOWN]), counts.get(key) or _customers(owners)) for key, owners in found.items()
        }

    def _insert(self, rows: Collection[_Row]) -> None:
        if rows:
            # In the order of the index by value: its pages are then touched once each. Past SQLAlchemy, whose handling
            # of each of very many rows would cost more than the database's: they are clean already.
            write_rows(self._connection, identifiers, sorted(rows, key=lambda row: row[3:]))

    def _delete(self, row: _Row) -> int:
        c = identifiers.c
        this = (c.customer_id == row[0]) & (c.contact_id == row[1]) & (c.source == row[2])
        return self._connection.execute(delete(identifiers).where(this, c.kind == row[3], c.value == row[4])).rowcount


def _together(one: Owners, other: Owners) -> Owners:
    """The owners of two look-ups. Customers of both count twice where there are more than are told."""
    known = (*one.known, *other.known)
    few = len(known) <= KNOWN
    return Owners(known[:KNOWN], _customers(known) if few else min(COUNTED, one.count + other.count))


def _customers(owners: Iterable[Known]) -> int:
    return len({owner.customer_id for owner in owners})


def _fitting(value: str) -> str:
    return plain(value[:LONGEST])


def _row(known: Known) -> _Row:
    row = known.customer_id, known.contact_id or "", known.source, known.kind.value, known.value[:LONGEST]
    text = "".join(row)
    if text.isascii() and "\0" not in text:
        return row
    customer, contact, source, kind, value = map(plain, row)
    return customer, contact, source, kind, value
