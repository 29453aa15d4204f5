"""The web application: pages, API and stream put together, with what stands before each of them.

Handlers get by name: `services`, `viewer` (never None behind the gate), `language`, `csrf` and `now`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from litestar import Litestar, Router
from litestar.di import Provide

from assistant.attempts import attempts_key
from assistant.gmail import Gmail
from assistant.pairing import Pairings
from assistant.ports import Services
from assistant.web import api, clients, docs, google, login, metrics, pages, problems, satisfaction
from assistant.web.files import static
from assistant.web.gate import AnyRequest, Gate
from assistant.web.restricted import doorkeeper
from assistant.web.security import SecurityHeaders
from assistant.web.stream import KEEPALIVE, Rhythm, note_followed, stream
from rules.terms.errors import NotLoggedIn
from rules.terms.staff import Viewer

LARGEST_BODY = 1_000_000


def create_app(
    services: Services, *, keepalive: float = KEEPALIVE, more: Sequence[Router] = (), gmail: Gmail | None = None
) -> Litestar:
    """The application over what bootstrap has built; `more` are pages beyond the usual ones (the demo's)."""
    rhythm = Rhythm(keepalive)
    figures = metrics.Metrics()
    pairings = Pairings(services.pool, services.access, attempts_key(services.settings))
    door = satisfaction.entrance(services)
    gmail = gmail or Gmail(services.settings, services.pool, services.lookup)
    note_followed(services)
    gate = Gate(services)
    # One router, so that GET and POST of /login are one route.
    site = pages.router()
    for handler in (*login.ROUTES, *satisfaction.ROUTES):
        site.register(handler)
    return Litestar(
        route_handlers=[
            api.router(stream),
            metrics.healthz,
            metrics.readyz,
            metrics.metrics,
            static,
            *clients.ROUTES,
            *google.ROUTES,
            site,
            *more,
        ],
        dependencies={
            "services": Provide(lambda: services, sync_to_thread=False),
            "rhythm": Provide(lambda: rhythm, sync_to_thread=False),
            "figures": Provide(lambda: figures, sync_to_thread=False),
            "door": Provide(lambda: door, sync_to_thread=False),
            "gmail": Provide(lambda: gmail, sync_to_thread=False),
            "pairings": Provide(lambda: pairings, sync_to_thread=False),
            "viewer": Provide(_viewer, sync_to_thread=False),
            "language": Provide(problems.reader_language, sync_to_thread=False),
            "csrf": Provide(_csrf, sync_to_thread=False),
            "now": Provide(_now, sync_to_thread=False),
        },
        middleware=[metrics.Clock(), gate],
        before_request=doorkeeper(services.pool),
        before_send=[SecurityHeaders(services.settings), figures],
        exception_handlers=problems.handlers(gate),
        request_max_body_size=LARGEST_BODY,
        openapi_config=docs.description(_version()),
        logging_config=None,
        debug=False,
    )


def _viewer(request: AnyRequest) -> Viewer:
    if request.user is None:
        raise NotLoggedIn
    return request.user


def _csrf(request: AnyRequest) -> str:
    return request.auth.csrf


def _now() -> datetime:
    return datetime.now(UTC)


def _version() -> str:
    try:
        return version("kingpost")
    except PackageNotFoundError:
        return "0"
