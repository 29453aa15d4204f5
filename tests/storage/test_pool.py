"""Units of work: all or nothing, one writer, readers that never wait."""

import multiprocessing
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from rules.terms.errors import (
    PoolBusy,
    PoolMissing,
    PoolOutdated,
    PoolTooNew,
    PoolUnreachable,
    SettingsError,
)
from rules.terms.mail import Cursor, FolderRole, Mailbox
from storage.pool import Pool
from tests.storage.making import mail, many

ROOT = Path(__file__).resolve().parents[2]
SPAWN = multiprocessing.get_context("spawn")


def run(code: str, *words: str) -> "subprocess.Popen[str]":
    """Another Python process with the house on its path."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *words], cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )


def test_what_fails_leaves_nothing(pool: Pool) -> None:
    def interrupted() -> None:
        with pool.begin() as work:
            work.messages.add(many(3))
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()
    with pool.read() as work:
        assert work.messages.count() == 0
    with pool.begin() as work:
        work.messages.add(many(3))
    with pool.read() as work:
        assert work.messages.count() == 3


KILLED = """
import sys
from rules.terms.mail import Cursor, FolderRole
from storage.pool import Pool
from tests.storage.making import many
pool = Pool.open(sys.argv[1], sys.argv[2])
with pool.begin() as work:
    work.messages.add(many(200, start=100, length=2000))
    work.mailboxes.advance("info", "INBOX", FolderRole.INBOX, Cursor(7, 300))
    print("ready", flush=True)
    sys.stdin.read()
