"""The tables of the rights of persons: what was erased and must not come back, and whose data only rest here.

Digests are keyed (assistant.erased): without the key nobody can tell whose they are.
"""

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Integer, Table, Text

from storage.columns import Plain, metadata

# An erasure; `at` is its moment. `blocked`: later mail of these addresses is not taken in either. `key` names the key
# of the digests.
erasures = Table(
    "erasures",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("blocked", Boolean, nullable=False),
    Column("key", Text, nullable=False),
)

erased_digests = Table(
    "erased_digests",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("erasure", Text, ForeignKey("erasures.id", ondelete="CASCADE"), primary_key=True),
    sqlite_with_rowid=False,
)

# Where copies of erased mails lie on a server: for the audit, which neither misses nor fills them.
erased_copies = Table(
    "erased_copies",
    metadata,
    Column("place", Integer, ForeignKey("places.id"), primary_key=True, autoincrement=False),
    Column("uid", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# Blobs that erased rows named. They go once nobody else names them.
blob_removals = Table("blob_removals", metadata, Column("digest", Text, primary_key=True), sqlite_with_rowid=False)

# Customers whose data of before a moment are kept and not used (GDPR, article 18): until a day, or until it is lifted.
restrictions = Table(
    "restrictions",
    metadata,
    Column("customer_id", Plain, primary_key=True),
    Column("since", BigInteger, nullable=False),
    Column("until", Date),
    Column("author", Plain, nullable=False),
    sqlite_with_rowid=False,
)
