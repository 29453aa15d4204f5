"""The other processes on this pool: who does what, and words among them. On SQLite there are none.

On PostgreSQL a connection of its own holds session-level advisory locks (PostgreSQL manual, 13.3.5), which end with it
however it ends, and speaks by LISTEN and NOTIFY. A thread looks after it, because whoever has lost it has lost what
they held and has missed words.

    hold("mailbox office") ──▶ ours until the connection ends        tell("…") ──▶ heard("…") in every other process
    connection ends ──▶ lost() ──▶ … made anew ──▶ back()            join("watch") ──▶ present() counts it
"""

import logging
import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Any, ClassVar, Protocol, TypeVar, TypeVarTuple

import psycopg
from sqlalchemy import Engine

from rules.terms.errors import PoolError
from storage.keys import key

log = logging.getLogger("kingpost.peers")

CHANNEL = "kingpost"
# PostgreSQL takes 8,000 bytes a word.
LONGEST = 7_900
_WAITING = 1_000
_PING = 5.0
_AGAIN_FIRST, _AGAIN_LAST = 0.2, 2.0

_GONE = (psycopg.Error, PoolError, OSError)
_LOCKS = (
    "select (classid::bigint << 32) | objid::bigint from pg_locks where locktype = 'advisory' and objsubid = 1 "
    "and database = (select oid from pg_database where datname = current_database()) and granted"
)

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Peers(Protocol):
    """What a process has to do with the others on its pool. Every method is safe to call from any thread.

    `many`: whether there can be others at all.
    """

    many: ClassVar[bool]

    def hold(self, name: str) -> bool:
        """Whether this process is the one that does this; it is from now on where nobody else was."""

    def holds(self, name: str) -> bool:
        """Whether it is so already; asks nobody."""

    def leave(self, name: str) -> None:
        """Let others have it."""

    def free(self, names: Collection[str]) -> list[str]:
        """Those of these that nobody holds."""

    def join(self, duty: str) -> None:
        """Say that this process is there for a duty."""

    def present(self, duties: Collection[str]) -> Mapping[str, int]:
        """How many processes are there for each of these duties."""

    def tell(self, word: str) -> None:
        """Say something to all others, at most LONGEST bytes of UTF-8; never waits. Lost where nobody can hear it."""


class Alone:
    """The one process on an SQLite pool."""

    many: ClassVar[bool] = False

    def __init__(self) -> None:
        self._duties: set[str] = set()

    def hold(self, name: str) -> bool:
        """Always."""
        return True

    def holds(self, name: str) -> bool:
        """Always."""
        return True

    def leave(self, name: str) -> None:
        """There is nobody to have it."""

    def free(self, names: Collection[str]) -> list[str]:
        """All of them."""
        return list(names)

    def join(self, duty: str) -> None:
        """Noted."""
        self._duties.add(duty)

    def present(self, duties: Collection[str]) -> Mapping[str, int]:
        """This one."""
        return {duty: int(duty in self._duties) for duty in duties}

    def tell(self, word: str) -> None:
        """Nobody hears it."""


