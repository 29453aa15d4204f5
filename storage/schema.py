"""The tables of mail: messages, where their copies lie, and what could not be read.

Moments are microseconds in UTC (storage.moments), small lists are JSON texts (storage.packing), words for search
lie in the tables of storage.fulltext. The tables of people and of the firm's own staff stand in storage.records.
"""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from storage.columns import Number, Plain, metadata

# Names of mailboxes that hold or held mail; placements carry the number. Of a personal mailbox that was removed the
# owner is kept here: its mail stays theirs.
boxes = Table(
    "boxes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Plain, unique=True, nullable=False),
    Column("owner", Plain),
)

# A folder under one UIDVALIDITY. -1 stands for "none": mail that came by file or by the SMTP door.
places = Table(
    "places",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("box", Integer, ForeignKey("boxes.id"), nullable=False),
    Column("folder", Plain, nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    UniqueConstraint("box", "folder", "uidvalidity"),
)

# In characters: longer addresses are none (RFC 5321 section 4.5.3.1.3), and an index has no room for them.
WRITER = 254
# Mails that are filed under nobody, and those of them that a person wrote to us, or that a colleague passed on.
OPEN = text("action <> 'attach'")
LEADS = text("action <> 'attach' and kind = 'person' and writer <> ''")

# Compact rows (texts lie beside them): lists, threads and look-ups touch few pages.
# Message-IDs and threads are found by a 64-bit key of theirs: a quarter of the index, and no limit on their length.
messages = Table(
    "messages",
    metadata,
    Column("no", Number, primary_key=True),
    Column("identity", Text, unique=True, nullable=False),
    Column("message_id", Plain),
    Column("message_id_key", BigInteger, index=True),
    Column("thread", Text, nullable=False),
    Column("thread_key", BigInteger, nullable=False),
    Column("direction", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("customer_id", Plain),
    Column("contact_id", Plain),
    Column("verdict", Text, nullable=False),
    Column("history", Boolean, nullable=False),
    Column("arrived", BigInteger, nullable=False),
    Column("date", BigInteger),
    Column("size", BigInteger, nullable=False),
    Column("raw_digest", Text, nullable=False),
    Column("subject", Plain, nullable=False),
    Column("sender_addr", Plain, nullable=False),
    Column("sender_name", Plain, nullable=False),
    Column("writer", Plain, nullable=False, server_default=text("''")),  # the address of the person behind it
    Column("addresses", Text, nullable=False),
    Column("ancestors", Text),
    Column("defects", Text),
    Column("kind", Text, nullable=False),
    Column("language", Text),
    Column("reading", Text, nullable=False),
    Column("match", Text, nullable=False),
    Index("ix_messages_thread", "thread_key", "arrived"),
    Index("ix_messages_action", "action", "arrived"),
    Index("ix_messages_open_writer", "writer", "arrived", sqlite_where=OPEN, postgresql_where=OPEN),
    Index("ix_messages_leads", "action", "arrived", sqlite_where=LEADS, postgresql_where=LEADS),
    sqlite_autoincrement=True,  # a number is never given twice
)

texts = Table(
    "texts",
    metadata,
    Column("message", Number, ForeignKey("messages.no", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("text", Plain, nullable=False),
)

attachments = Table(
    "attachments",
    metadata,
    Column("message", Number, ForeignKey("messages.no", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", Plain, nullable=False),
    Column("content_type", Plain, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
    Column("inline", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

# The message is part of the key: a server that gives one UID twice loses no copy. uid -1 stands for "none".
placements = Table(
    "placements",
    metadata,
    Column("place", Integer, ForeignKey("places.id"), primary_key=True, autoincrement=False),
    Column("uid", BigInteger, primary_key=True, autoincrement=False),
    Column("message", Number, ForeignKey("messages.no", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("box", Integer, nullable=False),  # the place's, so that rights need no second look
    Column("flags", Text),
    Column("verdict", Text, nullable=False),
    Column("arrived", BigInteger, nullable=False),
    Column("gone", BigInteger),
    Index("ix_placements_message", "message", "box"),
    Index("ix_placements_box", "box", "arrived", "message"),
    sqlite_with_rowid=False,
)

# The keywords that we wrote into mailboxes, or are about to, and those that people decide about (rules.marks). The
# message is no foreign key: of an erased mail the mark is still to be taken away.
marks = Table(
    "marks",
    metadata,
    Column("place", Integer, ForeignKey("places.id"), primary_key=True, autoincrement=False),
    Column("uid", BigInteger, primary_key=True, autoincrement=False),
    Column("keyword", Text, primary_key=True),
    Column("box", Integer, nullable=False),
    Column("message", BigInteger, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Index("ix_marks_box", "box", "keyword", "state"),
)

# By what a later mail finds its thread (storage.threads): the key of a trace, and the last mail that left it.
traces = Table(
    "traces",
    metadata,
    Column("key", Number, primary_key=True, autoincrement=False),
    Column("message", Number, ForeignKey("messages.no", ondelete="CASCADE"), nullable=False, index=True),
)

# Matches that were replaced, oldest first, so that a correction can be undone.
match_log = Table(
    "match_log",
    metadata,
    Column("id", Number, primary_key=True),
    Column("message", Number, ForeignKey("messages.no", ondelete="CASCADE"), nullable=False, index=True),
    Column("match", Text, nullable=False),
    sqlite_autoincrement=True,
)

# Complaints that were found in mail, or named by staff; `assessment` is what was found (storage.packing). State and
# severity follow from the rest of the row and stand here for lists; the customer is the mail's, whoever decides that.
findings = Table(
    "findings",
    metadata,
    Column("message", Number, ForeignKey("messages.no", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("customer_id", Plain),
    Column("date", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("history", Boolean, nullable=False),
    Column("assessment", Text, nullable=False),
    Column("flag", Boolean),  # what staff say
    Column("flag_severity", Integer),
    Column("flag_category", Text),
    Column("decided_by", Plain),
    Column("decided_at", BigInteger),
    Column("solved_by", Plain),
    Column("solved_at", BigInteger),
    Index("ix_findings_state", "state", "date", "message"),
    Index("ix_findings_customer", "customer_id", "state", "date"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("place", Integer, ForeignKey("places.id"), nullable=False),
    Column("uid", BigInteger, nullable=False),
    Column("raw_digest", Text, nullable=False),
    Column("flags", Text),
    Column("reason", Plain, nullable=False),
    Column("arrived", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("gone", BigInteger),
    UniqueConstraint("place", "uid", "raw_digest"),
    sqlite_autoincrement=True,
)
