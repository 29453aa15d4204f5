"""The page on which a person lets a mail client ask in their name: by the short code that the client shows."""

from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter
from litestar.response import Redirect

from assistant.pairing import Pairings
from assistant.web.login import client_address
from assistant.web.texts import t
from assistant.web.visit import Form, Visit
from rules.terms.errors import NotFound, TooMany


@get("/pair", by_person=True, sync_to_thread=True)
def pair(
    visit: Given[Visit],
    pairings: Given[Pairings],
    code: Annotated[str, QueryParameter(max_length=40)] = "",
    close: Annotated[str, QueryParameter(max_length=1)] = "",
) -> Response[str]:
    """Who asks with this code, and the button that lets them; without a code the field for it.

    With `close` this window was opened by the client for nothing else, and closes when the client is let in.
    """
    if not code.strip():
        return _page(visit)
    try:
        client = pairings.waiting(code, visit.viewer.login, client_address(visit.request), visit.now)
    except (NotFound, TooMany) as problem:
        return _refused(visit, code, problem)
    return _page(visit, code=code, client=client, close=bool(close))


@post("/pair", by_person=True, sync_to_thread=True, status_code=200)
def confirm(visit: Given[Visit], pairings: Given[Pairings], data: Form) -> Response[str] | Redirect:
    """Let the client with this code ask in one's name."""
    code = data.get("code", "")
    try:
        pairings.confirm(code, visit.viewer.login, client_address(visit.request), visit.now)
    except (NotFound, TooMany) as problem:
        return _refused(visit, code, problem)
    return _page(visit, done=True) if data.get("close") else visit.back("/settings", "paired")


def _refused(visit: Visit, code: str, problem: NotFound | TooMany) -> Response[str]:
    """The field again, with what is wrong."""
    error = t(visit.language, "pair.over") if isinstance(problem, NotFound) else problem.text(visit.language)
    return _page(visit, code=code[:40], error=error)


def _page(
    visit: Visit, *, code: str = "", client: str = "", error: str = "", close: bool = False, done: bool = False
) -> Response[str]:
    return visit.page("pair.html", code=code, client=client, error=error, close=close, done=done)


ROUTES = (pair, confirm)
