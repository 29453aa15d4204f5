"""Customers that became part of another one: their ids lead to the one that was kept, until that is undone."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from storage.placements import chunks
from storage.recognition import merge_moves, merges

_PARTS = 200


@dataclass(frozen=True, slots=True)
class Alias:
    """Where a merged id leads, by which merges, first one first."""

    kept: str
    merges: tuple[int, ...]


def aliases(connection: Connection, ids: Collection[str]) -> dict[str, Alias]:
    """Those of the ids that are a merged customer's."""
    found: dict[str, Alias] = {}
    for chunk in chunks(dict.fromkeys(ids)):
        c = merges.c
        query = select(c.merged, c.kept, c.id).where(c.undone_at.is_(None), c.merged.in_(chunk))
        found.update((row.merged, Alias(row.kept, (row.id,))) for row in connection.execute(query))
    if found:
        # The kept one may have been merged later.
        further = aliases(connection, {alias.kept for alias in found.values()})
        for id, alias in found.items():
            if (next_one := further.get(alias.kept)) is not None:
                found[id] = Alias(next_one.kept, (*alias.merges, *next_one.merges))
    return found


def with_parts(connection: Connection, id: str) -> list[str]:
    """A customer's id and those of customers that have become part of it, a few hundred at most."""
    c, found, latest = merges.c, [id], [id]
    while latest and len(found) < _PARTS:
        query = select(c.merged).where(c.kept.in_(latest), c.undone_at.is_(None)).limit(_PARTS)
        latest = [merged for merged in connection.scalars(query) if merged not in found]
        found += latest
    return found


def note_moved(connection: Connection, merge: int, part: str, keys: Iterable[Iterable[object]]) -> None:
    """Remember that rows belong to a merged customer, so that undoing gives them back; again is fine."""
    c = merge_moves.c
    for chunk in chunks(dict.fromkeys(map(packed, keys))):
        known = set(connection.scalars(select(c.key).where(c.merge == merge, c.part == part, c.key.in_(chunk))))
        new = [{"merge": merge, "part": part, "key": key, "row": None} for key in chunk if key not in known]
        if new:
            connection.execute(insert(merge_moves), new)


def is_moved(connection: Connection, of: Collection[int], part: str, key: Iterable[object]) -> bool:
    """Whether a row came to the kept customer by all of these merges, one after the other.

    By the last one alone there came what another customer had under the same key.
    """
    c = merge_moves.c
    query = select(c.merge).where(c.merge.in_(of), c.part == part, c.key == packed(key), c.row.is_(None))
    return set(connection.scalars(query)) == set(of)


def packed(key: Iterable[object]) -> str:
    """A row's key as the table of moves keeps it."""
    return json.dumps(list(key))
