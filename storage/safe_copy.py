"""A copy of an SQLite pool's tables as they were before an upgrade."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from rules.terms.errors import PoolFull, PoolMissing, PoolOutdated
from storage import engines, migrating
from storage.migrations import REVISIONS


def before_upgrade(url: str) -> Path | None:
    """Copy the tables beside the pool where they are older than this version, while a service runs or not.

    None where there is nothing to keep: no pool yet, one of this version, or PostgreSQL, which is backed up by its own
    means (pg_dump).

    Raises:
        PoolTooNew: a newer version made the pool.
        PoolFull: there is no room for the copy.
    """
    parsed = engines.parse(url)
    if parsed.get_backend_name() != "sqlite" or not engines.file_of(parsed).exists():
        return None
    file = engines.file_of(parsed)
    engine = engines.reader(parsed, 30)
    try:
        migrating.check(engine, engines.shown(parsed))
    except PoolOutdated:
        return _copied(file, file.with_name(f"{file.name}.before-{REVISIONS[-1]}"))
    except PoolMissing:
        return None
    finally:
        engine.dispose()
    return None


def _copied(file: Path, copy: Path) -> Path:
    unfinished = copy.with_name(copy.name + ".part")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(unfinished)) as target:
            source.backup(target)
    except (sqlite3.Error, OSError) as error:
        with suppress(OSError):
            unfinished.unlink()
        raise PoolFull(url=str(copy), reason=str(error)) from error
    unfinished.replace(copy)
    return copy
