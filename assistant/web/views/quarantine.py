"""Mails that could not be read: the reason, the mail as a file, and another try."""

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.response import Redirect

from assistant.web.api.bodies import Number
from assistant.web.visit import Visit
from rules.terms.errors import NotFound


@get("/quarantine", sync_to_thread=True)
def quarantine(visit: Given[Visit]) -> Response[str]:
    """What lies in quarantine in the viewer's mailboxes."""
    with visit.services.pool.read() as work:
        items = work.quarantine.all(visit.viewer.mailboxes)
    return visit.page("quarantine.html", "start", items=items)


@post("/quarantine/{id:int}/retry", sync_to_thread=True, status_code=303)
def retry(visit: Given[Visit], id: Number) -> Redirect:
    """Read a mail once more."""
    with visit.services.pool.read() as work:
        mail = work.quarantine.get(id)
    if mail is None or mail.placement.mailbox not in visit.viewer.mailboxes:
        raise NotFound
    pooled = visit.services.actions.retry_quarantined(id)
    return visit.back("/quarantine", "retried" if pooled else "retry_failed")


ROUTES = (quarantine, retry)
