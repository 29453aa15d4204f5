"""The rights of persons over HTTP: hand over, erase, restrict, and the objection to advertising."""

import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Annotated

from litestar import delete, get, post, put
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Stream

from assistant.handing_over import export
from assistant.ports import Services
from assistant.privacy import Found, Privacy
from assistant.web.api.bodies import Body, Name, Question, Short
from rules.terms.errors import WrongUse
from rules.terms.staff import Role, Viewer

_PIECE = 1 << 18

Contact = Annotated[str, QueryParameter(max_length=200, description="Only this person of the customer, by id.")]


class ErasureBody(Body):
    """What would go, or went. `shared`: mails that also belong to others; they stay and lead to nobody any more."""

    name: str
    records: int
    contacts: int
    addresses: int
    mails: int
    quarantined: int
    shared: int

    @classmethod
    def of(cls, found: Found) -> "ErasureBody":
        """From the word of the house."""
        return cls(
            name=found.name,
            records=len(found.customers),
            contacts=len(found.contacts),
            addresses=len(found.addresses),
            mails=len(found.mails),
            quarantined=len(found.quarantined),
            shared=len(found.shared),
        )


class ErasureQuestion(Question):
    """`name` as it was shown, so that nobody erases somebody else. `block`: take in no later mail of theirs either."""

    name: Name
    contact: Short = ""
    block: bool = False


class RestrictionQuestion(Question):
    """The last day; without one it holds until it is lifted."""

    until: date | None = None


class ObjectionQuestion(Question):
    """How they said so, for the record."""

    source: Short = ""


@get("/customers/{customer:str}/export", role=Role.LEAD, sync_to_thread=True, tags=["privacy"])
def hand_over(
    customer: FromPath[str],
    services: Given[Services],
    viewer: Given[Viewer],
    now: Given[datetime],
    contact: Contact = "",
) -> Stream:
    """Everything that is stored of a customer or a person, as a zip; mail in closed mailboxes is named as withheld."""
    found = _privacy(services).find(customer, contact)
    file = tempfile.TemporaryFile()  # noqa: SIM115 — it ends with the answer
    try:
        export(services.pool, found, file, language=viewer.language, now=now, viewer=viewer)
    except BaseException:
        file.close()
        raise
    headers = {"Content-Disposition": 'attachment; filename="kingpost-export.zip"'}
    return Stream(_pieces(file), media_type="application/zip", headers=headers)


@get("/customers/{customer:str}/erasure", role=Role.ADMIN, sync_to_thread=True, tags=["privacy"])
def what_would_go(customer: FromPath[str], services: Given[Services], contact: Contact = "") -> ErasureBody:
    """What an erasure would take away. Nothing is erased yet."""
    return ErasureBody.of(_privacy(services).find(customer, contact))


@post(
    "/customers/{customer:str}/erasure",
    role=Role.ADMIN,
    by_person=True,
    status_code=200,
    sync_to_thread=True,
    tags=["privacy"],
)
def erase(customer: FromPath[str], data: JSONBody[ErasureQuestion], services: Given[Services]) -> ErasureBody:
    """Erase a customer or a person for good. What was erased is not read in again."""
    privacy = _privacy(services)
    found = privacy.find(customer, data.contact)
    if data.name != found.name:
        raise WrongUse(
            problem=f"This is “{found.name}”, not “{data.name}”. Nothing was erased.",
            problem_de=f"Das ist „{found.name}“, nicht „{data.name}“. Es wurde nichts gelöscht.",
        )
    return ErasureBody.of(privacy.erase(found, blocked=data.block))


@put("/customers/{customer:str}/restriction", role=Role.ADMIN, status_code=204, sync_to_thread=True, tags=["privacy"])
def restrict(
    customer: FromPath[str], data: JSONBody[RestrictionQuestion], services: Given[Services], viewer: Given[Viewer]
) -> None:
    """Keep a customer's data and use them no longer: only administrators see them."""
    _privacy(services).restrict(customer, data.until, viewer.login)


@delete("/customers/{customer:str}/restriction", role=Role.ADMIN, sync_to_thread=True, tags=["privacy"])
def lift(customer: FromPath[str], services: Given[Services]) -> None:
    """Use a customer's data again."""
    _privacy(services).lift(customer)


@put("/customers/{customer:str}/objection", status_code=204, sync_to_thread=True, tags=["privacy"])
def objects(customer: FromPath[str], data: JSONBody[ObjectionQuestion], services: Given[Services]) -> None:
    """The customer objects to advertising: no list for win-back or mailings names them any more."""
    _privacy(services).object_to_advertising(customer, data.source, objects=True)


@delete("/customers/{customer:str}/objection", sync_to_thread=True, tags=["privacy"])
def objects_no_more(customer: FromPath[str], services: Given[Services]) -> None:
    """The customer agrees to advertising again."""
    _privacy(services).object_to_advertising(customer, "", objects=False)


def _privacy(services: Services) -> Privacy:
    return Privacy.over(services.settings, services.pool)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


ROUTES = (hand_over, what_would_go, erase, restrict, lift, objects, objects_no_more)
