"""How often somebody may try a password: failures are counted in memory, per login and per address, and forgotten."""

import ipaddress
import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

from rules.terms.errors import TooMany

WINDOW = timedelta(minutes=15)
# A person mistypes; an address may stand for a whole office; a login is tried from many addresses at once.
PER_PERSON, PER_ADDRESS, PER_LOGIN = 5, 30, 100
KEPT = 20_000


class Attempts:
    """Failed logins of the last quarter of an hour. Thread-safe; bounded, the longest unused are forgotten first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._times: OrderedDict[tuple[str, ...], deque[datetime]] = OrderedDict()

    def begin(self, login: str, address: str, now: datetime) -> None:
        """Count a try as failed until `succeeded` says otherwise, so that tries side by side are counted too.

        Raises:
            TooMany: the limit is reached; the try does not count.
        """
        with self._lock:
            limits = _limits(login, address)
            for key, allowed in limits.items():
                times = self._recent(key, now)
                if len(times) >= allowed:
                    wait = times[-allowed] + WINDOW - now
                    raise TooMany(seconds=max(1, round(wait.total_seconds())))
            for key, allowed in limits.items():
                self._times.setdefault(key, deque(maxlen=allowed)).append(now)
                self._times.move_to_end(key)
            while len(self._times) > KEPT:
                self._times.popitem(last=False)

    def succeeded(self, login: str, address: str) -> None:
        """Forget the person's failures at this address, and that this try was counted against the others."""
        with self._lock:
            person, *others = _limits(login, address)
            self._times.pop(person, None)
            for key in others:
                if times := self._times.get(key):
                    times.pop()

    def _recent(self, key: tuple[str, ...], now: datetime) -> deque[datetime]:
        times = self._times.get(key, deque[datetime]())
        while times and times[0] <= now - WINDOW:
            times.popleft()
        return times


def _limits(login: str, address: str) -> dict[tuple[str, ...], int]:
    where = network(address)
    return {("person", login, where): PER_PERSON, ("address", where): PER_ADDRESS, ("login", login): PER_LOGIN}


def network(address: str) -> str:
    """Whom an address counts for: itself, or for IPv6 the /64 that one customer has to try from."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)
