"""The words of the timeline: every contact with a customer, whatever the channel."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.terms.complaint import FindingState
from rules.terms.document import Document
from rules.terms.mail import Attachment, Direction, MailKind


class Channel(StrEnum):
    """How the contact happened; the last three are papers, which stand in the books and are shown between."""

    MAIL = "mail"
    LETTER = "letter"
    FAX = "fax"
    CALL = "call"
    NOTE = "note"
    CHAT = "chat"
    VISIT = "visit"
    FORM = "form"
    DOWNLOAD = "download"
    MAILING = "mailing"
    SOCIAL = "social"
    ORDER = "order"
    OFFER = "offer"
    INVOICE = "invoice"


class Reaction(StrEnum):
    """What became of a mailing or an offer; that it was opened is kept only of people who agreed to that."""

    SENT = "sent"
    OPENED = "opened"
    CLICKED = "clicked"
    ANSWERED = "answered"
    UNSUBSCRIBED = "unsubscribed"


_PAGES = frozenset({"application/pdf", "image/tiff"})


def channel_of(kind: MailKind, attachments: Iterable[Attachment]) -> Channel:
    """By what channel a mail reached us: what a gateway brings as pages was a fax."""
    paged = any(one.content_type in _PAGES or one.name.lower().endswith((".pdf", ".tif")) for one in attachments)
    return Channel.FAX if kind is MailKind.GATEWAY and paged else Channel.MAIL


PAPERS = (Channel.ORDER, Channel.OFFER, Channel.INVOICE)
# By what one reaches somebody; a note reaches nobody, and a form is theirs to send.
REACHES = (
    Channel.MAIL, Channel.CALL, Channel.LETTER, Channel.FAX, Channel.CHAT, Channel.VISIT, Channel.SOCIAL,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Interaction:
    """One entry of a customer's timeline.

    `date` is aware (UTC inside the pool). A mail names its `message` (the pool's number of it) and its
    `mailboxes`; other channels name the `staff` member who wrote the entry. `complaint`: where the complaint that was
    found in it stands, None where none was. `document` is the file of a letter or fax, `reaction` that to a mailing.
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
    reaction: Reaction | None = None
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """An interaction as a certain viewer may see it.

    `open` is False where the viewer may know only that there was contact; then subject, text, who and message are
    empty, and `complaint` None. `who` is the member of staff or the person who wrote. `id` is the entry's number,
    None for papers of the books.
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
    reaction: Reaction | None = None
    document: Document | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of a customer's timeline, newest first. `next` asks for the page before it; None at the end."""

    entries: tuple[TimelineEntry, ...]
    next: str | None = None
