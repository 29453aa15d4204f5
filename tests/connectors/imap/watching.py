"""A consumer of a watch for tests: collects what happens and waits for what should."""

import threading
import time
from collections.abc import Callable, Collection
from types import TracebackType
from typing import Self, TypeVar

from connectors.imap import Account, Arrived, Event, HealthChanged, Opened, Pace, Watch
from rules.terms.mail import Cursor, Health, RawMail

T = TypeVar("T")

QUICK = Pace(
    round_near=0.3, round_far=0.3, round_near_following=0.3, noop_far=0.1, flags=0.2, retry_first=0.1, refused_first=0.3
)


class Watching:
    """`with Watching(account) as seen:` runs a watch in a thread and keeps its cursors as a pool would."""

    def __init__(
        self,
        account: Account,
        *,
        follow: bool = False,
        cursors: dict[str, Cursor] | None = None,
        live: Callable[[str, int], Collection[int]] | None = None,
        pace: Pace = QUICK,
    ) -> None:
        self.cursors = {} if cursors is None else cursors
        self.events: list[Event] = []
        self.times: list[float] = []
        self.failure: Exception | None = None
        self._stop = threading.Event()
        self._changed = threading.Condition()
        self.watch = Watch(account, self.cursors.get, lambda: follow, self._stop, live=live, pace=pace)
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(10)
        assert not self._thread.is_alive()
        assert self.failure is None

    def wait(self, kind: type[T], accept: Callable[[T], bool] = lambda _: True, seconds: float = 5) -> T:
        """The first event of that kind that is accepted."""
        until = time.monotonic() + seconds
        with self._changed:
            while True:
                for event in self.events:
                    if isinstance(event, kind) and accept(event):
                        return event
                remaining = until - time.monotonic()
                assert remaining > 0, f"no {kind.__name__} in {self.events}"
                self._changed.wait(remaining)

    def settled(self) -> None:
        """Wait until the mailbox is read and watched."""
        self.wait(HealthChanged, lambda event: event.health.state == "watching" and event.health.announces != "")

    def time_of(self, event: object) -> float:
        """When an event came."""
        return self.times[next(index for index, one in enumerate(self.events) if one is event)]

    @property
    def openings(self) -> list[Opened]:
        """The openings so far."""
        return [event for event in self.events if isinstance(event, Opened)]

    @property
    def mails(self) -> list[RawMail]:
        """The mails so far, in order."""
        return [mail for event in self.events if isinstance(event, Arrived) for mail in event.fetched.mails]

    @property
    def health(self) -> list[Health]:
        """What was said of the mailbox's health."""
        return [event.health for event in self.events if isinstance(event, HealthChanged)]

    def _run(self) -> None:
        try:
            for event in self.watch.events():
                if isinstance(event, Arrived):
                    self.cursors[event.fetched.folder] = event.fetched.cursor
                with self._changed:
                    self.events.append(event)
                    self.times.append(time.monotonic())
                    self._changed.notify_all()
        except Exception as error:  # noqa: BLE001 - raised by the test
            self.failure = error
