"""The tables of triage: cases, which mails belong to them, what happened, who watches; which mail needs no answer."""

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, Table, Text, text

from storage.columns import Number, Plain, Sorted, metadata

# Rare, and therefore indexed by themselves.
PROPOSED = text("proposed is not null")
SNOOZED = text("snoozed_until is not null")

# `place` orders the lists: the due time while we owe an answer, else later than any of these. `pending` and `place`
# follow from the rest of the row and stand here for the lists' index.
cases = Table(
    "cases",
    metadata,
    Column("id", Number, primary_key=True),
    Column("queue", Plain, nullable=False),
    Column("subject", Plain, nullable=False),
    Column("because", Plain, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("within", Float(53), nullable=False),
    Column("priority", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("customer_id", Plain),
    Column("due", BigInteger),
    Column("answered", BigInteger),
    Column("assignee", Plain, nullable=False),
    Column("snoozed_until", BigInteger),
    Column("proposed", Text),
    Column("severity", Integer, nullable=False),
    Column("category", Text, nullable=False),
    Column("product", Plain, nullable=False),
    Column("cause", Plain, nullable=False),
    Column("remedy", Plain, nullable=False),
    Column("cost", BigInteger),
    Column("tags", Plain),
    Column("escalated", BigInteger),
    Column("ended", BigInteger),
    Column("merged_into", Number),
    Column("pending", Boolean, nullable=False),
    Column("place", BigInteger, nullable=False),
    Index("ix_cases_list", "pending", "place", "id"),
    Index("ix_cases_queue", "queue", "pending", "place", "id"),
    Index("ix_cases_assignee", "assignee", "pending", "place", "id"),
    Index("ix_cases_customer", "customer_id", "pending", "opened"),
    Index("ix_cases_opened", "opened", "id"),
    Index("ix_cases_ended", "pending", "opened", "id"),
    Index("ix_cases_proposed", "place", "id", sqlite_where=PROPOSED, postgresql_where=PROPOSED),
    Index("ix_cases_snoozed", "snoozed_until", sqlite_where=SNOOZED, postgresql_where=SNOOZED),
    sqlite_autoincrement=True,
)

# A mail belongs to one case at most.
case_messages = Table(
    "case_messages",
    metadata,
    Column("message", Number, ForeignKey("messages.no", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("case", Number, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Index("ix_case_messages_case", "case", "message"),
)

case_events = Table(
    "case_events",
    metadata,
    Column("id", Number, primary_key=True),
    Column("case", Number, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("staff", Plain, nullable=False),
    Column("text", Plain, nullable=False),
    Column("message", Number),
    Column("was", Text),
    Index("ix_case_events_case", "case", "id"),
    sqlite_autoincrement=True,
)

# By which folded words a case is found: those of its own texts, tags and notes. Its mails have an index of their own.
case_words = Table(
    "case_words",
    metadata,
    Column("word", Sorted, primary_key=True),
    Column("case", Number, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Index("ix_case_words_case", "case"),
    sqlite_with_rowid=False,
)

case_watchers = Table(
    "case_watchers",
    metadata,
    Column("case", Number, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("login", Plain, primary_key=True),
)

# Mails of which staff say that they need no answer.
waived = Table(
    "waived",
    metadata,
    Column("message", Number, ForeignKey("messages.no", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("staff", Plain, nullable=False),
    Column("at", BigInteger, nullable=False),
)
