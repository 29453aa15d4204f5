"""Stored mails over HTTP: what they say, why they belong to whom, their files, and the correction of a match."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response, delete, get, post
from litestar.di import NamedDependency as Given
from litestar.params import JSONBody, PathParameter

from assistant.ports import Services
from assistant.web.api.bodies import AddressBody, Also, Body, MatchBody, Name, Number, Numbers, Question
from assistant.web.api.findings import ComplaintBody, of_message
from assistant.web.downloads import OCTETS, download
from rules.summary import evidence_text
from rules.terms.errors import NotFound
from rules.terms.pooled import PooledMessage
from rules.terms.staff import Viewer


class AttachmentBody(Body):
    """A file that came with a mail; `index` is its place in the address of the download."""

    index: int
    name: str
    content_type: str
    size: int
    inline: bool


class PlaceBody(Body):
    """Where a copy lies, among the mailboxes that the reader may see."""

    mailbox: str
    folder: str
    flags: list[str]


class MessageBody(Body):
    """A mail as read."""

    no: int
    message_id: str | None
    sender: AddressBody = msgspec.field(name="from")
    original_sender: AddressBody | None
    reply_to: list[AddressBody]
    to: list[AddressBody]
    cc: list[AddressBody]
    subject: str
    date: datetime | None
    arrived: datetime
    direction: str
    kind: str
    language: str | None
    text: str
    new_text: str
    signature: str | None
    attachments: list[AttachmentBody]
    defects: list[str]
    authentication: str
    thread: str
    places: list[PlaceBody]
    match: MatchBody
    complaint: ComplaintBody | None

    @classmethod
    def of(cls, mail: PooledMessage, viewer: Viewer, complaint: ComplaintBody | None) -> "MessageBody":
        """What the viewer may see of it. Bcc is left out: another's sent copy may be the one that names it."""
        message, reading = mail.message, mail.reading
        return cls(
            no=mail.no,
            message_id=message.message_id,
            sender=AddressBody.of(message.sender),
            original_sender=AddressBody.of(reading.original_sender) if reading.original_sender else None,
            reply_to=[AddressBody.of(each) for each in message.reply_to],
            to=[AddressBody.of(each) for each in message.to],
            cc=[AddressBody.of(each) for each in message.cc],
            subject=message.subject,
            date=message.date,
            arrived=mail.arrived,
            direction=mail.direction.value,
            kind=reading.kind.value,
            language=reading.language,
            text=message.text,
            new_text=reading.new_text,
            signature=reading.signature,
            attachments=[
                AttachmentBody(index=index, name=a.name, content_type=a.content_type, size=a.size, inline=a.inline)
                for index, a in enumerate(message.attachments)
            ],
            defects=list(message.defects),
            authentication=mail.verdict.value,
            thread=mail.thread,
            places=[
                PlaceBody(mailbox=place.mailbox, folder=place.folder, flags=sorted(place.flags))
                for place in mail.placements
                if place.mailbox in viewer.mailboxes
            ],
            match=MatchBody.of(mail.match),
            complaint=complaint,
        )


class EvidenceLine(Body):
    """One reason: its key, the words for it in the reader's language, and what it quotes."""

    key: str
    reason: str
    quote: str
    weight: float


class EvidenceBody(Body):
    """Why a mail belongs where it was filed."""

    match: MatchBody
    evidence: list[EvidenceLine]


class Correction(Question):
    """Whose mail it really is, in the firm's own ids. `also` are further mails that are filed with it."""

    customer: Name
    contact: Name | None = None
    also: Numbers = msgspec.field(default_factory=list)


@get("/messages/{no:int}", sync_to_thread=True, tags=["messages"])
def message(no: Number, services: Given[Services], viewer: Given[Viewer]) -> MessageBody:
    """A mail as read."""
    return MessageBody.of(services.lookup.mail(viewer, no), viewer, of_message(services, viewer, no))


@get("/messages/{no:int}/evidence", sync_to_thread=True, tags=["messages"])
def evidence(no: Number, services: Given[Services], viewer: Given[Viewer]) -> EvidenceBody:
    """Why this mail belongs to that customer."""
    match = services.lookup.mail(viewer, no).match
    lines = [
        EvidenceLine(key=each.reason, reason=evidence_text(each, viewer.language), quote=each.quote, weight=each.weight)
        for each in match.evidence
    ]
    return EvidenceBody(match=MatchBody.of(match), evidence=lines)


@get("/messages/{no:int}/raw", sync_to_thread=True, media_type=OCTETS, tags=["messages"])
def raw(no: Number, services: Given[Services], viewer: Given[Viewer]) -> Response[bytes]:
    """The mail as it came, as a file; only to those who may read every mailbox that holds it.

    What came is one of its copies, with that copy's way and hidden recipients.
    """
    mail = services.lookup.mail(viewer, no)
    if not mail.mailboxes <= viewer.mailboxes:
        raise NotFound
    return download(services.pool.blobs.get(mail.raw_digest), f"message-{mail.no}.eml")


@get("/messages/{no:int}/attachments/{index:int}", sync_to_thread=True, media_type=OCTETS, tags=["messages"])
def attachment(
    no: Number, index: Annotated[int, PathParameter(ge=0, le=100_000)], services: Given[Services], viewer: Given[Viewer]
) -> Response[bytes]:
    """A file that came with the mail."""
    attachments = services.lookup.mail(viewer, no).message.attachments
    if index >= len(attachments):
        raise NotFound
    file = attachments[index]
    return download(services.pool.blobs.get(file.digest), file.name, fallback=f"attachment-{index}")


@post("/messages/{no:int}/match", status_code=200, sync_to_thread=True, tags=["messages"])
def correct_match(
    no: Number, data: JSONBody[Correction], services: Given[Services], viewer: Given[Viewer]
) -> MatchBody:
    """Correct or confirm whose mail it is. The sender's address is learned, unless the mail is not to be trusted."""
    services.upkeep.filing.file(viewer, [no, *data.also], data.customer, data.contact)
    return MatchBody.of(services.lookup.mail(viewer, no).match)


@delete("/messages/{no:int}/match", status_code=200, sync_to_thread=True, tags=["messages"])
def undo_match(no: Number, services: Given[Services], viewer: Given[Viewer], also: Also = None) -> MatchBody:
    """Take the last correction back, with what was learned from it."""
    services.upkeep.filing.undo(viewer, [no, *(also or [])])
    return MatchBody.of(services.lookup.mail(viewer, no).match)


ROUTES = (message, evidence, raw, attachment, correct_match, undo_match)