"""


def test_a_process_killed_in_the_middle_leaves_nothing(pool: Pool, url: str, blobs: str) -> None:
    with pool.begin() as work:
        work.messages.add(many(5))
        work.mailboxes.put(Mailbox("info"))
        work.mailboxes.advance("info", "INBOX", FolderRole.INBOX, Cursor(7, 5))
    with run(KILLED, url, blobs) as victim:
        assert victim.stdout is not None
        assert victim.stdout.readline() == "ready\n"
        victim.send_signal(signal.SIGKILL)
        victim.wait()
    with pool.begin() as work:  # the lock ended with the process
        assert work.messages.count() == 5
        assert work.mailboxes.cursor("info", "INBOX") == Cursor(7, 5)
        assert len(work.messages.add(many(200, start=100))) == 200


def test_readers_see_one_snapshot_and_do_not_wait_for_the_writer(pool: Pool) -> None:
    with pool.begin() as work:
        work.messages.add(many(1))
    with pool.read() as early:
        assert early.messages.count() == 1
        with pool.begin() as work:
            work.messages.add(many(1, start=1))
            with pool.read() as reader:
                assert reader.messages.count() == 1
            assert early.messages.count() == 1
        assert early.messages.count() == 1
        with pool.read() as late:
            assert late.messages.count() == 2


def test_who_only_reads_cannot_write(pool: Pool) -> None:
    with pytest.raises(Exception, match=r"read-?only"), pool.read() as work:
        work.messages.add([mail()])


def test_threads_write_one_after_the_other(pool: Pool) -> None:
    def write(mailbox: str) -> None:
        for start in range(0, 20, 5):
            with pool.begin() as work:
                assert not work.messages.known([f"{mailbox}-{start}"])
                work.messages.add(many(5, start=start, mailbox=mailbox))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, ["a", "b", "c", "d"]))
    with pool.read() as work:
        assert work.messages.count() == 80


def write_unknown(url: str, blobs: str) -> None:
    """Store mails that another process stores too, each unless it is known."""
    pool = Pool.open(url, blobs)
    for start in range(0, 60, 10):
        mails = many(10, start=start)
        with pool.begin() as work:
            known = work.messages.known([mail.message.identity for mail in mails])
            work.messages.add([mail for mail in mails if mail.message.identity not in known])
    pool.close()


def test_processes_that_store_the_same_mails_do_not_collide(pool: Pool, url: str, blobs: str) -> None:
    processes = [SPAWN.Process(target=write_unknown, args=(url, blobs)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
        process.close()
    with pool.read() as work:
        assert work.messages.count() == 60


def test_a_writer_who_waits_too_long_is_told(pool: Pool, url: str, blobs: str) -> None:
    hurried = Pool(url, blobs, patience=0.2)
    with pool.begin(), pytest.raises(PoolBusy) as raised, hurried.begin():
        raise AssertionError("unreachable")
    with pool.begin(), ThreadPoolExecutor(1) as thread, pytest.raises(PoolBusy):
        thread.submit(lambda: hurried.begin().__enter__()).result()
    with hurried.begin() as work:
        assert work.messages.count() == 0
    hurried.close()
    assert "written by another program" in str(raised.value)


def test_a_second_thread_of_this_process_is_told_too(url: str, blobs: str) -> None:
    Pool.create(url, blobs).close()
    hurried = Pool(url, blobs, patience=0.1)
    with hurried.begin():
        errors: list[Exception] = []

        def write() -> None:
            try:
                with hurried.begin():
                    pass
            except PoolBusy as error:
                errors.append(error)

        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    hurried.close()
    assert len(errors) == 1


def test_a_unit_of_work_inside_another_is_a_mistake(pool: Pool) -> None:
    with pool.begin(), pytest.raises(RuntimeError, match="wait for itself"), pool.begin():
        pass
    with pool.begin() as work:
        assert work.messages.count() == 0


def test_the_version_changes_when_somebody_else_wrote(pool: Pool, url: str, blobs: str) -> None:
    other = Pool.open(url, blobs)
    with pool.begin() as work:
        work.messages.add(many(1))
    before = pool.version()
    with pool.begin() as work:
        work.messages.add(many(1, start=1))
        assert pool.version() == before
    with pool.read() as work:
        work.messages.count()
    assert pool.version() == before
    with pytest.raises(KeyError), other.begin() as work:
        raise KeyError
    assert pool.version() == before
    with other.begin() as work:
        work.messages.add(many(1, start=2))
    assert pool.version() != before
    assert pool.version() == pool.version()
    other.close()


def test_a_pool_is_made_once_and_opened_again(url: str, blobs: str) -> None:
    with pytest.raises(PoolMissing):
        Pool.open(url, blobs)
    first = Pool.create(url, blobs)
    with first.begin() as work:
        work.messages.add(many(2))
    first.close()
    for opened in (Pool.create(url, blobs), Pool.open(url, blobs)):
        with opened.read() as work:
            assert work.messages.count() == 2
        opened.close()


@pytest.mark.parametrize(("revision", "error"), [("9999", PoolTooNew), ("0001", PoolOutdated)])
def test_a_pool_of_another_version_is_refused(
    url: str, blobs: str, revision: str, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import create_engine, text

    from storage import engines, migrating

    Pool.create(url, blobs).close()
    engine = create_engine(engines.parse(url))
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = :to"), {"to": revision})
    engine.dispose()
    monkeypatch.setattr(migrating, "REVISIONS", ("0001", "0002"))
    with pytest.raises(error):
        Pool.open(url, blobs)
    if error is PoolTooNew:
        with pytest.raises(error):
            Pool.create(url, blobs)


def test_addresses_that_cannot_be_used_are_explained(tmp_path: Path, blobs: str) -> None:
    for wrong in ("mysql://host/db", "sqlite://", "::::://"):
        with pytest.raises(SettingsError):
            Pool.open(wrong, blobs)
    with pytest.raises(PoolUnreachable) as raised:
        Pool.open("postgresql://anna:geheim@127.0.0.1:1/kingpost", blobs)
    assert "geheim" not in str(raised.value)
    assert "127.0.0.1:1" in str(raised.value)
    (tmp_path / "text.db").write_text("Sehr geehrte Damen und Herren, dies ist keine Datenbank. " * 50)
    with pytest.raises(PoolUnreachable):
        Pool.open(f"sqlite:///{tmp_path}/text.db", blobs)


def test_the_file_is_its_owners_alone(tmp_path: Path, blobs: str) -> None:
    path = tmp_path / "new" / "folder" / "kingpost.db"
    pool = Pool.create(str(path), blobs)
    with pool.begin() as work:
        work.messages.add(many(1))
    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    pool.close()
    assert {"kingpost.db", "kingpost.db-wal"} <= modes.keys()
    assert set(modes.values()) == {0o600}


def test_a_reader_too_many_is_told(url: str, blobs: str) -> None:
    Pool.create(url, blobs).close()
    hurried = Pool(url, blobs, patience=0.1)
    with ExitStack() as readers:
        for _ in range(16):
            readers.enter_context(hurried.read())
        with pytest.raises(PoolBusy), hurried.read():
            raise AssertionError("unreachable")
    hurried.close()


def test_errors_do_not_quote_mail(pool: Pool) -> None:
    with pytest.raises(IntegrityError) as raised, pool.begin() as work:
        work.messages.add([mail(subject="vertraulich"), mail(subject="vertraulich")])
    assert "vertraulich" not in str(raised.value)
