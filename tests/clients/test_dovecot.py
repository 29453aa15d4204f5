"""Dovecot's hook: an opening is in the open sidebar within milliseconds, and nobody's mail waits for Kingpost."""

import re
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from assistant.access import ANNOUNCE, Access
from assistant.client_folders import dovecot as hook
from assistant.events import Broker, Followed, Hooked, Opened, Word
from assistant.openings import Openings
from connectors.imap import Opened as SeenOnServer
from rules.terms.mail import Cursor, FolderRole, Mailbox
from rules.terms.staff import Role
from tests.assistant.web.house import House, build
from tests.clients.test_mutt import answering
from tests.journeys import mails
from tests.journeys.ledger import known
from tests.journeys.running import Home, Visitor, keep_password, mailbox_table, until
from tests.servers.dovecot import Dovecot, free_ports

# -- what Kingpost makes of it


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = build(tmp_path)
    yield made
    made.services.pool.close()


@pytest.fixture
def heard(house: House) -> list[Word]:
    """What is published; Anna's mailbox has the login “Anna@Host” at its server, its mail 4 lies in INBOX."""
    pool = house.services.pool
    with pool.begin() as work:
        work.mailboxes.put(Mailbox("anna", user="Anna@Host", owner="anna", follow=True))
        work.mailboxes.advance("anna", "INBOX", FolderRole.INBOX, Cursor(1, 99))
    return []


def openings(house: House, heard: list[Word]) -> Openings:
    return Openings.over(house.services.pool, heard.append)


def told(heard: list[Word]) -> list[int | None]:
    return [event.no for event in heard if isinstance(event, Opened)]


NOW = datetime.now(UTC)


def test_the_hooks_word_is_announced_and_the_watchers_echo_is_not(house: House, heard: list[Word]) -> None:
    broker = Broker(outward=heard.append)
    broker.take(Followed(frozenset({"anna"})))
    all_of_it = Openings.over(house.services.pool, broker.publish)
    all_of_it.told("anna@host", [("INBOX", 1, 4)], NOW)
    all_of_it.seen(SeenOnServer("anna", "INBOX", 1, 4, NOW))
    assert told(heard) == [house.annas_mail]
    assert Hooked("anna") in heard
    # Marked unread and opened again: both tell of it again, in whatever order.
    all_of_it.seen(SeenOnServer("anna", "INBOX", 1, 4, NOW))
    all_of_it.told("anna@host", [("INBOX", 1, 4)], NOW)
    assert told(heard) == [house.annas_mail] * 2


@pytest.mark.parametrize(
    ("user", "place"),
    [
        ("berta", ("INBOX", 1, 4)),
        ("anna@host", ("Archiv", 1, 4)),
        ("anna@host", ("INBOX", 2, 4)),
        ("", ("INBOX", 1, 4)),
    ],
)
def test_what_is_not_watched_is_not_announced(
    house: House, heard: list[Word], user: str, place: tuple[str, int, int]
) -> None:
    openings(house, heard).told(user, [place], NOW)
    assert heard == []


def test_a_mail_that_is_not_in_the_pool_yet_is_pending(house: House, heard: list[Word]) -> None:
    openings(house, heard).told("anna@host", [("INBOX", 1, 55)], NOW)
    assert told(heard) == [None]


def test_a_burst_is_no_person(house: House, heard: list[Word]) -> None:
    all_of_it = openings(house, heard)
    for uid in range(1, 40):
        all_of_it.told("anna@host", [("INBOX", 1, uid)], NOW)
    assert len(told(heard)) == 3


def test_its_token_may_tell_of_openings_and_nothing_else(house: House) -> None:
    body = {"user": "anna@host", "opened": [{"folder": "INBOX", "uidvalidity": 1, "uid": 4}]}
    with house.client("adam", token=ANNOUNCE) as client:
        assert client.post("/api/v1/openings", json=body).status_code == 202
        assert client.post("/api/v1/openings", json=body | {"user": "nobody"}).status_code == 202
        for path in ("/api/v1/customers", "/api/v1/stream", "/api/v1/mailboxes", "/sidebar", "/metrics"):
            assert client.get(path).status_code == 403, path
        assert client.post("/api/v1/summary", json={"message_id": "a@b"}).status_code == 403
        for odd in ({}, body | {"opened": []}, body | {"opened": body["opened"] * 21}, body | {"more": 1}):  # type: ignore[operator]
            assert client.post("/api/v1/openings", json=odd).status_code == 400
    with house.client("adam") as browser:
        assert browser.post("/api/v1/openings", json=body).status_code == 403


# -- the real server


class Mailed:
    """A Dovecot with the hook, whose configuration names this address."""

    def __init__(self, folder: Path, url: str, token: str) -> None:
        folder.mkdir()
        script = Path("/tmp") / f"kp-hook-{free_ports(1)[0]}.lua"  # where the mail user may read it
        parts = hook(url, token, str(script))
        script.write_bytes(parts["kingpost.lua"].content)
        script.chmod(0o644)
        self.script = script
        self.server = Dovecot(folder, settings=parts["90-kingpost.conf"].content.decode())

    def __enter__(self) -> Dovecot:
        return self.server.__enter__()

    def __exit__(self, *how: object) -> None:
        self.server.__exit__(None, None, None)
        self.script.unlink()


