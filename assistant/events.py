"""News from the watchers to the open sidebars: published from any thread, taken up in asyncio, never stored.

That a message was opened lives in these events only and is gone with them (design, promise 8). What is published in one
process reaches the streams of all of them (assistant/relaying.py), so an event holds names and numbers, and no word of
a mail.
"""

import asyncio
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, TypeVarTuple

from rules.terms.errors import TooMany
from rules.terms.mail import Health
from rules.terms.staff import Viewer

# Who told of an opening: what we see on the server, or the server itself.
Way = Literal["watcher", "hook"]


@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody opened a message. `no` is None while the mail is not in the pool yet; `way`: who told of it."""

    mailbox: str
    no: int | None
    at: datetime
    way: Way = "watcher"


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
    """The mail server itself tells of openings in this mailbox (connectors/clients/dovecot), or no longer does."""

    mailbox: str
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Followed:
    """In another process streams are open for these mailboxes."""

    mailboxes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Missed:
    """Nobody knows what there was to tell."""


Event = Opened | Hooked | Arrived | Changed | CaseChanged | CustomerChanged | HealthNews
# What processes tell one another.
Word = Event | Followed | Missed

# A stream in another process counts so many seconds after it was last heard of; it is told of every ANEW seconds.
LEASE = 15.0
ANEW = 5.0
# How long two words about one opening, the watcher's and the hook's, may lie apart.
_ECHO = timedelta(minutes=2)
_REMEMBERED = 200
# So many openings in a row that only the watcher saw: the hook is gone, or cannot reach us.
_UNTOLD = 3

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

    def __init__(
        self,
        limit: int = 1000,
        backlog: int = 32,
        each: int = 50,
        outward: Callable[[Word], None] = lambda word: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`outward` tells the other processes; it never blocks."""
        self.outward = outward
        self._clock = clock
        self._limit = limit
        self._each = each
        self._backlog = backlog
        self._lock = threading.Lock()
        self._subscriptions: dict[Subscription, None] = {}
        self._streams: Counter[str] = Counter()
        self._followed: frozenset[str] = frozenset()
        self._unsaved: dict[str, Health] = {}
        # Of each mailbox with a hook, how many openings in a row came without its word.
        self._hooked: dict[str, int] = {}
        self._leases: dict[str, float] = {}
        self._recent: OrderedDict[tuple[str, int], Opened] = OrderedDict()

    def publish(self, event: Event) -> None:
        """Tell all streams of the event's mailbox; news of cases and customers go to every stream.

        Thread-safe, never blocks; with nobody there it is dropped.
        """
        if self._deliver(event) and not (isinstance(event, Opened) and not self._leased(event.mailbox)):
            self.outward(event)
        if isinstance(event, Opened) and self._untold(event.mailbox):
            self.publish(Hooked(event.mailbox, silent=True))

    def take(self, word: Word) -> None:
        """Another process says this. Thread-safe, never blocks."""
        match word:
            case Followed(mailboxes):
                until = self._clock() + LEASE
                with self._lock:
                    self._leases |= dict.fromkeys(mailboxes, until)
            case Missed():
                self.missed()
            case event:
                self._deliver(event)

    def missed(self) -> None:
        """News may have been lost: the streams end, and whoever comes back takes everything anew. Thread-safe."""
        with self._lock:
            self._unsaved.clear()
        self.close()

    def tell_followed(self) -> None:
        """Tell the other processes for which mailboxes streams are open here; every ANEW seconds."""
        with self._lock:
            mailboxes = frozenset(+self._streams)
        if mailboxes:
            self.outward(Followed(mailboxes))

    def _deliver(self, event: Event) -> bool:
        """Tell the streams of this process. False where the event says nothing that was not said."""
        with self._lock:
            if isinstance(event, Opened) and self._is_echo(event):
                return False
            if isinstance(event, Opened) and event.way == "watcher" and event.mailbox in self._hooked:
                self._hooked[event.mailbox] += 1
            if isinstance(event, Hooked):
                known = self._hooked.pop(event.mailbox, None) is not None
                if not event.silent:
                    self._hooked[event.mailbox] = 0
                if known is not event.silent:
                    return True
                event = HealthNews(event.mailbox, self._unsaved.get(event.mailbox))
            if isinstance(event, HealthNews):
                self._unsaved.pop(event.mailbox, None)
                if event.unsaved is not None:
                    self._unsaved[event.mailbox] = event.unsaved
            mailbox = None if isinstance(event, CaseChanged | CustomerChanged) else event.mailbox
            loops: dict[asyncio.AbstractEventLoop, list[Subscription]] = {}
            for subscription in self._subscriptions:
                if mailbox is None or mailbox in subscription.mailboxes:
                    loops.setdefault(subscription.loop, []).append(subscription)
        for loop, subscriptions in loops.items():
            _call(loop, _deliver, subscriptions, event)
        return True

    def _untold(self, mailbox: str) -> bool:
        with self._lock:
            return self._hooked.get(mailbox, 0) >= _UNTOLD

    def _is_echo(self, event: Opened) -> bool:
        """Whether the other way told of this opening before; each word has one echo, so a second opening is news."""
        if event.no is None:
            return False
        place = event.mailbox, event.no
        before = self._recent.pop(place, None)
        if before is not None and before.way != event.way and event.at - before.at < _ECHO:
            return True
        self._recent[place] = event
        while len(self._recent) > _REMEMBERED:
            self._recent.popitem(last=False)
        return False

    def following(self, mailbox: str) -> bool:
        """Whether an open stream, of any process, follows this mailbox and following is switched on. Thread-safe."""
        with self._lock:
            open_here = self._streams[mailbox] > 0
            return mailbox in self._followed and (open_here or self._leases.get(mailbox, 0.0) > self._clock())

    def _leased(self, mailbox: str) -> bool:
        with self._lock:
            return self._leases.get(mailbox, 0.0) > self._clock()

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
        self.outward(Followed(mailboxes))
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
