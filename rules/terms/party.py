"""The words of people the firm writes with and has no record of: what their mail tells about what they are to us."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Sign(StrEnum):
    """What one mail tells of what somebody is to us. Values are reasons of rules.wording."""

    BUYS = "party-buys"
    SELLS = "party-sells"
    APPLIES = "party-applies"
    OFFICE = "party-office"
    ADVISES = "party-advises"
    ADVERTISES = "party-advertises"


@dataclass(frozen=True, slots=True)
class Told:
    """How many mails told a sign, and the words of the first one."""

    count: int
    quote: str


def together(all_told: Iterable[Mapping[Sign, Told]]) -> dict[Sign, Told]:
    """The signs of several addresses of one party."""
    found: dict[Sign, Told] = {}
    for told in all_told:
        for sign, one in told.items():
            known = found.get(sign)
            found[sign] = Told(known.count + one.count, known.quote or one.quote) if known else one
    return found


def counted(told: Mapping[Sign, Told], new: Mapping[Sign, str]) -> dict[Sign, Told]:
    """The signs with those of one more mail."""
    return together([told, {sign: Told(1, quote) for sign, quote in new.items()}])


@dataclass(frozen=True, slots=True)
class Correspondent:
    """An address without a record with which one mailbox exchanges mail.

    `party` names whom it belongs to: a firm's domain, or the address itself where strangers share the domain.
    `received` and `sent` count mails; `message` is the newest of theirs, or of ours where they never wrote.
    """

    mailbox: str
    address: str
    party: str
    name: str
    received: int
    sent: int
    newest: datetime
    message: int
    signs: Mapping[Sign, Told] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One mail between a mailbox and an address without a record.

    `party`, `vat_id` and `name` are "" where this mail does not tell them; `received`: they wrote it.
    """

    mailbox: str
    address: str
    party: str
    vat_id: str
    name: str
    received: bool
    at: datetime
    message: int
    signs: Mapping[Sign, str] = field(default_factory=dict)
