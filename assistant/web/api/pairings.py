"""Pairing over HTTP: how an add-on gets a token of its person without their password (RFC 8628 in short).

Both questions come without any credential and from an extension's own origin, so cookies and origin do not count here.
"""

from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec
from litestar import post
from litestar.di import NamedDependency as Given
from litestar.params import JSONBody

from assistant.pairing import LIFETIME, Pairings
from assistant.web.api.bodies import Body, Name, Question
from assistant.web.gate import AnyRequest
from assistant.web.login import client_address

# Seconds between two questions of a client that waits.
INTERVAL = 2


class PairingQuestion(Question):
    """`client` is what the person who confirms is shown, and the name of the token; after `hours` it ends by itself."""

    client: Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[^\x00]*$")]
    hours: Annotated[int, msgspec.Meta(ge=1, le=8760)] = 8760


class PairingBody(Body):
    """`code` is for the person, who opens `page` in a browser; with `secret` the client asks again each `interval`."""

    code: str
    secret: str
    page: str
    expires_in: int
    interval: int


class Collecting(Question):
    """The secret that came with the code."""

    secret: Name


class PairedBody(Body):
    """Once paired: whose token it is, and the token itself, which is handed out this once only."""

    state: Literal["waiting", "paired"]
    login: str | None = None
    token: str | None = None


@post("/pairings", public=True, any_origin=True, status_code=201, sync_to_thread=False, tags=["pairing"])
def begin(
    data: JSONBody[PairingQuestion], request: AnyRequest, pairings: Given[Pairings], now: Given[datetime]
) -> PairingBody:
    """Ask for a code. Nobody's rights are given by this: a logged-in person must confirm the code."""
    begun = pairings.begin(data.client, client_address(request), now, timedelta(hours=data.hours))
    return PairingBody(
        code=begun.code,
        secret=begun.secret,
        page=f"/pair?code={begun.code}",
        expires_in=round(LIFETIME.total_seconds()),
        interval=INTERVAL,
    )


@post("/pairings/token", public=True, any_origin=True, status_code=200, sync_to_thread=True, tags=["pairing"])
def collect(data: JSONBody[Collecting], pairings: Given[Pairings], now: Given[datetime]) -> PairedBody:
    """Ask whether the code has been confirmed; the token comes once. After ten minutes there is nothing here."""
    granted = pairings.collect(data.secret, now)
    if granted is None:
        return PairedBody(state="waiting")
    login, token = granted
    return PairedBody(state="paired", login=login, token=token)


ROUTES = (begin, collect)
