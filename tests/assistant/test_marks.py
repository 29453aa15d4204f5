"""Marks in a real mailbox: ours alone, taken back when they no longer hold, and nothing else is ever touched."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from imaplib import Time2Internaldate
from pathlib import Path
from typing import Any

import pytest

from assistant.events import Event, Opened
from assistant.intake import Intake
from assistant.mailboxes import Mailboxes
from assistant.marks import Marker, note_marked
from assistant.openings import Openings
from assistant.settings import Settings
from assistant.triage import Triage
from assistant.watching import Watcher
from connectors.imap import Account
from rules.terms.customer import Customer
from rules.terms.errors import WrongUse
from rules.terms.finding import Action, Match
from rules.terms.mail import Mailbox
from rules.terms.mark import Keyword
from storage.pool import Pool
from tests.assistant.test_intake import FIRM, HereReader
from tests.servers.dovecot import Dovecot, missing

pytestmark = pytest.mark.dovecot
OURS = {keyword.encode() for keyword in Keyword}
OF_C1 = Match(Action.ATTACH, "C1", confidence=1.0, candidates=("C1",), decided_by="anna")
# INBOX may be read, but nothing be written to it.
ACL = """
mail_plugins = acl
plugin {
  acl = vfile:%s
}
"""
PUBLIC = """
namespace {
  type = public
  separator = /
  prefix = Public/
  location = maildir:%s
  subscriptions = no
}
"""

Snapshot = dict[tuple[str, bytes], tuple[frozenset[bytes], bytes]]


def mail(number: int, sender: str = "erika@fremd.example") -> bytes:
    head = f"From: Erika <{sender}>\r\nSubject: {number}\r\nMessage-ID: <{number}@fremd.example>"
    return f"{head}\r\n\r\nGuten Tag, bitte rufen Sie mich an. Erika {number}\r\n".encode()


@pytest.fixture(scope="module")
def dovecot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    if reason := missing():
        pytest.skip(reason)
    with Dovecot(tmp_path_factory.mktemp("imap")) as server:
        yield server


@pytest.fixture
def user(request: pytest.FixtureRequest) -> str:
    """A user of whom the server has not heard yet."""
    return "".join(letter for letter in str(request.node.name) if letter.isalnum())


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    pool = Pool.create(f"sqlite:///{tmp_path}/pool.sqlite", str(tmp_path / "blobs"))
    with pool.begin() as work:
        work.customers.upsert([Customer("C1", "Hansen", key_account=True)], ())
    yield pool
    pool.close()


def account_on(server: Dovecot, user: str, *, marks: bool = True) -> Mailbox:
    ca_file = str(server.ca_file)
    return Mailbox("office", host=server.host, port=server.tls_port, user=user, ca_file=ca_file, marks=marks)


@contextmanager
def watched(pool: Pool, server: Dovecot, user: str, *, marks: bool = True, days: int = 30) -> Iterator[list[Event]]:
    """The account is watched, and followed by a sidebar; what sidebars are told."""
    mailbox = account_on(server, user, marks=marks)
    if not pool_has(pool, "office"):
        Mailboxes(Settings(home=server.folder.parent), pool).add(mailbox, server.password)
    told: list[Event] = []
    intake = Intake(pool, HereReader(), Triage(FIRM))  # type: ignore[arg-type]
    watcher = Watcher(
        mailbox,
        server.password,
        pool,
        intake,
        Openings.over(pool, told.append),
        told.append,
        lambda name: True,
        Marker("office", pool, days),
    )
    watcher.start()
    try:
        yield told
    finally:
        watcher.stop()
        assert watcher.join(20)


def pool_has(pool: Pool, name: str) -> bool:
    with pool.read() as work:
        return work.mailboxes.get(name) is not None


def until(true: Callable[[], Any], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def flags_of(line: bytes) -> frozenset[bytes]:
    return frozenset(line.partition(b"FLAGS (")[2].partition(b")")[0].split())


def snapshot(server: Dovecot, user: str, *folders: str) -> Snapshot:
    """Every mail of the folders, byte for byte and flag for flag, but for our keywords and `Recent`."""
    found: Snapshot = {}
    with server.client(user) as client:
        for folder in folders:
            client.select(folder, readonly=True)
            for part in client.uid("FETCH", "1:*", "(UID FLAGS INTERNALDATE BODY.PEEK[])")[1]:
                if isinstance(part, tuple):
                    head, body = part
                    place = folder, head.partition(b"UID ")[2].split()[0]
                    date = head.partition(b"INTERNALDATE ")[2][:28]
                    found[place] = flags_of(head) - OURS - {b"\\Recent"}, date + body
    return found


def marked(server: Dovecot, user: str, folder: str = "INBOX") -> dict[int, set[bytes]]:
    """Our keywords by UID, where there are any; what the server tells of others' changes meanwhile has no UID."""
    with server.client(user) as client:
        lines = [line for line in client.flags(folder) if b"UID " in line]
    shown = {int(line.partition(b"UID ")[2].split()[0].rstrip(b")")): set(flags_of(line) & OURS) for line in lines}
    return {uid: ours for uid, ours in shown.items() if ours}


