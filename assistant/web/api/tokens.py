"""One's own tokens and password over HTTP. A token can end itself; making tokens is for the person, logged in."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec
from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency as Given
from litestar.params import JSONBody

from assistant.ports import Services
from assistant.web.api.bodies import Body, Name, Number, Question
from assistant.web.gate import AnyRequest, session_cookie
from rules.terms.staff import Viewer
from storage.staff import Token


class TokenBody(Body):
    """A token without its secret."""

    id: int
    name: str
    scopes: list[str]
    expires: datetime | None

    @classmethod
    def of(cls, token: Token) -> "TokenBody":
        """From the word of the house."""
        return cls(id=token.id, name=token.name, scopes=sorted(token.scopes), expires=token.expires)


class NewTokenBody(Body):
    """The token itself. It can be seen this once only."""

    token: str


class TokenQuestion(Question):
    """A token for a mail client, say; without `days` it does not end by itself."""

    name: Name
    scopes: Annotated[list[Literal["read", "write"]], msgspec.Meta(min_length=1, max_length=2)]
    days: Annotated[int, msgspec.Meta(ge=1, le=3650)] | None = None


class PasswordQuestion(Question):
    """The password so far and the one from now on."""

    old: Name
    new: Name


@get("/tokens", by_person=True, sync_to_thread=True, tags=["own account"])
def tokens(services: Given[Services], viewer: Given[Viewer]) -> list[TokenBody]:
    """One's own tokens."""
    return [TokenBody.of(token) for token in services.access.tokens(viewer.login)]


@post("/tokens", by_person=True, sync_to_thread=True, tags=["own account"])
def new_token(
    data: JSONBody[TokenQuestion], services: Given[Services], viewer: Given[Viewer], now: Given[datetime]
) -> NewTokenBody:
    """Make a token."""
    expires = now + timedelta(days=data.days) if data.days is not None else None
    return NewTokenBody(token=services.access.new_token(viewer.login, data.name, data.scopes, expires))


@delete("/tokens/{id:int}", by_person=True, sync_to_thread=True, tags=["own account"])
def revoke(id: Number, services: Given[Services], viewer: Given[Viewer]) -> None:
    """End a token."""
    services.access.revoke(viewer.login, id)


@delete("/token", needs="read", sync_to_thread=True, tags=["own account"])
def sign_out(request: AnyRequest, services: Given[Services]) -> None:
    """End the token with which this is asked: a program signs out."""
    if request.auth.kind == "token":
        services.access.end_token(request.auth.secret)


@put("/password", by_person=True, status_code=204, sync_to_thread=True, tags=["own account"])
def password(
    data: JSONBody[PasswordQuestion],
    request: AnyRequest,
    services: Given[Services],
    viewer: Given[Viewer],
    now: Given[datetime],
) -> Response[None]:
    """Change one's own password. All other sessions end; this one goes on under a new cookie."""
    address = request.client.host if request.client else ""
    secret = services.access.change_password(viewer.login, data.old, data.new, now, address)
    return Response(None, status_code=204, cookies=[session_cookie(services.settings, secret)])


ROUTES = (tokens, new_token, revoke, sign_out, password)
