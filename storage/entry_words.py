"""By which words an entry of a timeline that is no mail is found: its subject, its text, and its file's text.

The words are taken out before anything of what they are made of changes or goes, and put in anew afterwards. Mails have
an index of their own.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from storage.document_tables import documents
from storage.folding import INDEXED
from storage.fulltext import FullText, NumberedText
from storage.placements import chunks
from storage.records import interactions

# Texts of so many entries are in memory at a time.
_AT_ONCE = 500
_c = interactions.c


def index(connection: Connection, fulltext: FullText, ids: Collection[int]) -> None:
    """Index entries as they stand now; mails among them are left out."""
    for chunk in chunks(ids, _AT_ONCE):
        fulltext.add_entries(connection, _texts(connection, _c.id.in_(chunk)))


def drop(connection: Connection, fulltext: FullText, these: ColumnElement[bool]) -> None:
    """Take the words of entries out, which stand as they were indexed."""
    ids = connection.scalars(select(_c.id).where(these)).all()
    for chunk in chunks(ids, _AT_ONCE):
        fulltext.drop_entries(connection, _texts(connection, _c.id.in_(chunk)))


def index_all(connection: Connection, fulltext: FullText) -> None:
    """Index every entry of a pool anew."""
    fulltext.clear_entries(connection)
    last = 0
    ids = select(_c.id).order_by(_c.id).limit(_AT_ONCE)
    while found := connection.scalars(ids.where(_c.id > last)).all():
        index(connection, fulltext, found)
        last = found[-1]


def with_file_text(*columns: Any) -> Select[Any]:
    """A select of entries with as much of their files' text as is indexed, as `file_text`."""
    text = func.coalesce(func.substr(documents.c.text, 1, INDEXED), "").label("file_text")
    return select(*columns, text).select_from(interactions.outerjoin(documents))


def _texts(connection: Connection, these: ColumnElement[bool]) -> list[NumberedText]:
    # Mails are left out here: asked for entries without one, SQLite would go through all of them each time.
    rows = connection.execute(with_file_text(_c.id, _c.message, _c.subject, _c.text).where(these))
    return [(row.id, f"{row.subject} {row.text} {row.file_text}"[:INDEXED]) for row in rows if row.message is None]
