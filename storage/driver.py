"""Questions put to the database's driver, past SQLAlchemy: for what is asked very often."""

import sqlite3
from collections.abc import Sequence
from typing import Any

import psycopg
from sqlalchemy import Connection

from storage.engines import shown
from storage.faults import translated


def rows(connection: Connection, statement: str, values: Sequence[object]) -> list[Any]:
    """What a statement finds, asked of the driver: describing each result anew would cost more than finding it.

    Its marks are the database's own: `?` on SQLite, `$1` and so on on PostgreSQL.
    """
    ours: Any = connection.connection.driver_connection
    cursor = psycopg.RawCursor(ours) if isinstance(ours, psycopg.Connection) else ours.cursor()
    try:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
    except (sqlite3.Error, psycopg.Error) as error:
        known = translated(error, shown(connection.engine.url))
        if known is None:
            raise
        raise known from error
    finally:
        cursor.close()
