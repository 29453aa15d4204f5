"""Openings that the firm's own mail server tells of: the endpoint of the Dovecot hook (connectors/clients/dovecot).

The reader's IMAP process waits for this answer. So it is given before anything is looked up, and is the same whatever
the mailbox; a token of the hook may do this and nothing else.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency as Given
from litestar.params import JSONBody

from assistant.ports import Services
from assistant.web.api.bodies import Name, Question

# RFC 3501, section 2.3.1.1: UIDs and UIDVALIDITY are 32-bit numbers.
Number32 = Annotated[int, msgspec.Meta(ge=1, le=2**32 - 1)]


class Place(Question):
    """Where the opened mail lies on the server."""

    folder: Annotated[str, msgspec.Meta(min_length=1, max_length=1_000, pattern=r"^[^\x00]*$")]
    uidvalidity: Number32
    uid: Number32


class OpenedQuestion(Question):
    """`user` is the login at the mail server, whose mails these are."""

    user: Name
    opened: Annotated[list[Place], msgspec.Meta(min_length=1, max_length=20)]


@post("/openings", status_code=202, needs="announce", sync_to_thread=False, tags=["openings"])
def tell_openings(data: JSONBody[OpenedQuestion], services: Given[Services], now: Given[datetime]) -> Response[None]:
    """Mails were opened on the server just now. Nothing of it is stored."""
    places = [(place.folder, place.uidvalidity, place.uid) for place in data.opened]
    task = BackgroundTask(services.openings.told, data.user, places, now)
    return Response(None, status_code=202, background=task)


ROUTES = (tell_openings,)
