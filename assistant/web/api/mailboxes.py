"""Mailboxes over HTTP: how they are doing, and their switches: following, marks, the look into Junk."""

from collections.abc import Sequence
from datetime import datetime

from litestar import get, patch
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from assistant.ports import Services
from assistant.web.api.bodies import Body, Question
from rules.terms.errors import NotFound
from rules.terms.mail import Health, Mailbox
from rules.terms.staff import Role, Viewer


class HealthBody(Body):
    """How a mailbox is doing; `error` in the reader's language."""

    state: str
    since: datetime
    last_news: datetime | None
    announces: str
    lag: float | None
    error: str

    @classmethod
    def of(cls, health: Health, language: str) -> "HealthBody":
        """From the word of the house."""
        return cls(
            state=health.state.value,
            since=health.since,
            last_news=health.last_news,
            announces=health.announces,
            lag=health.lag,
            error=health.error_de if language == "de" else health.error_en,
        )


class MailboxBody(Body):
    """A watched mailbox. `readable`: whether its mails are open to the reader.

    `marks`: whether Kingpost writes keywords into it; `unmarkable`: the folders in which the server takes none.
    `junk`: whether it looks for customers in the Junk folder.
    """

    name: str
    kind: str
    address: str
    personal: bool
    follow: bool
    readable: bool
    marks: bool
    unmarkable: list[str]
    junk: bool
    health: HealthBody | None

    @classmethod
    def of(
        cls, mailbox: Mailbox, health: Health | None, viewer: Viewer, unmarkable: Sequence[str] = ()
    ) -> "MailboxBody":
        """From the word of the house."""
        return cls(
            name=mailbox.name,
            kind=mailbox.kind.value,
            address=mailbox.address,
            personal=mailbox.personal,
            follow=mailbox.follow,
            readable=mailbox.name in viewer.mailboxes,
            marks=mailbox.marks,
            unmarkable=list(unmarkable) if mailbox.marks and mailbox.name in viewer.mailboxes else [],
            junk=mailbox.junk,
            health=HealthBody.of(health, viewer.language) if health else None,
        )


class Switches(Question):
    """Whether sidebars may follow what is opened, whether Kingpost writes keywords, and whether it looks into Junk.

    What is left out stays as it is.
    """

    follow: bool | None = None
    marks: bool | None = None
    junk: bool | None = None


@get("/mailboxes", sync_to_thread=True, tags=["mailboxes"])
def mailboxes(services: Given[Services], viewer: Given[Viewer]) -> list[MailboxBody]:
    """The mailboxes that the reader may see, and to administrators the state of all."""
    everything = viewer.role.at_least(Role.ADMIN)
    with services.pool.read() as work:
        health, unmarkable = services.broker.health(work.mailboxes.health()), work.marks.unmarkable()
        return [
            MailboxBody.of(mailbox, health.get(mailbox.name), viewer, unmarkable.get(mailbox.name, ()))
            for mailbox in work.mailboxes.all()
            if everything or mailbox.name in viewer.mailboxes
        ]


@patch("/mailboxes/{name:str}", sync_to_thread=True, tags=["mailboxes"])
def switch(
    name: FromPath[str], data: JSONBody[Switches], services: Given[Services], viewer: Given[Viewer]
) -> MailboxBody:
    """Switch following, marks or the look into Junk: a lead for a shared mailbox, the owner for a personal one."""
    if data.follow is not None:
        services.actions.set_follow(viewer, name, data.follow)
    if data.marks is not None:
        services.actions.set_marks(viewer, name, data.marks)
    if data.junk is not None:
        services.actions.set_junk(viewer, name, data.junk)
    with services.pool.read() as work:
        found = work.mailboxes.get(name)
        health = services.broker.health(work.mailboxes.health()).get(name)
        unmarkable = work.marks.unmarkable().get(name, ())
    if found is None or name not in viewer.mailboxes:
        raise NotFound
    return MailboxBody.of(found, health, viewer, unmarkable)


ROUTES = (mailboxes, switch)
