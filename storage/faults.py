"""What the database drivers complain about, in our own words. Programming errors pass untranslated."""

import sqlite3

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from rules.terms.errors import PoolBusy, PoolError, PoolFull, PoolUnreachable

_LOW_BYTE = 0xFF  # extended SQLite codes carry the plain one here
# What reading, not writing, runs into: the disk is not full but broken.
_READ_FAULTS = frozenset(
    {sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_ACCESS, sqlite3.SQLITE_IOERR_LOCK}
)
_BROKEN = frozenset(
    {
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PERM,
    }
)
# serialization failure, deadlock, lock timeout
_PG_BUSY = frozenset({"40001", "40P01", "55P03"})
_PG_FULL = frozenset({"53100", "58030"})  # disk full, I/O error
# 08 connection, 57P shut down, 28 and 3D who and where we are, 53 too many clients, 58 its disk or files fail; after a
# failover the old primary takes no writes (25006).
_PG_UNREACHABLE = ("08", "57P", "28", "3D", "53", "58", "25006")


def translated(error: BaseException, url: str) -> PoolError | None:
    """The error a person can mend, or None when it is a programmer's."""
    if isinstance(error, sqlite3.Error):
        return _from_sqlite(error, url)
    if isinstance(error, psycopg.Error):
        return _from_postgres(error, url)
    return None


def _from_sqlite(error: sqlite3.Error, url: str) -> PoolError | None:
    # Errors of the module itself (closed connection, wrong thread) have no code.
    code: int = getattr(error, "sqlite_errorcode", 0)
    plain = code & _LOW_BYTE
    if plain in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return PoolBusy(url=url)
    if plain == sqlite3.SQLITE_FULL or (plain == sqlite3.SQLITE_IOERR and code not in _READ_FAULTS):
        return PoolFull(url=url, reason=str(error))
    if plain in _BROKEN:
        return PoolUnreachable(url=url, reason=str(error))
    return None


def _from_postgres(error: psycopg.Error, url: str) -> PoolError | None:
    reason = str(error).strip().partition("\n")[0]
    if error.sqlstate in _PG_BUSY:
        return PoolBusy(url=url)
    if error.sqlstate in _PG_FULL:
        return PoolFull(url=url, reason=reason)
    gone = error.sqlstate is None and isinstance(error, psycopg.OperationalError)
    if gone or (error.sqlstate or "").startswith(_PG_UNREACHABLE):
        return PoolUnreachable(url=url, reason=reason)
    return None


def translate(engine: Engine, url: str) -> None:
    """Let an engine speak our errors, whatever statement, commit or connection brings them up."""

    @event.listens_for(engine, "handle_error")
    def speak(context: ExceptionContext) -> PoolError | None:
        return translated(context.original_exception, url)
