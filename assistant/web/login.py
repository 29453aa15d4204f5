"""Logging in and out: what the login page's form sends, the session's cookie, and the way on."""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from anyio import CapacityLimiter, to_thread
from litestar import Response, post
from litestar.di import NamedDependency as Given
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from assistant.ports import Services
from assistant.web import render
from assistant.web.api.bodies import NO_NUL
from assistant.web.gate import CSRF_FIELD, AnyRequest, session_cookie
from assistant.web.problems import reader_language, wants_page
from rules.terms.errors import LoginFailed, TooMany

Field = Annotated[str, msgspec.Meta(max_length=1000, pattern=NO_NUL)]

# A crowd at the door must not take all worker threads while it waits for its passwords to be checked.
HASHING = CapacityLimiter(4)


class LoginForm(msgspec.Struct, frozen=True):
    """What the login page sends."""

    login: Field
    password: Field
    next: Field = "/"
    csrf: str = msgspec.field(name=CSRF_FIELD, default="")


@post("/login", public=True, status_code=303, tags=["login"])
async def log_in(
    data: URLEncodedBody[LoginForm], request: AnyRequest, services: Given[Services], now: Given[datetime]
) -> Response[str]:
    """Check login and password; the answer carries the session's cookie and leads to `next`."""
    try:
        secret = await to_thread.run_sync(
            services.access.log_in, data.login.strip(), data.password, now, client_address(request), limiter=HASHING
        )
    except (LoginFailed, TooMany) as error:
        if not wants_page(request):
            raise
        language = reader_language(request)
        page = render.render_login(
            language, csrf=request.auth.csrf, error=error.text(language), next_path=local(data.next), login=data.login
        )
        headers = {"Retry-After": str(error.details["seconds"])} if isinstance(error, TooMany) else {}
        return Response(page, media_type="text/html", status_code=error.status, headers=headers)
    if request.auth.kind == "session":
        await to_thread.run_sync(services.access.log_out, request.auth.secret)
    return Redirect(local(data.next), status_code=303, cookies=[session_cookie(services.settings, secret)])


@post("/logout", by_person=True, needs="read", status_code=303, tags=["login"])
async def log_out(request: AnyRequest, services: Given[Services]) -> Redirect:
    """End the session; streams that it opened end with it."""
    await to_thread.run_sync(services.access.log_out, request.auth.secret)
    return Redirect("/login", status_code=303, cookies=[session_cookie(services.settings, "")])


def client_address(request: AnyRequest) -> str:
    """From where somebody asks; behind a trusted proxy what that says."""
    return request.client.host if request.client else ""


def local(path: str) -> str:
    """A path on this server, whatever was sent: a login must not lead to a stranger's page."""
    parts = urlsplit(path)
    plain = path.isprintable() and "\\" not in path and not parts.scheme and not parts.netloc
    return path if plain and path.startswith("/") and not path.startswith("//") else "/"


ROUTES = (log_in, log_out)
