"""Where mail clients fetch their part from: what is in it is the same for everybody, and secret to nobody."""

from datetime import datetime
from zoneinfo import ZoneInfo

from litestar import Response, get
from litestar.di import NamedDependency as Given
from litestar.params import FromPath

from assistant.clients import XPI_PATH, thunderbird
from assistant.outlook import ICON_SIZES, MANIFEST_PATH, manifest
from assistant.ports import Services
from assistant.web import render
from assistant.web.files import files
from assistant.web.security import OFFICE_JS, OUTLOOK_PANE
from assistant.web.texts import texts
from assistant.web.views.sidebar import live_words
from rules.terms.errors import NotFound


@get(XPI_PATH, anonymous=True, include_in_schema=False, sync_to_thread=True)
def thunderbird_xpi(services: Given[Services]) -> Response[bytes]:
    """The Thunderbird add-on for this firm's address, as `kingpost client thunderbird` writes it."""
    settings = services.settings
    return Response(thunderbird(settings.base_url, settings.firm.time_zone), media_type="application/x-xpinstall")


@get(OUTLOOK_PANE, public=True, include_in_schema=False, sync_to_thread=False)
def outlook_pane(services: Given[Services], language: Given[str], now: Given[datetime]) -> Response[str]:
    """The pane in Outlook. Who looks at it is not known here: no cookie comes into a frame; it has a token."""
    settings = services.settings
    if not settings.outlook.enabled:
        raise NotFound
    words = live_words(language) | {"outlook": texts(language)["outlook"]}
    start = render.data_block({"words": words, "hours": settings.outlook.token_hours})
    reader = render.Reader(language, ZoneInfo(settings.firm.time_zone), now)
    return Response(render.page("outlook.html", reader, start=start, office_js=OFFICE_JS), media_type="text/html")


@get(MANIFEST_PATH, anonymous=True, include_in_schema=False, sync_to_thread=True)
def outlook_manifest(services: Given[Services]) -> Response[str]:
    """The Outlook add-in's manifest, as `kingpost client outlook` writes it."""
    if not services.settings.outlook.enabled:
        raise NotFound
    return Response(manifest(services.settings.base_url), media_type="application/xml")


@get(f"{OUTLOOK_PANE}/icons/{{name:str}}", anonymous=True, include_in_schema=False, sync_to_thread=False)
def outlook_icon(name: FromPath[str]) -> Response[bytes]:
    """An icon for Outlook's ribbon, which shows it on a page of another origin and wants to keep it."""
    if name not in {f"{size}.png" for size in ICON_SIZES}:
        raise NotFound
    file = files()[f"outlook-{name}"]
    headers = {"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "public, max-age=86400"}
    return Response(file.content, media_type=file.media_type, headers=headers)


ROUTES = (thunderbird_xpi, outlook_pane, outlook_manifest, outlook_icon)
