"""The words of mail that Kingpost sends itself, if the firm wants that."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OutgoingKind(StrEnum):
    """What a mail is sent for."""

    ACKNOWLEDGEMENT = "acknowledgement"
    SATISFACTION = "satisfaction"
    ALARM = "alarm"


class OutgoingState(StrEnum):
    """Where a mail stands.

        pending ──claimed──> sending ──taken by the server──> sent
           ^                    │ refused ──> failed          a day over ──> failed
           └──try again later───┘ no word of what became of it ──> uncertain

    Of UNCERTAIN nobody knows whether it arrived: it is shown, and only a person sends it again. CANCELLED is what was
    taken back before it went.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"


# What a person should look at.
TROUBLED = (OutgoingState.FAILED, OutgoingState.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A mail on its way out.

    Args:
        kind: what it is for.
        recipient: the address.
        subject: in a line.
        text: plain; "" once it is sent, for then nobody needs it any more.
        once: what must not be sent twice; a second mail of the same name is not taken.
        message_id: ours, without angle brackets.
        created: when its cause happened.
        due: when it is to be tried (again).
        in_reply_to: the Message-ID of the mail that it answers, "" for none.
        customer_id: to whom.
        contact_id: to whom of them.
        case: what it belongs to.
        state: where it stands.
        tries: how often it was tried.
        since: when it came to that state.
        error_en: what went wrong last, in English; error_de: in German.
        id: the pool's number, 0 while it is not stored.
    """

    kind: OutgoingKind
    recipient: str
    subject: str
    text: str
    once: str
    message_id: str
    created: datetime
    due: datetime
    in_reply_to: str = ""
    customer_id: str | None = None
    contact_id: str | None = None
    case: int | None = None
    state: OutgoingState = OutgoingState.PENDING
    tries: int = 0
    since: datetime | None = None
    error_en: str = ""
    error_de: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Invitation:
    """That a customer was asked how satisfied they are. Only a digest of the link's token is kept.

    Args:
        digest: SHA-256 (hex) of the token.
        customer_id: who was asked.
        contact_id: whom of them, "" where nobody is known.
        case: after which case.
        language: in which the page speaks.
        sent: when it was asked.
        expires: until when an answer is taken.
        answered: when it was answered first; None while it was not.
    """

    digest: str
    customer_id: str
    contact_id: str
    case: int
    language: str
    sent: datetime
    expires: datetime
    answered: datetime | None = None
