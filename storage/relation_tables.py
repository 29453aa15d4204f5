"""The tables of relations that staff decide on: likely duplicates, who brought whom, target groups, our promises."""

from sqlalchemy import BigInteger, Column, Date, Float, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from storage.columns import Number, Plain, metadata

# Two records that may be one customer's, the lesser id first. `until`: put off, and shown again after that day. A
# pair that staff called two stays, so that it is never proposed again.
duplicates = Table(
    "duplicates",
    metadata,
    Column("id", Number, primary_key=True),
    Column("one", Plain, nullable=False),
    Column("other", Plain, nullable=False),
    Column("evidence", Plain, nullable=False),
    Column("confidence", Float(53), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("until", Date),
    Column("staff", Plain),
    Column("at", BigInteger),
    UniqueConstraint("one", "other", name="uq_duplicates_pair"),
    Index("ix_duplicates_other", "other"),
    Index("ix_duplicates_state", "state", "confidence", "id"),
    sqlite_autoincrement=True,
)

# Who brought a customer. `source`: a mail, an import, or the staff member who wrote it down.
referrals = Table(
    "referrals",
    metadata,
    Column("id", Number, primary_key=True),
    Column("customer_id", Plain, nullable=False),
    Column("referrer", Plain, nullable=False),
    Column("since", Date, nullable=False),
    Column("source", Plain, nullable=False),
    UniqueConstraint("customer_id", "referrer", name="uq_referrals_pair"),
    Index("ix_referrals_referrer", "referrer"),
    sqlite_autoincrement=True,
)

# Filters of customers under a name, for campaigns.
target_groups = Table(
    "target_groups",
    metadata,
    Column("id", Number, primary_key=True),
    Column("name", Plain, nullable=False, unique=True),
    Column("filters", Plain, nullable=False),
    Column("author", Plain, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

# Who took which target group out of the pool, and when. Whose data it was is not repeated here.
target_exports = Table(
    "target_exports",
    metadata,
    Column("id", Number, primary_key=True),
    Column("name", Plain, nullable=False),
    Column("filters", Plain, nullable=False),
    Column("staff", Plain, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("left_out", Integer, nullable=False),
    sqlite_autoincrement=True,
)

# What we promised a customer, by a mail or by an entry of the timeline. Kept ones stay, so that they are not found
# again; `customer_id` goes where the mail goes.
promises = Table(
    "promises",
    metadata,
    Column("id", Number, primary_key=True),
    Column("customer_id", Plain),
    Column("message", Number, ForeignKey("messages.no", ondelete="CASCADE"), index=True),
    Column("entry", Number, ForeignKey("interactions.id", ondelete="CASCADE"), index=True),
    Column("said", BigInteger, nullable=False),
    Column("due", Date, nullable=False),
    Column("quote", Plain, nullable=False),
    Column("kept_by", Plain),
    Column("kept_at", BigInteger),
    Index("ix_promises_customer", "customer_id", "due"),
    sqlite_autoincrement=True,
)
