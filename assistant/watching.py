"""Watching one mailbox: what the connector tells goes to the intake, the pool and the sidebars.

    connectors.imap.Watch ──Arrived──▶ bounded queue ──▶ storing thread ──▶ Intake (one transaction a batch)
            │ ├─Gone, FlagsChanged────────▲                  in the order in which the server told
            │ └─HealthChanged──▶ pool
            └──Opened──▶ Openings ──▶ sidebars               at once, past any queue

When the pool cannot take a batch, the watch ends and starts again from the committed cursors: nothing is lost. Until
something has been stored again, or nothing is left to store, the mailbox's health says why.
"""

import logging
import queue
import threading
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime

from assistant.events import Event, HealthNews
from assistant.grants import Login
from assistant.intake import AHEAD, Batch, Intake, Pending
from assistant.marks import Marker, note_marked
from assistant.openings import Openings
from connectors.imap import (
    Account,
    Arrived,
    Fetched,
    FlagsChanged,
    Gone,
    HealthChanged,
    Marked,
    Watch,
)
from connectors.imap import Event as FromServer
from rules.terms.errors import KingpostError, UnknownName
from rules.terms.mail import Cursor, Health, HealthState, Mailbox, Placement
from storage.pool import Pool

log = logging.getLogger("kingpost.watching")

RETRY_FIRST = 1.0
RETRY_LAST = 60.0