def settled(pool: Pool) -> bool:
    """Whether nothing is under way or left to do."""
    with pool.read() as work:
        box = work.mailboxes.get("office")
        folders = [folder.name for folder in work.mailboxes.folders("office")]
        return work.marks.due("office", folders, on=bool(box and box.marks), since=datetime.now(UTC)) is None


def refile(pool: Pool, match: Match = OF_C1) -> None:
    """Somebody files all mails."""
    with pool.begin() as work:
        for number in work.messages.latest(None):
            work.messages.set_match(number, match)


def test_marks_are_written_and_nothing_else_changes(pool: Pool, dovecot: Dovecot, user: str) -> None:
    for number, flags in enumerate(("", "\\Seen", "\\Flagged \\Answered", "\\Deleted", "Wichtig $label1 \\Draft")):
        dovecot.append(user, "INBOX", mail(number), [flags])
    dovecot.fill(user, "Projekte", [mail(10), mail(11)])
    dovecot.fill(user, "Gesendet", [mail(20, "info@muster.example")])
    before = snapshot(dovecot, user, "INBOX", "Projekte", "Gesendet")
    with watched(pool, dovecot, user) as told:
        until(lambda: len(marked(dovecot, user)) == 5 and len(marked(dovecot, user, "Projekte")) == 2)
        dovecot.deliver(user, mail(30))
        until(lambda: len(marked(dovecot, user)) == 6)
        assert set(map(tuple, marked(dovecot, user).values())) == {(b"$Unknown",)}
        assert marked(dovecot, user, "Gesendet") == {}
        time.sleep(2)  # what our own changes might set off
    after = snapshot(dovecot, user, "INBOX", "Projekte", "Gesendet")
    del after["INBOX", b"6"]
    assert after == before
    assert not [event for event in told if isinstance(event, Opened)]


def test_an_opening_beside_a_mark_is_still_one(pool: Pool, dovecot: Dovecot, user: str) -> None:
    dovecot.fill(user, "INBOX", [mail(number) for number in range(3)])
    with watched(pool, dovecot, user) as told, dovecot.client(user) as client:
        until(lambda: len(marked(dovecot, user)) == 3)
        client.select("INBOX")
        refile(pool)
        client.open_mail(2)
        until(lambda: set(map(tuple, marked(dovecot, user).values())) == {(b"$KeyCustomer",)})
        until(lambda: any(isinstance(event, Opened) for event in told))
        time.sleep(1)
    assert [event.no for event in told if isinstance(event, Opened)] == [2]


def test_a_correction_undoes_and_a_king_is_marked_until_it_is_none(pool: Pool, dovecot: Dovecot, user: str) -> None:
    dovecot.fill(user, "INBOX", [mail(1)])
    before = snapshot(dovecot, user, "INBOX")
    with watched(pool, dovecot, user):
        until(lambda: marked(dovecot, user) == {1: {b"$Unknown"}})
        refile(pool)
        until(lambda: marked(dovecot, user) == {1: {b"$KeyCustomer"}})
        with pool.begin() as work:
            work.customers.upsert([Customer("C1", "Hansen")], ())
        until(lambda: marked(dovecot, user) == {})
    assert snapshot(dovecot, user, "INBOX") == before


def test_what_people_do_by_hand_stays(pool: Pool, dovecot: Dovecot, user: str) -> None:
    dovecot.fill(user, "INBOX", [mail(1), mail(2)])
    dovecot.append(user, "INBOX", mail(3), ["$Unknown"])
    with watched(pool, dovecot, user):
        until(lambda: len(marked(dovecot, user)) == 3)
        with dovecot.client(user) as client:
            client.select("INBOX")
            client.uid("STORE", "1", "-FLAGS", "($Unknown)")
        until(lambda: state_of(pool, 1) == "theirs")
        # Another reason to look at them again, and then none any more.
        with pool.begin() as work:
            work.mailboxes.set_marks("office", False)
        until(lambda: settled(pool) and marked(dovecot, user) == {3: {b"$Unknown"}})
        with pool.begin() as work:
            work.mailboxes.set_marks("office", True)
        until(lambda: settled(pool) and marked(dovecot, user) == {2: {b"$Unknown"}, 3: {b"$Unknown"}})


