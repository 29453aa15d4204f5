"""Numbers for rows: short keys of long names, and new row numbers ahead of the rows that get them."""

from hashlib import blake2b

from sqlalchemy import Connection, Table, text


def key(name: str) -> int:
    """A 64-bit key of a name, to be found by; whoever asks compares the name as well."""
    return int.from_bytes(blake2b(name.encode(errors="replace"), digest_size=8).digest(), "big", signed=True)


def new_numbers(connection: Connection, table: Table, count: int) -> list[int]:
    """Numbers for new rows of a table that numbers its rows, ascending. Numbers of erased rows do not come back."""
    if connection.dialect.name == "sqlite":
        # Inside BEGIN IMMEDIATE nobody else takes numbers; AUTOINCREMENT remembers the highest.
        last = connection.execute(text("select seq from sqlite_sequence where name = :name"), {"name": table.name})
        first = (last.scalar() or 0) + 1
        return list(range(first, first + count))
    [key] = table.primary_key.columns
    taken = text("select nextval(pg_get_serial_sequence(:name, :key)) from generate_series(1, :count)")
    return sorted(connection.scalars(taken, {"name": table.name, "key": key.name, "count": count}))
