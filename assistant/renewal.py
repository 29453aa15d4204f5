"""When the service begins anew inside its own process, because kingpost.toml was changed in the browser.

Settings are read once, at the beginning, and handed to whoever needs them; so there is one way to apply changed ones.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Renewal:
    """Whether the service is to begin anew. Thread-safe."""

    def __init__(self) -> None:
        """Not yet."""
        self._lock = threading.Lock()
        self._due = threading.Event()

    @property
    def due(self) -> bool:
        """Whether somebody asked for it."""
        return self._due.is_set()

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Ask for it at the end of a change, while no `job` of `unless_due` runs; not if the change fails."""
        with self._lock:
            yield
            self._due.set()

    def unless_due(self, job: Callable[[], object]) -> None:
        """Do something that the settings of before must not do once they have changed."""
        with self._lock:
            if not self.due:
                job()
