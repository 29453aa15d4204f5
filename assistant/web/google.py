"""Where Google asks what to show beside the mail that is open in Gmail (HTTP runtime of Google Workspace add-ons).

Whoever cannot prove to be Google gets 401. Everything else is answered with a card, because of an error of ours Gmail
shows nothing but that something failed.
"""

import logging
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency as Given
from litestar.params import JSONBody

from assistant.gmail import PATH, Gmail, Opening
from assistant.ports import Services
from assistant.web import cards, texts
from assistant.web.gate import AnyRequest
from assistant.web.problems import frames
from rules.terms.errors import ConnectorError, KingpostError, NotFound, NotLoggedIn
from rules.terms.staff import Viewer

log = logging.getLogger("kingpost.web")


class _Part(msgspec.Struct, rename="camel"):
    """A part of Google's question. What is not listed is not looked at: Google adds to it as it likes."""


class Common(_Part):
    """Where the add-on runs. `userLocale` comes only with a scope of its own."""

    user_locale: str = ""


class Authorization(_Part):
    """Who asks, and with what their mail may be asked for."""

    user_id_token: str = ""
    user_access: str = msgspec.field(name="userOAuthToken", default="")


class OpenedInGmail(_Part):
    """The opened mail, by Gmail's own number."""

    message_id: str = ""
    access_token: str = ""


class Event(_Part):
    """What Google sends (callback contract of Google Workspace add-ons, EventObject)."""

    common: Common = msgspec.field(name="commonEventObject", default_factory=Common)
    authorization: Authorization = msgspec.field(name="authorizationEventObject", default_factory=Authorization)
    gmail: OpenedInGmail = msgspec.field(default_factory=OpenedInGmail)


@post(PATH, public=True, any_origin=True, include_in_schema=False, status_code=200, sync_to_thread=True)
def opened(
    data: JSONBody[Event], request: AnyRequest, services: Given[Services], gmail: Given[Gmail], now: Given[datetime]
) -> Response[cards.Json]:
    """The card for the mail that somebody has opened."""
    scheme, _, system_token = request.headers.get("authorization", "").partition(" ")
    opening = Opening(
        data.gmail.message_id,
        data.authorization.user_id_token,
        data.authorization.user_access,
        data.gmail.access_token,
    )
    language = texts.choose("", data.common.user_locale or services.settings.firm.language)
    try:
        email = gmail.person(system_token.strip() if scheme.lower() == "bearer" else "", opening, now)
    except ConnectorError as error:
        log.warning("the Gmail add-on: %s", frames(error))
        return _notice(language, "away")
    staff = gmail.account(email)
    if staff is None:
        return _notice(language, "unknown", email=email)
    language = texts.choose(staff.language, data.common.user_locale or services.settings.firm.language)
    viewer = replace(services.access.viewer(staff), language=language)
    try:
        return _card(services, gmail, viewer, opening, now)
    except NotFound:
        return _notice(language, "no_mail")
    except NotLoggedIn:
        raise
    except KingpostError as error:
        log.warning("the Gmail add-on: %s", frames(error))
    except Exception as error:  # noqa: BLE001 — its own text may quote a mail; Gmail would show no answer at all
        log.error("the Gmail add-on: %s", frames(error))
    return _notice(language, "away")


def _card(services: Services, gmail: Gmail, viewer: Viewer, opening: Opening, now: datetime) -> Response[cards.Json]:
    zone = ZoneInfo(services.settings.firm.time_zone)
    summary = gmail.summary(viewer, opening, now.astimezone(zone))
    return Response(cards.shown(cards.card(summary, viewer.language, services.settings.base_url, zone)))


def _notice(language: str, what: str, **values: object) -> Response[cards.Json]:
    title, text = texts.t(language, f"gmail.{what}"), texts.t(language, f"gmail.{what}_text", **values)
    return Response(cards.shown(cards.notice(title, text)))


ROUTES = (opened,)