class Watcher:
    """Keeps one mailbox and the pool together, in threads of its own, until stopped."""

    def __init__(
        self,
        mailbox: Mailbox,
        login: str | Login,
        pool: Pool,
        intake: Intake,
        openings: Openings,
        publish: Callable[[Event], None],
        following: Callable[[str], bool],
        marker: Marker | None = None,
    ) -> None:
        """Put together; nothing happens before `start`. Without a `marker` nothing is ever written."""
        self.mailbox = mailbox
        self._account = Account(mailbox, login)
        self._pool = pool
        self._intake = intake
        self._openings = openings
        self._publish = publish
        self._following = following
        self._marker = marker
        self._stop = threading.Event()
        self._life = threading.Event()
        self._abandoned = False
        self._trouble: Health | None = None
        self._told = Health(HealthState.STARTING, datetime.now(UTC))
        self._thread = threading.Thread(target=self._run, name=f"watch-{mailbox.name}", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether it still watches."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Ask it to end; `join` waits."""
        self._stop.set()
        self._life.set()

    def abandon(self) -> None:
        """End it without another word of how the mailbox is doing: another process may watch it by now."""
        self._abandoned = True
        self.stop()

    def join(self, timeout: float) -> bool:
        """Wait for the end; False when it did not come in time."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        pause = RETRY_FIRST
        while not self._stop.is_set():
            started = datetime.now(UTC)
            try:
                self._watch_once()
                pause = RETRY_FIRST
            except KingpostError as error:
                log.warning("mailbox stopped", extra={"error": type(error).__name__})
                self._troubled(error)
            except Exception as error:
                log.exception("mailbox stopped by a fault")
                self._troubled(error)
            if (datetime.now(UTC) - started).total_seconds() > RETRY_LAST:
                pause = RETRY_FIRST
            self._stop.wait(pause)
            pause = min(RETRY_LAST, pause * 2)

    def _watch_once(self) -> None:
        """One life of the watch: ends when stopped, or raises what the storing thread could not do."""
        self._life = threading.Event()
        if self._stop.is_set():
            return
        storing = _Storing(self, self._life)
        storing.start()
        watch = Watch(
            self._account,
            self._cursor,
            lambda: self._following(self.mailbox.name),
            self._life,
            live=self._live,
            opened=self._openings.seen,
            marker=self._marker,
        )
        try:
            for event in watch.events():
                if isinstance(event, HealthChanged):
                    if event.health.state is HealthState.STOPPED and not self._stop.is_set():
                        continue  # only this life has ended
                    if event.health.state is HealthState.WATCHING and storing.idle:
                        self._trouble = None
                    self._told = event.health
                    self._health()
                elif not storing.put(event):
                    break
        finally:
            storing.finish()
        if storing.error is not None:
            raise storing.error

    def _cursor(self, folder: str) -> Cursor | None:
        with self._pool.read() as work:
            return work.mailboxes.cursor(self.mailbox.name, folder)

    def _live(self, folder: str, uidvalidity: int) -> Collection[int]:
        with self._pool.read() as work:
            return work.messages.live_uids(self.mailbox.name, folder, uidvalidity)

    def _troubled(self, error: Exception) -> None:
        """What the server says of itself now hides why nothing is stored; so that stays until something is."""
        trouble = _retrying(error)
        if self._trouble is not None and self._trouble.error_en == trouble.error_en:
            trouble = replace(trouble, since=self._trouble.since)
        self._trouble = trouble
        self._health()

    def _health(self) -> None:
        """Note how the mailbox is doing; in memory where the pool does not take even that."""
        if self._abandoned:
            return
        health = self._told
        if self._trouble is not None and health.state is not HealthState.STOPPED and not health.error_en:
            health = replace(self._trouble, last_news=health.last_news, announces=health.announces, lag=health.lag)
        unsaved = None
        try:
            with self._pool.begin() as work:
                work.mailboxes.set_health(self.mailbox.name, health)
        except UnknownName:
            return  # it has just been removed
        except Exception as error:  # noqa: BLE001 — whatever the pool has, the mailbox goes on being watched
            log.warning("health not noted: the pool does not take anything", extra={"error": type(error).__name__})
            unsaved = health
        self._publish(HealthNews(self.mailbox.name, unsaved))

    def submit(self, fetched: Fetched) -> Pending:
        """Start reading a batch; void what a renumbered folder held before."""
        return self._intake.submit(batch_of(self.mailbox.name, fetched))

    def store(self, pending: Pending, reset: bool) -> None:
        """Commit a batch that has been read."""
        batch = pending.batch
        if reset and batch.cursor is not None:
            with self._pool.begin() as work:
                # All of it, whatever its UIDVALIDITY: what still lies there comes back by being read again.
                work.messages.mark_folder_gone(batch.mailbox, batch.folder, datetime.now(UTC))
        self._intake.store(pending)
        if self._trouble is not None and batch.mails:
            self._trouble = None
            self._health()
        self._openings.arrived()

    def note(self, event: FromServer) -> None:
        """Store what happened to mail that was read before."""
        name = self.mailbox.name
        with self._pool.begin() as work:
            if isinstance(event, Gone):
                work.messages.mark_gone(name, event.folder, event.uidvalidity, event.uids, datetime.now(UTC))
            elif isinstance(event, FlagsChanged):
                work.messages.set_flags(name, event.folder, event.uidvalidity, event.flags)
                work.marks.noticed(name, event.folder, event.uidvalidity, event.flags)
            elif isinstance(event, Marked):
                note_marked(work, name, event)


class _Storing(threading.Thread):
    """Stores in order what the watch tells, reading up to AHEAD batches in the workers meanwhile."""

    def __init__(self, watcher: Watcher, ended: threading.Event) -> None:
        super().__init__(name=f"store-{watcher.mailbox.name}", daemon=True)
        self.error: Exception | None = None
        self._watcher = watcher
        self._ended = ended
        self._waiting: queue.Queue[tuple[Pending, bool] | FromServer | None] = queue.Queue(AHEAD)

    def put(self, event: FromServer | None) -> bool:
        """Take an event; waits while enough is in hand. False when storing has failed or it is time to go."""
        waiting: tuple[Pending, bool] | FromServer | None = event
        if isinstance(event, Arrived):
            waiting = (self._watcher.submit(event.fetched), event.fetched.reset)
        while not self._ended.is_set():
            try:
                self._waiting.put(waiting, timeout=0.5)
            except queue.Full:
                continue
            return True
        return False

    @property
    def idle(self) -> bool:
        """Whether everything taken is stored."""
        return not self._waiting.unfinished_tasks

    def finish(self) -> None:
        """Store what is in hand, unless it is time to go, and end."""
        self.put(None)
        self.join()

    def run(self) -> None:
        """The thread's work."""
        try:
            while not self._ended.is_set():
                try:
                    waiting = self._waiting.get(timeout=0.5)
                except queue.Empty:
                    continue
                if waiting is None:
                    return
                if isinstance(waiting, tuple):
                    self._watcher.store(*waiting)
                else:
                    self._watcher.note(waiting)
                self._waiting.task_done()
        except Exception as error:  # noqa: BLE001 — handed to the watching thread, which raises it
            self.error = error
        finally:
            self._ended.set()


def batch_of(mailbox: str, fetched: Fetched) -> Batch:
    """A fetched batch as the intake takes it."""
    return Batch(
        mailbox=mailbox,
        folder=fetched.folder,
        role=fetched.role,
        mails=fetched.mails,
        cursor=fetched.cursor,
        refused=tuple(
            (Placement(mailbox, fetched.folder, fetched.cursor.uidvalidity, refused.uid), refused.reason)
            for refused in fetched.refused
        ),
    )


def _retrying(error: Exception) -> Health:
    health = Health(HealthState.RETRYING, datetime.now(UTC))
    if isinstance(error, KingpostError):
        return replace(health, error_en=error.text("en"), error_de=error.text("de"))
    return replace(
        health,
        error_en="Kingpost made a mistake here and tries again. The log says more.",
        error_de="Kingpost hat hier einen Fehler gemacht und versucht es erneut. Das Protokoll sagt mehr.",
    )
