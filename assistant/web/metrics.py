"""Is it alive, can it work, and how does it do? For the machines that watch over the service.

No name, no address and no person is in a label: routes are counted, not who asked.
"""

import time
from collections import Counter as Tally
from typing import Annotated

from litestar import Response, get
from litestar.di import NamedDependency as Given
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.params import QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_503_SERVICE_UNAVAILABLE
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from assistant.duties import Duty
from assistant.ports import Services
from assistant.web.gate import AnyRequest
from assistant.web.security import LOOPBACK
from rules.terms.alarm import AlarmKind
from rules.terms.errors import Forbidden, NotLoggedIn
from rules.terms.mail import HealthState
from rules.terms.staff import Role

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


class Clock(ASGIMiddleware):
    """Remembers when a question came in."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Note the time, then pass on."""
        scope["state"]["asked"] = time.perf_counter()
        await next_app(scope, receive, send)


class Metrics:
    """The figures of one application: its own, and those of the pool, which one process alone gives."""

    def __init__(self) -> None:
        self.registry, self.pooled = CollectorRegistry(), CollectorRegistry()
        self.requests = Counter(
            "kingpost_http_requests",
            "Answers by route and status.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "kingpost_http_seconds",
            "From question to first byte of the answer.",
            ["route"],
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
            registry=self.registry,
        )
        self.streams = Gauge("kingpost_streams", "Open event streams.", registry=self.registry)
        self.quarantined = Gauge("kingpost_quarantine", "Mails that could not be read.", registry=self.pooled)
        self.alarms = Gauge("kingpost_alarms", "What is wrong just now, by kind.", ["kind"], registry=self.pooled)
        self.mailboxes = Gauge("kingpost_mailboxes", "Mailboxes by state.", ["state"], registry=self.pooled)

    async def __call__(self, message: Message, scope: Scope) -> None:
        """A hook before sending: count the answer."""
        if message["type"] != "http.response.start":
            return
        route, method = scope.get("path_template") or "none", scope.get("method")
        self.requests.labels(method, route, str(message["status"])).inc()
        asked = scope["state"].get("asked")
        if asked is not None:
            self.seconds.labels(route).observe(time.perf_counter() - asked)

    def report(self, services: Services) -> bytes:
        """All figures in the text format of Prometheus."""
        self.streams.set(len(services.broker))
        figures = generate_latest(self.registry)
        if services.peers.hold("figures of the pool"):
            figures += self._of_pool(services)
        return figures

    def _of_pool(self, services: Services) -> bytes:
        with services.pool.read() as work:
            self.quarantined.set(work.quarantine.count())
            alarms = Tally(alarm.kind for alarm in work.alarms.all())
            healths = services.broker.health(work.mailboxes.health())
        tally = Tally(health.state for health in healths.values())
        for state in HealthState:
            self.mailboxes.labels(state.value).set(tally[state])
        for kind in AlarmKind:
            self.alarms.labels(kind.value).set(alarms[kind])
        return generate_latest(self.pooled)


@get("/healthz", anonymous=True, sync_to_thread=False, media_type="text/plain", tags=["operations"])
def healthz() -> str:
    """The process answers."""
    return "ok"


@get("/readyz", anonymous=True, sync_to_thread=True, media_type="text/plain", tags=["operations"])
def readyz(
    services: Given[Services],
    duty: Annotated[
        list[Duty] | None, QueryParameter(description="503 where no process is there for one of these.")
    ] = None,
) -> Response[str]:
    """The pool answers too; 503 where it does not. Below, how many processes are there for each duty.

    And how many mailboxes are not read until somebody signs in again or mends a password, where there are some.
    """
    with services.pool.read() as work:
        work.quarantine.count()
        health = services.broker.health(work.mailboxes.health())
    refused = sum(one.state is HealthState.LOGIN_REFUSED for one in health.values())
    there = services.peers.present(list(Duty))
    ready = all(there[each] for each in duty or ())
    lines = ["ok" if ready else "waiting", *(f"{each}: {count}" for each, count in there.items())]
    if refused:
        lines.append(f"login refused: {refused}")
    return Response("\n".join(lines) + "\n", status_code=HTTP_200_OK if ready else HTTP_503_SERVICE_UNAVAILABLE)


@get("/metrics", public=True, sync_to_thread=True, media_type="text/plain", tags=["operations"])
def metrics(request: AnyRequest, services: Given[Services], figures: Given[Metrics]) -> Response[bytes]:
    """Figures for Prometheus: to this machine without more, to others with an administrator's token."""
    if not from_here(request):
        if request.user is None:
            raise NotLoggedIn
        if request.auth.kind != "token" or not request.user.role.at_least(Role.ADMIN):
            raise Forbidden
    return Response(figures.report(services), headers={"Content-Type": CONTENT_TYPE_LATEST})


def from_here(request: AnyRequest) -> bool:
    """Whether a program on this machine asks, and no proxy for somebody else."""
    client = request.client.host if request.client else ""
    direct = not any(name in request.headers for name in FORWARDED)
    return direct and client in LOOPBACK and request.url.hostname in LOOPBACK