def opening_seconds(server: Dovecot, user: str, count: int) -> list[float]:
    """How long the reader of each mail waits for it."""
    server.fill(user, "INBOX", [mails.plain(f"{user}{n}") for n in range(count)])
    waited = []
    with server.client(user) as client:
        client.select("INBOX")
        for uid in range(1, count + 1):
            began = time.monotonic()
            client.open_mail(uid)
            waited.append(time.monotonic() - began)
            time.sleep(0.02)
    return waited


@pytest.mark.clients
@pytest.mark.dovecot
@pytest.mark.timeout(240)
@pytest.mark.parametrize("how", ["away", "hangs", "silent", "refuses"])
def test_nobodys_mail_waits_for_a_kingpost_that_is_not_well(tmp_path: Path, how: str) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as never_accepts,
        answering(b"HTTP/1.1 403 Forbidden\r\n\r\n") as no,
        answering(b"HTTP/1.1 ", hang=True) as hanging,
    ):
        urls = {
            "away": "http://127.0.0.1:9",
            "hangs": hanging,
            "silent": f"http://127.0.0.1:{never_accepts.getsockname()[1]}",
            "refuses": no,
        }
        with Mailed(tmp_path / "d", urls[how], "kp_x") as server:
            waited = opening_seconds(server, "anna", 6)
            log = server.log
    print(how, [round(each * 1000, 1) for each in waited])
    # The first finds out, the others are not kept; the log stays clean.
    assert max(waited) < 0.6
    assert sorted(waited)[-2] < 0.1, waited
    assert not re.search(r"(?i)error|panic|fatal|lua", log), log


@pytest.mark.clients
@pytest.mark.dovecot
@pytest.mark.timeout(240)
def test_an_opening_is_in_the_stream_within_milliseconds(tmp_path: Path) -> None:
    home = Home(tmp_path / "firma")
    home.write("")
    home.make(admin=Role.ADMIN, anna=Role.STAFF)
    with home.pool() as pool:
        token = Access(pool).new_token("admin", "Dovecot", ANNOUNCE)
    with Mailed(tmp_path / "d", home.base, token) as server:
        # As on somebody else's server: there is no fast rhythm, IDLE alone would need half a second.
        home.write(mailbox_table(server, "anna", 'owner = "anna"', "follow = true", "own_server = false"))
        keep_password(home, "anna")
        with home.running() as service, Visitor(home, "anna") as visitor:
            service.until(lambda: "watching" in str(visitor.api("/mailboxes")), "the mailbox is watched")
            server.fill("anna", "INBOX", [mails.plain(str(n)) for n in range(12)])
            service.until(lambda: ("INBOX", 12) in known(home, "anna"), "the mails are in the pool")
            arrived: list[float] = []
            streaming = threading.Event()
            thread = threading.Thread(target=_listen, args=(home, visitor, arrived, streaming), daemon=True)
            thread.start()
            assert streaming.wait(20)
            time.sleep(1)
            waited, needed = _open_all(server, arrived, 12)
            said = visitor.page("/sidebar")
            until(lambda: visitor.api("/mailboxes")[0]["health"]["announces"] == "hook", "the health says so")
            service.stop()
            thread.join(20)
            log = server.log
    print(f"hook to stream, ms: {[round(each * 1000, 1) for each in needed]}; FETCH took {waited}")
    # One opening, one event: the watcher's echo half a second later is not told.
    assert len(arrived) == 12
    assert "in Millisekunden" in said
    assert statistics.median(needed) < 0.2
    assert statistics.median(waited) < 0.1
    assert not re.search(r"(?i)error|panic|fatal|lua", log), log


def _open_all(server: Dovecot, arrived: list[float], count: int) -> tuple[list[float], list[float]]:
    """Open each mail as a person would: how long each FETCH took, and how long until the stream told."""
    waited, needed = [], []
    with server.client("anna") as client:
        client.select("INBOX")
        for uid in range(1, count + 1):
            began = time.monotonic()
            client.open_mail(uid)
            waited.append(time.monotonic() - began)
            until(lambda uid=uid: len(arrived) >= uid, "the stream tells", 10)  # type: ignore[misc]
            needed.append(arrived[uid - 1] - began)
            time.sleep(0.8)
            # Flagged later: that is no opening.
            client.uid("STORE", str(uid), "+FLAGS", "(\\Flagged)")
    time.sleep(1)
    return waited, needed


def _listen(home: Home, visitor: Visitor, arrived: list[float], streaming: threading.Event) -> None:
    """Note when each opening comes over the stream."""
    with (
        httpx.Client(base_url=home.base, cookies=visitor.cookies, timeout=60) as client,
        client.stream("GET", "/api/v1/stream") as answer,
    ):
        try:
            for line in answer.iter_lines():
                if line.startswith("retry"):
                    streaming.set()
                if line == "event: opened":
                    arrived.append(time.monotonic())
        except httpx.TransportError:
            return
