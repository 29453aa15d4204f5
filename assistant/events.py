"""News from the watchers to the open sidebars: published from any thread, taken up in asyncio, never stored.

That a message was opened lives in these events only and is gone with them (design, promise 8).
"""

import asyncio
import threading
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVarTuple

from rules.terms.errors import TooMany
from rules.terms.mail import Health
from rules.terms.staff import Viewer


@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody opened a message. `no` is None while the mail is not in the pool yet."""

    mailbox: str
    no: int | None
    message_id: str | None
    subject: str
    sender: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Arrived:
    """New mail of a mailbox is in the pool."""

    mailbox: str
    nos: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """Whose these mails of a mailbox are has been decided anew; whoever looks at one of them wants to see it."""

    mailbox: str
    nos: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CaseChanged:
    """These cases were opened or moved, by mail or by a person; whoever may see one of them wants to see it anew."""

    cases: frozenset[int]


@dataclass(frozen=True, slots=True)
class CustomerChanged:
    """Somebody wrote into a customer's record; whoever looks at it wants to see it."""

    customer: str


@dataclass(frozen=True, slots=True)
class HealthNews:
    """A mailbox is doing better or worse than before. `unsaved`: how, where the pool has no room to keep it."""

    mailbox: str
    unsaved: Health | None = None


@dataclass(frozen=True, slots=True)
class Hooked:
    """The mail server itself tells of openings in this mailbox (connectors/clients/dovecot)."""

    mailbox: str


Event = Opened | Hooked | Arrived | Changed | CaseChanged | CustomerChanged | HealthNews

Ts = TypeVarTuple("Ts")


class Subscription(AsyncIterator[Event]):
    """The events of some mailboxes for one open stream. Belongs to the event loop in which it was made."""

    def __init__(self, broker: "Broker", viewer: Viewer, mailboxes: frozenset[str], backlog: int) -> None:
        self.viewer = viewer
        self.mailboxes = mailboxes
        self.loop = asyncio.get_running_loop()
        self._broker = broker
        self._waiting: deque[Event] = deque(maxlen=backlog)
        self._news = asyncio.Event()
        self._closed = False

    def deliver(self, event: Event) -> None:
        """Queue an event; the oldest goes when nobody has fetched them for long. Call it in the loop."""
        self._waiting.append(event)
        self._news.set()

    async def next(self, timeout: float) -> Event | None:
        """The next event, None after `timeout` seconds of silence.

        Raises:
            StopAsyncIteration: the subscription was closed.
        """
        if not self._waiting and not self._closed:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), timeout)
            except TimeoutError:
                return None
        if self._closed:
            raise StopAsyncIteration
        return self._waiting.popleft()

    async def __anext__(self) -> Event:
        while (event := await self.next(3600)) is None:
            pass
        return event

    def close(self) -> None:
        """End it; whoever waits for the next event is told. Idempotent. Call it in the loop."""
        self._closed = True
        self._news.set()
        self._broker.forget(self)


class Broker:
    """Brings events from the threads that watch mailboxes to the streams that follow them."""

    def __init__(self, limit: int = 1000, backlog: int = 32, each: int = 50) -> None:
        self._limit = limit
        self._each = each
        self._backlog = backlog
        self._lock = threading.Lock()
        self._subscriptions: dict[Subscription, None] = {}
        self._streams: Counter[str] = Counter()
        self._followed: frozenset[str] = frozenset()
        self._unsaved: dict[str, Health] = {}
        self._hooked: set[str] = set()

    def publish(self, event: Event) -> None:
        """Tell all streams of the event's mailbox; news of cases and customers go to every stream.

        Thread-safe, never blocks; with nobody there it is dropped.
        """
        with self._lock:
            if isinstance(event, Hooked):
                if event.mailbox in self._hooked:
                    return
                self._hooked.add(event.mailbox)
                event = HealthNews(event.mailbox, self._unsaved.get(event.mailbox))
            if isinstance(event, HealthNews):
                self._unsaved.pop(event.mailbox, None)
                if event.unsaved is not None:
                    self._unsaved[event.mailbox] = event.unsaved
            mailbox = None if isinstance(event, CaseChanged | CustomerChanged) else event.mailbox
            if mailbox is not None and not self._streams[mailbox]:
                return
            loops: dict[asyncio.AbstractEventLoop, list[Subscription]] = {}
            for subscription in self._subscriptions:
                if mailbox is None or mailbox in subscription.mailboxes:
                    loops.setdefault(subscription.loop, []).append(subscription)
        for loop, subscriptions in loops.items():
            _call(loop, _deliver, subscriptions, event)

    def following(self, mailbox: str) -> bool:
        """Whether an open stream follows this mailbox and its people have switched following on. Thread-safe."""
        with self._lock:
            return mailbox in self._followed and self._streams[mailbox] > 0

    def health(self, stored: Mapping[str, Health]) -> dict[str, Health]:
        """How the mailboxes are doing: what the pool says, and what it could not take. Thread-safe."""
        with self._lock:
            known = {**stored, **self._unsaved}
            return {
                name: replace(health, announces="hook") if name in self._hooked else health
                for name, health in known.items()
            }

    def set_followed(self, mailboxes: Iterable[str]) -> None:
        """Say in which mailboxes following is switched on (Mailbox.follow). Thread-safe."""
        with self._lock:
            self._followed = frozenset(mailboxes)

    @property
    def followed(self) -> frozenset[str]:
        """The mailboxes in which following is switched on."""
        return self._followed

    def subscribe(self, viewer: Viewer, mailboxes: frozenset[str]) -> Subscription:
        """Take up the events of these mailboxes; the caller has checked that the viewer may. Call it in the loop.

        Raises:
            TooMany: as many streams are open as one process, or one person, is served with.
        """
        subscription = Subscription(self, viewer, mailboxes, self._backlog)
        with self._lock:
            own = sum(other.viewer.login == viewer.login for other in self._subscriptions)
            if len(self._subscriptions) >= self._limit or own >= self._each:
                raise TooMany(seconds=60)
            self._subscriptions[subscription] = None
            self._streams.update(mailboxes)
        return subscription

    def forget(self, subscription: Subscription) -> None:
        """Subscription.close() calls this."""
        with self._lock:
            if subscription in self._subscriptions:
                del self._subscriptions[subscription]
                self._streams.subtract(subscription.mailboxes)

    def __len__(self) -> int:
        """How many streams are open."""
        return len(self._subscriptions)

    def close(self) -> None:
        """End all streams, so that the service can stop. Thread-safe."""
        with self._lock:
            subscriptions = list(self._subscriptions)
        for subscription in subscriptions:
            _call(subscription.loop, subscription.close)


def _call(loop: asyncio.AbstractEventLoop, function: Callable[[*Ts], object], *arguments: *Ts) -> None:
    try:
        loop.call_soon_threadsafe(function, *arguments)
    except RuntimeError:
        if not loop.is_closed():
            raise


def _deliver(subscriptions: list[Subscription], event: Event) -> None:
    for subscription in subscriptions:
        subscription.deliver(event)
