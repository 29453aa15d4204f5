"""The words of the timeline: every contact with a customer, whatever the channel."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.terms.complaint import FindingState
from rules.terms.mail import Direction


class Channel(StrEnum):
    """How the contact happened; the last three are papers, which stand in the books and are shown between."""

    MAIL = "mail"
    LETTER = "letter"
    FAX = "fax"
    CALL = "call"
    NOTE = "note"
    CHAT = "chat"
    VISIT = "visit"
    DOWNLOAD = "download"
    MAILING = "mailing"
    SOCIAL = "social"
    ORDER = "order"
    OFFER = "offer"
    INVOICE = "invoice"


PAPERS = (Channel.ORDER, Channel.OFFER, Channel.INVOICE)


@dataclass(frozen=True, slots=True)
class Interaction:
    """One entry of a customer's timeline.

    `date` is aware (UTC inside the pool). A mail names its `message` (the pool's number of it) and its
    `mailboxes`; other channels name the `staff` member who wrote the entry. `complaint`: where the complaint that was
    found in it stands, None where none was.
    """

    customer_id: str
    channel: Channel
    date: datetime
    subject: str
    text: str = ""
    direction: Direction | None = None
    contact_id: str | None = None
    staff: str = ""
    message: int | None = None
    mailboxes: frozenset[str] = frozenset()
    id: int | None = None
    complaint: FindingState | None = None


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """An interaction as a certain viewer may see it.

    `open` is False where the viewer may know only that there was contact; then subject, text, who and message are
    empty, and `complaint` None. `who` is the member of staff or the person who wrote.
    """

    channel: Channel
    direction: Direction | None
    date: datetime
    subject: str
    text: str
    who: str
    mailbox: str
    message: int | None
    open: bool = True
    complaint: FindingState | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of a customer's timeline, newest first. `next` asks for the page before it; None at the end."""

    entries: tuple[TimelineEntry, ...]
    next: str | None = None
