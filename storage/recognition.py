"""The tables of recognising: shapes of numbers, what is to be matched again, and what staff decided about parties.

By what somebody is recognised (identifiers) stands in storage.records, beside the customers it belongs to.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table, Text, UniqueConstraint, text

from storage.columns import Number, Plain, metadata

# How many numbers of a source (customer, order …) have a shape.
number_shapes = Table(
    "number_shapes",
    metadata,
    Column("source", Plain, primary_key=True),
    Column("shape", Plain, primary_key=True),
    Column("count", BigInteger, nullable=False, index=True),
)

# How far a walk over records has come, and for what goal (the generation of the rules) it goes.
walks = Table(
    "walks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("goal", BigInteger, nullable=False),
    Column("position", Plain, nullable=False),
)

# A row is a walk over open mails that is still to be done, newest first; the position is the last mail that was done.
# `cause` grows with each change of what is known: then the walk begins again.
rematching = Table(
    "rematching",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("key", Plain, primary_key=True),
    Column("cause", BigInteger, nullable=False),
    Column("arrived", BigInteger),
    Column("message", BigInteger),
)

# A customer that became part of another one. `record` is the row it had. The id stays an alias until this is undone.
merges = Table(
    "merges",
    metadata,
    Column("id", Number, primary_key=True),
    Column("kept", Plain, nullable=False, index=True),
    Column("merged", Plain, nullable=False),
    Column("staff", Plain, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("record", Text, nullable=False),
    Column("undone_by", Plain),
    Column("undone_at", BigInteger),
    Index(
        "ix_merges_merged",
        "merged",
        unique=True,
        sqlite_where=text("undone_at is null"),
        postgresql_where=text("undone_at is null"),
    ),
    sqlite_autoincrement=True,
)

# What a merge moved, by the table's own key; `row` holds what had no place beside the kept customer's own.
merge_moves = Table(
    "merge_moves",
    metadata,
    Column("merge", Number, ForeignKey("merges.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("part", Text, primary_key=True),
    Column("key", Plain, primary_key=True),
    Column("row", Text),
    sqlite_with_rowid=False,
)

# What staff said about a sender. The latest row of an address counts; taking it back deletes it.
APPLICANTS = text("stance = 'applicant'")

senders = Table(
    "senders",
    metadata,
    Column("id", Number, primary_key=True),
    Column("address", Plain, nullable=False),
    Column("stance", Text, nullable=False),
    Column("staff", Plain, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_senders_address", "address", "id"),
    Index("ix_senders_applicants", "address", "id", sqlite_where=APPLICANTS, postgresql_where=APPLICANTS),
    sqlite_autoincrement=True,
)

# Repairs of the address book. One that was dismissed is not proposed again: its content is known.
proposals = Table(
    "proposals",
    metadata,
    Column("id", Number, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("message", Number, ForeignKey("messages.no", ondelete="CASCADE"), nullable=False, index=True),
    Column("customer_id", Plain, nullable=False),
    Column("contact_id", Plain, nullable=False),
    Column("payload", Text, nullable=False),
    Column("payload_key", BigInteger, nullable=False),
    Column("quote", Plain, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("staff", Plain),
    Column("at", BigInteger),
    UniqueConstraint("customer_id", "contact_id", "kind", "payload_key", name="uq_proposals_content"),
    Index("ix_proposals_state", "state", "id"),
    sqlite_autoincrement=True,
)
