"""How a watched mailbox is doing, put together from what its connections report.

no word yet: starting · the fetching connection refused: login-refused · any connection broken: retrying ·
history left: reading · else watching · at the end: stopped
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from connectors.imap.events import HealthChanged
from connectors.imap.outbox import Outbox
from rules.terms.errors import ConnectorError, LoginRefused
from rules.terms.mail import Health, HealthState


class Condition:
    """Collects reports and passes on what changed."""

    def __init__(self, outbox: Outbox, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._outbox = outbox
        self._now = now
        self._lock = threading.RLock()
        self._errors: dict[str, ConnectorError] = {}
        self._looked: float | None = None
        self._reading = False
        self._news: datetime | None = None
        self._announces = ""
        self._stopped = False
        self._told: Health | None = None

    def failed(self, part: str, error: ConnectorError) -> None:
        """A connection broke, or a folder is missing."""
        with self._lock:
            self._errors[part] = error
            self.tell()

    def works(self, part: str) -> None:
        """A connection works."""
        with self._lock:
            if self._errors.pop(part, None):
                self.tell()

    def looked(self, *, reading: bool) -> None:
        """A look at the mailbox was finished; `reading` when there is history left to read."""
        self._looked = time.monotonic()
        self._reading = reading
        self.tell()

    def announced(self, how: str) -> None:
        """How this server announces changes."""
        self._announces = how
        self.tell()

    def news(self) -> None:
        """Mail came."""
        self._news = self._now()

    def stopped(self) -> Health:
        """The last word."""
        self._stopped = True
        return self._health()

    def tell(self, *, again: bool = False) -> None:
        """Pass on what changed; with `again` also when only time has passed."""
        with self._lock:
            health = self._health()
            told = self._told
            if again or told is None or _without_time(health) != _without_time(told):
                self._told = health
                self._outbox.put(HealthChanged(health))

    def _health(self) -> Health:
        error = next(iter(sorted(self._errors.items())), (None, None))[1]
        state = self._state()
        since = self._told.since if self._told and self._told.state is state else self._now()
        lag = None if self._looked is None else round(time.monotonic() - self._looked, 3)
        en, de = (error.text("en"), error.text("de")) if error else ("", "")
        return Health(state, since, self._news, self._announces, lag, en, de)

    def _state(self) -> HealthState:
        if self._stopped:
            return HealthState.STOPPED
        if any(isinstance(error, LoginRefused) for error in self._errors.values()):
            return HealthState.LOGIN_REFUSED
        if self._errors:
            return HealthState.RETRYING
        if self._looked is None:
            return HealthState.STARTING
        return HealthState.READING if self._reading else HealthState.WATCHING


def _without_time(health: Health) -> tuple[object, ...]:
    return health.state, health.announces, health.error_en
