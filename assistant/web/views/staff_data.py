"""What is stored of employees, for all to read; what of oneself, to see and to take along; papers to start from."""

import json

from litestar import Response, get
from litestar.di import NamedDependency as Given
from litestar.params import FromPath

from assistant import privacy_papers
from assistant.staff_data import SHORT, handed_over, stored_of
from assistant.web.downloads import download
from assistant.web.visit import Visit
from rules.terms.errors import NotFound
from storage.staff_data import Purpose, figures, tables

HERE = "/settings/stored"


@get(HERE, by_person=True, sync_to_thread=True)
def stored(visit: Given[Visit]) -> Response[str]:
    """Every stored datum about employees: what, why, how long, who sees it; and one's own."""
    own = stored_of(visit.services.pool, visit.viewer.login, SHORT)
    return visit.page(
        "staff_data.html",
        purposes=[(purpose.value, tables(purpose)) for purpose in Purpose],
        figures=figures(),
        own=own,
        hours=visit.services.settings.web.session_hours,
        papers=[(name, language) for name in privacy_papers.NAMES for language in privacy_papers.LANGUAGES],
    )


@get(f"{HERE}/export", by_person=True, sync_to_thread=True)
def export(visit: Given[Visit]) -> Response[bytes]:
    """All that is stored of oneself, as JSON."""
    found = handed_over(visit.services.pool, visit.viewer.login, visit.now)
    content = json.dumps(found, ensure_ascii=False, indent=1).encode()
    return download(content, f"kingpost-{visit.viewer.login}-{visit.now:%Y-%m-%d}.json", "kingpost.json")


@get(f"{HERE}/papers/{{name:str}}", by_person=True, sync_to_thread=True)
def paper(visit: Given[Visit], name: FromPath[str]) -> Response[bytes]:
    """A text to start from: its name and language, as in "works-agreement.de"."""
    title, _, language = name.partition(".")
    found = privacy_papers.paper(title, language)
    if found is None:
        raise NotFound
    return download(found.encode(), f"kingpost-{title}.{language}.md")


ROUTES = (stored, export, paper)
