"""Records that may be one customer's, until somebody merges them or says that they are two."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, or_, select, tuple_, update

from rules.terms.finding import Evidence
from storage.aliases import with_parts
from storage.moments import moment, moment_or_none, stamp
from storage.placements import chunks
from storage.records import customers
from storage.relation_tables import duplicates
from storage.restrictions import used_customer

Pair = tuple[str, str]


class DuplicateState(StrEnum):
    """What staff said of a pair."""

    OPEN = "open"
    LATER = "later"
    DISTINCT = "distinct"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two records that may be one customer's; `one` is the lesser id.

    `until`: put off up to this day. `staff` and `at`: who said that it is put off, or that they are two.
    """

    one: str
    other: str
    evidence: tuple[Evidence, ...]
    confidence: float
    since: datetime
    id: int = 0
    state: DuplicateState = DuplicateState.OPEN
    until: date | None = None
    staff: str | None = None
    at: datetime | None = None


class Duplicates:
    """The likely duplicates of a pool; pairs of which one has been merged or is gone are not shown."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def settle(self, looked_at: Collection[str], found: Iterable[Duplicate]) -> None:
        """Keep what was found for these customers, and drop open pairs of theirs that were not found again.

        What staff said of a pair stays, also of one whose records are part of others by now.
        """
        wanted = {(one.one, one.other): one for one in found}
        known = {(row.one, row.other): row for row in self._of(looked_at)}
        stale = [row.id for pair, row in known.items() if pair not in wanted and row.state == DuplicateState.OPEN.value]
        for chunk in chunks(stale):
            self._connection.execute(delete(duplicates).where(duplicates.c.id.in_(chunk)))
        new = [one for pair, one in wanted.items() if pair not in known]
        rows = [_row(one) for one in new if not self._said_of_parts(one)]
        if rows:
            self._connection.execute(insert(duplicates), rows)
        for pair, one in wanted.items():
            row = known.get(pair)
            if row is not None and (row.evidence, row.confidence) != (_packed(one.evidence), one.confidence):
                values = {"evidence": _packed(one.evidence), "confidence": one.confidence}
                self._connection.execute(update(duplicates).where(duplicates.c.id == row.id).values(values))

    def page(
        self, today: date, limit: int = 50, before: tuple[float, int] | None = None, customer_id: str | None = None
    ) -> list[Duplicate]:
        """What waits for a word on a day, the surest first; `before`: confidence and number of the last one seen.

        `customer_id`: only pairs with this customer.
        """
        c = duplicates.c
        query = self._shown().where(
            or_(c.state == DuplicateState.OPEN.value, (c.state == DuplicateState.LATER.value) & (c.until < today))
        )
        if before is not None:
            query = query.where(tuple_(c.confidence, c.id) < tuple_(*before))
        if customer_id is not None:
            query = query.where(or_(c.one == customer_id, c.other == customer_id))
        query = query.order_by(c.confidence.desc(), c.id.desc()).limit(limit)
        return [_duplicate(row) for row in self._connection.execute(query)]

    def get(self, number: int) -> Duplicate | None:
        """One pair, whatever was said of it; None where one of the two is gone or has been merged."""
        row = self._connection.execute(self._shown().where(duplicates.c.id == number)).one_or_none()
        return None if row is None else _duplicate(row)

    def say(self, number: int, state: DuplicateState, staff: str, at: datetime, until: date | None = None) -> None:
        """Keep what staff say of a pair; OPEN takes it back."""
        open_again = state is DuplicateState.OPEN
        values = {
            "state": state.value,
            "until": until,
            "staff": None if open_again else staff,
            "at": None if open_again else stamp(at),
        }
        self._connection.execute(update(duplicates).where(duplicates.c.id == number).values(values))

    def _of(self, ids: Collection[str]) -> Sequence[Row[Any]]:
        c, found = duplicates.c, dict[int, Row[Any]]()
        for chunk in chunks(ids):
            for side in (c.one, c.other):
                found |= {row.id: row for row in self._connection.execute(select(duplicates).where(side.in_(chunk)))}
        return list(found.values())

    def _said_of_parts(self, pair: Duplicate) -> bool:
        """Whether staff called two what is part of these now."""
        ones, others = (with_parts(self._connection, id) for id in (pair.one, pair.other))
        if len(ones) + len(others) == 2:
            return False
        pairs = [tuple(sorted((a, b))) for a in ones for b in others]
        c = duplicates.c
        query = select(c.id).where(tuple_(c.one, c.other).in_(pairs), c.state == DuplicateState.DISTINCT.value)
        return self._connection.scalar(query.limit(1)) is not None

    def _shown(self) -> Select[Any]:
        c, one, other = duplicates.c, customers.alias(), customers.alias()
        query = select(duplicates).join(one, one.c.id == c.one).join(other, other.c.id == c.other)
        unrestricted = (*used_customer(self._connection, c.one), *used_customer(self._connection, c.other))
        return query.where(*unrestricted)


def pair_of(a: str, b: str) -> Pair:
    """Two ids in the order in which they are kept."""
    return (a, b) if a < b else (b, a)


def _row(one: Duplicate) -> dict[str, Any]:
    return {
        "one": one.one,
        "other": one.other,
        "evidence": _packed(one.evidence),
        "confidence": one.confidence,
        "since": stamp(one.since),
        "state": one.state.value,
    }


def _packed(evidence: Iterable[Evidence]) -> str:
    return json.dumps([[piece.reason, piece.quote] for piece in evidence])


def _duplicate(row: Row[Any]) -> Duplicate:
    return Duplicate(
        one=row.one,
        other=row.other,
        evidence=tuple(Evidence(reason, quote) for reason, quote in json.loads(row.evidence)),
        confidence=row.confidence,
        since=moment(row.since),
        id=row.id,
        state=DuplicateState(row.state),
        until=row.until,
        staff=row.staff,
        at=moment_or_none(row.at),
    )
