"""Customers without a file over HTTP: who is proposed, what they are made of in one go, and the never-file list."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency as Given
from litestar.params import JSONBody, QueryParameter

from assistant.adopting import AT_ONCE, MOST, Choice, Proposed
from assistant.ports import Services
from assistant.web.api.bodies import Body, Limit, Name, Number, Question, Short
from rules.terms.customer import PartyKind
from rules.terms.staff import Role, Viewer
from rules.terms.upkeep import SenderDecision, Stance

_NEVER = 200
# The kinds, and "never".
Kind = Annotated[str, msgspec.Meta(pattern=f"^({'|'.join([*PartyKind, Stance.NEVER])})$")]


class AddressOfParty(Body):
    """One of a party's addresses, and how many mails were exchanged with it."""

    address: str
    name: str
    received: int
    sent: int


class Correspondent(Body):
    """Whom mail is exchanged with and who has no record. `kind`: what they probably are, null where that is open."""

    key: str
    name: str
    kind: PartyKind | None
    received: int
    sent: int
    newest: datetime
    addresses: list[AddressOfParty]

    @classmethod
    def of(cls, one: Proposed) -> "Correspondent":
        """From the word of the house."""
        party = one.party
        return cls(
            key=party.key,
            name=one.customer.name,
            kind=party.judged.kind,
            received=party.received,
            sent=party.sent,
            newest=party.newest,
            addresses=[AddressOfParty(each.address, each.name, each.received, each.sent) for each in party.people],
        )


class CorrespondentsBody(Body):
    """Some of them, those with most mails first, and how many of each kind there are ("open" where nobody knows)."""

    correspondents: list[Correspondent]
    counts: dict[str, int]


class ChoiceBody(Question):
    """What somebody is made: a kind of party, or "never": their mail is never filed. `name`: of a customer's record."""

    key: Name
    kind: Kind
    name: Short = ""


class Choices(Question):
    """What is made in one go."""

    choices: Annotated[list[ChoiceBody], msgspec.Meta(min_length=1, max_length=AT_ONCE)]


class AdoptionBody(Body):
    """The number by which all of it can be taken back within seven days, by whoever made it."""

    adoption: int


class KeptBody(Body):
    """How many customers stay because more belongs to them by now."""

    stay: int


class NeverBody(Body):
    """An entry of the never-file list: an address, or a domain as "@example.org"."""

    id: int
    entry: str
    staff: str
    at: datetime

    @classmethod
    def of(cls, said: SenderDecision) -> "NeverBody":
        """From the word of the house."""
        return cls(id=said.id, entry=said.address, staff=said.staff, at=said.at)


class Entry(Question):
    """An address or a domain."""

    entry: Name


@get("/correspondents", role=Role.LEAD, sync_to_thread=True, tags=["correspondents"])
def correspondents(
    services: Given[Services],
    viewer: Given[Viewer],
    kind: Annotated[PartyKind | None, QueryParameter(description="Only those who are probably this.")] = None,
    unsure: Annotated[bool, QueryParameter(description="Only those of whom nobody knows what they are.")] = False,
    first: Annotated[int, QueryParameter(ge=0, le=MOST, description="How many to skip.")] = 0,
    limit: Limit = 50,
) -> CorrespondentsBody:
    """Who exchanges mail with the firm and has no record, from the asker's mailboxes."""
    found, counts = services.upkeep.adopting.proposed(viewer, kind, unsure=unsure, limit=limit, first=first)
    return CorrespondentsBody(
        correspondents=[Correspondent.of(one) for one in found],
        counts={"open" if one is None else one.value: count for one, count in counts.items()},
    )


@post("/correspondents", role=Role.LEAD, status_code=200, sync_to_thread=True, tags=["correspondents"])
def confirm(data: JSONBody[Choices], services: Given[Services], viewer: Given[Viewer]) -> AdoptionBody:
    """Make customers of some, and say of others what they are. Who is no proposal any more is left alone."""
    choices = [Choice(one.key, chosen(one.kind), one.name) for one in data.choices]
    return AdoptionBody(adoption=services.upkeep.adopting.confirm(viewer, choices))


@delete("/adoptions/{id:int}", role=Role.LEAD, status_code=200, sync_to_thread=True, tags=["correspondents"])
def take_back(id: Number, services: Given[Services], viewer: Given[Viewer]) -> KeptBody:
    """Take back what was made in one go."""
    return KeptBody(stay=services.upkeep.adopting.take_back(viewer, id))


@get("/never-filed", role=Role.LEAD, sync_to_thread=True, tags=["correspondents"])
def never_filed(
    services: Given[Services],
    before: Annotated[int | None, QueryParameter(ge=1, description="The last number of the list before.")] = None,
    limit: Limit = _NEVER,
) -> list[NeverBody]:
    """Whose mail is never filed, newest first."""
    with services.pool.read() as work:
        return [NeverBody.of(one) for one in work.senders.history(limit, before, Stance.NEVER)]


@post("/never-filed", role=Role.LEAD, status_code=201, sync_to_thread=True, tags=["correspondents"])
def never_file(data: JSONBody[Entry], services: Given[Services], viewer: Given[Viewer]) -> NeverBody:
    """Never file mail with an address or a domain."""
    return NeverBody.of(services.upkeep.adopting.never(viewer, data.entry))


@delete("/never-filed/{id:int}", role=Role.LEAD, status_code=204, sync_to_thread=True, tags=["correspondents"])
def file_again(id: Number, services: Given[Services]) -> None:
    """Take an entry off the list."""
    services.upkeep.adopting.unsay(id)


def chosen(kind: str) -> PartyKind | Stance:
    """What a word of `Kind` means."""
    return Stance.NEVER if kind == Stance.NEVER else PartyKind(kind)


ROUTES = (correspondents, confirm, take_back, never_filed, never_file, file_again)
