"""How a mail client gets a token without anybody's password: a short code, confirmed by the person in Kingpost.

The client shows the code and keeps a secret; its person, logged in, types the code into Kingpost; the client, which
asks again with the secret, is given a token of that person. It is the way of RFC 8628 (device authorization).

    begin ──> waiting ──confirm──> granted ──collect──> over
                 └─────────── ten minutes ───────────────┘

Kept in the pool, as keyed digests, so that any process that serves pages may be asked next.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.access import SCOPES, Access
from assistant.attempts import PooledAttempts, network
from rules.terms.errors import NotFound, TooMany
from storage.pairings import Pairing
from storage.pool import Pool

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


class Pairings:
    """Clients that wait for their person's word. Bounded, and the same for all processes."""

    def __init__(self, pool: Pool, access: Access, key: bytes) -> None:
        """`key` keys the digests, as it does those of failed attempts; all processes have the same."""
        self._pool = pool
        self._access = access
        self._attempts = PooledAttempts(pool, key)
        self._key = key

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
        where, secret = self._digest(network(address)), secrets.token_urlsafe(32)
        name = " ".join(client.split())[:60] or "–"
        ends, token_ends = now + LIFETIME, now + min(lifetime, TOKEN_LIFETIME)
        with self._pool.begin() as work:
            work.pairings.forget(now)
            waiting, near, first = work.pairings.waiting(where)
            full = near >= PER_NETWORK or waiting >= AT_ONCE
            code = ""
            while not full and not code:
                drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
                made = Pairing(self._digest(secret), self._digest(drawn), name, where, ends, token_ends)
                code = drawn if work.pairings.add(made) else ""
        if full:
            raise TooMany(seconds=max(1, round(((first or ends) - now).total_seconds())))
        return Begun(f"{code[:4]}-{code[4:]}", secret)

    def waiting(self, code: str, login: str, address: str, now: datetime) -> str:
        """What the client behind a code calls itself, for the person who is to confirm it.

        Raises:
            NotFound: no client waits with this code (any more).
            TooMany: after repeated wrong codes.
        """
        return self._find(code, login, address, now).client

    def confirm(self, code: str, login: str, address: str, now: datetime) -> None:
        """A logged-in person's word: the client may ask in their name.

        Raises:
            NotFound: no client waits with this code (any more).
            TooMany: after repeated wrong codes.
        """
        pairing = self._find(code, login, address, now)
        with self._pool.begin() as work:
            granted = work.pairings.grant(pairing.code, login, now)
        if not granted:
            raise NotFound

    def collect(self, secret: str, now: datetime) -> tuple[str, str] | None:
        """The login and the token, once; None while nobody has confirmed the code.

        Raises:
            NotFound: the ten minutes are over, or the token was collected before.
        """
        with self._pool.read() as work:
            pairing = work.pairings.by_secret(self._digest(secret), now)
        if pairing is None:
            raise NotFound
        if pairing.login is None:
            return None
        with self._pool.begin() as work:
            taken = work.pairings.take(pairing.secret)
        if not taken:
            raise NotFound
        token = self._access.new_token(pairing.login, pairing.client, SCOPES, pairing.token_ends)
        return pairing.login, token

    def _find(self, code: str, login: str, address: str, now: datetime) -> Pairing:
        """The one that still waits with this code, however it was typed; a miss counts as an attempt."""
        # Counted for themselves: a mistyped code is no failed login.
        who, where = f"pair {login}", f"pair {network(address)}"
        self._attempts.begin(who, where, now)
        typed = self._digest("".join(letter for letter in code.upper() if letter.isalnum()))
        with self._pool.read() as work:
            pairing = work.pairings.by_code(typed, now)
        if pairing is None:
            raise NotFound
        self._attempts.succeeded(who, where)
        return pairing

    def _digest(self, secret: str) -> str:
        return hmac.digest(self._key, f"pair {secret}".encode("utf-8", "surrogatepass"), "sha256").hex()
