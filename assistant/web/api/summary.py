"""The Summary over HTTP: what a mail client's add-on asks for when a message is opened."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from assistant.ports import Services
from assistant.web import render
from assistant.web.api.bodies import Long, MessageId, Question, Short
from assistant.web.gate import AnyRequest
from rules.summary_forms import as_json, as_text
from rules.terms.staff import Viewer
from rules.terms.summary import Summary


class SummaryQuestion(Question):
    """What a mail client knows about the message it shows."""

    message_id: MessageId
    sender: Short | None = msgspec.field(name="from", default=None)
    subject: Long | None = None
    mailbox: Short | None = None


@post("/summary", status_code=200, sync_to_thread=True, needs="read", tags=["summary"])
def ask_summary(
    data: JSONBody[SummaryQuestion],
    request: AnyRequest,
    services: Given[Services],
    viewer: Given[Viewer],
    now: Given[datetime],
) -> Response[Any]:
    """The summary for the message that a client shows; also as text/html and text/plain, by Accept.

    Several messages with one Message-ID: from, subject and mailbox decide, otherwise the answer is review.
    """
    found = services.lookup.by_message_id(
        viewer, data.message_id, sender=data.sender, subject=data.subject, mailbox=data.mailbox, now=now
    )
    return _as_asked(found, request, services, viewer)


@get("/customers/{customer:str}/summary", sync_to_thread=True, tags=["summary"])
def customer_summary(
    customer: FromPath[str], request: AnyRequest, services: Given[Services], viewer: Given[Viewer], now: Given[datetime]
) -> Response[Any]:
    """The summary of a customer; also as text/html and text/plain, by Accept."""
    return _as_asked(services.lookup.of_customer(viewer, customer, now), request, services, viewer)


def _as_asked(found: Summary, request: AnyRequest, services: Services, viewer: Viewer) -> Response[Any]:
    """The summary in the form that the client prefers."""
    wanted = request.accept.best_match(["application/json", "text/html", "text/plain"], "application/json")
    if wanted == "text/html":
        zone = ZoneInfo(services.settings.firm.time_zone)
        return Response(render.render_summary(found, viewer.language, zone), media_type="text/html")
    if wanted == "text/plain":
        return Response(as_text(found, viewer.language), media_type="text/plain")
    return Response(as_json(found, viewer.language), media_type="application/json")


ROUTES = (ask_summary, customer_summary)
