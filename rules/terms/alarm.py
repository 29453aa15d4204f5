"""The words of alarms: what needs somebody who looks after Kingpost, before mail or trust is lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class AlarmKind(StrEnum):
    """What an alarm is about. Values are part of the metrics' contract."""

    MAILBOX = "mailbox"
    GAP = "gap"
    SILENCE = "silence"
    QUARANTINE = "quarantine"
    DISK = "disk"
    CERTIFICATE = "certificate"
    TOKEN = "token"  # noqa: S105 — a word, no secret
    SIGN_IN = "sign-in"
    BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that is wrong, or soon will be.

    Args:
        kind: what it is about.
        about: of what: a mailbox, a file, a folder; "" where there is but one.
        figures: what the sentence tells beside that, as plain text; not part of what makes it the same alarm.
        since: since when it has been known; None while it is not stored.
    """

    kind: AlarmKind
    about: str = ""
    figures: Mapping[str, str] = field(default_factory=dict)
    since: datetime | None = None

    @property
    def key(self) -> str:
        """The same for the same trouble, however its figures change."""
        return f"{self.kind.value} {self.about}"


@dataclass(frozen=True, slots=True)
class Ending:
    """Something that ends by itself: a certificate, a token. `about` names it."""

    kind: AlarmKind
    about: str
    ends: datetime


@dataclass(frozen=True, slots=True)
class Room:
    """Room on a disk, in bytes."""

    folder: str
    free: int
    total: int


@dataclass(frozen=True, slots=True)
class Flow:
    """What has come into a mailbox.

    Args:
        mailbox: its name.
        hours: the hours, where the firm works, in which mail came in: each once, with no minutes; in any order.
        last: when the last one came.
    """

    mailbox: str
    hours: frozenset[datetime]
    last: datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    """A mailbox that cannot be watched: since when, and whether the server refused the login."""

    mailbox: str
    since: datetime
    refused: bool


@dataclass(frozen=True, slots=True)
class AlarmFacts:
    """What is looked at.

    Args:
        rooms: the disks that pool and blobs lie on.
        endings: what ends by itself.
        flows: the shared mailboxes that are watched.
        troubles: mailboxes that cannot be watched.
        quarantined: how many mails have been in quarantine for longer than a day, and since when the oldest.
        known: keys of the alarms that are on: those are over a little later than they begin.
    """

    rooms: tuple[Room, ...] = ()
    endings: tuple[Ending, ...] = ()
    flows: tuple[Flow, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    quarantined: tuple[int, date | None] = (0, None)
    known: frozenset[str] = frozenset()
