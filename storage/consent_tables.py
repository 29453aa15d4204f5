"""The tables of what people want: what they consented to, and how staff said they like to be addressed."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Table, Text

from storage.columns import Number, Plain, metadata

# Every word that was said, given or withdrawn; none is overwritten. contact_id "" stands for the customer as a whole;
# a person's words go where the person goes.
consents = Table(
    "consents",
    metadata,
    Column("id", Number, primary_key=True),
    Column("customer_id", Plain, nullable=False),
    Column("contact_id", Plain, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("given", Boolean, nullable=False),
    Column("date", Date, nullable=False),
    Column("way", Text, nullable=False),
    Column("source", Plain, nullable=False),
    Column("author", Plain, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_consents_customer", "customer_id", "purpose", "contact_id", "date", "id"),
    Index("ix_consents_purpose", "purpose", "given", "customer_id"),
    sqlite_autoincrement=True,
)

# What staff set in a contact's record, and what stood there. The latest value of a field that is not empty stays,
# whatever a table says that is imported later.
contact_changes = Table(
    "contact_changes",
    metadata,
    Column("id", Number, primary_key=True),
    Column("contact_id", Plain, nullable=False),
    Column("field", Text, nullable=False),
    Column("value", Plain, nullable=False),
    Column("before", Plain, nullable=False),
    Column("staff", Plain, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_contact_changes_contact", "contact_id", "field", "id"),
    sqlite_autoincrement=True,
)
