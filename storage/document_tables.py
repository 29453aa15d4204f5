"""The tables of what other channels than mail bring: letters and fax as files, invoices found in mail, table folders.

A document hangs on its entry of the timeline and goes where that goes.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from storage.columns import Number, Plain, metadata

documents = Table(
    "documents",
    metadata,
    Column("interaction", Number, ForeignKey("interactions.id", ondelete="CASCADE"), primary_key=True),
    Column("digest", Text, nullable=False),
    Column("name", Plain, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("legibility", Text, nullable=False),
    Column("pages", Integer),
    Column("text", Plain, nullable=False),
    Index("ix_documents_digest", "digest"),
)

# An invoice that a mail of ours carried, until the books bring it. `customer_id`: whose it was booked as or, while it
# waits for a person, whose it may be. `invoice` is what stood in it, as JSON.
found_invoices = Table(
    "found_invoices",
    metadata,
    Column("invoice_no", Plain, primary_key=True),
    Column("message", Number, ForeignKey("messages.no", ondelete="CASCADE"), nullable=False, index=True),
    Column("customer_id", Plain, index=True),
    Column("state", Text, nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("invoice", Plain, nullable=False),
    Column("buyer", Plain, nullable=False),
    Column("found_at", BigInteger, nullable=False),
    Column("decided_by", Plain, nullable=False),
)

# What became of each file of a watched folder; `stamp` tells the file from another of the same name.
folder_imports = Table(
    "folder_imports",
    metadata,
    Column("folder", Plain, primary_key=True),
    Column("file", Plain, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("stamp", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("new", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("same", Integer, nullable=False),
    Column("bad", Integer, nullable=False),
    Column("error_en", Plain, nullable=False),
    Column("error_de", Plain, nullable=False),
    Index("ix_folder_imports_at", "at"),
)
