"""At most three connections to an account at a time, whoever wants them."""

import contextlib
import threading
import time
from collections.abc import Iterator

from rules.terms.errors import DeadlinePassed

_PATIENCE = 60.0


class Slots:
    """Places for connections. A spare one is given only when free, and its holder leaves when somebody waits."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._waiting = 0
        self._changed = threading.Condition()

    @property
    def wanted(self) -> bool:
        """Whether somebody waits for a place."""
        return self._waiting > 0

    @contextlib.contextmanager
    def taken(self, host: str, *, spare: bool = False) -> Iterator[None]:
        """A place for the time of the block; DeadlinePassed when none gets free."""
        self._take(host, 0 if spare else _PATIENCE)
        try:
            yield
        finally:
            with self._changed:
                self._places += 1
                self._changed.notify()

    def _take(self, host: str, patience: float) -> None:
        until = time.monotonic() + patience
        with self._changed:
            self._waiting += patience > 0
            try:
                while self._places == 0:
                    remaining = until - time.monotonic()
                    if remaining <= 0 or not self._changed.wait(remaining):
                        raise DeadlinePassed(host=host, seconds=round(patience), operation="a free connection")
                self._places -= 1
            finally:
                self._waiting -= patience > 0
