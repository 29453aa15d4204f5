"""The door of your own web site: forms that were sent, downloads, chats, reactions to mailings.

A token for it (`kingpost token add LOGIN --name "web site" --web-site`) may do this and nothing else.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import post
from litestar.di import NamedDependency as Given
from litestar.params import JSONBody

from assistant.ports import Services
from assistant.web.api.bodies import Body, Long, Name, Question, Short
from assistant.web_site import CHANNELS, WebSite
from rules.terms.errors import WrongUse
from rules.terms.interaction import Channel, Interaction, Reaction
from rules.terms.mail import Direction


class WebEvent(Question):
    """What somebody did, known by their mail address. `external_id` names it when it is sent again.

    `consent`: they agreed that it is measured who opens a mailing. What is stored of them counts before that.
    """

    address: Annotated[str, msgspec.Meta(min_length=3, max_length=320, pattern=r"^[^\s\x00@]+@[^\s\x00@]+$")]
    channel: Channel = Channel.FORM
    subject: Short = ""
    text: Long = ""
    reaction: Reaction | None = None
    consent: bool = False
    date: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    external_id: Name | None = None


class FiledBody(Body):
    """Whether somebody is known by the address. Where nobody is, nothing was kept: let your form send a mail, too."""

    filed: bool


@post("/web-events", status_code=200, needs="web-site", sync_to_thread=True, tags=["interactions"])
def tell(data: JSONBody[WebEvent], services: Given[Services], now: Given[datetime]) -> FiledBody:
    """Write down what somebody did on your web site or with a mailing."""
    if data.channel not in CHANNELS:
        raise WrongUse(
            problem=f"A web site tells of {', '.join(sorted(CHANNELS))}.",
            problem_de=f"Eine Website meldet {', '.join(sorted(CHANNELS))}.",
        )
    entry = Interaction(
        customer_id="",
        channel=data.channel,
        date=data.date or now,
        subject=data.subject or data.channel.value,
        text=data.text,
        direction=Direction.INCOMING,
        reaction=data.reaction,
    )
    external_id = f"web:{data.external_id}" if data.external_id else None
    site = WebSite(services.upkeep.notes)
    return FiledBody(filed=site.tell(entry, data.address, external_id, consent=data.consent))


ROUTES = (tell,)
