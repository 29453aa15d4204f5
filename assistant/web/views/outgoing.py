"""What Kingpost itself sends: what waits, what went, what failed or is uncertain. For leads."""

from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter
from litestar.response import Redirect

from assistant.web.api.bodies import LARGEST, Number
from assistant.web.api.outgoing import outbox
from assistant.web.visit import Visit
from rules.terms.outgoing import TROUBLED, OutgoingState
from rules.terms.staff import Role

PAGE = 50


@get("/outgoing", role=Role.LEAD, sync_to_thread=True)
def outgoing(
    visit: Given[Visit],
    before: Annotated[int | None, QueryParameter(ge=1, le=LARGEST)] = None,
) -> Response[str]:
    """Newest first; what needs a person stands above."""
    with visit.services.pool.read() as work:
        mine = visit.viewer.mailboxes
        found = work.outbox.page(mailboxes=mine, before=before, limit=PAGE + 1)
        troubled = work.outbox.page(TROUBLED, mailboxes=mine, limit=PAGE) if before is None else []
    return visit.page(
        "outgoing.html",
        "start",
        on=visit.services.settings.outgoing.on,
        mails=found[:PAGE],
        troubled=troubled,
        more=found[PAGE - 1].id if len(found) > PAGE else None,
        waits=OutgoingState.PENDING,
    )


@post("/outgoing/{id:int}/cancel", role=Role.LEAD, sync_to_thread=True, status_code=303)
def cancel(visit: Given[Visit], id: Number) -> Redirect:
    """Take back what waits, or leave it at that what failed."""
    outbox(visit.services).cancel(visit.viewer, id)
    return visit.back("/outgoing", "outgoing_cancelled")


@post("/outgoing/{id:int}/again", role=Role.LEAD, sync_to_thread=True, status_code=303)
def again(visit: Given[Visit], id: Number) -> Redirect:
    """Send once more."""
    outbox(visit.services).again(visit.viewer, id)
    return visit.back("/outgoing", "outgoing_again")


ROUTES = (outgoing, cancel, again)
