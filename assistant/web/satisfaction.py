"""The page behind the link that a customer gets after a solved case: one question, without login, script or cookie.

Opening it changes nothing: programs that look at links in mails answer nothing. Of who opens it nothing is kept.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, URLEncodedBody

from assistant.attempts import Attempts
from assistant.events import CustomerChanged
from assistant.ports import Services
from assistant.satisfaction import CHANGEABLE, LONGEST_COMMENT, Satisfaction
from assistant.web import render
from assistant.web.api.bodies import NO_NUL
from assistant.web.gate import AnyRequest
from assistant.web.login import client_address
from assistant.web.problems import reader_language
from rules.terms.errors import NotFound
from rules.terms.outgoing import Invitation

_LONGEST_TOKEN = 100
# The address holds the token: no page that is opened from here learns it.
_HEADERS = {"referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow"}


class Answer(msgspec.Struct, frozen=True):
    """What the page's form sends."""

    score: Annotated[int, msgspec.Meta(ge=0, le=10)] | None = None
    comment: Annotated[str, msgspec.Meta(max_length=4 * LONGEST_COMMENT, pattern=NO_NUL)] = ""


@dataclass(frozen=True, slots=True)
class Door:
    """Where customers come in. Wrong links are counted for a quarter of an hour, so that nobody guesses one."""

    satisfaction: Satisfaction
    attempts: Attempts

    def invitation(self, token: str, request: AnyRequest) -> Invitation:
        """What a link opens.

        Raises:
            NotFound: nothing, or nothing any more.
            TooMany: too many wrong ones came from there.
        """
        address, now = client_address(request), datetime.now(UTC)
        self.attempts.begin(token[:_LONGEST_TOKEN], address, now)
        found = self.satisfaction.invitation(token[:_LONGEST_TOKEN])
        self.attempts.succeeded(token[:_LONGEST_TOKEN], address)
        return found


@get("/s/{token:str}", public=True, sync_to_thread=True, include_in_schema=False)
def question(token: FromPath[str], request: AnyRequest, services: Given[Services], door: Given[Door]) -> Response[str]:
    """The question."""
    return _shown(token, request, services, door, None)


@post("/s/{token:str}", public=True, any_origin=True, status_code=200, sync_to_thread=True, include_in_schema=False)
def answer(
    token: FromPath[str],
    data: URLEncodedBody[Answer],
    request: AnyRequest,
    services: Given[Services],
    door: Given[Door],
) -> Response[str]:
    """Take the answer, and thank."""
    return _shown(token, request, services, door, data)


def _shown(token: str, request: AnyRequest, services: Services, door: Door, given: Answer | None) -> Response[str]:
    language, missing = reader_language(request), False
    try:
        found = door.invitation(token, request)
        language = found.language
        if given is not None and given.score is not None:
            door.satisfaction.answer(token, given.score, given.comment)
        else:
            missing = given is not None
        state = "ask" if given is None or missing else "thanks"
    except NotFound:
        state = "over"
    page = render.page(
        "satisfaction.html",
        render.Reader(language, ZoneInfo(services.settings.firm.time_zone), datetime.now(UTC)),
        firm=services.settings.firm.name,
        state=state,
        missing=missing,
        given=given,
        days=CHANGEABLE.days,
        longest=LONGEST_COMMENT,
    )
    return Response(page, media_type="text/html", status_code=404 if state == "over" else 200, headers=_HEADERS)


def entrance(services: Services) -> Door:
    """The door of a firm."""

    def told(customer: str) -> None:
        services.broker.publish(CustomerChanged(customer))

    return Door(Satisfaction.by(services.settings, services.pool, told), Attempts())


ROUTES = (question, answer)
