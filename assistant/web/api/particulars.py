"""Particulars over HTTP: what one should know of a customer before anything else."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from litestar import delete, get, post, put
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from assistant.ports import Services
from assistant.web.api.bodies import Body, Name, Number, Question
from rules.terms.ledger import Particular
from rules.terms.staff import Viewer


class ParticularBody(Body):
    """A particular. `until` is its last day; `author` wrote it last, on the day `since`."""

    id: int
    customer: str
    text: str
    until: date | None
    author: str
    since: date | None

    @classmethod
    def of(cls, particular: Particular) -> "ParticularBody":
        """From the word of the house."""
        return cls(
            id=particular.id,
            customer=particular.customer_id,
            text=particular.text,
            until=particular.until,
            author=particular.author,
            since=particular.since,
        )


class ParticularsBody(Body):
    """The particulars that hold today, newest first."""

    particulars: list[ParticularBody]


class ParticularQuestion(Question):
    """What it says, and its last day, if it has one."""

    text: Name
    until: date | None = None


@get("/customers/{customer:str}/particulars", sync_to_thread=True, tags=["particulars"])
def particulars(
    customer: FromPath[str], services: Given[Services], viewer: Given[Viewer], now: Given[datetime]
) -> ParticularsBody:
    """What one should know of a customer."""
    found = services.upkeep.notes.particulars(viewer, customer, _today(services, now))
    return ParticularsBody(particulars=[ParticularBody.of(each) for each in found])


@post("/customers/{customer:str}/particulars", sync_to_thread=True, tags=["particulars"])
def add(
    customer: FromPath[str],
    data: JSONBody[ParticularQuestion],
    services: Given[Services],
    viewer: Given[Viewer],
    now: Given[datetime],
) -> ParticularBody:
    """Write down a particular."""
    today = _today(services, now)
    return ParticularBody.of(services.upkeep.notes.add_particular(viewer, customer, data.text, data.until, today))


@put("/particulars/{id:int}", sync_to_thread=True, tags=["particulars"])
def change(
    id: Number,
    data: JSONBody[ParticularQuestion],
    services: Given[Services],
    viewer: Given[Viewer],
    now: Given[datetime],
) -> ParticularBody:
    """Change a particular."""
    today = _today(services, now)
    return ParticularBody.of(services.upkeep.notes.change_particular(viewer, id, data.text, data.until, today))


@delete("/particulars/{id:int}", sync_to_thread=True, tags=["particulars"])
def remove(id: Number, services: Given[Services], viewer: Given[Viewer]) -> None:
    """Take a particular out."""
    services.upkeep.notes.remove_particular(viewer, id)


def _today(services: Services, now: datetime) -> date:
    """The day at the firm."""
    return now.astimezone(ZoneInfo(services.settings.firm.time_zone)).date()


ROUTES = (particulars, add, change, remove)
