"""Letters and fax over HTTP: a file with what it is; its content, and the text that can be read in it."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, MultipartBody

from assistant.letters import LARGEST, Letters
from assistant.ports import Services
from assistant.web.api.bodies import Body, Long, Name, Number, Question, Short
from assistant.web.downloads import download
from assistant.web.gate import AnyRequest
from rules.terms.document import Document, Legibility
from rules.terms.errors import NotFound
from rules.terms.interaction import Channel, Interaction
from rules.terms.mail import Direction
from rules.terms.staff import Viewer

# The file, and the fields beside it.
LARGEST_FORM = LARGEST + 100_000


class DocumentBody(Body):
    """A file. `text` is the PDF's own; nothing is recognised from pictures."""

    name: str
    media_type: str
    size: int
    legibility: Legibility
    pages: int | None
    text: str

    @classmethod
    def of(cls, document: Document) -> "DocumentBody":
        """From the word of the house."""
        read = document.read
        return cls(document.name, document.media_type, document.size, read.legibility, read.pages, read.text)


class LetterBody(Body):
    """A letter or fax that is kept: `id` is its entry of the timeline, `external_id` replaces it."""

    id: int | None
    external_id: str
    customer: str
    channel: str
    date: datetime
    subject: str
    document: DocumentBody | None


class NewLetter(Question):
    """A letter or fax: PDF, JPEG, PNG or TIFF, at most 25 MB. Without a date it came now."""

    file: UploadFile
    channel: Channel = Channel.LETTER
    direction: Direction = Direction.INCOMING
    subject: Short = ""
    note: Long = ""
    date: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    contact: Name | None = None
    external_id: Name | None = None
    staff: Short = ""


@post(
    "/customers/{customer:str}/documents",
    status_code=200,
    sync_to_thread=True,
    tags=["interactions"],
    request_max_body_size=LARGEST_FORM,
)
def add_document(
    customer: FromPath[str],
    data: MultipartBody[NewLetter],
    request: AnyRequest,
    services: Given[Services],
    viewer: Given[Viewer],
    now: Given[datetime],
) -> LetterBody:
    """Keep a letter or fax. The same file, or the same external id, replaces the entry."""
    entry = Interaction(
        customer_id=customer,
        channel=data.channel,
        date=data.date or now,
        subject=data.subject,
        text=data.note,
        direction=data.direction,
        contact_id=data.contact,
        staff=(request.auth.kind == "token" and data.staff) or viewer.login,
    )
    notes = services.upkeep.notes
    letters = Letters(notes, services.reader)
    name = letters.add(entry, data.file.filename, data.file.file.read(), data.external_id)
    kept = notes.of(name)
    return LetterBody(
        id=kept.id,
        external_id=name,
        customer=kept.customer_id,
        channel=kept.channel.value,
        date=kept.date,
        subject=kept.subject,
        document=DocumentBody.of(kept.document) if kept.document else None,
    )


@get("/customers/{customer:str}/documents/{id:int}", sync_to_thread=True, tags=["interactions"])
def document(customer: FromPath[str], id: Number, services: Given[Services]) -> DocumentBody:
    """What is known of the file of an entry, with its whole text."""
    return DocumentBody.of(document_of(services, customer, id))


@get("/customers/{customer:str}/documents/{id:int}/file", sync_to_thread=True, tags=["interactions"])
def document_file(customer: FromPath[str], id: Number, services: Given[Services]) -> Response[bytes]:
    """The file of an entry, as it was sent."""
    found = document_of(services, customer, id)
    return download(services.pool.blobs.get(found.digest), found.name, "letter")


def document_of(services: Services, customer: str, id: int) -> Document:
    """The file of an entry of a customer's.

    Raises:
        NotFound: there is none.
    """
    with services.pool.read() as work:
        record = work.customers.get(customer)
        found = work.documents.get(record.id, id) if record else None
    if found is None:
        raise NotFound
    return found


ROUTES = (add_document, document, document_file)
