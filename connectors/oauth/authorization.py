"""A sign-in in the browser: the address to go to, and what may come back from there (RFC 6749, 7636, 9207, 9700).

begin → address with state and challenge → person → provider → our redirect address → granted → code
"""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlencode

from connectors.oauth.provider import Provider
from rules.terms.errors import SignInFailed


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in under way: whom we asked, and what only the one who began it knows."""

    provider: str
    redirect_uri: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)


def begin(provider: Provider, redirect_uri: str, login: str) -> tuple[Attempt, str]:
    """A new attempt, and the address where a person signs in.

    Args:
        provider: whom to ask.
        redirect_uri: exactly as it is registered there.
        login: whom we expect to sign in; the page may fill it in.
    """
    attempt = Attempt(provider.name, redirect_uri, secrets.token_urlsafe(32), secrets.token_urlsafe(48))
    challenge = urlsafe_b64encode(sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        **provider.endpoints.extra,
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(provider.scopes),
        "state": attempt.state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    if login:
        asked["login_hint"] = login
    url = provider.endpoints.authorize_url
    return attempt, f"{url}{'&' if '?' in url else '?'}{urlencode(asked)}"


def granted(provider: Provider, attempt: Attempt, answer: Mapping[str, str]) -> str:
    """The code that the browser brought back, if this answers that attempt and comes from that provider.

    Raises:
        SignInFailed: it does not, or the person or the provider said no.
    """
    if not hmac.compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
        raise SignInFailed(reason="state")
    # Before anything else is believed: another provider's answer must not reach this one (RFC 9207 section 2.4).
    issuer = answer.get("iss")
    if attempt.provider != provider.name or (issuer and provider.endpoints.issuer not in ("", issuer)):
        raise SignInFailed(reason="issuer")
    if error := answer.get("error"):
        raise SignInFailed(reason=error if re.fullmatch(r"[a-z_]{1,40}", error) else "error")
    if not answer.get("code"):
        raise SignInFailed(reason="no code")
    return answer["code"]
