"""Where mail clients fetch their add-on from: what is in it is the same for everybody, and secret to nobody."""

from litestar import Response, get
from litestar.di import NamedDependency as Given

from assistant.clients import XPI_PATH, thunderbird
from assistant.ports import Services


@get(XPI_PATH, anonymous=True, include_in_schema=False, sync_to_thread=True)
def thunderbird_xpi(services: Given[Services]) -> Response[bytes]:
    """The Thunderbird add-on for this firm's address, as `kingpost client thunderbird` writes it."""
    settings = services.settings
    return Response(thunderbird(settings.base_url, settings.firm.time_zone), media_type="application/x-xpinstall")
