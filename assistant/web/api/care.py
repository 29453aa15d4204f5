"""What to do next for a customer, over HTTP: the proposal accepted or declined, and the answer taken back."""

from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from litestar import delete, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from assistant.ports import Services
from assistant.web.api.bodies import Body, Name, Number, Question
from rules.terms.staff import Viewer
from rules.terms.summary import SummaryAction


class NextActionBody(Body):
    """What to do next, and why; `decidable`: whether it can be accepted or declined."""

    action: str
    text: str
    reason: str
    decidable: bool

    @classmethod
    def of(cls, action: SummaryAction) -> "NextActionBody":
        """From the word of the house."""
        return cls(action=action.action, text=action.text, reason=action.reason, decidable=action.decidable)


class AnsweredBody(Body):
    """The customer's id, and what is to be done next now; null when nothing is called for."""

    customer: str
    next_action: NextActionBody | None


class Answer(Question):
    """`action` as the summary names it. Either answer lets it rest for its time; who answered is not kept."""

    action: Name
    answer: Literal["accepted", "declined"]


@post("/customers/{customer:str}/next-action", status_code=200, sync_to_thread=True, tags=["customers"])
def answer(
    customer: FromPath[str],
    data: JSONBody[Answer],
    services: Given[Services],
    viewer: Given[Viewer],
    now: Given[datetime],
) -> AnsweredBody:
    """The proposal was followed, or is not wanted now; it is not made again before its time has passed."""
    accepted = data.answer == "accepted"
    id = services.upkeep.care.decide(customer, data.action, _today(services, now), accepted=accepted)
    return _answered(services, viewer, id, now)


@delete("/customers/{customer:str}/next-action/{action:str}", status_code=200, sync_to_thread=True, tags=["customers"])
def take_back(
    customer: FromPath[str],
    action: FromPath[str],
    services: Given[Services],
    viewer: Given[Viewer],
    now: Given[datetime],
) -> AnsweredBody:
    """Take the answer back; the proposal is made again while it holds."""
    services.upkeep.care.take_back(customer, action)
    return _answered(services, viewer, customer, now)


@post("/promises/{id:int}/kept", status_code=204, sync_to_thread=True, tags=["customers"])
def kept(id: Number, services: Given[Services], viewer: Given[Viewer]) -> None:
    """What we promised is done; the summary names it no more."""
    services.upkeep.promising.keep(viewer, id)


@delete("/promises/{id:int}/kept", status_code=204, sync_to_thread=True, tags=["customers"])
def not_kept(id: Number, services: Given[Services], viewer: Given[Viewer]) -> None:
    """It is not done after all."""
    services.upkeep.promising.reopen(viewer, id)


def _answered(services: Services, viewer: Viewer, customer: str, now: datetime) -> AnsweredBody:
    step = services.lookup.of_customer(viewer, customer, now).next_action
    return AnsweredBody(customer=customer, next_action=NextActionBody.of(step) if step else None)


def _today(services: Services, now: datetime) -> date:
    """The day at the firm."""
    return now.astimezone(ZoneInfo(services.settings.firm.time_zone)).date()


ROUTES = (answer, take_back, kept, not_kept)
