"""Signing in at a provider in the browser: to its page, and back to where it began.

    /oauth/begin?mailbox=… ──▶ provider's page ──▶ /oauth/callback/NAME ──▶ where it began

What must be known on the way back travels in a sealed cookie, so that any process can answer. Each provider has an
address of its own to come back to (RFC 9700 section 4.4.2). Nothing is changed before the way back, and that needs the
session, the cookie and the state that belongs to it.
"""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Annotated, Self

from litestar import get
from litestar.datastructures import Cookie
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from assistant.drafts import Draft
from assistant.mailboxes import Mailboxes
from assistant.settings import Settings
from assistant.signing_in import PATIENCE, SigningIn, may_sign_in
from assistant.web.security import is_https
from assistant.web.visit import Visit, own_path
from connectors.oauth.authorization import Attempt
from rules.terms.errors import FormExpired, KeyUnfit, NotFound, SignInFailed
from storage.secrets import Vault


@dataclass(frozen=True, slots=True)
class _Way:
    """What must be known on the way back. `draft`: the mailbox is being set up, see setup_mailbox.py."""

    attempt: Attempt
    mailbox: str
    next: str
    who: str
    until: float
    draft: str = ""

    def sealed(self, vault: Vault) -> str:
        """As it travels."""
        return vault.seal(json.dumps(asdict(self))).decode()

    @classmethod
    def opened(cls, vault: Vault, sealed: str) -> Self:
        """What came back; SignInFailed where it is not ours."""
        try:
            found = json.loads(vault.open(sealed.encode()))
        except KeyUnfit as error:
            raise SignInFailed(reason="state") from error
        return cls(**{**found, "attempt": Attempt(**found["attempt"])})


@get("/oauth/begin", by_person=True, sync_to_thread=True)
def begin(
    visit: Given[Visit],
    mailbox: Annotated[str, QueryParameter(max_length=60)],
    next: Annotated[str, QueryParameter(max_length=500)] = "/",
) -> Redirect:
    """Lead to the provider's page."""
    signing_in = _signing_in(visit, mailbox)
    return _led(visit, lambda back: signing_in.begin(mailbox, back), mailbox, own_path(next, "/"))


def led_for_draft(visit: Visit, draft: Draft, provider: str, next: str) -> Redirect:
    """Lead to the page of [oauth.NAME] for a mailbox that is being set up."""
    signing_in = SigningIn(Mailboxes(visit.services.settings, visit.services.pool))
    return _led(visit, lambda back: signing_in.begin_new(draft.mailbox, provider, back), "", next, draft.id)


def _led(
    visit: Visit,
    begun: Callable[[Callable[[str], str]], tuple[Attempt, str]],
    mailbox: str,
    next: str,
    draft: str = "",
) -> Redirect:
    # No other site sends anybody there.
    if visit.request.headers.get("sec-fetch-site") not in (None, "none", "same-origin"):
        raise FormExpired
    settings = visit.services.settings
    attempt, url = begun(lambda provider: f"{settings.base_url}/oauth/callback/{provider}")
    way = _Way(attempt, mailbox, next, visit.viewer.login, time.time() + PATIENCE, draft)
    return Redirect(url, status_code=303, cookies=[_cookie(settings, way.sealed(_vault(settings)))])


@get("/oauth/callback/{name:str}", by_person=True, sync_to_thread=True)
def callback(visit: Given[Visit], name: FromPath[str]) -> Redirect:
    """Take what the provider gave, and lead back to where it began."""
    settings, query = visit.services.settings, visit.request.query_params
    way = _Way.opened(_vault(settings), visit.request.cookies.get(_name(settings), ""))
    # A parameter that comes twice says nothing (RFC 6749 section 3.1).
    if any(len(query.getall(name)) > 1 for name in query):
        raise SignInFailed(reason="parameters")
    if way.who != visit.viewer.login or way.attempt.provider != name or way.until < time.time():
        raise SignInFailed(reason="state")
    if way.draft:
        setting_up = visit.services.setting_up
        draft = setting_up.draft(way.draft, way.who, visit.now)
        setting_up.signed_in(draft, way.attempt, dict(query.items()), visit.now)
        answer = Redirect(way.next, status_code=303)
    else:
        _signing_in(visit, way.mailbox).complete(way.mailbox, way.attempt, dict(query.items()))
        answer = visit.back(way.next, "signed_in", mailbox=way.mailbox)
    answer.cookies.append(_cookie(settings, ""))
    return answer


def _signing_in(visit: Visit, name: str) -> SigningIn:
    """Sign-ins, for whoever may do one for that mailbox."""
    mailboxes = Mailboxes(visit.services.settings, visit.services.pool)
    box = next((one for one in mailboxes.all() if one.name == name), None)
    if box is None or not may_sign_in(box, visit.viewer):
        raise NotFound
    return SigningIn(mailboxes)


def _vault(settings: Settings) -> Vault:
    return Vault(settings.path(settings.pool.key_file))


def _name(settings: Settings) -> str:
    return "__Host-kingpost-oauth" if is_https(settings) else "kingpost-oauth"


def _cookie(settings: Settings, value: str) -> Cookie:
    return Cookie(
        key=_name(settings),
        value=value,
        max_age=int(PATIENCE) if value else 0,
        path="/",
        secure=is_https(settings),
        httponly=True,
        samesite="lax",
    )


ROUTES = (begin, callback)
