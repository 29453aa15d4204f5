"""What the pool gives back of a mail: the message together with everything decided about it."""

from dataclasses import dataclass
from datetime import datetime

from rules.terms.finding import Match
from rules.terms.mail import Direction, Message, Placement, Reading, Verdict


@dataclass(frozen=True, slots=True)
class NewMail:
    """A mail ready to be stored. `history`: it lay there when the folder was added, so it makes no noise.

    `verdict` is this copy's own; `raw_digest` finds the raw mail among the blobs; `thread` names the thread, and by
    `traces` later mails find it (rules.threads); `writer` is the canonical address of the person behind an incoming
    mail, "" where nobody is.
    """

    message: Message
    reading: Reading
    direction: Direction
    match: Match
    verdict: Verdict
    thread: str
    raw_digest: str
    placement: Placement
    arrived: datetime
    history: bool = False
    writer: str = ""
    traces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PooledMessage:
    """A stored mail. `no` is its number in the pool; `verdict` the worst of its copies'.

    `message.attachments`, addresses and texts are complete; `message.headers` and
    `message.authentication_results` are empty: they are in the raw mail.
    """

    no: int
    message: Message
    reading: Reading
    direction: Direction
    match: Match
    verdict: Verdict
    thread: str
    raw_digest: str
    arrived: datetime
    history: bool
    placements: tuple[Placement, ...]
    writer: str = ""

    @property
    def mailboxes(self) -> frozenset[str]:
        """The mailboxes that hold or held a copy."""
        return frozenset(placement.mailbox for placement in self.placements)


@dataclass(frozen=True, slots=True)
class ThreadEntry:
    """A mail of the pool as another mail of the thread needs to know it.

    `replied`: it says by In-Reply-To that it answers a mail.
    """

    message_id: str
    thread: str
    direction: Direction
    customer_id: str | None
    contact_id: str | None
    participants: frozenset[str]
    subject: str = ""
    date: datetime | None = None
    replied: bool = False


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A mail that could not be read, kept with the reason until it can."""

    id: int
    raw_digest: str
    placement: Placement
    reason: str
    arrived: datetime
    since: datetime
    tries: int
