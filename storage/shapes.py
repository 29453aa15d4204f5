"""Which shapes the firm's numbers have: how many customer numbers, orders, invoices … are written in each way."""

import secrets
from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, select, update

from storage.recognition import number_shapes
from storage.records import state

CUSTOMER = "customer"
# A firm writes its numbers in a few ways; what a wild import brings beyond that tells nothing.
_TOLD = 500
_STATE = "shapes"

# How many numbers more or less, by source and shape.
Changes = Counter[tuple[str, str]]


class Shapes:
    """The counts of one pool. What was told last is kept until they change."""

    def __init__(self) -> None:
        self._told: tuple[int, Mapping[str, Mapping[str, int]]] = (0, {})

    def told(self, connection: Connection) -> Mapping[str, Mapping[str, int]]:
        """Source, shape, count; the most frequent ones."""
        now = connection.scalar(select(state.c.value).where(state.c.name == _STATE)) or 0
        before, told = self._told
        if now != before:
            told = _read(connection)
            self._told = (now, told)
        return told

    def change(self, connection: Connection, changes: Changes) -> None:
        """Count numbers that came and went."""
        c = number_shapes.c
        changed = {key: count for key, count in changes.items() if count and key[1]}
        for (source, shape), count in changed.items():
            this = (c.source == source) & (c.shape == shape)
            counted = update(number_shapes).where(this).values(count=c.count + count)
            if not connection.execute(counted).rowcount:
                connection.execute(insert(number_shapes).values(source=source, shape=shape, count=count))
        if changed:
            connection.execute(delete(number_shapes).where(c.count <= 0))
            # Not a count: another unit of work may have been told the next one before it was rolled back.
            anew = secrets.randbits(62) + 1
            connection.execute(update(state).where(state.c.name == _STATE).values(value=anew))


def _read(connection: Connection) -> Mapping[str, Mapping[str, int]]:
    c = number_shapes.c
    found: dict[str, dict[str, int]] = {}
    for row in connection.execute(select(number_shapes).order_by(c.count.desc()).limit(_TOLD)):
        found.setdefault(row.source, {})[row.shape] = row[2]
    return found
