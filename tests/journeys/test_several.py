"""One pool on PostgreSQL, several processes: any of them may be killed, and the database with it."""

import os
import random
import smtplib
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

import httpx
import psycopg
import pytest

from assistant.duties import Duty
from assistant.periodic import lock
from rules.terms.staff import Role
from storage.peers import Peers, _lock_of
from tests.journeys import mails
from tests.journeys.ledger import Ledger, known
from tests.journeys.running import Home, Service, Visitor, keep_password, mailbox_table, until
from tests.journeys.test_kill import filled, read
from tests.servers import postgres
from tests.servers.dovecot import Dovecot, free_ports
from tests.servers.postgres import Cluster

pytestmark = [pytest.mark.dovecot, pytest.mark.postgres]

KILLS = int(os.environ.get("KINGPOST_KILLS", "5"))
# Each with its duties: two watch, two work, and either of the two that schedule may.
TEAM = {
    "pages": "web",
    "watcher-1": "watch",
    "watcher-2": "watch",
    "hand-1": "work,schedule",
    "hand-2": "work,schedule",
}
# Several Pythons share two cores; what is promised to people is seconds.
SECONDS = 20
ROUNDS = 20


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A server that may be stopped."""
    if reason := postgres.missing(own=True):
        pytest.skip(reason)
    with postgres.cluster() as own:
        yield own


@pytest.fixture
def shared(tmp_path: Path, cluster: Cluster) -> Iterator[Home]:
    """A firm's folder with its pool on that server."""
    with cluster.database() as url:
        yield Home(tmp_path / "firma", pool_url=url)


@contextmanager
def outside(home: Home) -> Iterator[Peers]:
    """A look at who does what, from outside."""
    with home.pool() as pool, pool.peers() as peers:
        yield peers


def holder(home: Home, name: str) -> int | None:
    """The connection that holds something, None while nobody does."""
    its = "locktype = 'advisory' and mode = 'ExclusiveLock' and (classid::bigint << 32) | objid::bigint = %s"
    with psycopg.connect(home.pool_url) as connection:
        row = connection.execute(f"select pid from pg_locks where {its}", (_lock_of(name),)).fetchone()
    return None if row is None else row[0]


def another(home: Home, name: str, before: int | None) -> bool:
    """Whether somebody holds it, and not who did before."""
    return holder(home, name) not in (None, before)


class Team:
    """The processes of TEAM, each of which can be killed and started again."""

    def __init__(self, home: Home, stack: ExitStack) -> None:
        self._home, self._stack = home, stack
        self.alive: dict[str, Service] = {}

    def start(self, name: str) -> None:
        """Begin one; it may take its time."""
        running = self._home.running(ready=False, only=TEAM[name], name=name)
        self.alive[name] = self._stack.enter_context(running)

    def start_all(self) -> None:
        """Begin whoever is not there, and wait until all are ready."""
        for name in TEAM.keys() - self.alive.keys():
            self.start(name)
        for service in self.alive.values():
            service.wait_ready()

    def kill(self, name: str) -> None:
        """SIGKILL."""
        self.alive.pop(name).kill()

    def stop(self) -> None:
        """The orderly end of all."""
        assert {name: service.stop() for name, service in self.alive.items()} == dict.fromkeys(TEAM, 0)


@contextmanager
def team(home: Home) -> Iterator[Team]:
    """All of TEAM at work."""
    with ExitStack() as stack:
        made = Team(home, stack)
        made.start_all()
        yield made


def prepared(home: Home, server: Dovecot, *users: str) -> None:
    """Settings and an empty pool."""
    for user in users:
        keep_password(home, user)
    tables = [mailbox_table(server, user, f'owner = "{user}"', "follow = true") for user in users]
    home.write(*tables, "[reading]\ndeadline = 60\nworkers = 1")
    home.make(admin=Role.ADMIN, **dict.fromkeys(users, Role.STAFF))


@pytest.mark.timeout(600)
def test_no_mail_is_lost_or_doubled_whoever_is_killed_and_when_the_database_crashes(
    shared: Home, cluster: Cluster, dovecot: Dovecot, user: str
) -> None:
    killed(shared, cluster, Ledger(dovecot, user), random.Random(20261122), KILLS, 240)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_nor_in_forty_kills(shared: Home, cluster: Cluster, dovecot: Dovecot, user: str) -> None:
    killed(shared, cluster, Ledger(dovecot, user), random.Random(9), int(os.environ.get("KINGPOST_KILLS", "40")), 1000)


