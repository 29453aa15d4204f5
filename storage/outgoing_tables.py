"""The tables of mail that goes out: what waits and what became of it, who was asked how satisfied they are, and the
sealed password of the account that sends.
"""  # noqa: D205 — one sentence

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from storage.columns import Number, Plain, metadata

WAITING = text("state in ('pending', 'sending')")

outgoing = Table(
    "outgoing",
    metadata,
    Column("id", Number, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("recipient", Plain, nullable=False),
    Column("subject", Plain, nullable=False),
    Column("text", Plain, nullable=False),
    Column("once", Plain, nullable=False, unique=True),
    Column("message_id", Plain, nullable=False, unique=True),
    Column("in_reply_to", Plain, nullable=False),
    Column("customer_id", Plain),
    Column("contact_id", Plain),
    Column("case", Number, ForeignKey("cases.id", ondelete="SET NULL"), index=True),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("since", BigInteger),
    Column("error_en", Plain, nullable=False),
    Column("error_de", Plain, nullable=False),
    Index("ix_outgoing_due", "due", "id", sqlite_where=WAITING, postgresql_where=WAITING),
    Index("ix_outgoing_state", "state", "id"),
    Index("ix_outgoing_recipient", "recipient", "created"),
    Index("ix_outgoing_customer", "customer_id", "created"),
    Index("ix_outgoing_created", "kind", "created"),
    sqlite_autoincrement=True,
)

# Of the link's token only the digest: who reads the pool cannot answer for a customer.
invitations = Table(
    "invitations",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("customer_id", Plain, nullable=False),
    Column("contact_id", Plain, nullable=False),
    Column("case", Number, nullable=False),
    Column("language", Text, nullable=False),
    Column("sent", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("answered", BigInteger),
    Index("ix_invitations_customer", "customer_id", "sent"),
    Index("ix_invitations_expires", "expires"),
    Index("ix_invitations_case", "case"),
    sqlite_with_rowid=False,
)

secrets = Table(
    "secrets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
