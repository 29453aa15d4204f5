"""Who is inside the door, and how much they hold; one loop's book, without locks."""

from collections import Counter
from typing import Protocol

from connectors.smtp.limits import Limits


class Guest(Protocol):
    """A conversation that can be asked to leave."""

    def leave(self) -> None:
        """The door closes."""


class Guests:
    """Connections in all and from each address, and the bytes of unfinished mails."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._from: Counter[str] = Counter()
        self._pending = 0
        self.inside: set[Guest] = set()

    def enter(self, address: str, guest: Guest) -> bool:
        """Let one more in, if there is room."""
        if len(self.inside) >= self._limits.connections or self._from[address] >= self._limits.per_address:
            return False
        self._from[address] += 1
        self.inside.add(guest)
        return True

    def leave(self, address: str, guest: Guest) -> None:
        """One of this address has gone."""
        self.inside.discard(guest)
        self._from[address] -= 1
        if not self._from[address]:
            del self._from[address]

    def hold(self, size: int) -> bool:
        """Count more bytes (or fewer) of unfinished mail; False when that is more than all may hold."""
        self._pending += size
        return self._pending <= self._limits.pending
