"""What a provider gave us for a mailbox: kept sealed in the pool, renewed in time, by one asker at a time.

    token() ──good for a while──────────────────────────────────────────────────────────────▶ the stored one
       └──── soon over ─▶ note in the pool that we ask ─▶ provider ─▶ store all it gave ─▶ the new one
                              └ somebody else asks: the stored one while it is good, else wait for theirs

Threads, processes and the command line meet in the pool alone: each step is a swap of the sealed secret, which holds
only if nobody was quicker. A provider may give another refresh token each time, and it may take the old one back; so
what it gave is stored before anybody uses it. A process that is killed between the provider's answer and that moment
leaves the old one: providers that keep it for a while (Google, Microsoft) notice nothing, with a stricter one somebody
has to sign in again, and Kingpost says so.
"""

import json
import logging
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Self

from assistant.providers import Providers
from connectors.oauth import tokens
from connectors.oauth.provider import Provider
from connectors.oauth.tokens import Tokens
from rules.terms.errors import (
    ApplicationRefused,
    ConnectorError,
    GrantRefused,
    PoolError,
    ServerUnreachable,
    SignInEnded,
    SignInMissing,
    UnknownName,
)
from storage.pool import Pool
from storage.secrets import Vault

log = logging.getLogger("kingpost.oauth")

# No password holds a NUL (RFC 4616): this cannot be one.
_MARK = "\0oauth "
# A token is renewed so many seconds before its end, of a short one after three quarters of its time.
EARLY = 300.0
# Whoever asks a provider has so long; then another may. More than a question can take (connectors/oauth/tokens.py).
ASKING = 30.0
# After a question without an answer.
AGAIN_FIRST, AGAIN_LAST = 2.0, 60.0
# While somebody else asks, their result is looked for so often.
_LOOK = 0.1


@dataclass(frozen=True, slots=True)
class Grant:
    """What there is of a sign-in. Moments are seconds since 1970.

    `no` is another with each sign-in. The access token is good until `until`, and renewed from `renew` on. `ended`: why
    the provider gives no more. `asking`: until when somebody may be asking just now; `again`: not before then, after so
    many `failures` in a row; `refused`: why, where the provider did not accept our registration.
    """

    provider: str
    no: str = field(default_factory=lambda: secrets.token_hex(8))
    refresh: str = field(default="", repr=False)
    refresh_until: float | None = None
    access: str = field(default="", repr=False)
    until: float = 0.0
    renew: float = 0.0
    ended: str = ""
    asking: float = 0.0
    again: float = 0.0
    failures: int = 0
    refused: str = ""

    @classmethod
    def read(cls, secret: str) -> Self | None:
        """From an opened secret; None where that is a password."""
        return cls(**json.loads(secret.removeprefix(_MARK))) if secret.startswith(_MARK) else None

    def written(self) -> str:
        """As it is sealed."""
        return _MARK + json.dumps(asdict(self))

    def renewed(self, given: Tokens, asked: float) -> Self:
        """With what the provider gave to a question of that moment: its own clock does not matter."""
        lasts = given.lasts.total_seconds()
        ends = given.refresh_lasts
        return replace(
            self,
            refresh=given.refresh or self.refresh,
            refresh_until=asked + ends.total_seconds() if ends else None if given.refresh else self.refresh_until,
            access=given.access,
            until=asked + lasts,
            renew=asked + lasts - min(EARLY, lasts / 4),
            ended="",
            asking=0.0,
            again=0.0,
            failures=0,
            refused="",
        )


