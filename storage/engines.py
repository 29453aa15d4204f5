"""Connections to the pool's database, set up as the pool needs them, and the only place that knows their options."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from rules.terms.errors import SettingsError
from storage.faults import translate

# KiB of pages kept in memory. The writer touches the tails of its indexes again and again; readers come and go.
_WRITER_CACHE = 65_536
_READER_CACHE = 8_192
# Pages in the log before it is folded into the file: rarer than SQLite's 1,000, so hot pages are written once.
_CHECKPOINT = 8_000
_READERS = 16
# When either end's machine is gone, the other notices after idle + interval × count seconds; its locks end then.
_KEEPALIVES = {"keepalives_idle": 10, "keepalives_interval": 3, "keepalives_count": 3}


def parse(url: str) -> URL:
    """The database's address. A bare path means SQLite; PostgreSQL is always spoken to by psycopg 3."""
    try:
        parsed = make_url(url if "://" in url else f"sqlite:///{url}")
    except ArgumentError as error:
        raise SettingsError(
            file="[pool] url",
            problem=f"“{url}” is no database address",
            problem_de=f"„{url}“ ist keine Adresse einer Datenbank",
        ) from error
    backend = parsed.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed.set(drivername="sqlite+pysqlite")
    raise SettingsError(
        file="[pool] url",
        problem=f"“{url}” is neither an SQLite file nor a PostgreSQL database",
        problem_de=f"„{url}“ ist weder eine SQLite-Datei noch eine PostgreSQL-Datenbank",
    )


def shown(url: URL) -> str:
    """The address as it may appear in messages: without the password."""
    return url.render_as_string(hide_password=True).replace("+psycopg", "").replace("+pysqlite", "")


def file_of(url: URL) -> Path:
    """The file of an SQLite pool."""
    return Path(url.database or "")


def writer(url: URL, patience: float) -> Engine:
    """An engine whose transactions write, one at a time."""
    if url.get_backend_name() == "sqlite":
        engine = _sqlite(url, patience, "BEGIN IMMEDIATE", pool_size=1)
        _on_connect(engine, f"cache_size=-{_WRITER_CACHE}", f"wal_autocheckpoint={_CHECKPOINT}")
    else:
        engine = _postgres(url, patience, pool_size=1)
    translate(engine, shown(url))
    return engine


def reader(url: URL, patience: float) -> Engine:
    """An engine whose transactions only read, each from one snapshot."""
    if url.get_backend_name() == "sqlite":
        engine = _sqlite(url, patience, "BEGIN", pool_size=_READERS)
        _on_connect(engine, f"cache_size=-{_READER_CACHE}", "query_only=ON")
    else:
        engine = _postgres(url, patience, pool_size=_READERS).execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    translate(engine, shown(url))
    return engine


def line(url: URL) -> Engine:
    """An engine for the one connection of storage.peers on PostgreSQL."""
    engine = _postgres(url, patience=0, pool_size=1)
    translate(engine, shown(url))
    return engine


def _sqlite(url: URL, patience: float, begin: str, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=patience,
        hide_parameters=True,  # mail stays out of error messages and logs
        connect_args={"timeout": patience, "check_same_thread": False},
    )
    _on_connect(engine, "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "journal_size_limit=67108864")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _on_connect(engine: Engine, *pragmas: str) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, record: Any) -> None:
        # The driver's own habit of opening transactions late would undo BEGIN IMMEDIATE.
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()
        # SQLite's own knows the 26 letters only: "Ölfilter" would not be found by "ölfilter".
        connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(value: str | bytes | float | None) -> str | bytes | float | None:
    return value.lower() if isinstance(value, str) else value


def _postgres(url: URL, patience: float, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=patience,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": 10, "application_name": "kingpost", "tcp_user_timeout": 15_000, **_KEEPALIVES},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        # Compiling a query takes longer than any of ours. Not as an option of the connection: poolers refuse those.
        connection.execute("; ".join(["set jit = off", *(f"set tcp_{name} = {n}" for name, n in _KEEPALIVES.items())]))
        connection.commit()

    return engine