def killed(home: Home, cluster: Cluster, ledger: Ledger, chance: random.Random, times: int, count: int) -> None:
    """Kill one process after the other while they work, and now and then the database; then all must be right."""
    filled(ledger, mails.mails(count, seed=4), chance)
    prepared(home, ledger.server, ledger.user)
    with team(home) as processes:
        order = [name for name in TEAM if name != "pages"]
        chance.shuffle(order)
        for number in range(times):
            done = len(known(home, ledger.user))
            goal = done + (len(ledger.mails) - done) * chance.uniform(0, number + 1) / times
            until(lambda goal=goal: read(home, ledger.user, goal), f"{goal:g} mails are read", 120)  # type: ignore[misc]
            victim = order[number % len(order)]
            processes.kill(victim)
            ledger.append(mails.mails(7, seed=number, name=f"neu{number}"), chance)
            if number % 3 == 1:
                cluster.stop()
                time.sleep(chance.uniform(0, 3))
                cluster.start()
            ledger.disturb(home, chance)
            time.sleep(chance.uniform(0, 1.5))
            processes.start(victim)
        processes.start_all()
        settled(home, ledger, processes)


def settled(home: Home, ledger: Ledger, processes: Team) -> None:
    """Let the processes finish; then server and pool are what the ledger says, and the audit agrees."""
    before = ledger.everything()
    until(lambda: known(home, ledger.user) == set(ledger.mails), "all is read, and nothing besides", 120)
    audit = home.kingpost("mailbox", "audit", ledger.user)
    assert audit.code == 0, audit.text
    processes.stop()
    assert ledger.everything() == before
    ledger.check_server()
    ledger.check_pool(home)


@pytest.mark.timeout(300)
def test_whoever_is_left_takes_over_within_seconds(
    shared: Home, dovecot: Dovecot, user: str, capsys: pytest.CaptureFixture[str]
) -> None:
    prepared(shared, dovecot, user)
    turns = {f"mailbox {user}": ["watcher-1", "watcher-2"], lock("match"): ["hand-1", "hand-2"]}
    needed: dict[str, list[float]] = {held: [] for held in turns}
    with ExitStack() as stack, outside(shared) as peers:
        processes = Team(shared, stack)
        for name in ("pages", "watcher-1", "hand-1"):
            processes.start(name)
        until(lambda: not peers.free(list(turns)), "the first ones do it all")
        processes.start_all()
        assert peers.present(list(Duty)) == {"web": 1, "watch": 2, "work": 2, "schedule": 2}
        for number in range(4):
            for held, names in turns.items():
                # Who holds something keeps it: the next to go is always the one who took over.
                before = holder(shared, held)
                processes.kill(names[0])
                began = time.monotonic()
                until(partial(another, shared, held, before), "somebody else does it", SECONDS)
                needed[held].append(time.monotonic() - began)
                if "watcher-1" in names:
                    uid = put(dovecot, user, mails.plain(f"nach-{number}"))
                    until(lambda uid=uid: ("INBOX", uid) in known(shared, user), "new mail is read", SECONDS)  # type: ignore[misc]
                processes.start(names[0])
                processes.alive[names[0]].wait_ready()
                names.reverse()
        processes.stop()
    with capsys.disabled():
        print("\ntaken over after, s:", {held: [round(one, 2) for one in each] for held, each in needed.items()})
    assert max(max(each) for each in needed.values()) < 5


@pytest.mark.timeout(300)
def test_an_opening_that_one_process_sees_is_in_the_stream_of_another(
    shared: Home, dovecot: Dovecot, user: str, capsys: pytest.CaptureFixture[str]
) -> None:
    prepared(shared, dovecot, user)
    with team(shared), Visitor(shared, user) as visitor:
        uids = [put(dovecot, user, mails.plain(str(number))) for number in range(ROUNDS)]
        until(lambda: {("INBOX", uid) for uid in uids} <= known(shared, user), "the mails are in the pool")
        until(lambda: "watching" in str(visitor.api("/mailboxes")), "the mailbox is watched")
        with listening(shared.base, visitor) as heard:
            time.sleep(2)
            needed = list(opened(dovecot, user, uids, heard))
    with capsys.disabled():
        print(f"\nopened to stream, ms: p50 {statistics.median(needed):.0f}, max {max(needed):.0f}")
    # One opening, one event, and as quick as in one process but for the slow machine of the tests.
    assert heard.count("opened") == ROUNDS
    assert statistics.median(needed) < 400


