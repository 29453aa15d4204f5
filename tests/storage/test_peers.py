import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from rules.terms.errors import PoolInUse
from storage.peers import LONGEST, Peers
from storage.pool import Pool
from tests.servers import postgres

ROOT = Path(__file__).parents[2]
HOLDS = """
import sys
from storage.pool import Pool
pool = Pool.open(sys.argv[1], sys.argv[2])
with pool.peers() as peers:
    peers.join("watch")
    print(peers.hold("mailbox office"), flush=True)
    sys.stdin.read()
"""


class Process:
    """One of several services on a pool, as far as its peers notice it."""

    def __init__(self, peers: Peers, heard: list[str], fates: list[str]) -> None:
        self.peers, self.heard, self.fates = peers, heard, fates


@contextmanager
def process(pool: Pool) -> Iterator[Process]:
    heard: list[str] = []
    fates: list[str] = []
    with pool.peers(heard.append, lambda: fates.append("lost"), lambda: fates.append("back")) as peers:
        yield Process(peers, heard, fates)


def until(true: Callable[[], object], seconds: float = 15) -> float:
    """How long it took until something was the case."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds
        time.sleep(0.005)
    return time.monotonic() - began


def cut(pool: Pool) -> None:
    """End the connections of those who hold something."""
    with psycopg.connect(make_url(pool.url).render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and mode = 'ExclusiveLock'"
        )


@contextmanager
def another(pool_url: str, blobs: str) -> Iterator["subprocess.Popen[str]"]:
    """A service in a process of its own."""
    command = [sys.executable, "-c", HOLDS, pool_url, blobs]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == "True\n"
            yield other
        finally:
            other.kill()


@pytest.fixture(scope="module")
def cluster() -> Iterator[postgres.Cluster]:
    """A server that may be stopped."""
    if reason := postgres.missing(own=True):
        pytest.skip(reason)
    with postgres.cluster() as own:
        yield own


@pytest.fixture
def shared(cluster: postgres.Cluster, blobs: str) -> Iterator[Pool]:
    """A pool on it."""
    with cluster.database() as url:
        pool = Pool.create(url, blobs)
        yield pool
        pool.close()


def test_one_service_on_an_sqlite_pool(sqlite_pool: Pool, blobs: str) -> None:
    with another(sqlite_pool.url, blobs) as service:
        with pytest.raises(PoolInUse) as raised, sqlite_pool.peers():
            raise AssertionError("unreachable")
        assert raised.value.details["pid"] == str(service.pid)
        with sqlite_pool.begin() as work:  # the command line may write beside it
            assert work.messages.count() == 0
        service.send_signal(signal.SIGKILL)
        service.wait()
    with sqlite_pool.peers() as peers:
        assert peers.hold("mailbox office")
        assert peers.free(["mailbox office"]) == ["mailbox office"]
        peers.join("web")
        assert peers.present(["web", "work"]) == {"web": 1, "work": 0}
    with sqlite_pool.peers(), pytest.raises(PoolInUse), sqlite_pool.peers():
        pass


@pytest.mark.postgres
def test_each_thing_is_done_by_one_process(shared: Pool) -> None:
    with process(shared) as one, process(shared) as two:
        assert one.peers.hold("a")
        assert one.peers.hold("a")
        assert not two.peers.hold("a")
        assert two.peers.hold("b")
        assert one.peers.holds("a")
        assert not two.peers.holds("a")
        assert one.peers.free(["a", "b", "c"]) == two.peers.free(["a", "b", "c"]) == ["c"]
        one.peers.leave("a")
        one.peers.leave("never held")
        assert two.peers.hold("a")


@pytest.mark.postgres
def test_how_many_are_there_for_a_duty(shared: Pool) -> None:
    with process(shared) as one, process(shared) as two:
        one.peers.join("web")
        two.peers.join("web")
        two.peers.join("watch")
        assert one.peers.present(["web", "watch", "work"]) == {"web": 2, "watch": 1, "work": 0}


@pytest.mark.postgres
def test_what_a_killed_process_held_is_free_at_once(shared: Pool, blobs: str) -> None:
    with process(shared) as one, another(shared.url, blobs) as other:
        assert not one.peers.hold("mailbox office")
        other.kill()
        assert until(lambda: one.peers.hold("mailbox office")) < 2
        assert one.peers.present(["watch"]) == {"watch": 0}


@pytest.mark.postgres
def test_others_hear_what_is_said_and_the_speaker_does_not(shared: Pool) -> None:
    longest = "ü" * (LONGEST // 2)
    with process(shared) as one, process(shared) as two, process(shared) as three:
        for word in ("eins", "zwei", longest):
            one.peers.tell(word)
        two.peers.tell("drei")
        until(lambda: len(three.heard) == 4 and len(two.heard) == 3 and one.heard)
        assert two.heard == ["eins", "zwei", longest]
        assert one.heard == ["drei"]
        assert sorted(three.heard) == sorted([*two.heard, "drei"])


@pytest.mark.postgres
def test_words_come_while_questions_are_asked(shared: Pool) -> None:
    """A word that arrives with the answer to a question is not left lying."""
    with process(shared) as one, process(shared) as two:
        for number in range(300):
            one.peers.tell(str(number))
            two.peers.free(["a"])
        assert until(lambda: len(two.heard) == 300) < 3
        assert two.heard == [str(number) for number in range(300)]


@pytest.mark.postgres
def test_the_line_outlives_those_who_hear_it(shared: Pool) -> None:
    heard: list[str] = []

    def faulty(word: str) -> None:
        heard.append(word)
        raise ValueError

    with shared.peers(faulty), process(shared) as two:
        two.peers.tell("eins")
        two.peers.tell("zwei")
        until(lambda: heard == ["eins", "zwei"])


@pytest.mark.postgres
def test_a_cut_line_is_noticed_and_made_anew(shared: Pool) -> None:
    with process(shared) as one, process(shared) as two:
        one.peers.join("web")
        assert one.peers.hold("a")
        cut(shared)
        assert until(lambda: one.fates == ["lost", "back"]) < 3
        assert not one.peers.holds("a")
        assert two.peers.hold("a")
        assert not one.peers.hold("a")
        assert two.peers.present(["web"]) == {"web": 1}
        two.peers.tell("wieder da")
        until(lambda: one.heard == ["wieder da"])
        assert two.fates == []


@pytest.mark.postgres
def test_a_line_that_ends_while_a_word_is_heard_is_made_anew(shared: Pool) -> None:
    fates: list[str] = []
    listening, go_on = threading.Event(), threading.Event()

    def heard(word: str) -> None:
        listening.set()
        go_on.wait(15)

    with (
        shared.peers(heard, lambda: fates.append("lost"), lambda: fates.append("back")) as one,
        process(shared) as two,
    ):
        assert one.hold("a")
        two.peers.tell("eins")
        assert listening.wait(15)
        cut(shared)
        until(lambda: one.free(["b"]) == [])
        go_on.set()
        until(lambda: fates == ["lost", "back"])
        assert one.hold("a")


@pytest.mark.postgres
def test_a_database_that_crashed_is_waited_for(cluster: postgres.Cluster, shared: Pool) -> None:
    with process(shared) as one, process(shared) as two:
        assert one.peers.hold("a")
        cluster.stop()
        assert until(lambda: one.fates == two.fates == ["lost"]) < 2
        assert not one.peers.holds("a")
        assert not one.peers.hold("a")
        assert one.peers.free(["a"]) == []
        assert one.peers.present(["web"]) == {"web": 0}
        one.peers.tell("nobody hears this")
        cluster.start()
        assert until(lambda: one.fates == two.fates == ["lost", "back"]) < 5
        assert [one.peers.hold("a"), two.peers.hold("a")] == [True, False]
        one.peers.tell("wieder da")
        until(lambda: two.heard == ["wieder da"])
