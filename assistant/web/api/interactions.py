"""Entries of the timeline over HTTP: calls, letters, visits, chats … from the page and from other programs."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.di import NamedDependency as Given
from litestar.params import JSONBody, QueryParameter

from assistant.ports import Services
from assistant.web.api.bodies import Body, Long, Name, Question, Short
from assistant.web.gate import AnyRequest
from rules.terms.interaction import Channel, Interaction, Reaction
from rules.terms.mail import Direction
from rules.terms.staff import Viewer


class InteractionBody(Body):
    """An entry. `external_id` names it when it is sent again, to be replaced."""

    external_id: str
    customer: str
    contact: str | None
    channel: str
    direction: str | None
    date: datetime
    subject: str
    text: str
    staff: str
    reaction: str | None = None

    @classmethod
    def of(cls, entry: Interaction, external_id: str) -> "InteractionBody":
        """From the word of the house."""
        return cls(
            external_id=external_id,
            customer=entry.customer_id,
            contact=entry.contact_id,
            channel=entry.channel.value,
            direction=entry.direction.value if entry.direction else None,
            date=entry.date,
            subject=entry.subject,
            text=entry.text,
            staff=entry.staff,
            reaction=entry.reaction.value if entry.reaction else None,
        )


class NewInteraction(Question):
    """An entry of any channel but mail. Without a date it happened now.

    A person is its author. A program may name the member of staff who was at the other end. `reaction` is that to a
    mailing; “opened” only with a stored consent to measuring or, where nothing is stored, with `consent`. Who
    unsubscribed objects to advertising from then on.
    """

    customer: Name
    channel: Channel = Channel.NOTE
    subject: Short = ""
    text: Long = ""
    direction: Direction | None = None
    contact: Name | None = None
    date: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    external_id: Name | None = None
    staff: Short = ""
    reaction: Reaction | None = None
    consent: bool = False


@post("/interactions", status_code=200, sync_to_thread=True, tags=["interactions"])
def add(
    data: JSONBody[NewInteraction],
    request: AnyRequest,
    services: Given[Services],
    viewer: Given[Viewer],
    now: Given[datetime],
) -> InteractionBody:
    """Write an entry into a customer's timeline. The same external id again replaces it."""
    by_program = request.auth.kind == "token"
    entry = Interaction(
        customer_id=data.customer,
        channel=data.channel,
        date=data.date or now,
        subject=data.subject,
        text=data.text,
        direction=data.direction,
        contact_id=data.contact,
        staff=(by_program and data.staff) or viewer.login,
        reaction=data.reaction,
    )
    return _told(services.upkeep.notes.add(entry, data.external_id, consent=data.consent), services)


@get("/interactions", sync_to_thread=True, tags=["interactions"])
def interaction(
    external_id: Annotated[str, QueryParameter(min_length=1, max_length=200, description="As it was sent.")],
    services: Given[Services],
) -> InteractionBody:
    """The entry of an external id: what has come already. All of a customer's stand in the timeline."""
    return _told(external_id, services)


def _told(external_id: str, services: Services) -> InteractionBody:
    return InteractionBody.of(services.upkeep.notes.of(external_id), external_id)


ROUTES = (add, interaction)