class Line:
    """The connection to PostgreSQL and the thread that looks after it."""

    many: ClassVar[bool] = True

    def __init__(
        self, engine: Engine, heard: Callable[[str], None], lost: Callable[[], None], back: Callable[[], None]
    ) -> None:
        """Nothing happens before `open`. The callbacks come from a thread of this object and should be quick.

        Args:
            engine: connects in autocommit, and pools nothing.
            heard: told what others say.
            lost: told when the connection has ended, and everything that was held with it.
            back: told when there is one again; words may have been missed.
        """
        self._engine = engine
        self._heard, self._lost, self._back = heard, lost, back
        self._lock = threading.Lock()
        self._connection: psycopg.Connection | None = None
        self._broken = False
        self._held: set[str] = set()
        self._duties: set[str] = set()
        self._to_say: deque[str] = deque(maxlen=_WAITING)
        self._words: deque[str] = deque()
        self._waker, self._woken = socket.socketpair()
        self._waker.setblocking(False)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="peers", daemon=True)

    def open(self) -> None:
        """Connect.

        Raises:
            PoolUnreachable: there is no database.
        """
        self._connect()
        self._thread.start()

    def close(self) -> None:
        """Let go of everything."""
        self._closing.set()
        self._wake()
        if self._thread.is_alive():
            self._thread.join()
        self._hang_up()
        self._waker.close()
        self._woken.close()

    def hold(self, name: str) -> bool:
        """See Peers. While the database is away: no."""

        def take(connection: psycopg.Connection) -> bool:
            if name not in self._held and _asked(connection, "select pg_try_advisory_lock(%s)", _lock_of(name)):
                self._held.add(name)
            return name in self._held

        return name in self._held or self._ask(take, False)

    def holds(self, name: str) -> bool:
        """See Peers."""
        return name in self._held

    def leave(self, name: str) -> None:
        """See Peers."""

        def give(connection: psycopg.Connection) -> None:
            if name in self._held:
                self._held.discard(name)
                _asked(connection, "select pg_advisory_unlock(%s)", _lock_of(name))

        self._ask(give, None)

    def free(self, names: Collection[str]) -> list[str]:
        """See Peers. While the database is away: none."""
        taken = self._ask(lambda connection: _locks(connection, "ExclusiveLock"), None)
        return [] if taken is None else [name for name in names if _lock_of(name) not in taken]

    def join(self, duty: str) -> None:
        """See Peers."""
        self._duties.add(duty)
        self._ask(lambda connection: _join(connection, duty), None)

    def present(self, duties: Collection[str]) -> Mapping[str, int]:
        """See Peers."""
        there: list[int] = self._ask(lambda connection: _locks(connection, "ShareLock"), [])
        return {duty: there.count(_lock_of(_duty(duty))) for duty in duties}

    def tell(self, word: str) -> None:
        """See Peers."""
        if self._connection is not None:
            self._to_say.append(word)
            self._wake()

    def _ask(self, question: Callable[[psycopg.Connection], T], otherwise: T) -> T:
        """The answer to a question; `otherwise` where the database is away."""
        with self._lock:
            if self._connection is not None and not self._broken:
                try:
                    return question(self._connection)
                except _GONE:
                    self._give_up()
            return otherwise

    def _give_up(self) -> None:
        """The connection has ended. The thread alone closes it: it may just be waiting for what comes."""
        self._broken = True
        self._held.clear()
        self._wake()

    def _run(self) -> None:
        while not self._closing.is_set():
            if self._connection is None:
                if self._again():
                    _told(self._back)
                continue
            self._look(self._connection)
            if self._broken:
                self._hang_up()
                log.warning("the database is away")
                _told(self._lost)
            while self._words:
                _told(self._heard, self._words.popleft())

    def _again(self) -> bool:
        """Connect anew, however long it takes; False when it is time to go before."""
        pause = _AGAIN_FIRST
        while not self._closing.wait(pause):
            with suppress(*_GONE):
                self._connect()
                log.info("the database is back")
                return True
            pause = min(pause * 2, _AGAIN_LAST)
        return False

    def _look(self, connection: psycopg.Connection) -> None:
        """Wait until there is something to say or to hear; after a long silence look whether the connection lives."""
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(connection, selectors.EVENT_READ)
                selector.register(self._woken, selectors.EVENT_READ)
                ready = [item.fileobj for item, _ in selector.select(_PING)]
        except (*_GONE, ValueError):
            # A question of another thread has found out a moment ago: there is no socket any more to wait for.
            with self._lock:
                self._give_up()
            return
        if self._woken in ready:
            self._woken.recv(4096)
        self._ask(self._exchange if ready else _lives, None)

    def _exchange(self, connection: psycopg.Connection) -> None:
        while self._to_say:
            _asked(connection, f"select pg_notify('{CHANNEL}', %s)", self._to_say.popleft())
        connection.pgconn.consume_input()
        while word := connection.pgconn.notifies():
            self._note(word.extra.decode(), word.be_pid)

    def _note(self, word: str, sender: int) -> None:
        if self._connection is not None and sender != self._connection.info.backend_pid:
            self._words.append(word)

    def _noted(self, word: psycopg.Notify) -> None:
        """A word that came with the answer to a question."""
        self._note(word.payload, word.pid)
        self._wake()

    def _wake(self) -> None:
        # When it is full, the thread is awake.
        with suppress(BlockingIOError):
            self._waker.send(b".")

    def _connect(self) -> None:
        fairy = self._engine.raw_connection()
        connection: Any = fairy.driver_connection
        fairy.detach()
        connection.autocommit = True
        connection.prepare_threshold = None
        connection.add_notify_handler(self._noted)
        connection.execute(f"listen {CHANNEL}")
        for duty in self._duties:
            _join(connection, duty)
        with self._lock:
            self._to_say.clear()
            self._connection, self._broken = connection, False

    def _hang_up(self) -> None:
        with self._lock:
            connection, self._connection = self._connection, None
            self._held.clear()
        if connection is not None:
            connection.close()


def _told(callback: Callable[[*Ts], object], *arguments: *Ts) -> None:
    """Whatever they make of it, the line is looked after."""
    try:
        callback(*arguments)
    except Exception:
        log.exception("news of other processes led to a fault")


def _lock_of(name: str) -> int:
    return key(f"kingpost {name}")


def _duty(duty: str) -> str:
    return f"duty {duty}"


def _asked(connection: psycopg.Connection, question: Any, *values: object) -> Any:
    row = connection.execute(question, values).fetchone()
    return row and row[0]


def _join(connection: psycopg.Connection, duty: str) -> None:
    _asked(connection, "select pg_advisory_lock_shared(%s)", _lock_of(_duty(duty)))


def _locks(connection: psycopg.Connection, mode: str) -> list[int]:
    """The advisory locks of this database that are held in a mode."""
    return [lock for (lock,) in connection.execute(_LOCKS + " and mode = %s", [mode]).fetchall()]


def _lives(connection: psycopg.Connection) -> None:
    _asked(connection, "select 1")
