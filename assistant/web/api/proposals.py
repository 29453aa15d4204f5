"""Repairs of the address book over HTTP: what mails suggest, accepted or dismissed, and taken back."""

from datetime import datetime
from typing import Annotated

from litestar import delete, get, post
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter

from assistant.ports import Services
from assistant.web.api.bodies import LARGEST, Body, Limit, Number
from rules.terms.errors import NotFound
from rules.terms.staff import Viewer
from rules.terms.upkeep import Proposal, ProposalState

_OPEN = ProposalState.OPEN


class ProposalBody(Body):
    """A repair. `fields` are the new values, `was` what they replaced, once it is accepted."""

    id: int
    kind: str
    customer: str
    contact: str | None
    message: int
    quote: str
    fields: dict[str, str]
    was: dict[str, str]
    since: datetime
    state: str
    staff: str | None
    at: datetime | None

    @classmethod
    def of(cls, proposal: Proposal) -> "ProposalBody":
        """From the word of the house."""
        return cls(
            id=proposal.id,
            kind=proposal.kind,
            customer=proposal.customer_id,
            contact=proposal.contact_id or None,
            message=proposal.message,
            quote=proposal.quote,
            fields=dict(proposal.fields),
            was=dict(proposal.was),
            since=proposal.since,
            state=proposal.state.value,
            staff=proposal.staff,
            at=proposal.at,
        )


class ProposalsBody(Body):
    """Proposals, newest first; `next` continues the list as `before`."""

    proposals: list[ProposalBody]
    next: int | None


@get("/proposals", sync_to_thread=True, tags=["proposals"])
def proposals(
    services: Given[Services],
    viewer: Given[Viewer],
    which: Annotated[ProposalState, QueryParameter(name="state", description="Open ones or others.")] = _OPEN,
    before: Annotated[int | None, QueryParameter(ge=1, le=LARGEST, description="`next` of the list before.")] = None,
    limit: Limit = 50,
) -> ProposalsBody:
    """What the mails that the reader may see suggest to change. Accepted ones tell what to change in your own files."""
    with services.pool.read() as work:
        found = work.proposals.page(viewer.mailboxes, which, limit, before)
    more = found[-1].id if len(found) == limit else None
    return ProposalsBody(proposals=[ProposalBody.of(each) for each in found], next=more)


@post("/proposals/{id:int}/accept", status_code=200, sync_to_thread=True, tags=["proposals"])
def accept(id: Number, services: Given[Services], viewer: Given[Viewer]) -> ProposalBody:
    """Write a proposal into the record."""
    services.upkeep.repairs.accept(viewer, id)
    return _told(id, services, viewer)


@post("/proposals/{id:int}/dismiss", status_code=200, sync_to_thread=True, tags=["proposals"])
def dismiss(id: Number, services: Given[Services], viewer: Given[Viewer]) -> ProposalBody:
    """Leave the record as it is; the same is not proposed again."""
    services.upkeep.repairs.dismiss(viewer, id)
    return _told(id, services, viewer)


@delete("/proposals/{id:int}", status_code=200, sync_to_thread=True, tags=["proposals"])
def undo(id: Number, services: Given[Services], viewer: Given[Viewer]) -> ProposalBody:
    """Take the decision back; the record is as it was."""
    services.upkeep.repairs.undo(viewer, id)
    return _told(id, services, viewer)


def _told(id: int, services: Services, viewer: Viewer) -> ProposalBody:
    with services.pool.read() as work:
        found = work.proposals.get(id, viewer.mailboxes)
    if found is None:
        raise NotFound
    return ProposalBody.of(found)


ROUTES = (proposals, accept, dismiss, undo)
