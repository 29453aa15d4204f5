"""Many small look-ups in few statements, each bounded by itself: a name that thousands bear crowds nobody out."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from storage import driver
from storage.placements import chunks

# A statement's text depends on how many look-ups it joins; so few texts are all kept prepared by the drivers.
_TOGETHER = 32


def each(connection: Connection, lookup: str, asked: Iterable[Sequence[object]]) -> Iterator[Any]:
    """The rows of a look-up for each of the asked, in their order.

    Args:
        connection: where to ask; the driver's own values come back.
        lookup: a select with a limit, a `?` for each value of one that is asked for.
        asked: the values; texts must be such as a database holds (storage.columns.plain).
    """
    for chunk in chunks(asked, _TOGETHER):
        # A part with an order and a limit of its own has to be a select from it.
        parts = (f"select * from ({lookup}) as look{number}" for number in range(len(chunk)))  # noqa: S608 — our words
        text = " union all ".join(parts)
        if connection.dialect.name == "postgresql":
            text = _numbered(text)
        yield from driver.rows(connection, text, [value for one in chunk for value in one])


def _numbered(text: str) -> str:
    """PostgreSQL's marks in place of SQLite's."""
    first, *rest = text.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, start=1))
