"""Accounts on a real server: watched again after a fault, counted once, compared without a false alarm."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant import watchers
from assistant.erased import Gate
from assistant.events import Broker
from assistant.intake import Intake
from assistant.mailboxes import Mailboxes, Progress
from assistant.openings import Openings
from assistant.privacy import Privacy
from assistant.settings import Settings
from assistant.triage import Triage
from assistant.watching import Watcher
from connectors.imap import Account, FolderListing
from rules.terms.mail import Mailbox, Placement
from storage.peers import Alone
from storage.pool import Pool
from tests.assistant.test_intake import FIRM, HereReader
from tests.servers.dovecot import Dovecot, missing


def mail(number: int) -> bytes:
    head = f"From: k@hansen.example\r\nSubject: {number}\r\nMessage-ID: <{number}@hansen.example>"
    return f"{head}\r\n\r\n{number}\r\n".encode()


@pytest.fixture(scope="module")
def dovecot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    """A real server for the tests of this file."""
    if reason := missing():
        pytest.skip(reason)
    with Dovecot(tmp_path_factory.mktemp("imap")) as server:
        yield server


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    pool = Pool.create(f"sqlite:///{tmp_path}/pool.sqlite", str(tmp_path / "blobs"))
    yield pool
    pool.close()


@pytest.fixture
def user(request: pytest.FixtureRequest) -> str:
    """A user of whom the server has not heard yet."""
    return "".join(letter for letter in str(request.node.name) if letter.isalnum())


@pytest.fixture
def mailboxes(pool: Pool, dovecot: Dovecot, user: str, tmp_path: Path) -> Mailboxes:
    """The pool watches one account."""
    mailboxes = Mailboxes(Settings(home=tmp_path), pool)
    account = Mailbox("office", host=dovecot.host, port=dovecot.tls_port, user=user, ca_file=str(dovecot.ca_file))
    mailboxes.add(account, dovecot.password)
    return mailboxes


@pytest.fixture
def intake(pool: Pool) -> Intake:
    return Intake(pool, HereReader(), Triage(FIRM))  # type: ignore[arg-type]


def filled(mailboxes: Mailboxes, intake: Intake, since: date | None = None) -> list[Progress]:
    return list(mailboxes.backfill("office", intake, threading.Event(), since))


def until(true: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def held(pool: Pool) -> int:
    with pool.read() as work:
        return work.messages.count()


def test_a_watcher_that_ended_is_replaced_and_reads_on(
    pool: Pool,
    mailboxes: Mailboxes,
    intake: Intake,
    dovecot: Dovecot,
    user: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[Watcher] = []

    class Noted(Watcher):
        def start(self) -> None:
            assert not self.alive
            started.append(self)
            super().start()
            assert self.alive

    monkeypatch.setattr(watchers, "Watcher", Noted)
    monkeypatch.setattr(watchers, "LOOK_AGAIN", 0.0)
    broker = Broker()
    services = SimpleNamespace(
        settings=Settings(),
        pool=pool,
        mailboxes=mailboxes,
        intake=intake,
        openings=Openings.over(pool, broker.publish),
        broker=broker,
        peers=Alone(),
    )
    here = watchers.Watchers(services)  # type: ignore[arg-type]
    try:
        dovecot.fill(user, "INBOX", [mail(1)])
        here.reconcile()
        here.reconcile()
        until(lambda: held(pool) == 1)
        (first,) = started
        first.stop()
        assert first.join(10)
        assert not first.alive
        dovecot.fill(user, "INBOX", [mail(2)])
        here.reconcile()
        until(lambda: held(pool) == 2)
        assert len(started) == 2
        assert started[1].alive
    finally:
        here.stop()
    assert not started[1].alive


def test_a_second_run_over_the_past_counts_only_what_is_left(
    pool: Pool, mailboxes: Mailboxes, intake: Intake, dovecot: Dovecot, user: str
) -> None:
    with dovecot.client(user) as client:
        for number, year in enumerate((2020, 2021, 2024, 2025), 1):
            client.append("INBOX", "", f'"01-Mar-{year} 10:00:00 +0000"', mail(number))
    recent = filled(mailboxes, intake, date(2024, 1, 1))
    assert (recent[-1].done, recent[-1].total) == (2, 2)
    rest = filled(mailboxes, intake)
    assert (rest[-1].done, rest[-1].total) == (2, 2)
    assert sum(len(step.received.new) for step in rest) == 2
    assert sum(step.received.known for step in rest) == 0
    again = filled(mailboxes, intake)
    assert sum(len(step.received.new) + step.received.known for step in again) == 0
    assert held(pool) == 4


def test_what_is_stored_while_the_server_lists_is_not_taken_for_gone(
    pool: Pool, mailboxes: Mailboxes, intake: Intake, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.fill(user, "INBOX", [mail(1), mail(2)])
    filled(mailboxes, intake)
    listed = Account.uids

    def slowly(account: Account, folder: str) -> FolderListing:
        listing = listed(account, folder)
        if folder == "INBOX":
            dovecot.fill(user, "INBOX", [mail(3)])
            filled(mailboxes, intake)
        return listing

    monkeypatch.setattr(Account, "uids", slowly)
    audit = next(one for one in mailboxes.audit("office") if one.folder == "INBOX")
    assert (audit.on_server, audit.in_pool, audit.gone, audit.gaps) == (2, 2, 0, ())
    with pool.read() as work:
        cursor = work.mailboxes.cursor("office", "INBOX")
        assert cursor is not None
        assert work.messages.live_uids("office", "INBOX", cursor.uidvalidity) == {1, 2, 3}


@pytest.mark.parametrize("renumbered", [False, True])
def test_a_mail_the_server_kept_back_is_asked_for_by_its_own_number_only(
    renumbered: bool, pool: Pool, mailboxes: Mailboxes, intake: Intake, dovecot: Dovecot, user: str
) -> None:
    """Under another UIDVALIDITY the same UID is another mail."""
    dovecot.fill(user, "INBOX", [mail(1)])
    validity = mailboxes.account("office").uids("INBOX").uidvalidity
    now = datetime.now(UTC)
    place = Placement("office", "INBOX", validity - 1 if renumbered else validity, 1)
    with pool.begin() as work:
        number = work.quarantine.add("", place, "the body came empty", now, now)
    assert mailboxes.retry(number, intake) is not renumbered
    assert held(pool) == (0 if renumbered else 1)
    with pool.read() as work:
        kept = work.quarantine.get(number)
    assert (kept is not None) is renumbered
    if kept is not None:
        assert (kept.tries, kept.reason) == (2, "the body came empty")


def test_the_audit_counts_what_was_erased_and_nothing_reads_it_again(
    pool: Pool, mailboxes: Mailboxes, dovecot: Dovecot, user: str, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path)
    intake = Intake(pool, HereReader(), Triage(FIRM), gate=Gate.by(settings))  # type: ignore[arg-type]
    other = mail(3).replace(b"k@hansen.example", b"huber@holz.example")
    dovecot.fill(user, "INBOX", [mail(1), mail(2), other])
    filled(mailboxes, intake)
    privacy = Privacy.over(settings, pool)
    privacy.erase(privacy.find("k@hansen.example"))
    inbox = next(one for one in mailboxes.audit("office") if one.folder == "INBOX")
    assert (inbox.on_server, inbox.in_pool, inbox.kept_out, inbox.ahead, inbox.gaps) == (3, 1, 2, 0, ())
    filled(mailboxes, intake)
    assert held(pool) == 1
    # Even if the account is added anew and everything is read from the beginning.
    account, password = mailboxes.get("office"), dovecot.password
    mailboxes.remove("office")
    mailboxes.add(account, password)
    again = filled(mailboxes, intake)
    assert sum(step.received.kept_out for step in again) == 2
    assert held(pool) == 1
    inbox = next(one for one in mailboxes.audit("office") if one.folder == "INBOX")
    assert (inbox.in_pool, inbox.kept_out, inbox.gaps) == (1, 2, ())
