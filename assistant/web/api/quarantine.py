"""Mails that could not be read, over HTTP: why, as a file, and once more."""

from datetime import datetime

from litestar import Response, get, post
from litestar.di import NamedDependency as Given

from assistant.ports import Services
from assistant.web.api.bodies import Body, Limit, Number
from assistant.web.downloads import OCTETS, download
from rules.terms.errors import NotFound
from rules.terms.pooled import Quarantined
from rules.terms.staff import Viewer


class QuarantinedBody(Body):
    """A mail that waits with the reason why."""

    id: int
    mailbox: str
    folder: str
    reason: str
    arrived: datetime
    since: datetime
    tries: int

    @classmethod
    def of(cls, mail: Quarantined) -> "QuarantinedBody":
        """From the word of the house."""
        return cls(
            id=mail.id,
            mailbox=mail.placement.mailbox,
            folder=mail.placement.folder,
            reason=mail.reason,
            arrived=mail.arrived,
            since=mail.since,
            tries=mail.tries,
        )


class QuarantineBody(Body):
    """The quarantine of the mailboxes that the reader may see; `count` is all of it."""

    count: int
    mails: list[QuarantinedBody]


class Retried(Body):
    """Whether the mail is in the pool now."""

    pooled: bool


@get("/quarantine", sync_to_thread=True, tags=["quarantine"])
def quarantine(services: Given[Services], viewer: Given[Viewer], limit: Limit = 200) -> QuarantineBody:
    """Mails that could not be read."""
    with services.pool.read() as work:
        mails = work.quarantine.all(viewer.mailboxes, limit)
        count = work.quarantine.count(viewer.mailboxes)
    return QuarantineBody(count=count, mails=[QuarantinedBody.of(mail) for mail in mails])


@get("/quarantine/{id:int}/raw", sync_to_thread=True, media_type=OCTETS, tags=["quarantine"])
def quarantined_raw(id: Number, services: Given[Services], viewer: Given[Viewer]) -> Response[bytes]:
    """The mail as it came, as a file."""
    mail = _seen(services, viewer, id)
    return download(services.pool.blobs.get(mail.raw_digest), f"quarantine-{mail.id}.eml")


@post("/quarantine/{id:int}/retry", status_code=200, sync_to_thread=True, tags=["quarantine"])
def retry(id: Number, services: Given[Services], viewer: Given[Viewer]) -> Retried:
    """Read it once more."""
    _seen(services, viewer, id)
    return Retried(pooled=services.actions.retry_quarantined(id))


def _seen(services: Services, viewer: Viewer, id: int) -> Quarantined:
    with services.pool.read() as work:
        mail = work.quarantine.get(id)
    if mail is None or mail.placement.mailbox not in viewer.mailboxes:
        raise NotFound
    return mail


ROUTES = (quarantine, quarantined_raw, retry)
