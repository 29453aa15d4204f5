"""The files of letters and fax, each hanging on its entry of the timeline."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select

from rules.terms.document import Document, Legibility, ReadFile
from storage import entry_words
from storage.document_tables import documents
from storage.erasure import doom
from storage.fulltext import FullText
from storage.records import interactions

# What a page of the timeline shows of a file's text.
EXCERPT = 2000
_c = documents.c
# Beside the columns of an entry.
SHOWN = (
    _c.digest,
    _c.name,
    _c.media_type,
    _c.size,
    _c.legibility,
    _c.pages,
    func.substr(_c.text, 1, EXCERPT).label("file_text"),
)


class Documents:
    """The documents of a pool. Their content lies in the blob store, put there before."""

    def __init__(self, connection: Connection, fulltext: FullText) -> None:
        self._connection = connection
        self._fulltext = fulltext

    def put(self, interaction: int, document: Document | None) -> None:
        """Let an entry have a file, or none; another one it had goes."""
        entry_words.drop(self._connection, self._fulltext, interactions.c.id == interaction)
        self._put(interaction, document)
        entry_words.index(self._connection, self._fulltext, [interaction])

    def _put(self, interaction: int, document: Document | None) -> None:
        before = self._connection.scalar(select(_c.digest).where(_c.interaction == interaction))
        if before is not None:
            self._connection.execute(delete(documents).where(_c.interaction == interaction))
            if document is None or before != document.digest:
                doom(self._connection, [before])
        if document is None:
            return
        values = {
            "interaction": interaction,
            "digest": document.digest,
            "name": document.name,
            "media_type": document.media_type,
            "size": document.size,
            "legibility": document.read.legibility.value,
            "pages": document.read.pages,
            "text": document.read.text,
        }
        self._connection.execute(insert(documents).values(values))

    def get(self, customer_id: str, interaction: int) -> Document | None:
        """The file of a customer's entry, with its whole text."""
        query = select(documents, _c.text.label("file_text")).join(interactions, interactions.c.id == _c.interaction)
        query = query.where(_c.interaction == interaction, interactions.c.customer_id == customer_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else document_of(row)

    def external_id(self, customer_id: str, digest: str) -> str | None:
        """Under which id a customer's entry with this file is known; None where they have none."""
        i = interactions.c
        query = select(i.external_id).join(documents, _c.interaction == i.id)
        query = query.where(_c.digest == digest, i.customer_id == customer_id).order_by(i.id)
        return self._connection.scalars(query).first()

    def files_of(self, customers: Sequence[str], contacts: Sequence[str]) -> list[tuple[int, str, str]]:
        """Entry, digest and name of every file of customers, or else of entries of these people."""
        i = interactions.c
        theirs = i.customer_id.in_(customers) if customers else i.contact_id.in_(contacts)
        query = select(i.id, _c.digest, _c.name).join(documents, _c.interaction == i.id).where(theirs).order_by(i.id)
        return [(row.id, row.digest, row.name) for row in self._connection.execute(query)]


def document_of(row: Row[Any]) -> Document:
    """A document from the columns of `SHOWN`."""
    read = ReadFile(Legibility(row.legibility), row.file_text, row.pages)
    return Document(row.digest, row.name, row.media_type, row.size, read)
