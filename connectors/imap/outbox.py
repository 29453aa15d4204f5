"""The handover from the watcher's threads to the one thread that consumes: bounded, openings first.

openings (the latest few)  >  health (the latest)  >  everything else in order, a few at a time, so a slow consumer
slows the fetching down and never the openings.
"""

import threading
from collections import deque

from connectors.imap.events import Event, HealthChanged, Opened

_WAITING = 3
_OPENINGS = 16


class Closed(Exception):
    """The consumer has gone."""


class Outbox:
    """A queue with two lanes."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._openings: deque[Opened] = deque(maxlen=_OPENINGS)
        self._health: HealthChanged | None = None
        self._ordinary: deque[Event] = deque()
        self._closed = False

    def put(self, event: Event) -> None:
        """Hand over; waits while the consumer is behind. Closed when there is none any more."""
        with self._changed:
            if isinstance(event, Opened):
                self._openings.append(event)
            elif isinstance(event, HealthChanged):
                self._health = event
            else:
                while len(self._ordinary) >= _WAITING and not self._closed:
                    self._changed.wait()
                if self._closed:
                    raise Closed
                self._ordinary.append(event)
            self._changed.notify_all()

    def take(self, seconds: float) -> Event | None:
        """The next event, or None after `seconds`."""
        with self._changed:
            if not (self._openings or self._health or self._ordinary):
                self._changed.wait(seconds)
            event: Event | None = None
            if self._openings:
                event = self._openings.popleft()
            elif self._health:
                event, self._health = self._health, None
            elif self._ordinary:
                event = self._ordinary.popleft()
            self._changed.notify_all()
            return event

    def close(self) -> None:
        """Let go whoever waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
