"""Did Google make this ID token for us, just now? Signature, issuer, audience, time (OpenID Connect Core, 3.1.3.7).

Google's public keys are fetched when one is first needed and kept as long as Google says, within bounds. A key that is
not among them is looked for anew, but once a minute at most: whoever invents key names makes us ask no oftener.
"""

import re
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, RSAKey

from rules.terms.errors import NotLoggedIn, ServerMisbehaved, ServerUnreachable

CERTS = "https://www.googleapis.com/oauth2/v3/certs"
HOST, PORT = "www.googleapis.com", 443
ISSUERS = frozenset({"https://accounts.google.com", "accounts.google.com"})
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=24)
PAUSE = timedelta(minutes=1)
# While Google does not answer, nobody waits for it again until so much later.
RETRY = timedelta(seconds=10)
# Clocks differ; Google's own libraries allow no more.
LEEWAY = timedelta(seconds=60)
LONGEST_TOKEN = 8_000


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a token speaks for. `email` is in small letters, and Google has checked that it is theirs."""

    email: str


class Tokens:
    """Checks ID tokens. Thread-safe."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._keys: dict[str, RSAKey] = {}
        self._fetched: datetime | None = None
        self._until: datetime | None = None
        self._failed: datetime | None = None

    def identity(self, token: str, audience: str, now: datetime) -> Identity:
        """Whom the token speaks for.

        Args:
            token: the ID token, a JWT in compact form.
            audience: for whom it must have been made.
            now: the present moment.

        Raises:
            NotLoggedIn: it is forged, expired, not yet valid, for somebody else, or names no address that was checked.
            ServerUnreachable: Google's keys cannot be fetched.
            ServerMisbehaved: what came are no keys.
        """
        if len(token) > LONGEST_TOKEN:
            raise NotLoggedIn
        try:
            # Only this algorithm: neither "none", nor one by which the public key would be a shared secret.
            claims = jwt.decode(token, lambda found: self._key(found, now), algorithms=["RS256"]).claims
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise NotLoggedIn from error
        email = claims.get("email")
        in_order = (
            claims.get("iss") in ISSUERS
            and claims.get("aud") == audience
            and _moment(claims, "exp") > now.timestamp() - LEEWAY.total_seconds()
            and _moment(claims, "iat") < now.timestamp() + LEEWAY.total_seconds()
            and claims.get("email_verified") is True
        )
        if not in_order or not isinstance(email, str) or not email:
            raise NotLoggedIn
        return Identity(email.lower())

    def _key(self, found: GuestProtocol, now: datetime) -> RSAKey:
        name = found.headers().get("kid")
        with self._lock:
            stale = self._until is None or now >= self._until
            if stale or (name not in self._keys and self._fetched is not None and now - self._fetched >= PAUSE):
                self._fetch(now)
            if not isinstance(name, str) or name not in self._keys:
                raise NotLoggedIn
            return self._keys[name]

    def _fetch(self, now: datetime) -> None:
        if self._failed is not None and now - self._failed < RETRY:
            raise ServerUnreachable(host=HOST, port=PORT, reason="did not answer a moment ago")
        # Whatever goes wrong from here on.
        self._failed = now
        try:
            answer = self._client.get(CERTS)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise ServerUnreachable(host=HOST, port=PORT, reason=type(error).__name__) from error
        try:
            keys = {key["kid"]: RSAKey.import_key(key) for key in answer.json()["keys"] if key.get("kty") == "RSA"}
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise ServerMisbehaved(host=HOST, reason=type(error).__name__) from error
        self._keys, self._fetched, self._failed = keys, now, None
        self._until = now + _lasting(answer.headers.get("cache-control", ""))


def _lasting(cache_control: str) -> timedelta:
    """How long an answer may be kept (RFC 9111, section 5.2.2.1), within bounds."""
    found = re.search(r"(?:^|[\s,])max-age=(\d{1,9})", cache_control)
    return min(max(timedelta(seconds=int(found[1])) if found else SHORTEST, SHORTEST), LONGEST)


def _moment(claims: dict[str, Any], name: str) -> float:
    """A claim that is a number of seconds since 1970; what is none is refused by either comparison."""
    value = claims.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float("nan")
