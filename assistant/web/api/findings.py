"""Complaints over HTTP: what was found in mail, staff's word on it, and what has been solved."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency as Given
from litestar.params import JSONBody, QueryParameter

from assistant.ports import Services
from assistant.web.api.bodies import LARGEST, Body, Limit, Number, Question
from rules.complaint_lines import headline, reason
from rules.terms.complaint import Category, Finding, FindingState
from rules.terms.staff import Viewer

_OPEN = FindingState.OPEN
# What staff can choose: "none" is said by the flag.
_CATEGORIES = tuple(category.value for category in Category if category is not Category.NONE)


class QuoteBody(Body):
    """Words of the mail, and why they speak for a complaint: the reason's key and its words for the reader."""

    key: str
    reason: str
    quote: str
    weight: float


class SaidBody(Body):
    """Who said it, and when."""

    staff: str
    at: datetime


class ComplaintBody(Body):
    """A finding. `flag`, `severity` and `category` are staff's, where they said something, else what was found.

    `probability` is the machine's that it is a complaint, None where it found nothing.
    """

    message: int
    date: datetime
    state: str
    text: str
    flag: bool
    severity: int
    category: str
    probability: float | None
    language: str | None
    history: bool
    relieved: bool
    evidence: list[QuoteBody]
    customer: str | None
    decided: SaidBody | None
    solved: SaidBody | None

    @classmethod
    def of(cls, finding: Finding, language: str) -> "ComplaintBody":
        """From the word of the house, in the reader's language."""
        found, ruling = finding.assessment, finding.ruling
        return cls(
            message=finding.message,
            date=finding.date,
            state=finding.state.value,
            text=headline(finding, language),
            flag=finding.flag,
            severity=finding.severity,
            category=finding.category.value,
            probability=found.probability or None,
            language=found.language,
            history=finding.history,
            relieved=found.relieved,
            evidence=[
                QuoteBody(key=each.reason, reason=reason(each, language), quote=each.quote, weight=each.weight)
                for each in found.evidence
            ],
            customer=finding.customer_id,
            decided=None if ruling is None else SaidBody(staff=ruling.staff, at=ruling.at),
            solved=SaidBody(staff=finding.solved_by, at=finding.solved_at)
            if finding.solved_by and finding.solved_at
            else None,
        )


class ComplaintsBody(Body):
    """Complaints, newest first; `next` continues the list as `before`."""

    complaints: list[ComplaintBody]
    next: int | None


class Said(Question):
    """Whether a mail is a complaint. Severity (1 to 3) and category are left as found where they are not given."""

    flag: bool
    severity: Annotated[int, msgspec.Meta(ge=1, le=3)] | None = None
    category: Annotated[str, msgspec.Meta(pattern=f"^({'|'.join(_CATEGORIES)})$")] | None = None


@get("/complaints", sync_to_thread=True, tags=["complaints"])
def complaints(
    services: Given[Services],
    viewer: Given[Viewer],
    which: Annotated[FindingState, QueryParameter(name="state", description="Open ones or others.")] = _OPEN,
    severity: Annotated[int | None, QueryParameter(ge=0, le=3, description="Only of this one.")] = None,
    before: Annotated[int | None, QueryParameter(ge=1, le=LARGEST, description="`next` of the list before.")] = None,
    limit: Limit = 50,
) -> ComplaintsBody:
    """Complaints in the mail that the reader may see. "doubtful" ones wait for a look, without alarm."""
    with services.pool.read() as work:
        found = work.findings.page(which, viewer.mailboxes, severity=severity, before=before, limit=limit)
    more = found[-1].message if len(found) == limit else None
    return ComplaintsBody(complaints=[ComplaintBody.of(each, viewer.language) for each in found], next=more)


@post("/messages/{no:int}/complaint", status_code=200, sync_to_thread=True, tags=["complaints"])
def say(no: Number, data: JSONBody[Said], services: Given[Services], viewer: Given[Viewer]) -> ComplaintBody | None:
    """Say that a mail is a complaint, or that it is none."""
    category = None if data.category is None else Category(data.category)
    services.upkeep.rulings.say(viewer, no, flag=data.flag, severity=data.severity, category=category)
    return of_message(services, viewer, no)


@delete("/messages/{no:int}/complaint", status_code=200, sync_to_thread=True, tags=["complaints"])
def unsay(no: Number, services: Given[Services], viewer: Given[Viewer]) -> ComplaintBody | None:
    """Take back what was said; what was found holds again."""
    services.upkeep.rulings.unsay(viewer, no)
    return of_message(services, viewer, no)


@post("/messages/{no:int}/complaint/solved", status_code=200, sync_to_thread=True, tags=["complaints"])
def solve(no: Number, services: Given[Services], viewer: Given[Viewer]) -> ComplaintBody | None:
    """Mark a complaint as solved."""
    services.upkeep.rulings.solve(viewer, no)
    return of_message(services, viewer, no)


@delete("/messages/{no:int}/complaint/solved", status_code=200, sync_to_thread=True, tags=["complaints"])
def unsolve(no: Number, services: Given[Services], viewer: Given[Viewer]) -> ComplaintBody | None:
    """Open a solved complaint again."""
    services.upkeep.rulings.unsolve(viewer, no)
    return of_message(services, viewer, no)


def of_message(services: Services, viewer: Viewer, no: int) -> ComplaintBody | None:
    """What is shown of a mail that the viewer may read; None where nothing was found."""
    with services.pool.read() as work:
        found = work.findings.of_messages([no]).get(no)
    return None if found is None else ComplaintBody.of(found, viewer.language)


ROUTES = (complaints, say, unsay, solve, unsolve)
