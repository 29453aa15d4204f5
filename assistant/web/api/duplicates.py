"""Likely duplicates over HTTP: what is proposed, and what staff say of it."""

from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from litestar import delete, get, post
from litestar.di import NamedDependency as Given
from litestar.params import JSONBody, QueryParameter

from assistant.ports import Services
from assistant.web.api.bodies import Body, Limit, Name, Number, Question
from assistant.web.views.duplicates import mark, mark_of
from rules.summary import evidence_text
from rules.terms.errors import NotFound
from rules.terms.staff import Viewer
from storage.duplicates import Duplicate, DuplicateState


class ReasonBody(Body):
    """A piece of evidence in the reader's language, and the words or values that it rests on."""

    reason: str
    quote: str


class DuplicateBody(Body):
    """Two records that may be one customer's. `until`: put off up to this day; `staff` said so."""

    id: int
    one: str
    other: str
    confidence: float
    evidence: list[ReasonBody]
    since: datetime
    state: DuplicateState
    until: date | None
    staff: str | None

    @classmethod
    def of(cls, pair: Duplicate, language: str) -> "DuplicateBody":
        """From the word of the house."""
        return cls(
            id=pair.id,
            one=pair.one,
            other=pair.other,
            confidence=pair.confidence,
            evidence=[ReasonBody(evidence_text(piece, language), piece.quote) for piece in pair.evidence],
            since=pair.since,
            state=pair.state,
            until=pair.until,
            staff=pair.staff,
        )


class DuplicatesBody(Body):
    """Likely duplicates, the surest first; `next` continues the list as `before`."""

    duplicates: list[DuplicateBody]
    next: str | None


class Kept(Question):
    """The record that stays; the other one becomes part of it."""

    kept: Name


class MergedBody(Body):
    """The number of the merge, by which it is undone (`DELETE /merges/{id}`)."""

    merge: int


@get("/duplicates", sync_to_thread=True, tags=["duplicates"])
def duplicates(
    services: Given[Services],
    viewer: Given[Viewer],
    now: Given[datetime],
    before: Annotated[str, QueryParameter(max_length=60, description="`next` of the list before.")] = "",
    limit: Limit = 50,
) -> DuplicatesBody:
    """Records that may be one customer's and wait for a word."""
    with services.pool.read() as work:
        found = work.duplicates.page(_today(services, now), limit, mark_of(before))
    told = [DuplicateBody.of(each, viewer.language) for each in found]
    return DuplicatesBody(duplicates=told, next=mark(found[-1]) if len(found) == limit else None)


@post("/duplicates/{id:int}/merge", status_code=200, sync_to_thread=True, tags=["duplicates"])
def merge(id: Number, data: JSONBody[Kept], services: Given[Services], viewer: Given[Viewer]) -> MergedBody:
    """Make one customer of both."""
    return MergedBody(merge=services.upkeep.duplicates.merge(viewer, id, data.kept))


@post("/duplicates/{id:int}/distinct", status_code=200, sync_to_thread=True, tags=["duplicates"])
def distinct(id: Number, services: Given[Services], viewer: Given[Viewer]) -> DuplicateBody:
    """They are two customers; they are never proposed again."""
    services.upkeep.duplicates.distinct(viewer, id)
    return _told(id, services, viewer)


@post("/duplicates/{id:int}/later", status_code=200, sync_to_thread=True, tags=["duplicates"])
def later(id: Number, services: Given[Services], viewer: Given[Viewer], now: Given[datetime]) -> DuplicateBody:
    """Propose them again in thirty days."""
    services.upkeep.duplicates.later(viewer, id, _today(services, now))
    return _told(id, services, viewer)


@delete("/duplicates/{id:int}", status_code=200, sync_to_thread=True, tags=["duplicates"])
def undo(id: Number, services: Given[Services], viewer: Given[Viewer]) -> DuplicateBody:
    """Take back what was said of them."""
    services.upkeep.duplicates.reopen(viewer, id)
    return _told(id, services, viewer)


def _told(id: int, services: Services, viewer: Viewer) -> DuplicateBody:
    with services.pool.read() as work:
        found = work.duplicates.get(id)
    if found is None:
        raise NotFound
    return DuplicateBody.of(found, viewer.language)


def _today(services: Services, now: datetime) -> date:
    """The day at the firm."""
    return now.astimezone(ZoneInfo(services.settings.firm.time_zone)).date()


ROUTES = (duplicates, merge, distinct, later, undo)
