"""Who runs the service on an SQLite pool: a lock that ends with its process, whatever ends that."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rules.terms.errors import PoolInUse


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