@pytest.mark.timeout(300)
def test_two_whole_services_side_by_side_tell_each_other(
    shared: Home, cluster: Cluster, dovecot: Dovecot, user: str
) -> None:
    prepared(shared, dovecot, user)
    shared.write(
        mailbox_table(dovecot, user),
        "[smtp]",
        f'bind = "127.0.0.1:{shared.smtp_port}"',
        'recipients = { "journal@muster.example" = "journal" }',
    )
    (port,) = free_ports(1)
    with shared.running(name="one") as one, shared.running(name="two", port=port) as two:
        with Visitor(shared) as here, Visitor(shared, base=two.base) as there:
            with listening(one.base, here) as heard, listening(two.base, there) as also:
                put(dovecot, user, mails.plain("neu"))
                until(lambda: "message" in heard and "message" in also, "both tell of the new mail")
                time.sleep(1)
                assert heard.count("message") == also.count("message") == 1
                # The pages say that the database is away, and go on when it is back.
                cluster.stop()
                until(lambda: here.get("/").status_code == there.get("/").status_code == 503, "the pages say so")
                assert "nicht erreichbar" in here.get("/", headers={"Accept": "text/html"}).text
                until(lambda: "ended" in heard and "ended" in also, "the streams have ended")
                cluster.start()
                until(lambda: here.get("/").status_code == there.get("/").status_code == 200, "the pages are back")
            figures = [httpx.get(each.base + "/metrics").text for each in (one, two)]
            assert sum("kingpost_mailboxes{" in each for each in figures) == 1
            assert all("kingpost_streams" in each for each in figures)
            ready = httpx.get(one.base + "/readyz")
            assert ready.text == "ok\nweb: 2\nwatch: 2\nwork: 2\nschedule: 2\n"
            uid = put(dovecot, user, mails.plain("danach"))
            until(lambda: ("INBOX", uid) in known(shared, user), "mail is read again")
            one.kill()
            uid = put(dovecot, user, mails.plain("allein"))
            until(lambda: ("INBOX", uid) in known(shared, user), "the other one reads on", SECONDS)
            until(lambda: door_opens(shared), "the other one opens the door", SECONDS)
            assert httpx.get(two.base + "/readyz", params={"duty": "watch"}).status_code == 200
        assert two.stop() == 0


def test_duties_are_not_shared_on_sqlite(home: Home) -> None:
    home.write()
    home.make()
    said = home.kingpost("run", "--only", "web,watch")
    assert said.code == 2
    assert "PostgreSQL" in said.err
    said = home.kingpost("run", "--only", "cooking")
    assert said.code == 2
    assert "web, watch, work, schedule" in said.err


@pytest.mark.timeout(120)
def test_a_second_service_on_an_sqlite_pool_is_refused(home: Home) -> None:
    home.write()
    home.make()
    with home.running() as service:
        said = home.kingpost("run", env={"KINGPOST_WEB__BIND": "127.0.0.1:0"})
        assert said.code == 1
        assert f"Prozess {service.process.pid}" in said.err
        assert service.stop() == 0


def put(server: Dovecot, user: str, raw: bytes) -> int:
    """A new mail in the inbox; its UID."""
    with server.client(user) as client:
        said = client.append("INBOX", "", "", raw)[1][0]
    return int(said.split(b"]")[0].split()[-1])


def opened(server: Dovecot, user: str, uids: list[int], heard: list[str]) -> Iterator[float]:
    """Open each mail as a person would: how many milliseconds until the stream tells of it."""
    with server.client(user) as client:
        client.select("INBOX")
        for number, uid in enumerate(uids, 1):
            began = time.monotonic()
            client.open_mail(uid)
            while heard.count("opened") < number:
                assert time.monotonic() - began < SECONDS
                time.sleep(0.002)
            yield (time.monotonic() - began) * 1000
            time.sleep(0.5)


@contextmanager
def listening(base: str, visitor: Visitor) -> Iterator[list[str]]:
    """The names of a stream's events as they come; “ended” when the server has ended it."""
    heard: list[str] = []
    streaming = threading.Event()
    with httpx.Client(base_url=base, cookies=visitor.cookies, timeout=60) as client:

        def listen() -> None:
            with suppress(httpx.TransportError), client.stream("GET", "/api/v1/stream") as answer:
                for line in answer.iter_lines():
                    streaming.set()
                    if line.startswith("event: "):
                        heard.append(line.removeprefix("event: "))
            heard.append("ended")

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        assert streaming.wait(20)
        yield heard


def door_opens(home: Home) -> bool:
    """Whether a mail handed in is taken."""
    with suppress(OSError, smtplib.SMTPException), smtplib.SMTP("127.0.0.1", home.smtp_port, timeout=5) as door:
        door.sendmail("a@b.example", ["journal@muster.example"], mails.plain("journal"))
        return True
    return False