def state_of(pool: Pool, uid: int) -> str | None:
    with pool.read() as work:
        rows = work.marks._connection.exec_driver_sql("select state from marks where uid = ?", (uid,)).all()
    return rows[0].state if rows else None


def test_a_mark_whose_answer_was_lost_is_ours_all_the_same(
    pool: Pool, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.fill(user, "INBOX", [mail(number) for number in range(5)])
    tries = []

    def cut_off(*words: Any) -> None:
        """As if it were killed after STORE and before the commit, twice."""
        tries.append(words)
        if len(tries) < 3:
            raise RuntimeError
        note_marked(*words)

    monkeypatch.setattr("assistant.watching.note_marked", cut_off)
    with watched(pool, dovecot, user):
        until(lambda: state_of(pool, 5) == "set")
        assert len(tries) == 3
        assert len(marked(dovecot, user)) == 5
        refile(pool, Match(Action.ATTACH, "C2", confidence=1.0, decided_by="anna"))
        until(lambda: settled(pool) and marked(dovecot, user) == {})


def test_old_mail_is_left_alone(pool: Pool, dovecot: Dovecot, user: str) -> None:
    with dovecot.client(user) as client:
        for days in (0, 5, 20, 400):
            client.append("INBOX", "", Time2Internaldate(datetime.now(UTC) - timedelta(days=days)), mail(days))
    with watched(pool, dovecot, user, days=7):
        until(lambda: len(marked(dovecot, user)) == 2)
        time.sleep(3)
        assert marked(dovecot, user).keys() == {1, 2}


def test_it_is_off_until_somebody_switches_it_on_and_off_takes_all_back(
    pool: Pool, dovecot: Dovecot, user: str
) -> None:
    dovecot.fill(user, "INBOX", [mail(number) for number in range(250)])
    before = snapshot(dovecot, user, "INBOX")
    with watched(pool, dovecot, user, marks=False):
        until(lambda: count(pool) == 250)
        time.sleep(3)
        assert marked(dovecot, user) == {}
        with pool.begin() as work:
            work.mailboxes.set_marks("office", True)
        until(lambda: len(marked(dovecot, user)) == 250, 30)
        with pool.begin() as work:
            work.mailboxes.set_marks("office", False)
        until(lambda: marked(dovecot, user) == {}, 30)
        until(lambda: settled(pool))
    assert snapshot(dovecot, user, "INBOX") == before


def count(pool: Pool) -> int:
    with pool.read() as work:
        return work.messages.count()


def test_where_the_server_allows_no_keywords_all_stays_and_it_is_told(pool: Pool, tmp_path: Path) -> None:
    if reason := missing():
        pytest.skip(reason)
    server = Dovecot(tmp_path)
    rules = server._data / "acl"
    server.settings = ACL % rules
    with server:
        rules.write_text("INBOX owner lrsi\n")
        server.fill("info", "INBOX", [mail(1)])
        server.fill("info", "Projekte", [mail(2)])
        before = snapshot(server, "info", "INBOX")
        with watched(pool, server, "info"):
            until(lambda: marked(server, "info", "Projekte") == {1: {b"$Unknown"}})
            until(lambda: unmarkable(pool) == {"office": ["INBOX"]})
        assert snapshot(server, "info", "INBOX") == before
        assert marked(server, "info") == {}
        assert Account(account_on(server, "info"), server.password).unmarkable() == ("INBOX",)


def test_folders_that_others_share_are_left_alone(pool: Pool, tmp_path: Path) -> None:
    if reason := missing():
        pytest.skip(reason)
    server = Dovecot(tmp_path)
    server.settings = PUBLIC % (server._data / "mail" / "public")
    with server:
        server.fill("info", "Public/Alle", [mail(1)])
        server.fill("info", "INBOX", [mail(2)])
        with watched(pool, server, "info"):
            until(lambda: count(pool) == 2 and marked(server, "info") == {1: {b"$Unknown"}})
            time.sleep(3)
            assert marked(server, "info", "Public/Alle") == {}
        assert Account(account_on(server, "info"), server.password).unmarkable() == ("Public/Alle",)


def unmarkable(pool: Pool) -> dict[str, list[str]]:
    with pool.read() as work:
        return work.marks.unmarkable()


def test_of_a_personal_mailbox_its_owner_alone_decides(pool: Pool, tmp_path: Path) -> None:
    mailboxes = Mailboxes(Settings(home=tmp_path), pool)
    mailboxes.add(Mailbox("anna", host="localhost", user="anna", owner="anna"), "secret")
    with pytest.raises(WrongUse):
        mailboxes.set_marks("anna", True)
    with pytest.raises(ValueError, match="choice of anna"):
        Settings.model_validate(
            {"mailbox": [{"name": "anna", "host": "localhost", "user": "anna", "owner": "anna", "marks": True}]}
        )
