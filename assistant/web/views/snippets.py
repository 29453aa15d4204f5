"""The firm's own reply snippets: a list, and a form for one."""

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.response import Redirect

from assistant.web.api.bodies import Number
from assistant.web.views.queues import CATEGORIES
from assistant.web.visit import Form, Visit
from rules.terms.complaint import Category
from rules.terms.errors import NotFound, WrongUse
from rules.terms.snippet import Snippet
from rules.triage.replies import BLANKS


@get("/snippets", sync_to_thread=True)
def snippets(visit: Given[Visit]) -> Response[str]:
    """All of them, and an empty form."""
    return _page(visit, Snippet("", "", language=visit.language))


@get("/snippets/{id:int}", sync_to_thread=True)
def snippet(visit: Given[Visit], id: Number) -> Response[str]:
    """One of them in the form."""
    with visit.services.pool.read() as work:
        found = work.snippets.get(id)
    if found is None:
        raise NotFound
    return _page(visit, found)


@post("/snippets", sync_to_thread=True, status_code=200)
def put(visit: Given[Visit], data: Form) -> Response[str] | Redirect:
    """Write a new one."""
    return _put(visit, data, 0)


@post("/snippets/{id:int}", sync_to_thread=True, status_code=200)
def change(visit: Given[Visit], id: Number, data: Form) -> Response[str] | Redirect:
    """Change one."""
    return _put(visit, data, id)


@post("/snippets/{id:int}/remove", sync_to_thread=True, status_code=303)
def remove(visit: Given[Visit], id: Number) -> Redirect:
    """Take one away."""
    visit.services.casework.snippets.remove(visit.viewer, id)
    return visit.back("/snippets", "snippet_removed", snippet=id)


@post("/snippets/{id:int}/remove/undo", sync_to_thread=True, status_code=303)
def put_back(visit: Given[Visit], id: Number) -> Redirect:
    """Have it again."""
    visit.services.casework.snippets.put_back(visit.viewer, id)
    return visit.back("/snippets", "taken_back")


def _put(visit: Visit, data: dict[str, str], id: int) -> Response[str] | Redirect:
    category = data.get("category", "")
    wanted = Snippet(
        title=data.get("title", ""),
        text=data.get("text", ""),
        category=Category(category) if category in set(Category) else Category.NONE,
        language=data.get("language", ""),
        form=data.get("form", ""),
        id=id,
    )
    try:
        visit.services.casework.snippets.put(visit.viewer, wanted)
    except WrongUse as problem:
        return _page(visit, wanted, problem.text(visit.language))
    return visit.back("/snippets", "snippet_kept")


def _page(visit: Visit, shown: Snippet, error: str = "") -> Response[str]:
    return visit.page(
        "snippets.html",
        "cases",
        snippets=visit.services.casework.snippets.all(),
        shown=shown,
        blanks=BLANKS,
        categories=CATEGORIES,
        error=error,
    )


ROUTES = (snippets, snippet, put, change, remove, put_back)
