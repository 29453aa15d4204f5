"""Making and upgrading the tables, and telling whether a pool fits this version."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from rules.terms.errors import PoolMissing, PoolOutdated, PoolTooNew
from storage.migrations import REVISIONS

_FOLDER = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring the tables to this version, from nothing or from an older one, inside the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def revision(connection: Connection) -> str | None:
    """The step that the pool's tables are at; None when there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("select version_num from alembic_version"))
    return found


def check(engine: Engine, url: str) -> None:
    """PoolMissing, PoolOutdated or PoolTooNew where the tables are not this version's."""
    with engine.connect() as connection:
        found = revision(connection)
    if found is None:
        raise PoolMissing(url=url)
    if found not in REVISIONS:
        raise PoolTooNew(url=url)
    if found != REVISIONS[-1]:
        raise PoolOutdated(url=url)
