"""By what customers and contacts are recognised: addresses and domains, each with the source that says so."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, literal, select

from rules.terms.customer import IdentifierKind, Known
from storage.placements import chunks
from storage.records import identifiers

_OWNERS = 20
_VALUES = 50


class Identifiers:
    """Who is known by which address or domain."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def owners_of(self, kind: IdentifierKind, values: Collection[str]) -> dict[str, list[Known]]:
        """Whom the values belong to, at most 20 owners a value; a value nobody owns is left out.

        An address's owners are people and customers, a domain's are customers.
        """
        found: dict[str, list[Known]] = {}
        for chunk in chunks(dict.fromkeys(values), _VALUES):
            found.update(self._owners(kind, chunk))
        return found

    def teach(self, known: Known) -> bool:
        """Remember an identifier that somebody taught; False when that was known."""
        if known in self._stored(identifiers.c.value, [known.value]):
            return False
        self._insert([known])
        return True

    def forget(self, known: Known) -> bool:
        """Take a taught identifier back; False when it was not there."""
        return self._delete(known) > 0

    def replace(self, owner: str, owners: Collection[str], source: str, wanted: Iterable[Known]) -> set[str]:
        """Let these owners (ids in the column `owner`) have the wanted identifiers of this source and no others.

        The owners for whom that changed something.
        """
        now = set(wanted)
        before = {known for known in self._stored(identifiers.c[owner], owners) if known.source == source}
        for known in before - now:
            self._delete(known)
        self._insert(now - before)
        return {str(getattr(known, owner)) for known in before ^ now}

    def _owners(self, kind: IdentifierKind, values: list[str]) -> dict[str, list[Known]]:
        c, value = identifiers.c, identifiers.c.value
        query: Select[Any] = select(identifiers).where(c.kind == kind.value).order_by(value, c.customer_id)
        if kind is IdentifierKind.DOMAIN:
            # A domain means no person: its owners are customers, however many people each of them has there.
            nobody = literal("").label("contact_id")
            query = select(c.kind, value, c.customer_id, nobody, func.min(c.source).label("source"))
            query = query.where(c.kind == kind.value).group_by(c.kind, value, c.customer_id)
            query = query.order_by(value, c.customer_id)
        bound = _OWNERS * len(values)
        rows = self._connection.execute(query.where(value.in_(values)).limit(bound)).all()
        if len(values) > 1 and len(rows) == bound:
            # A domain that thousands share would crowd the others out.
            return {one: owners for single in values for one, owners in self._owners(kind, [single]).items()}
        found: dict[str, list[Known]] = {}
        for row in rows:
            owners = found.setdefault(row.value, [])
            if len(owners) < _OWNERS:
                owners.append(_known(row))
        return found

    def _stored(self, column: Any, values: Collection[str]) -> set[Known]:
        found: set[Known] = set()
        for chunk in chunks(values):
            if column is identifiers.c.value:
                # The key begins with the kind.
                query = select(identifiers).where(identifiers.c.kind.in_([kind.value for kind in IdentifierKind]))
            else:
                query = select(identifiers)
            found.update(map(_known, self._connection.execute(query.where(column.in_(chunk)))))
        return found

    def _insert(self, knowns: Collection[Known]) -> None:
        if knowns:
            rows = [
                {
                    "kind": known.kind.value,
                    "value": known.value,
                    "customer_id": known.customer_id,
                    "contact_id": known.contact_id or "",
                    "source": known.source,
                }
                for known in knowns
            ]
            self._connection.execute(insert(identifiers), rows)

    def _delete(self, known: Known) -> int:
        c = identifiers.c
        this = (c.kind == known.kind.value) & (c.value == known.value) & (c.customer_id == known.customer_id)
        one = delete(identifiers).where(this, c.contact_id == (known.contact_id or ""), c.source == known.source)
        return self._connection.execute(one).rowcount


def _known(row: Row[Any]) -> Known:
    return Known(IdentifierKind(row.kind), row.value, row.customer_id, row.contact_id or None, row.source)
