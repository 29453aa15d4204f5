"""The pieces that several answers and questions of the API are made of."""

from typing import Annotated

import msgspec
from litestar.params import PathParameter, QueryParameter

from rules.terms.finding import Match
from rules.terms.mail import Address

# PostgreSQL takes no NUL in a text; nobody types one.
NO_NUL = r"^[^\x00]*$"

Short = Annotated[str, msgspec.Meta(max_length=200, pattern=NO_NUL)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=NO_NUL)]
Long = Annotated[str, msgspec.Meta(max_length=10_000, pattern=NO_NUL)]
MessageId = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000, pattern=NO_NUL)]

# A number of the pool: what fits its integer column.
LARGEST = 2**63 - 1
Number = Annotated[int, PathParameter(ge=1, le=LARGEST)]
Numbers = Annotated[list[Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]], msgspec.Meta(max_length=200)]
Also = Annotated[
    list[Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]] | None,
    QueryParameter(max_items=200, description="Further mails, by their numbers."),
]
Limit = Annotated[int, QueryParameter(ge=1, le=200, description="How many at most.")]


class Body(msgspec.Struct):
    """An answer."""


class Question(msgspec.Struct, forbid_unknown_fields=True):
    """What a client sends. An unknown field is an error: it would be a typing mistake that nobody notices."""


class AddressBody(Body):
    """A mailbox address with its display name."""

    addr: str
    name: str

    @classmethod
    def of(cls, address: Address) -> "AddressBody":
        """From the word of the house."""
        return cls(addr=address.addr, name=address.name)


class MatchBody(Body):
    """Whose mail it is. `customer`, `contact` and `candidates` are the firm's own ids."""

    action: str
    customer: str | None
    contact: str | None
    confidence: float
    spoof: bool
    candidates: list[str]
    decided_by: str | None

    @classmethod
    def of(cls, match: Match) -> "MatchBody":
        """From the word of the house."""
        return cls(
            action=match.action.value,
            customer=match.customer_id,
            contact=match.contact_id,
            confidence=match.confidence,
            spoof=match.spoof,
            candidates=list(match.candidates),
            decided_by=match.decided_by,
        )
