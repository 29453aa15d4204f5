"""The tables of people without a record: with whom which mailbox exchanges mail, and what staff made of them."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from storage.columns import Number, Plain, metadata

# Mails with an address, counted for each mailbox by itself: whoever may not see the mailbox sees nothing of it.
# `belongs_to` is the firm's domain or the address, `signs` what the mails tell (rules.terms.party). A row goes with the
# mail that is kept for it, and so retention and erasure take it along.
correspondents = Table(
    "correspondents",
    metadata,
    Column("id", Number, primary_key=True),
    Column("box", Integer, nullable=False),
    Column("address", Plain, nullable=False),
    Column("belongs_to", Plain, nullable=False),
    Column("vat_id", Plain, nullable=False),
    Column("name", Plain, nullable=False),
    Column("mails_from", Integer, nullable=False),
    Column("mails_to", Integer, nullable=False),
    Column("newest", BigInteger, nullable=False),
    Column("message", Number, ForeignKey("messages.no", ondelete="CASCADE"), nullable=False, index=True),
    Column("signs", Plain, nullable=False),
    UniqueConstraint("address", "box", name="uq_correspondents_address"),
    Index("ix_correspondents_belongs_to", "belongs_to"),
    Index("ix_correspondents_vat_id", "vat_id"),
    sqlite_autoincrement=True,
)

# How much mail each mailbox exchanges with a party, all its addresses together, so that the heaviest are found without
# a look at the others. Kept with every change of `correspondents` (storage.party_weights).
party_weights = Table(
    "party_weights",
    metadata,
    Column("box", Integer, primary_key=True),
    Column("belongs_to", Plain, primary_key=True),
    Column("weight", BigInteger, nullable=False),
    Index("ix_party_weights_weight", "box", "weight", "belongs_to"),
    sqlite_with_rowid=False,
)

# What was made of such people in one go, so that it can be taken back: a customer's id, or a word on a sender.
adoptions = Table(
    "adoptions",
    metadata,
    Column("id", Number, primary_key=True),
    Column("batch", BigInteger, nullable=False),
    Column("staff", Plain, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("customer_id", Plain),
    Column("sender", BigInteger),
    Index("ix_adoptions_batch", "batch"),
    Index("ix_adoptions_customer", "customer_id"),
    sqlite_autoincrement=True,
)

# Which column of a table means which field, as somebody said it last for tables with the same header.
column_mappings = Table(
    "column_mappings",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("header", Text, primary_key=True),
    Column("mapping", Plain, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
