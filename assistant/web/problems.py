"""Errors as answers: problem documents (RFC 9457) for the API, a page for people; the sentence says what to do.

An error nobody foresaw is logged by its kind and place only: its own text may quote a mail.
"""

import logging
import traceback
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, NotFoundException, ValidationException
from litestar.response import Redirect
from litestar.types import ASGIApp, ExceptionHandlersMap, Receive, Scope, Send

from assistant.web import render, texts
from assistant.web.gate import NOTHING, AnyRequest, Gate
from rules.terms.errors import KingpostError, RowsRefused, TooMany

log = logging.getLogger("kingpost.web")

PROBLEM = "application/problem+json"
DEPTH = 6

# What the frame itself finds wrong, before one of our own errors could.
SENTENCES = {
    400: (
        "The request cannot be understood. The field names and values that Kingpost takes are listed at /api/docs.",
        "Die Anfrage ist nicht zu verstehen. Welche Felder und Werte Kingpost annimmt, steht unter /api/docs.",
    ),
    404: ("There is nothing at this address.", "Unter dieser Adresse gibt es nichts."),
    405: (
        "This address does not take that method; /api/docs lists what it takes.",
        "Diese Adresse nimmt diese Methode nicht an; /api/docs nennt die möglichen.",
    ),
    413: (
        "The request is too large. Kingpost takes up to 1 MB.",
        "Die Anfrage ist zu groß. Kingpost nimmt bis zu 1 MB an.",
    ),
    415: ("The content type is not the one expected here.", "Dieser Inhaltstyp wird hier nicht erwartet."),
}
# The same for people, who cannot do anything with fields and methods.
PAGE_SENTENCES = {
    400: (
        "The address or the form holds a value that cannot be meant, for example a day that there is not.",
        "In der Adresse oder im Formular steht ein Wert, der nicht gemeint sein kann, zum Beispiel ein Tag, den es "
        "nicht gibt.",
    ),
    405: ("This address is no page.", "Diese Adresse ist keine Seite."),
}
UNFORESEEN = (
    "Something went wrong inside Kingpost. The log of the service names the place; nothing was changed.",
    "In Kingpost ist etwas schiefgegangen. Das Protokoll des Dienstes nennt die Stelle; es wurde nichts geändert.",
)


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with one field of a request."""

    field: str
    problem: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """A problem document. `errors` names the fields where a request cannot be understood."""

    title: str
    status: int
    detail: str
    errors: list[Fault] = []


def handlers(gate: Gate) -> ExceptionHandlersMap:
    """Which answer belongs to which error."""

    def nothing(request: Request, error: HTTPException) -> Response[Any]:  # type: ignore[type-arg]
        return _frame(request, error) if "auth" in request.scope else _Unrouted(gate, request, error)

    return {KingpostError: _ours, NotFoundException: nothing, HTTPException: _frame, Exception: _unforeseen}


class _Unrouted(Response[Any]):
    """The answer where no route was found: it is made when it is known who asks, and which language they read."""

    def __init__(self, gate: Gate, request: AnyRequest, error: HTTPException) -> None:
        super().__init__(content=None, status_code=error.status_code)
        self._made_by = gate, request, error

    def to_asgi_response(self, request: AnyRequest, **how: Any) -> ASGIApp:  # type: ignore[override]
        """Ask who it is, then answer as anywhere."""
        gate, asked, error = self._made_by

        async def answered(scope: Scope, receive: Receive, send: Send) -> None:
            await gate.recognise(asked)
            await _frame(asked, error).to_asgi_response(request=request, **how)(scope, receive, send)

        return answered


def frames(error: BaseException) -> str:
    """Kind and place of an error and of what caused it, innermost first, without their texts."""
    places = traceback.extract_tb(error.__traceback__)[-DEPTH:]
    path = " < ".join(f"{_short(each.filename)}:{each.lineno}" for each in reversed(places))
    told = f"{type(error).__name__} at {path}"
    return told if error.__cause__ is None else f"{told}, from {frames(error.__cause__)}"


def _short(path: str) -> str:
    return "/".join(path.split("/")[-3:])


def reader_language(request: AnyRequest) -> str:
    """The language of an answer: the viewer's, where one is known, else what the browser prefers."""
    viewer = request.scope.get("user")
    return texts.choose(viewer.language if viewer else "", request.headers.get("accept-language"))


def wants_page(request: AnyRequest) -> bool:
    """Whether a person in a browser asks, not a program."""
    path = request.url.path
    for_programs = path.startswith(("/api/", "/metrics")) and path != "/api/docs"
    return not for_programs and "text/html" in request.headers.get("accept", "")


def _ours(request: Request, error: KingpostError) -> Response[str] | Response[bytes] | Redirect:  # type: ignore[type-arg]
    if error.status == HTTPStatus.UNAUTHORIZED and request.method == "GET" and wants_page(request):
        there = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return Redirect(f"/login?next={quote(there, safe='/')}" if there != "/" else "/login", status_code=303)
    headers = {}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.details["seconds"])
    if error.status >= 500:
        log.warning("answered %d: %s", error.status, frames(error))
    language = reader_language(request)
    return answer(request, error.status, error.text(language), headers, _rows(error, language))


def _rows(error: KingpostError, language: str) -> list[Fault]:
    """What is wrong with which rows that a program sent."""
    problems = error.problems if isinstance(error, RowsRefused) else ()
    return [Fault(field=field, problem=german if language == "de" else english) for field, english, german in problems]


def _frame(request: Request, error: HTTPException) -> Response[str] | Response[bytes]:  # type: ignore[type-arg]
    status = error.status_code
    if status >= 500:
        return _unforeseen(request, error)
    sentences = SENTENCES | PAGE_SENTENCES if wants_page(request) else SENTENCES
    english, german = sentences.get(status) or sentences[400]
    faults = _faults(error) if isinstance(error, ValidationException) else []
    headers = {name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"}
    return answer(request, status, german if reader_language(request) == "de" else english, headers, faults)


def _unforeseen(request: Request, error: Exception) -> Response[str] | Response[bytes]:  # type: ignore[type-arg]
    if isinstance(error, RecursionError) and _while_decoding(error):
        return answer(request, 400, SENTENCES[400][reader_language(request) == "de"])
    log.error("unforeseen error: %s", frames(error))
    return answer(request, 500, UNFORESEEN[reader_language(request) == "de"])


def _while_decoding(error: BaseException) -> bool:
    """Whether the body was nested deeper than the decoder goes; Litestar does not foresee that."""
    return any("litestar/serialization" in each.filename for each in traceback.extract_tb(error.__traceback__))


def _faults(error: ValidationException) -> list[Fault]:
    extra = error.extra if isinstance(error.extra, list) else []
    return [
        Fault(field=str(each.get("key", "")), problem=str(each.get("message", "")))
        for each in extra
        if isinstance(each, dict)
    ]


def answer(
    request: AnyRequest,
    status: int,
    detail: str,
    headers: dict[str, str] | None = None,
    faults: list[Fault] | None = None,
) -> Response[str] | Response[bytes]:
    """The problem document or the page that says it."""
    if wants_page(request):
        credential = request.scope.get("auth") or NOTHING
        text = render.render_error(status, detail, reader_language(request), request.scope.get("user"), credential.csrf)
        return Response(text, status_code=status, media_type="text/html", headers=headers)
    problem = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=faults or [])
    return Response(msgspec.json.encode(problem), status_code=status, media_type=PROBLEM, headers=headers)
