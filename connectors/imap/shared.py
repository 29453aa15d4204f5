"""What the three connections of a watched account share: the unread mails, who is to be woken, and the way out."""

import contextlib
import threading
import time
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime

from connectors.imap.account import Account
from connectors.imap.answers import Answer, Exists, Expunged, Mail, Vanished
from connectors.imap.condition import Condition
from connectors.imap.events import FolderInfo, Opened
from connectors.imap.openings import Bursts, Unread
from connectors.imap.outbox import Outbox
from connectors.imap.pace import Backoff, Pace
from connectors.imap.session import Session
from rules.terms.errors import ConnectorError

# So many of the latest mails are looked at where a server does not say which one has changed.
RECENT = 200


class Shared:
    """One per watched account. Every method may be called from any of its threads."""

    def __init__(
        self,
        account: Account,
        outbox: Outbox,
        pace: Pace,
        following: Callable[[], bool],
        opened: Callable[[Opened], None] | None,
    ) -> None:
        self.account = account
        self.outbox = outbox
        self.pace = pace
        self.following = following
        self.near = account.near
        self.unread = Unread()
        self.condition = Condition(outbox)
        self.stopping = threading.Event()
        self.first: FolderInfo | None = None
        self.latest: FolderInfo | None = None
        self._tell = opened or outbox.put
        self._bursts = Bursts()
        self._lock = threading.Lock()
        self._wake = threading.Condition(self._lock)
        self._restless: dict[str, bool] = {}
        self._sessions: set[Session] = set()

    def begin_with(self, folder: FolderInfo | None) -> None:
        """The folder to listen in."""
        with self._wake:
            self.first = folder
            self._wake.notify_all()

    def await_first(self) -> bool:
        """Wait until there is a folder to listen in; False when it is time to stop."""
        with self._wake:
            self._wake.wait_for(lambda: self.first is not None or self.stopping.is_set())
        return not self.stopping.is_set()

    def wake(self, folder: str, *, gone: bool = False) -> None:
        """Something happened in this folder: have a look. `gone`: mails went, and it is not known which."""
        with self._wake:
            self._restless[folder] = self._restless.get(folder, False) or gone
            self._wake.notify_all()

    def restless(self, seconds: float) -> dict[str, bool]:
        """The folders that something happened in, waiting at most `seconds` for one; with whether mails went."""
        with self._wake:
            if not self._restless and seconds > 0 and not self.stopping.is_set():
                self._wake.wait(seconds)
            restless, self._restless = self._restless, {}
            return restless

    def opened(self, folder: FolderInfo, uidvalidity: int, uids: Collection[int]) -> None:
        """These were opened, as far as one can tell: told, unless there are too many at once."""
        if not uids:
            return
        with self._lock:
            admitted = self._bursts.admits(len(uids))
            if admitted:
                self.latest = folder
        if admitted:
            at = datetime.now(UTC)
            for uid in sorted(uids):
                self._tell(Opened(self.account.mailbox.name, folder.name, uidvalidity, uid, at))

    def heard(self, session: Session, folder: FolderInfo, news: Collection[Answer]) -> list[int]:
        """What a listening connection was told: openings come back, anything else wakes the fetching connection."""
        selected = session.selected
        if selected is None or not news:
            return []
        mails = [answer for answer in news if isinstance(answer, Mail) and answer.flags is not None]
        went = any(isinstance(answer, Expunged | Vanished) for answer in news)
        if any(mail.uid is None for mail in mails):
            # Sequence numbers only. After an expunge in the same breath they no longer say which mail is meant.
            mails = session.flags(session.exists - RECENT) if went else session.flags_at([m.sequence for m in mails])
        opened = self.unread.opened(folder.name, selected.uidvalidity, mails)
        other = any(not self.unread.only_read(folder.name, mail) for mail in mails)
        if went or other or any(isinstance(answer, Exists) for answer in news):
            self.wake(folder.name, gone=went and not session.qresync)
        return opened

    @contextlib.contextmanager
    def session(self, *, spare: bool = False) -> Iterator[Session]:
        """A connection that `stop` interrupts."""
        with self.account.session(spare=spare) as session:
            with self._lock:
                self._sessions.add(session)
            try:
                if self.stopping.is_set():
                    session.interrupt()
                yield session
            finally:
                with self._lock:
                    self._sessions.discard(session)

    def working(self, part: str, work: Callable[[Session], None], ready: Callable[[], bool] = lambda: True) -> None:
        """Connect when it is `ready`, work, and connect again after a failure or an end, until it is time to stop."""
        backoff = Backoff(self.pace)
        while not self.stopping.is_set() and ready():
            connected = float("inf")
            pause = self.pace.retry_first
            try:
                with self.session() as session:
                    connected = time.monotonic()
                    work(session)
            except ConnectorError as error:
                if self.stopping.is_set():
                    return
                if time.monotonic() - connected >= self.pace.steady:
                    backoff.succeeded()
                self.failed(part, error)
                pause = backoff.after(error)
            self.stopping.wait(pause)

    def works(self, part: str) -> None:
        """A connection is up and did its first work."""
        self.condition.works(part)

    def failed(self, part: str, error: ConnectorError) -> None:
        """A connection broke."""
        self.condition.failed(part, error)

    def stop(self) -> None:
        """Wake every thread, wherever it waits, and let it end."""
        self.stopping.set()
        self.outbox.close()
        with self._wake:
            self._wake.notify_all()
            for session in tuple(self._sessions):
                session.interrupt()
