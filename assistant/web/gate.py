"""Who is at the door? Host name, token or session, scope, role and CSRF, before any handler runs.

A route says what it needs in its `opt`; without a word it needs a viewer:
- `public=True`      anybody; a session is looked at, so that the page knows its reader
- `any_origin=True`  asked from wherever: what it changes is nobody's, so that no cookie can lend a stranger rights
- `anonymous=True`   anybody, and nobody is looked up (static files, probes); any host name
- `needs="read"`     the scope, where the method does not say it (GET needs read, everything else write)
- `role=Role.LEAD`   at least this role
- `by_person=True`   a session, no token: what a stolen token must not be able to do
"""

import hashlib
import hmac
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import unquote_to_bytes

from anyio import to_thread
from litestar import Request
from litestar.datastructures import Cookie, State
from litestar.enums import RequestEncodingType, ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from assistant.access import SCOPES, Access
from assistant.ports import Services
from assistant.settings import Settings
from assistant.web import texts
from assistant.web.security import is_https, own_hosts
from rules.terms.errors import Forbidden, FormExpired, KingpostError, Misdirected, NotLoggedIn, WrongUse
from rules.terms.staff import Role, Viewer

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FORMS = frozenset({RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART})
CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "_csrf_token"


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request came with. `secret` is the session's or the token's."""

    kind: Literal["session", "token", "nothing"] = "nothing"
    secret: str = ""
    scopes: frozenset[str] = frozenset()

    @property
    def csrf(self) -> str:
        """What our own pages send back to prove that they are ours; bound to the session."""
        if self.kind != "session":
            return ""
        return hmac.new(self.secret.encode(), b"kingpost csrf", hashlib.sha256).hexdigest()

    def viewer(self, access: Access, now: datetime) -> Viewer | None:
        """Whose eyes, seen anew and without counting as use: for streams that stay open."""
        if self.kind == "session":
            return access.viewer_of_session(self.secret, now, slide=False)
        return access.viewer_of_token(self.secret, "read", now)


NOTHING = Credential()

AnyRequest = Request[Viewer | None, Credential, State]


def cookie_name(settings: Settings) -> str:
    """`__Host-` keeps the cookie from neighbours under one domain; browsers take it over TLS only."""
    return "__Host-kingpost" if is_https(settings) else "kingpost"


def session_cookie(settings: Settings, secret: str) -> Cookie:
    """The cookie that carries a session; an empty secret takes it away."""
    return Cookie(
        key=cookie_name(settings),
        value=secret,
        max_age=None if secret else 0,
        path="/",
        secure=is_https(settings),
        httponly=True,
        samesite="lax",
    )


class Gate(ASGIMiddleware):
    """Finds the viewer of a request, or turns it away with the error that says why."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, services: Services) -> None:
        self._access = services.access
        self._cookie = cookie_name(services.settings)
        self._ours = own_hosts(services.settings)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Check, then pass on."""
        connection: AnyRequest = Request(scope, receive, send)
        opt: dict[str, Any] = scope["route_handler"].opt
        scope["user"], scope["auth"] = None, NOTHING
        if not opt.get("anonymous"):
            self._check_address(connection)
            await self._look_up(connection, public=bool(opt.get("public")))
            _check_rights(connection, opt)
            if connection.method not in SAFE and connection.auth.kind != "token" and not opt.get("any_origin"):
                await self._check_origin(connection)
        await next_app(scope, receive, send)

    async def recognise(self, request: AnyRequest) -> None:
        """Note who asks for an address behind which no route lies, so that no gate has asked: nothing is checked."""
        request.scope["user"], request.scope["auth"] = None, NOTHING
        with suppress(KingpostError):
            await self._look_up(request, public=True)

    def _check_address(self, request: AnyRequest) -> None:
        if not self._ours(request.headers.get("host")):
            raise Misdirected
        # PostgreSQL takes no NUL in a text; nobody types one.
        query = unquote_to_bytes(request.scope["query_string"])
        if "\x00" in request.scope["path"] or b"\x00" in query:
            raise WrongUse(
                problem="The address holds a character that cannot be meant (NUL).",
                problem_de="Die Adresse enthält ein Zeichen, das nicht gemeint sein kann (NUL).",
            )

    async def _look_up(self, request: AnyRequest, *, public: bool) -> None:
        """Token first: who sends one means it, whatever cookies the client keeps."""
        now = datetime.now(UTC)
        viewer: Viewer | None = None
        credential = NOTHING
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            granted = await to_thread.run_sync(self._access.grant, token.strip(), now)
            if granted is not None:
                viewer, credential = granted[0], Credential("token", token.strip(), granted[1])
        elif secret := request.cookies.get(self._cookie):
            viewer = await to_thread.run_sync(self._access.viewer_of_session, secret, now)
            if viewer is not None:
                credential = Credential("session", secret, SCOPES)
        if viewer is None and not public:
            raise NotLoggedIn
        if viewer is not None:
            language = texts.choose(viewer.language, request.headers.get("accept-language"))
            request.scope["user"] = replace(viewer, language=language)
            request.scope["auth"] = credential

    async def _check_origin(self, request: AnyRequest) -> None:
        """A change asked for with a cookie must come from our own page.

        Raises:
            FormExpired: another site sent it, or the proof is missing or from another session.
        """
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        if site not in (None, "same-origin", "none"):
            raise FormExpired
        # A page that sends no referrer sends its forms with the origin “null” (Fetch, section 3.2).
        vouched_for = origin is None or (origin == "null" and site is not None)
        if not vouched_for and not self._ours(str(origin).partition("://")[2]):
            raise FormExpired
        if request.auth.kind != "session":
            return
        sent = request.headers.get(CSRF_HEADER)
        if sent is None and request.content_type[0] in FORMS:
            field = (await request.form()).get(CSRF_FIELD)
            sent = field if isinstance(field, str) else None
        if sent is None or not hmac.compare_digest(sent.encode(), request.auth.csrf.encode()):
            raise FormExpired


def _check_rights(request: AnyRequest, opt: dict[str, Any]) -> None:
    viewer, credential = request.user, request.auth
    if viewer is None or opt.get("any_origin"):  # what is open to any page does nothing in the viewer's name
        return
    needed = opt.get("needs") or ("read" if request.method in SAFE else "write")
    if needed not in credential.scopes or (credential.kind == "token" and opt.get("by_person")):
        raise Forbidden
    role: Role | None = opt.get("role")
    if role is not None and not viewer.role.at_least(role):
        raise Forbidden
