"""When there is no room: a clear error, nothing lost, and on it goes when there is room again."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from rules.terms.errors import PoolFull
from rules.terms.mail import Cursor, FolderRole, Mailbox
from storage.pool import Pool
from tests.storage.making import many

ROOT = Path(__file__).resolve().parents[2]


def test_a_full_database_loses_nothing_and_goes_on(sqlite_pool: Pool) -> None:
    pages = 0

    def bound(connection: object) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")  # type: ignore[attr-defined]

    def store(start: int, end: int) -> None:
        with sqlite_pool.begin() as work:
            work.messages.add(many(end - start, start=start, length=2000))
            work.mailboxes.advance("info", "INBOX", FolderRole.INBOX, Cursor(7, end))

    with sqlite_pool.begin() as work:
        work.mailboxes.put(Mailbox("info"))
    store(0, 50)
    engine: Engine = sqlite_pool._writer
    event.listen(engine, "begin", bound)
    pages = 150
    with pytest.raises(PoolFull) as raised:
        store(50, 1000)
    assert "Nothing is lost" in str(raised.value)
    with sqlite_pool.read() as work:
        assert work.messages.count() == 50
        assert work.mailboxes.cursor("info", "INBOX") == Cursor(7, 50)
    pages = 2**30
    store(50, 1000)
    with sqlite_pool.read() as work:
        assert work.messages.count() == 1000
        assert len(work.search.messages("Rechnung", frozenset({"info"}), limit=500)) == 500


LIMITED = """
import resource, signal, sys
from rules.terms.errors import PoolFull
from storage.pool import Pool
from tests.storage.making import many
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
pool = Pool.open(sys.argv[1], sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (1_200_000, resource.RLIM_INFINITY))
stored = 0
try:
    for start in range(0, 2000, 50):
        with pool.begin() as work:
            work.messages.add(many(50, start=start, length=2000))
        stored = start + 50
except PoolFull as error:
    print("full at", stored)
with pool.read() as work:
    assert work.messages.count() == stored, (work.messages.count(), stored)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
with pool.begin() as work:
    work.messages.add(many(50, start=stored, length=2000))
with pool.read() as work:
    assert work.messages.count() == stored + 50
pool.close()
print("went on")
"""


def test_a_full_disk_loses_nothing_and_goes_on(sqlite_pool: Pool, tmp_path: Path, blobs: str) -> None:
    words = [sys.executable, "-c", LIMITED, f"sqlite:///{tmp_path}/kingpost.db", blobs]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first.startswith("full at ")
    assert int(first.split()[-1]) > 0
    assert second == "went on"
    with sqlite_pool.read() as work:
        assert work.messages.count() == int(first.split()[-1]) + 50
