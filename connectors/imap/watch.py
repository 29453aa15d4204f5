"""Watching an account: three threads of IMAP, one stream of events.

listening (IDLE in INBOX)        ──wakes──▶  fetching and rounds  ──mail, changes──▶ ┐
following (NOOP, while followed) ──openings, past the queue────────────────────────▶ ┴ events()
"""

import threading
import time
from collections.abc import Callable, Iterator

from connectors.imap.account import Account
from connectors.imap.events import Event, HealthChanged, Opened
from connectors.imap.following import Follower
from connectors.imap.listening import Listener
from connectors.imap.marking import Marker
from connectors.imap.outbox import Closed, Outbox
from connectors.imap.pace import Pace
from connectors.imap.rounds import Live, Rounds
from connectors.imap.shared import Shared
from rules.terms.mail import Cursor

_TICK = 0.1
_HEALTH = 30.0
_PATIENCE = 10.0
_USUAL = Pace()


class Watch:
    """Watches an account until `stop` is set.

    `cursors` is asked once for each folder, `live` (the UIDs that the pool believes to be in a folder under a
    UIDVALIDITY) where the server cannot say which mails went, both from another thread. `opened` is called at once
    for each opening, from another thread, instead of an event. `marker` says what keywords are to be written; without
    one nothing ever is.
    """

    def __init__(
        self,
        account: Account,
        cursors: Callable[[str], Cursor | None],
        following: Callable[[], bool],
        stop: threading.Event,
        *,
        live: Live | None = None,
        opened: Callable[[Opened], None] | None = None,
        pace: Pace = _USUAL,
        marker: Marker | None = None,
    ) -> None:
        self._stop = stop
        self._outbox = Outbox()
        self._shared = Shared(account, self._outbox, pace, following, opened)
        self._parts = (Rounds(self._shared, cursors, live, marker), Listener(self._shared), Follower(self._shared))
        self._failure: Exception | None = None

    def events(self) -> Iterator[Event]:
        """Everything that happens. Asking for the next event says that the previous one is stored.

        Ends after `stop`; leaving the loop early, or an exception in it, shuts everything down as well.
        """
        name = self._shared.account.mailbox.name
        threads = [
            threading.Thread(target=self._guarded, args=(part.run,), name=f"imap {name} {type(part).__name__}")
            for part in self._parts
        ]
        for thread in threads:
            thread.daemon = True
            thread.start()
        told = time.monotonic()
        try:
            self._shared.condition.tell()
            while not self._stop.is_set():
                event = self._outbox.take(_TICK)
                if self._failure is not None:
                    raise self._failure
                if event is not None:
                    yield event
                if time.monotonic() - told > _HEALTH:
                    told = time.monotonic()
                    self._shared.condition.tell(again=True)
            yield HealthChanged(self._shared.condition.stopped())
        finally:
            self._shared.stop()
            for thread in threads:
                thread.join(_PATIENCE)

    def _guarded(self, run: Callable[[], None]) -> None:
        """A programming error must not end in a thread that nobody looks at."""
        try:
            run()
        except Closed:
            return
        except Exception as error:  # noqa: BLE001 - handed to the consumer's thread, which raises it
            if not self._shared.stopping.is_set():
                self._failure = error
