"""The tables of people and of the house: customers and what is known of them, mailboxes, staff, the pool itself.

The firm's records come in any order (contacts before customers, mail before both), so customer ids are no foreign
keys here.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from storage.columns import Number, Plain, Sorted, metadata

# Customers who are nothing else.
APPLICANTS = text("""party = '["applicant"]'""")

customers = Table(
    "customers",
    metadata,
    Column("no", Number, primary_key=True),
    Column("id", Plain, unique=True, nullable=False),
    Column("name", Plain, nullable=False),
    Column("name_key", Sorted, nullable=False),
    Column("customer_no", Plain, nullable=False, index=True),
    Column("number_shape", Plain, nullable=False, server_default=text("''")),
    Column("kind", Text, nullable=False),
    Column("party", Text, nullable=False),
    Column("legal_form", Plain, nullable=False),
    Column("street", Plain, nullable=False),
    Column("zip", Plain, nullable=False),
    Column("city", Plain, nullable=False),
    Column("country", Plain, nullable=False),
    Column("phone", Plain, nullable=False),
    Column("fax", Plain, nullable=False),
    Column("email", Plain, nullable=False),
    Column("domain", Plain, nullable=False),
    Column("vat_id", Plain, nullable=False),
    Column("since", Plain, nullable=False),
    Column("revenue_12m", Float(53)),
    Column("key_account", Boolean, nullable=False),
    Column("status", Text, nullable=False),
    Index("ix_customers_name", "name_key", "id"),
    Index("ix_customers_applicants", "id", sqlite_where=APPLICANTS, postgresql_where=APPLICANTS),
    sqlite_autoincrement=True,
)

contacts = Table(
    "contacts",
    metadata,
    Column("id", Plain, primary_key=True),
    Column("customer_id", Plain, nullable=False),
    Column("salutation", Plain, nullable=False),
    Column("title", Plain, nullable=False),
    Column("first_name", Plain, nullable=False),
    Column("last_name", Plain, nullable=False),
    Column("role", Plain, nullable=False),
    Column("email", Plain, nullable=False),
    Column("email2", Plain, nullable=False),
    Column("phone", Plain, nullable=False),
    Column("mobile", Plain, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("language", Plain, nullable=False),
    Column("address_form", Plain, nullable=False),
    Column("preferred_channel", Text, nullable=False, server_default=text("''")),
    Index("ix_contacts_customer", "customer_id", "id"),
)

# contact_id "" stands for "the customer as a whole": a key holds no NULL. The key begins with the customer, so that an
# import writes where it is; the one index finds owners by value without a look at the table.
identifiers = Table(
    "identifiers",
    metadata,
    Column("customer_id", Plain, primary_key=True),
    Column("contact_id", Plain, primary_key=True),
    Column("source", Plain, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("value", Plain, primary_key=True),
    Index("ix_identifiers_value", "kind", "value", "customer_id", "contact_id", "source"),
    sqlite_with_rowid=False,
)

# The same number may lead to two customers; then both are candidates, and a person decides.
customer_references = Table(
    "customer_references",
    metadata,
    Column("number", Plain, primary_key=True),
    Column("type", Plain, primary_key=True),
    Column("customer_id", Plain, primary_key=True),
    Column("date", Date),
    Column("number_key", Plain, nullable=False, server_default=text("''")),
    Column("shape", Plain, nullable=False, server_default=text("''")),
    Index("ix_customer_references_customer", "customer_id", "date"),
    Index("ix_customer_references_key", "number_key", "customer_id", "type"),
    sqlite_with_rowid=False,
)

interactions = Table(
    "interactions",
    metadata,
    Column("id", Number, primary_key=True),
    Column("customer_id", Plain, nullable=False),
    Column("date", BigInteger, nullable=False),
    Column("channel", Text, nullable=False),
    Column("direction", Text),
    Column("contact_id", Plain),
    Column("staff", Plain, nullable=False),
    Column("message", Number, ForeignKey("messages.no", ondelete="CASCADE")),
    Column("external_id", Plain, unique=True),
    Column("subject", Plain, nullable=False),
    Column("text", Plain, nullable=False),
    Column("reaction", Text),
    UniqueConstraint("message", "customer_id"),
    Index("ix_interactions_customer", "customer_id", "date", "id"),
    sqlite_autoincrement=True,
)

mailboxes = Table(
    "mailboxes",
    metadata,
    Column("name", Plain, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("address", Plain, nullable=False),
    Column("host", Plain, nullable=False),
    Column("port", Integer, nullable=False),
    Column("tls", Text, nullable=False),
    Column("ca_file", Plain),
    Column("user", Plain, nullable=False),
    Column("folders", Text, nullable=False),
    Column("sent", Plain),
    Column("owner", Plain),
    Column("members", Text, nullable=False),
    Column("follow", Boolean, nullable=False),
    Column("own_server", Boolean),
    Column("declared", Boolean, nullable=False),
    Column("secret", LargeBinary),
    Column("excluded", Text, nullable=False, server_default=text("'[]'")),
    Column("since", Date),
    Column("expected", Integer, nullable=False, server_default=text("0")),
    Column("marks", Boolean, nullable=False, server_default=false()),
    Column("junk", Boolean, nullable=False, server_default=false()),
    # For mailboxes of before it was decided when they were added.
    Column("confidential", Boolean, nullable=False, server_default=true()),
    Column("metadata_only", Boolean, nullable=False, server_default=false()),
)

folders = Table(
    "folders",
    metadata,
    Column("mailbox", Plain, primary_key=True),
    Column("name", Plain, primary_key=True),
    Column("role", Text, nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("last_uid", BigInteger, nullable=False),
    Column("history_uid", BigInteger, nullable=False),
    Column("modseq", BigInteger),
    Column("backfill_uid", BigInteger, nullable=False),
    Column("backfill_until", BigInteger, nullable=False),
    Column("markable", Boolean),  # whether the server takes our keywords there; unset while nobody tried
)

health = Table(
    "health",
    metadata,
    Column("mailbox", Plain, primary_key=True),
    Column("state", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("last_news", BigInteger),
    Column("announces", Plain, nullable=False),
    Column("lag", Float(53)),
    Column("error_en", Plain, nullable=False),
    Column("error_de", Plain, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    Column("login", Plain, primary_key=True),
    Column("name", Plain, nullable=False),
    Column("role", Text, nullable=False),
    Column("email", Plain, nullable=False),
    Column("language", Plain, nullable=False),
    Column("groups", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("password_hash", Text),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("login", Plain, ForeignKey("staff.login", ondelete="CASCADE"), nullable=False, index=True),
    Column("expires", BigInteger, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, unique=True, nullable=False),
    Column("login", Plain, ForeignKey("staff.login", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", Plain, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("expires", BigInteger),
    sqlite_autoincrement=True,
)

# Single numbers: how many customers there are, which state the shapes of numbers are in, and on PostgreSQL how many
# units of work have written, so that others see it.
state = Table(
    "state",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)
