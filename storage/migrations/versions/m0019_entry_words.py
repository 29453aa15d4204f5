"""The index of words of timelines' entries that are no mails (notes, calls, letters with their text); applicants."""

import sqlalchemy as sa
from alembic import op

from storage.entry_words import index_all
from storage.fulltext import Fts5, TsVector

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

FTS5 = """create virtual table entry_words using fts5(
    words, content='', columnsize=0, detail=none, tokenize="unicode61 remove_diacritics 2")"""
TSVECTOR = """create table entry_words (
    entry bigint primary key references interactions on delete cascade, words tsvector not null)"""


def upgrade() -> None:
    """Make the indexes, and fill them."""
    for table, columns, applicants in (
        ("customers", ["id"], sa.text("""party = '["applicant"]'""")),
        ("senders", ["address", "id"], sa.text("stance = 'applicant'")),
    ):
        name = f"ix_{table}_applicants"
        op.create_index(name, table, columns, sqlite_where=applicants, postgresql_where=applicants)
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        op.execute(FTS5)
        index_all(connection, Fts5())
    else:
        op.execute(TSVECTOR)
        index_all(connection, TsVector())
        # Made of rows that are there, it takes a fraction of the time.
        op.execute("create index ix_entry_words on entry_words using gin (words)")
