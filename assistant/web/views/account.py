"""One's own account: language, password, tokens for programs."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter
from litestar.response import Redirect

from assistant.access import SHORTEST_PASSWORD
from assistant.ports import Services
from assistant.settings import FirmSettings
from assistant.web.api.bodies import Number
from assistant.web.gate import AnyRequest, session_cookie
from assistant.web.render import render_login
from assistant.web.texts import LANGUAGES, t
from assistant.web.views.start import Box, every_box
from assistant.web.visit import Form, Visit, own_path
from rules.terms.errors import OldPasswordWrong, TooMany, WrongUse
from rules.terms.staff import Role

LONGEST_LIFE = 3650


@dataclass(frozen=True, slots=True)
class House:
    """What administrators see of the firm."""

    firm: FirmSettings
    boxes: list[Box]


@get("/login", public=True, sync_to_thread=True)
def login(
    request: AnyRequest,
    services: Given[Services],
    language: Given[str],
    csrf: Given[str],
    next: Annotated[str, QueryParameter(max_length=500)] = "/",
) -> Response[str] | Redirect:
    """The way in. The form is taken by assistant.web.login."""
    if request.user is not None:
        return Redirect(own_path(next, "/"), status_code=303)
    if services.setting_up.first.pending:
        return Redirect("/setup", status_code=303)
    return Response(render_login(language, csrf=csrf, next_path=own_path(next, "/")), media_type="text/html")


@get("/settings", by_person=True, sync_to_thread=True)
def settings(visit: Given[Visit]) -> Response[str]:
    """Language, password, tokens."""
    return _page(visit)


@post("/settings/language", by_person=True, sync_to_thread=True, status_code=303)
def choose_language(visit: Given[Visit], data: Form) -> Redirect:
    """Choose a language, or leave it to the browser."""
    wanted = data.get("language", "")
    with visit.services.pool.begin() as work:
        staff = work.staff.get(visit.viewer.login)
        if staff is not None:
            work.staff.put(replace(staff, language=wanted if wanted in LANGUAGES else ""))
    return visit.back("/settings", "language")


@post("/settings/password", by_person=True, sync_to_thread=True, status_code=200)
def password(visit: Given[Visit], data: Form) -> Response[str] | Redirect:
    """Change one's own password. All other sessions end; this one goes on under a new cookie."""
    client = visit.request.client
    try:
        if len(data.get("new", "")) < SHORTEST_PASSWORD:
            raise WrongUse(problem=t(visit.language, "settings.password_short"))
        secret = visit.services.access.change_password(
            visit.viewer.login, data.get("old", ""), data["new"], visit.now, client.host if client else ""
        )
    except (OldPasswordWrong, TooMany, WrongUse) as problem:
        return _page(visit, error=problem.text(visit.language))
    answer = visit.back("/settings", "password")
    answer.cookies.append(session_cookie(visit.services.settings, secret))
    return answer


@post("/settings/tokens", by_person=True, sync_to_thread=True, status_code=200)
def new_token(visit: Given[Visit], data: Form) -> Response[str]:
    """Make a token and show it, this once."""
    days = data.get("days", "")
    lasts = int(days) if days.isascii() and days.isdecimal() and len(days) < 5 else 0
    expires = visit.now + timedelta(days=min(lasts, LONGEST_LIFE)) if lasts else None
    scopes = {"read", "write"} if data.get("scope") == "write" else {"read"}
    name = " ".join(data.get("name", "").split())[:60] or "–"
    return _page(visit, new_token=visit.services.access.new_token(visit.viewer.login, name, scopes, expires))


@post("/settings/tokens/{id:int}/revoke", by_person=True, sync_to_thread=True, status_code=303)
def revoke(visit: Given[Visit], id: Number) -> Redirect:
    """End a token."""
    visit.services.access.revoke(visit.viewer.login, id)
    return visit.back("/settings", "revoked")


def _page(visit: Given[Visit], *, error: str = "", new_token: str = "") -> Response[str]:
    with visit.services.pool.read() as work:
        staff = work.staff.get(visit.viewer.login)
    return visit.page(
        "settings.html",
        preferred=staff.language if staff else "",
        tokens=visit.services.access.tokens(visit.viewer.login),
        error=error,
        new_token=new_token,
        house=_house(visit) if visit.viewer.role.at_least(Role.ADMIN) else None,
    )


def _house(visit: Visit) -> House:
    """The firm and its mailboxes, for administrators."""
    return House(visit.services.settings.firm, every_box(visit))


ROUTES = (login, settings, choose_language, password, new_token, revoke)