class Grants:
    """The grants of all mailboxes."""

    def __init__(self, pool: Pool, vault: Vault, providers: Providers, clock: Callable[[], float] = time.time) -> None:
        """`clock`: seconds since 1970."""
        self._pool = pool
        self._vault = vault
        self._providers = providers
        self._clock = clock
        # What a provider gave while the pool took nothing: what it replaces, and what it is.
        self._unstored: dict[str, tuple[bytes, Grant]] = {}
        self._lock = threading.Lock()

    def seal(self, grant: Grant) -> bytes:
        """As it may be stored."""
        return self._vault.seal(grant.written())

    def of(self, mailbox: str) -> Grant | None:
        """What there is for a mailbox; None where it has a password, or nothing."""
        found = self._read(mailbox)
        return found and found[1]

    def login(self, mailbox: str, grant: Grant) -> "Login":
        """What logs in with this grant."""
        try:
            provider = self._provider(grant)
        except ApplicationRefused:
            provider = None
        return Login(mailbox, self, grant.no, provider)

    def token(self, mailbox: str, refused: str = "") -> str:
        """An access token that is good now, and not the one that the mail server has refused.

        Raises:
            SignInMissing, SignInEnded: a person has to sign in.
            ApplicationRefused: the provider does not know us any more.
            ServerUnreachable, ServerMisbehaved, CertificateRefused: it cannot be asked now.
            PoolError: what is stored cannot be read.
        """
        while True:
            self._store_rest(mailbox)
            found = self._read(mailbox)
            if found is None:
                raise SignInMissing(mailbox=mailbox, provider="–")
            stored, grant = found
            if grant.ended:
                raise SignInEnded(mailbox=mailbox, provider=grant.provider, reason=grant.ended)
            provider = self._provider(grant)
            now = self._clock()
            good = bool(grant.access) and grant.access != refused and now < grant.until
            if good and now < grant.renew:
                return grant.access
            if not grant.refresh and not provider.app_only:
                raise SignInMissing(mailbox=mailbox, provider=provider.name)
            # Of a clock that was set back nobody waits for longer than usual.
            others, later = now < grant.asking <= now + ASKING, now < grant.again <= now + AGAIN_LAST
            if good and (others or later):
                return grant.access
            if later and grant.refused:
                raise ApplicationRefused(provider=provider.name, reason=grant.refused)
            if later:
                raise ServerUnreachable(host=provider.host, port=provider.port, reason="did not answer a moment ago")
            if others:
                time.sleep(_LOOK)
                continue
            asking = replace(grant, asking=now + ASKING)
            if (noted := self._swap(mailbox, stored, asking)) is None:
                continue
            try:
                self._renew(mailbox, noted, asking, provider)
            except ConnectorError:
                if not good:
                    raise
                return grant.access

    def _renew(self, mailbox: str, noted: bytes, grant: Grant, provider: Provider) -> None:
        """Ask the provider and store what it gave, or that it gives no more."""
        asked = self._clock()
        try:
            given = tokens.for_application(provider) if provider.app_only else tokens.refreshed(provider, grant.refresh)
        except GrantRefused as error:
            reason = str(error.details["reason"])
            log.error("a sign-in has ended", extra={"mailbox": mailbox, "error": reason})
            self._swap(mailbox, noted, replace(grant, ended=reason, asking=0.0))
            return
        except ConnectorError as error:
            log.warning("no token", extra={"mailbox": mailbox, "error": type(error).__name__})
            pause = min(AGAIN_LAST, AGAIN_FIRST * 2 ** min(grant.failures, 16))
            why = str(error.details["reason"]) if isinstance(error, ApplicationRefused) else ""
            waiting = replace(grant, asking=0.0, again=asked + pause, failures=grant.failures + 1, refused=why)
            self._swap(mailbox, noted, waiting)
            raise
        renewed = grant.renewed(given, asked)
        try:
            self._swap(mailbox, noted, renewed)
        except PoolError:
            with self._lock:
                self._unstored[mailbox] = (noted, renewed)
            raise
        log.info("token renewed", extra={"mailbox": mailbox})

    def _provider(self, grant: Grant) -> Provider:
        try:
            return self._providers.get(grant.provider)
        except UnknownName as error:
            reason = f"kingpost.toml has no [oauth.{grant.provider}]"
            raise ApplicationRefused(provider=grant.provider, reason=reason) from error

    def _store_rest(self, mailbox: str) -> None:
        """Store what could not be stored before, unless somebody has signed in meanwhile."""
        with self._lock:
            if mailbox in self._unstored:
                self._swap(mailbox, *self._unstored[mailbox])
                del self._unstored[mailbox]

    def _read(self, mailbox: str) -> tuple[bytes, Grant] | None:
        with self._pool.read() as work:
            sealed = work.mailboxes.secret(mailbox)
        grant = None if sealed is None else Grant.read(self._vault.open(sealed))
        return None if sealed is None or grant is None else (sealed, grant)

    def _swap(self, mailbox: str, before: bytes, after: Grant) -> bytes | None:
        """What is stored now, if that was still `before`; else None."""
        sealed = self.seal(after)
        with self._pool.begin() as work:
            return sealed if work.mailboxes.swap_secret(mailbox, before, sealed) else None


@dataclass(frozen=True, slots=True)
class Login:
    """Logs in to a mailbox by tokens.

    Equal as long as it is the same sign-in with the same registration, however often it was renewed: what is different
    is worth another try.
    """

    mailbox: str
    grants: Grants = field(compare=False, repr=False)
    no: str = ""
    provider: Provider | None = None

    def token(self, refused: str = "") -> str:
        """See Grants.token."""
        return self.grants.token(self.mailbox, refused)
