"""Asking a provider for tokens (RFC 6749, RFC 8628). What it says of us in an error is cut down to its code.

A description could quote addresses, and nobody knows what else; so of an error only the registered code and Microsoft's
own number (AADSTS…) are kept.
"""

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from connectors.distrust import behind, refused
from connectors.oauth.provider import Provider
from rules.terms.errors import (
    ApplicationRefused,
    CertificateRefused,
    GrantRefused,
    ServerMisbehaved,
    ServerUnreachable,
)

# Seconds for each step of a question. Nobody waits longer than LONGEST for all of it, except on a line that drips.
PATIENCE = 8.0
# What a provider may say lasts longer is asked for again after so long.
LONGEST = timedelta(days=1)
# RFC 6749 section 5.1 leaves it open how long a token lasts; then it is short.
UNSAID = timedelta(minutes=5)
# By so much more slowly a provider wants to be asked that says so, or does not answer (RFC 8628 section 3.5).
SLOWER = 5.0

# Only a person can mend these (RFC 6749 section 5.2, OpenID Connect Core section 3.1.2.6, as Microsoft sends them too).
_ENDED = frozenset({"invalid_grant", "interaction_required", "login_required", "consent_required"})
# On the way of a device code (RFC 8628 section 3.5).
_REFUSED = frozenset({"access_denied", "authorization_declined", "expired_token", "bad_verification_code"})
_LATER = frozenset({"temporarily_unavailable", "server_error"})


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a provider gave. `refresh` is "" where the old one stays; `refresh_lasts` None where it does not say."""

    access: str = field(repr=False)
    lasts: timedelta
    refresh: str = field(default="", repr=False)
    refresh_lasts: timedelta | None = None


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """A sign-in that a person finishes elsewhere: they open `where` and type `code`."""

    code: str
    where: str
    secret: str = field(repr=False)
    interval: float
    lasts: timedelta


def exchanged(provider: Provider, code: str, verifier: str, redirect_uri: str) -> Tokens:
    """The tokens for the code of a sign-in (RFC 6749 section 4.1.3, RFC 7636 section 4.5).

    Raises:
        GrantRefused: the code is used up, too old, or not for us.
        ApplicationRefused, ServerUnreachable, ServerMisbehaved: see `refreshed`.
    """
    return _tokens(
        provider, grant_type="authorization_code", code=code, code_verifier=verifier, redirect_uri=redirect_uri
    )


def refreshed(provider: Provider, refresh_token: str) -> Tokens:
    """New tokens (RFC 6749 section 6). The refresh token may be another one from now on.

    Raises:
        GrantRefused: the sign-in has ended; a person has to sign in again.
        ApplicationRefused: the provider does not accept our registration.
        ServerUnreachable: it does not answer, or asks to come back later.
        ServerMisbehaved: its answer means nothing.
    """
    return _tokens(provider, grant_type="refresh_token", refresh_token=refresh_token, scope=" ".join(provider.scopes))


def for_application(provider: Provider) -> Tokens:
    """A token for the application itself, without a person (RFC 6749 section 4.4).

    Raises:
        GrantRefused, ApplicationRefused, ServerUnreachable, ServerMisbehaved: see `refreshed`.
    """
    return _tokens(provider, grant_type="client_credentials", scope=" ".join(provider.scopes))


def device_code(provider: Provider) -> DeviceCode:
    """Begin a sign-in that a person finishes on another device (RFC 8628 section 3.1).

    Raises:
        ApplicationRefused, ServerUnreachable, ServerMisbehaved: see `refreshed`.
    """
    said = _ask(provider, provider.endpoints.device_url, {"scope": " ".join(provider.scopes)})
    where = said.get("verification_uri") or said.get("verification_url")
    return DeviceCode(
        code=_word(provider, said.get("user_code")),
        where=_word(provider, where),
        secret=_word(provider, said.get("device_code")),
        interval=_seconds(said.get("interval")) or 5.0,
        lasts=timedelta(seconds=_seconds(said.get("expires_in")) or 600),
    )


def device_tokens(provider: Provider, code: DeviceCode) -> Tokens | float:
    """The tokens once the person is done; until then by how many seconds to ask more slowly (RFC 8628 section 3.5).

    Raises:
        GrantRefused: the person said no, or took too long.
        ApplicationRefused, ServerUnreachable, ServerMisbehaved: see `refreshed`.
    """
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": code.secret}
    said = _ask(provider, provider.endpoints.token_url, form, also=("authorization_pending", "slow_down"))
    if waiting := said.get("error"):
        return SLOWER if waiting == "slow_down" else 0.0
    return _read(provider, said)


def _tokens(provider: Provider, **form: str) -> Tokens:
    return _read(provider, _ask(provider, provider.endpoints.token_url, form))


def _read(provider: Provider, said: Mapping[str, Any]) -> Tokens:
    if str(said.get("token_type", "bearer")).lower() != "bearer":
        raise ServerMisbehaved(host=provider.host, reason="a token that is no bearer token")
    lasts = _seconds(said.get("expires_in"))
    # Google says so where a person has allowed it for a while only.
    refresh_lasts = _seconds(said.get("refresh_token_expires_in"))
    return Tokens(
        access=_word(provider, said.get("access_token")),
        lasts=min(timedelta(seconds=lasts), LONGEST) if lasts else UNSAID,
        refresh=_word(provider, said["refresh_token"]) if said.get("refresh_token") else "",
        refresh_lasts=timedelta(seconds=refresh_lasts) if refresh_lasts else None,
    )


def _ask(provider: Provider, url: str, form: Mapping[str, str], *, also: tuple[str, ...] = ()) -> Mapping[str, Any]:
    """The provider's answer; `also`: errors that are answers too."""
    sent = {**form, "client_id": provider.client_id}
    if provider.client_secret:
        sent["client_secret"] = provider.client_secret
    try:
        context = ssl.create_default_context(cafile=provider.ca_file)
        # No redirects: a secret goes to the address that is written down, and to no other.
        with httpx.Client(timeout=PATIENCE, verify=context) as client:
            answer = client.post(url, data=sent, headers={"Accept": "application/json"})
    except httpx.HTTPError as error:
        if (distrusted := behind(error)) is not None:
            raise refused(distrusted, provider.host, provider.port) from error
        raise ServerUnreachable(host=provider.host, port=provider.port, reason=type(error).__name__) from error
    except OSError as error:
        reason = f"ca_file {provider.ca_file}: {error.strerror or error}"
        raise CertificateRefused(host=provider.host, port=provider.port, reason=reason) from error
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.status_code >= 500:
        raise ServerUnreachable(host=provider.host, port=provider.port, reason=f"HTTP {answer.status_code}")
    try:
        said = answer.json()
    except ValueError as error:
        raise ServerMisbehaved(host=provider.host, reason=f"no JSON, HTTP {answer.status_code}") from error
    if not isinstance(said, dict):
        raise ServerMisbehaved(host=provider.host, reason="no JSON object")
    if answer.status_code == httpx.codes.OK and "error" not in said:
        return said
    if said.get("error") in also:
        return said
    raise _refusal(provider, said, answer.status_code)


def _refusal(provider: Provider, said: Mapping[str, Any], status: int) -> Exception:
    code = str(said.get("error", ""))
    number = re.search(r"\bAADSTS\d{4,8}\b", str(said.get("error_description", ""))[:500])
    known = code if re.fullmatch(r"[a-z_]{1,40}", code) else f"HTTP {status}"
    reason = f"{known}, {number[0]}" if number else known
    if code in _LATER:
        return ServerUnreachable(host=provider.host, port=provider.port, reason=reason)
    if code in _ENDED or code in _REFUSED:
        return GrantRefused(provider=provider.name, reason=reason)
    return ApplicationRefused(provider=provider.name, reason=reason)


def _word(provider: Provider, value: object) -> str:
    """A value that may stand in a line of ours: printable, and not endless."""
    if not isinstance(value, str) or not 0 < len(value) <= 20_000 or not value.isascii() or not value.isprintable():
        raise ServerMisbehaved(host=provider.host, reason="an answer without what it should hold")
    return value


def _seconds(value: object) -> float:
    """A number of seconds; 0 for what is none. Some send it as text."""
    try:
        seconds = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return 0.0
    return seconds if 0 < seconds < 1e9 else 0.0
