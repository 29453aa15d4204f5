"""Writing what is new and what has changed, a statement each, however many rows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, insert, update

Rows = Sequence[dict[str, Any]]


def write(connection: Connection, table: Table, key: str, new: Rows, changed: Rows) -> None:
    """Insert the new rows; give the changed ones, found by their key, all their values."""
    if new:
        connection.execute(insert(table), list(new))
    if changed:
        columns = [name for name in changed[0] if name != key]
        statement = (
            update(table)
            .where(table.c[key] == bindparam(f"b_{key}"))
            .values({name: bindparam(f"b_{name}") for name in columns})
        )
        connection.execute(statement, [{f"b_{name}": value for name, value in row.items()} for row in changed])
