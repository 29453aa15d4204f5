"""What Kingpost itself sends, over HTTP: what waits, what went, what failed."""

from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter

from assistant.outbox import Outbox
from assistant.ports import Services
from assistant.web.api.bodies import LARGEST, Limit, Number
from assistant.web.api.cases import OutgoingBody
from rules.terms.outgoing import OutgoingState
from rules.terms.staff import Role, Viewer


@get("/outgoing", sync_to_thread=True, tags=["outgoing"], role=Role.LEAD)
def outgoing(
    services: Given[Services],
    viewer: Given[Viewer],
    only: Annotated[OutgoingState | None, QueryParameter(description="Only in this one.")] = None,
    before: Annotated[int | None, QueryParameter(ge=1, le=LARGEST, description="Older than this one.")] = None,
    limit: Limit = 50,
) -> list[OutgoingBody]:
    """Mail that Kingpost itself sends, newest first (leads)."""
    with services.pool.read() as work:
        found = work.outbox.page([only] if only else (), mailboxes=viewer.mailboxes, before=before, limit=limit)
    return [OutgoingBody.of(mail, viewer.language) for mail in found]


@post("/outgoing/{id:int}/cancel", status_code=200, sync_to_thread=True, tags=["outgoing"], role=Role.LEAD)
def cancel(id: Number, services: Given[Services], viewer: Given[Viewer]) -> OutgoingBody:
    """Take back what waits, or leave it at that what failed or is uncertain (leads)."""
    return OutgoingBody.of(outbox(services).cancel(viewer, id), viewer.language)


@post("/outgoing/{id:int}/again", status_code=200, sync_to_thread=True, tags=["outgoing"], role=Role.LEAD)
def again(id: Number, services: Given[Services], viewer: Given[Viewer]) -> OutgoingBody:
    """Send once more what failed or is uncertain (leads)."""
    return OutgoingBody.of(outbox(services).again(viewer, id), viewer.language)


def outbox(services: Services) -> Outbox:
    """The outbox of the firm."""
    return Outbox(services.pool, services.settings, services.casework.publish)


ROUTES = (outgoing, cancel, again)
