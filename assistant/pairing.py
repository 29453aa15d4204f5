"""How a mail client gets a token without anybody's password: a short code, confirmed by the person in Kingpost.

The client shows the code and keeps a secret; its person, logged in, types the code into Kingpost; the client, which
asks again with the secret, is given a token of that person. It is the way of RFC 8628 (device authorization).

    begin ──> waiting ──confirm──> granted ──collect──> over
                 └─────────── ten minutes ───────────────┘

Kept in memory, as digests: a restart forgets what is under way, and the client begins anew.
"""

import hashlib
import secrets
import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assistant.access import SCOPES, Access
from assistant.attempts import Attempts, network
from rules.terms.errors import NotFound, TooMany

# RFC 8628, section 6.1: letters that make no words, without those that are taken for each other.
ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
LENGTH = 8
LIFETIME = timedelta(minutes=10)
TOKEN_LIFETIME = timedelta(days=365)
# An office behind one address may set up all its clients in one morning.
PER_NETWORK, AT_ONCE = 60, 2_000


@dataclass(frozen=True, slots=True)
class Begun:
    """What the client is told, this once: the code to show, and the secret to ask with."""

    code: str
    secret: str


@dataclass(frozen=True, slots=True)
class _Pairing:
    client: str
    code: str
    network: str
    ends: datetime
    lifetime: timedelta
    login: str | None = None


class Pairings:
    """Clients that wait for their person's word. Thread-safe and bounded."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._lock = threading.Lock()
        self._attempts = Attempts()
        self._waiting: dict[str, _Pairing] = {}

    def begin(self, client: str, address: str, now: datetime, lifetime: timedelta = TOKEN_LIFETIME) -> Begun:
        """A client asks to be paired.

        Args:
            client: what it calls itself; its person sees it before confirming, and then in the list of tokens.
            address: from where it asks.
            now: the present moment.
            lifetime: how long its token is to last, at most TOKEN_LIFETIME.

        Raises:
            TooMany: too many wait already, from this network or at all.
        """
        where, secret = network(address), secrets.token_urlsafe(32)
        with self._lock:
            self._forget(now)
            near = sum(each.network == where for each in self._waiting.values())
            if near >= PER_NETWORK or len(self._waiting) >= AT_ONCE:
                first = min(each.ends for each in self._waiting.values())
                raise TooMany(seconds=max(1, round((first - now).total_seconds())))
            taken = {each.code for each in self._waiting.values()}
            while _digest(code := "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))) in taken:
                continue
            name = " ".join(client.split())[:60] or "–"
            self._waiting[_digest(secret)] = _Pairing(
                name, _digest(code), where, now + LIFETIME, min(lifetime, TOKEN_LIFETIME)
            )
        return Begun(f"{code[:4]}-{code[4:]}", secret)

    def waiting(self, code: str, login: str, address: str, now: datetime) -> str:
        """What the client behind a code calls itself, for the person who is to confirm it.

        Raises:
            NotFound: no client waits with this code (any more).
            TooMany: after repeated wrong codes.
        """
        return self._find(code, login, address, now)[1].client

    def confirm(self, code: str, login: str, address: str, now: datetime) -> None:
        """A logged-in person's word: the client may ask in their name.

        Raises:
            NotFound: no client waits with this code (any more).
            TooMany: after repeated wrong codes.
        """
        secret, pairing = self._find(code, login, address, now)
        with self._lock:
            if self._waiting.get(secret) is not pairing:
                raise NotFound
            self._waiting[secret] = replace(pairing, login=login)

    def collect(self, secret: str, now: datetime) -> tuple[str, str] | None:
        """The login and the token, once; None while nobody has confirmed the code.

        Raises:
            NotFound: the ten minutes are over, or the token was collected before.
        """
        key = _digest(secret)
        with self._lock:
            self._forget(now)
            pairing = self._waiting.get(key)
            if pairing is None:
                raise NotFound
            if pairing.login is None:
                return None
            del self._waiting[key]
        token = self._access.new_token(pairing.login, pairing.client, SCOPES, now + pairing.lifetime)
        return pairing.login, token

    def _find(self, code: str, login: str, address: str, now: datetime) -> tuple[str, _Pairing]:
        """The one that still waits with this code, however it was typed; a miss counts as an attempt."""
        self._attempts.begin(login, address, now)
        typed = _digest("".join(letter for letter in code.upper() if letter.isalnum()))
        with self._lock:
            self._forget(now)
            for secret, pairing in self._waiting.items():
                if pairing.code == typed and pairing.login is None:
                    self._attempts.succeeded(login, address)
                    return secret, pairing
        raise NotFound

    def _forget(self, now: datetime) -> None:
        self._waiting = {key: each for key, each in self._waiting.items() if each.ends > now}


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
