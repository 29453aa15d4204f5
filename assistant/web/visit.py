"""One request for a page: who asks, in which language, and how the answer is made. Also where a form leads back to."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from litestar import Response
from litestar.di import NamedDependency as Given
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from assistant.ports import Services
from assistant.web import render
from assistant.web.gate import AnyRequest
from assistant.web.undoing import ABOUT, Undo, undo_of
from rules.terms.staff import Viewer
from storage.pool import Pool

# A path of our own: never another host, by whatever spelling.
_OWN_PATH = re.compile(r"/(?:[^/\\\s\x00-\x1f][^\\\s\x00-\x1f]*)?")
# What a plain form sends.
Form = URLEncodedBody[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Visit:
    """A logged-in person's request for a page."""

    request: AnyRequest
    services: Services
    viewer: Viewer
    reader: render.Reader

    @property
    def language(self) -> str:
        """The language of the answer."""
        return self.reader.language

    @property
    def now(self) -> datetime:
        """The present moment, in the firm's time zone."""
        return self.reader.now

    def page(self, template: str, view: str = "", /, **values: object) -> Response[str]:
        """A page in the reader's words; `view` is the one marked in the navigation."""
        values.setdefault("undo", self.done())
        return Response(render.page(template, self.reader, view=view, **values), media_type="text/html")

    def back(self, path: str, done: str, **about: object) -> Redirect:
        """After a form: lead to `path`, where a bar says what was done."""
        path, mark, anchor = path.partition("#")
        there = f"{path}{'&' if '?' in path else '?'}{urlencode({'done': done, **about})}"
        return Redirect(there + mark + anchor, status_code=303)

    def done(self) -> Undo | None:
        """What the form before this page did."""
        return undo_of(self.services, self.request.query_params, self.viewer, self.language, self._here())

    def _here(self) -> str:
        """This page's path without the words about what was done."""
        kept = [(k, v) for k, v in self.request.query_params.multi_items() if k not in ABOUT]
        return self.request.url.path + (f"?{urlencode(kept)}" if kept else "")


def visit(request: AnyRequest, services: Given[Services], viewer: Given[Viewer], now: Given[datetime]) -> Visit:
    """The dependency that every page's handler asks for."""
    zone = ZoneInfo(services.settings.firm.time_zone)
    reader = render.Reader(
        viewer.language, zone, now.astimezone(zone), viewer, request.auth.csrf, _namer(services.pool)
    )
    return Visit(request, services, viewer, reader)


def _namer(pool: Pool) -> Callable[[str], str]:
    """The names of the staff by their logins, read once and only if a page shows one; a login without stands itself."""

    @cache
    def names() -> dict[str, str]:
        with pool.read() as work:
            return work.staff.names()

    return lambda login: names().get(login, login) if login else ""


def own_path(wanted: str, otherwise: str) -> str:
    """A path that a form named, if it is one of ours."""
    return wanted if len(wanted) < 500 and _OWN_PATH.fullmatch(wanted) else otherwise
