"""How often somebody may try a password or code: failures are counted per login and per address, and forgotten.

Passwords are tried at whichever process serves pages, so these count together in the pool (`PooledAttempts`): as keyed
digests, which are gone after a quarter of an hour and never leave the pool by a dump. The code of the first start lives
in one process, and its attempts with it (`Attempts`).
"""

import hmac
import ipaddress
import secrets
import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

from assistant.settings import Settings
from rules.terms.errors import KeyUnfit, TooMany
from storage.pool import Pool
from storage.secrets import Vault

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
                    raise _too_many(times[-allowed], now)
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


class PooledAttempts:
    """The same over all processes on a pool. `key` keys the digests; without one only this process knows them."""

    def __init__(self, pool: Pool, key: bytes = b"") -> None:
        self._pool = pool
        self._key = key or secrets.token_bytes(32)

    def begin(self, login: str, address: str, now: datetime) -> None:
        """Count a try as failed until `succeeded` says otherwise.

        Raises:
            TooMany: the limit is reached; the try does not count.
        """
        limits = self._digests(login, address)
        with self._pool.begin() as work:
            work.attempts.forget(now - WINDOW)
            reached = work.attempts.latest(limits, now - WINDOW)
            if not reached:
                work.attempts.add(limits, now)
        if reached:
            raise _too_many(max(reached.values()), now)

    def succeeded(self, login: str, address: str) -> None:
        """Forget the person's failures at this address, and that this try was counted against the others."""
        person, *others = self._digests(login, address)
        with self._pool.begin() as work:
            work.attempts.forgive(person, others)

    def _digests(self, login: str, address: str) -> dict[str, int]:
        return {
            hmac.digest(self._key, "\n".join(parts).encode(errors="replace"), "sha256").hex(): allowed
            for parts, allowed in _limits(login, address).items()
        }


def attempts_key(settings: Settings) -> bytes:
    """The same in all processes that share the key of stored passwords; empty where that cannot be used."""
    try:
        return Vault(settings.path(settings.pool.key_file)).derived("attempts 1")
    except KeyUnfit:  # which the mailboxes tell; people must be able to log in and see it
        return b""


def _too_many(first: datetime, now: datetime) -> TooMany:
    """`first`: the attempt that has to be over before another one is taken."""
    return TooMany(seconds=max(1, round((first + WINDOW - now).total_seconds())))


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
