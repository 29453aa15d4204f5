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


def write_rows(connection: Connection, table: Table, rows: Sequence[tuple[str, ...]]) -> None:
    """Insert very many rows of a table whose columns are all texts, by the driver alone.

    The texts must be such as a database holds (storage.columns.plain).
    """
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    names = table.columns.keys()
    marks = ", ".join([mark] * len(names))
    insert_one = f"insert into {table.name} ({', '.join(names)}) values ({marks})"  # noqa: S608 — our own words
    connection.exec_driver_sql(insert_one, list(rows))
