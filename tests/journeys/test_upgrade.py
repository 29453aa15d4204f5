"""An upgrade while the service runs: the tables as they were are kept, and the service makes room for the new one."""

import sqlite3
import stat
from contextlib import closing

from storage import migrating
from storage.migrations import REVISIONS
from storage.pool import Pool
from tests.journeys import mails
from tests.journeys.running import Home


def test_an_older_pool_is_copied_then_upgraded_and_an_older_version_refused(home: Home) -> None:
    home.write()
    home.make()
    (home.folder / "one.eml").write_bytes(mails.plain("one"))
    assert home.kingpost("ingest", "one.eml").code == 0
    database = home.folder / "data" / "pool.sqlite"
    said = home.kingpost("upgrade")
    assert (said.code, list(database.parent.glob("*before*"))) == (0, [])
    # As the last version left it: without what the last step brings.
    old = home.folder / "data" / "old.sqlite"
    pool = Pool(f"sqlite:///{old}", str(home.folder / "data" / "blobs"))
    with pool._writing_alone() as connection:
        migrating.upgrade(connection, REVISIONS[-2])
    pool.close()
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    old.rename(database)
    refused = home.kingpost("check")
    assert "kingpost upgrade" in refused.text
    said = home.kingpost("upgrade")
    copy = database.with_name(f"{database.name}.before-{REVISIONS[-1]}")
    assert said.code == 0
    assert str(copy) in said.out
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    for file, revision in ((copy, REVISIONS[-2]), (database, REVISIONS[-1])):
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("select version_num from alembic_version").fetchone() == (revision,)


def test_a_running_service_ends_in_order_when_a_newer_version_took_the_pool(home: Home) -> None:
    home.write()
    home.make()
    with home.running() as service:
        with closing(sqlite3.connect(home.folder / "data" / "pool.sqlite", timeout=30)) as connection:
            connection.execute("update alembic_version set version_num = '9999'")
            connection.commit()
        assert service.process.wait(60) == 0
        assert "the pool was upgraded; ending so that the new version can start" in service.events
    refused = home.kingpost("run")
    assert refused.code != 0
    assert "neuer" in refused.text
    assert home.kingpost("upgrade").code != 0
