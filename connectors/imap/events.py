"""What the IMAP connector hands over: fetched mail, and what happened to mail that was fetched before."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from rules.terms.mail import Cursor, FolderRole, Health, RawMail
from rules.terms.mark import Marking


@dataclass(frozen=True, slots=True)
class FolderInfo:
    """A folder as the server lists it. `raw` is its name on the wire, `name` the same for people.

    `view`: shows mail that lies elsewhere (flagged, important), so it is not read a second time. `delimiter` stands
    between the name of a folder and those that lie in it, "" where none do.
    """

    name: str
    role: FolderRole
    messages: int = 0
    uidvalidity: int = 0
    raw: bytes = b""
    view: bool = False
    delimiter: str = ""


@dataclass(frozen=True, slots=True)
class AccountReport:
    """What a look at an account found. `announces` as in `rules.terms.mail.Health`."""

    capabilities: tuple[str, ...]
    folders: tuple[FolderInfo, ...]
    announces: str


class Lying(NamedTuple):
    """What the audit needs to know of a mail on the server."""

    arrived: datetime | None
    size: int


@dataclass(frozen=True, slots=True)
class FolderListing:
    """Every mail of a folder by UID."""

    folder: str
    uidvalidity: int
    mails: Mapping[int, Lying]


class Refused(NamedTuple):
    """A mail that the server lists but that could not be had, with the reason for the quarantine."""

    uid: int
    reason: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """A batch of mail with the cursor that is true once the batch is stored: both belong into one transaction.

    `mails` may be empty: then only the cursor is to be stored (a folder seen for the first time; flags caught up).
    `reset`: the server renumbered the folder, so every earlier placement in it is void; set on the first batch only.
    `done` of `total` mails of this run were handed over, this batch included.
    """

    folder: str
    role: FolderRole
    cursor: Cursor
    mails: tuple[RawMail, ...] = ()
    done: int = 0
    total: int = 0
    refused: tuple[Refused, ...] = ()
    reset: bool = False


@dataclass(frozen=True, slots=True)
class Arrived:
    """Mail to be stored: new, or history."""

    fetched: Fetched


@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody opened a mail just now (`at`). To be used and forgotten: never stored, never logged."""

    mailbox: str
    folder: str
    uidvalidity: int
    uid: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Gone:
    """Mails that no longer lie in the folder: deleted, or moved."""

    folder: str
    uidvalidity: int
    uids: Collection[int]


@dataclass(frozen=True, slots=True)
class FlagsChanged:
    r"""New flags by UID, without `\Seen` and `\Recent`."""

    folder: str
    uidvalidity: int
    flags: Mapping[int, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Marked:
    r"""What became of an attempt to write a keyword.

    `flags`: what the copies bear now, without `\Seen` and `\Recent`. `taken`: whether the server takes the keyword in
    this folder.
    """

    marking: Marking
    flags: Mapping[int, frozenset[str]]
    taken: bool = True


@dataclass(frozen=True, slots=True)
class HealthChanged:
    """How the mailbox is doing now."""

    health: Health


Event = Arrived | Opened | Gone | FlagsChanged | Marked | HealthChanged
