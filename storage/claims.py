"""Who runs a service on a pool: a lock that ends with its process, whatever ends that."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from rules.terms.errors import PoolInUse

SERVICE = 0x6B70_0001  # "kp": numbers of our advisory locks
WRITER = 0x6B70_0002


@contextmanager
def claim_file(database: Path, url: str) -> Iterator[None]:
    """Hold the lock file beside an SQLite pool. It stays when the lock ends: removing it would let two in."""
    path = database.with_name(database.name + ".lock")
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PoolInUse(url=url, pid=os.pread(handle, 20, 0).decode() or "?") from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


@contextmanager
def claim_database(engine: Engine, url: str) -> Iterator[None]:
    """Hold PostgreSQL's advisory lock on a connection of its own."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": SERVICE}):
            holder = text("select pid from pg_locks where locktype = 'advisory' and objid = :key and granted")
            raise PoolInUse(url=url, pid=connection.scalar(holder, {"key": SERVICE}) or "?")
        try:
            yield
        finally:
            connection.execute(text("select pg_advisory_unlock(:key)"), {"key": SERVICE})
