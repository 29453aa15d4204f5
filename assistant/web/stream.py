"""The stream of news to an open sidebar or add-on: server-sent events, each made for this viewer's eyes.

    watcher thread ── Broker.publish ──> Subscription (bounded) ──> Frames ── worker thread: rights, Summary ──> wire

Rights, the mailbox's `follow` switch and the session are looked at again for each event, so that what was taken
away ends at once; a silent stream looks at its session with each keepalive. Events: `opened` (Summary with mailbox
and mode), `message`, `changed` (mails decided anew), `case` (cases that moved), `customer` (a record that staff wrote
into), `health`, `keepalive`.
"""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from anyio import CapacityLimiter, to_thread
from litestar import get
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter
from litestar.response import Stream

from assistant.events import (
    Arrived,
    CaseChanged,
    Changed,
    CustomerChanged,
    Event,
    HealthNews,
    Hooked,
    Opened,
    Subscription,
)
from assistant.ports import Services
from assistant.web.api.mailboxes import HealthBody
from assistant.web.gate import AnyRequest, Credential
from assistant.web.problems import frames
from rules.summary import pending
from rules.summary_forms import as_json
from rules.terms.errors import KingpostError, NotFound
from rules.terms.staff import Viewer

log = logging.getLogger("kingpost.web")

KEEPALIVE = 15.0
# Streams must not take all worker threads from the pages.
SIDE_BY_SIDE = 8


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What the streams of one application share: how often a silent one says that it lives, and their threads."""

    keepalive: float = KEEPALIVE
    threads: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(SIDE_BY_SIDE))


class Ended(Exception):
    """The session or token of a stream is no longer good."""


class Frames(AsyncIterator[bytes]):
    """The bytes of one stream."""

    def __init__(self, services: Services, credential: Credential, subscription: Subscription, rhythm: Rhythm) -> None:
        self._services = services
        self._credential = credential
        self._subscription = subscription
        self._language = subscription.viewer.language
        self._rhythm = rhythm
        self._count = 0

    async def __anext__(self) -> bytes:
        """The next frame; the first says how soon to come back when the connection breaks."""
        if self._count == 0:
            self._count = 1
            return b"retry: 2000\n\n"
        while True:
            event = await self._subscription.next(self._rhythm.keepalive)
            try:
                found = await to_thread.run_sync(self._frame, event, limiter=self._rhythm.threads)
            except Ended:
                self.close()
                raise StopAsyncIteration from None
            if found is not None:
                name, data = found
                self._count += 1
                return b"id: %d\nevent: %s\ndata: %s\n\n" % (self._count, name.encode(), msgspec.json.encode(data))

    def close(self) -> None:
        """Stop listening."""
        self._subscription.close()

    def _frame(self, event: Event | None) -> tuple[str, object] | None:
        """Name and data of an event as this viewer may see it, None where it is not for them. In a worker thread."""
        now = datetime.now(UTC)
        try:
            viewer = self._credential.viewer(self._services.access, now)
            if viewer is None:
                raise Ended
            if event is None:
                return "keepalive", {}
            return self._seen_by(replace(viewer, language=self._language), event, now)
        except NotFound:
            return None
        except KingpostError as error:
            # A pool that is busy or full passes; the sidebar's next event will come.
            log.warning("an event was left out: %s", frames(error))
            return None
        except Ended:
            raise
        except Exception as error:  # noqa: BLE001
            # The server would log it with its text, which may quote a mail. The client comes back by itself.
            log.error("a stream ended: %s", frames(error))
            raise Ended from None

    def _seen_by(self, viewer: Viewer, event: Event, now: datetime) -> tuple[str, object] | None:
        if isinstance(event, CaseChanged):
            with self._services.pool.read() as work:
                seen = work.cases.seen(event.cases, viewer.mailboxes)
            return ("case", {"cases": sorted(seen)}) if seen else None
        if isinstance(event, CustomerChanged):
            return "customer", {"customer": event.customer}
        return self._of_mailbox(viewer, event, now) if event.mailbox in viewer.mailboxes else None

    def _of_mailbox(
        self, viewer: Viewer, event: Opened | Hooked | Arrived | Changed | HealthNews, now: datetime
    ) -> tuple[str, object] | None:
        match event:
            case Opened():
                return self._opened(viewer, event, now)
            case Hooked():
                return None
            case Arrived():
                return "message", {"mailbox": event.mailbox, "messages": list(event.nos)}
            case Changed():
                return "changed", {"mailbox": event.mailbox, "messages": list(event.nos)}
            case HealthNews():
                with self._services.pool.read() as work:
                    health = self._services.broker.health(work.mailboxes.health()).get(event.mailbox)
                body = HealthBody.of(health, viewer.language) if health else None
                return "health", {"mailbox": event.mailbox, "health": body}

    def _opened(self, viewer: Viewer, event: Opened, now: datetime) -> tuple[str, object] | None:
        with self._services.pool.read() as work:
            mailbox = work.mailboxes.get(event.mailbox)
        if mailbox is None or not mailbox.follow:
            return None
        if event.no is None:
            summary = pending("", "", "", viewer, now)
        else:
            summary = self._services.lookup.of_message(viewer, event.no, now)
        mode = "show" if mailbox.owner == viewer.login else "last-opened"
        return "opened", {**as_json(summary, viewer.language), "mailbox": event.mailbox, "mode": mode}


@get("/stream", media_type="text/event-stream", tags=["stream"])
async def stream(
    request: AnyRequest,
    services: Given[Services],
    viewer: Given[Viewer],
    rhythm: Given[Rhythm],
    mailbox: Annotated[list[str] | None, QueryParameter(description="Only these; empty: none; without it all.")] = None,
) -> Stream:
    """Server-sent events: what is opened in followed mailboxes, new mail, mail decided anew, how mailboxes do."""
    named = None if mailbox is None else frozenset(mailbox) - {""}
    mailboxes = viewer.mailboxes if named is None else viewer.mailboxes & named
    if named and not mailboxes:
        raise NotFound
    subscription = services.broker.subscribe(viewer, mailboxes)
    try:
        await to_thread.run_sync(note_followed, services)
    except BaseException:
        subscription.close()
        raise
    return Stream(
        Frames(services, request.auth, subscription, rhythm),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
        background=BackgroundTask(subscription.close),
    )


def note_followed(services: Services) -> None:
    """Tell the broker in which mailboxes following is switched on."""
    with services.pool.read() as work:
        services.broker.set_followed([mailbox.name for mailbox in work.mailboxes.all() if mailbox.follow])
