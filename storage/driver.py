"""Questions put to the database's driver, past SQLAlchemy: for what is asked very often."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from sqlalchemy import Connection

from storage.engines import shown
from storage.faults import translated


def rows(connection: Connection, statement: str, values: Sequence[object] | Mapping[str, object]) -> list[Any]:
    """What a statement finds, asked of the driver: describing each result anew would cost more than finding it."""
    cursor = connection.connection.cursor()
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
