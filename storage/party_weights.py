"""What parties without a record weigh for each mailbox: kept with every count, so that the heaviest are found at once.

A party weighs what its mails do, all its addresses together, whoever of them has a record by now.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, delete, exists, func, literal, select, text

from rules.terms.customer import IdentifierKind
from storage.correspondent_tables import party_weights
from storage.placements import chunks
from storage.recognition import senders
from storage.records import identifiers

# So many mails of somebody to whom nobody wrote are enough to be proposed. Another number needs all weighed anew.
OFTEN = 3

_Number = TypeVar("_Number", int, ColumnElement[int])

_ADD = text(
    "insert into party_weights (box, belongs_to, weight) values (:box, :party, :more)"
    " on conflict (box, belongs_to) do update set weight = party_weights.weight + excluded.weight"
)
_DROP = text("delete from party_weights where box = :box and belongs_to = :party and weight <= 0")


def weight(received: _Number, sent: _Number) -> _Number:
    """What mails weigh. One of ours alone, or OFTEN of theirs, makes a party that is proposed."""
    return received + sent * OFTEN


def add(connection: Connection, more: Mapping[tuple[int, str], int]) -> None:
    """Add to what parties weigh, by the mailbox's number and the party; who weighs nothing any more goes."""
    changed = {key: weight for key, weight in sorted(more.items()) if weight}
    if changed:
        rows = [{"box": box, "party": party, "more": weight} for (box, party), weight in changed.items()]
        connection.execute(_ADD, rows)
    less = [{"box": box, "party": party} for (box, party), weight in changed.items() if weight < 0]
    if less:
        connection.execute(_DROP, less)


def join(connection: Connection, box: int, party: str, others: Sequence[str]) -> None:
    """Let a party weigh what others did too, which are no parties any more."""
    theirs = (party_weights.c.box == box) & party_weights.c.belongs_to.in_(others)
    more = connection.scalar(select(func.sum(party_weights.c.weight)).where(theirs))
    connection.execute(delete(party_weights).where(theirs))
    add(connection, {(box, party): int(more or 0)})


def forget_all(connection: Connection) -> None:
    """Begin anew."""
    connection.execute(delete(party_weights))


def heaviest(connection: Connection, boxes: Sequence[int], limit: int) -> Iterator[Sequence[str]]:
    """The parties of these mailboxes, `limit` at a time, those that weigh most first, each once.

    Left out is who weighs too little for each of them, and of whose domain all is known.
    """
    known: set[str] = set()
    for first in count(0, limit):
        weights: Counter[str] = Counter()
        for box in boxes:
            weights.update(_heaviest_of(connection, box, limit, first))
        if not weights:
            return
        new = [party for party, _ in weights.most_common() if party not in known]
        known.update(new)
        yield from chunks(new, limit)


def _heaviest_of(connection: Connection, box: int, limit: int, first: int) -> dict[str, int]:
    w, k = party_weights.c, identifiers.c
    a_customers = exists().where(k.kind == IdentifierKind.DOMAIN.value, k.value == w.belongs_to)
    told = exists().where(senders.c.address == literal("@") + w.belongs_to)
    query = select(w.belongs_to, w.weight).where(w.box == box, w.weight >= OFTEN, ~a_customers, ~told)
    query = query.order_by(w.weight.desc(), w.belongs_to.desc()).limit(limit).offset(first)
    return {party: int(weight) for party, weight in connection.execute(query)}
