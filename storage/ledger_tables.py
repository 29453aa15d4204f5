"""The tables of the books: orders, offers, invoices, payments, what accounting says is open, surveys, particulars.

Their keys begin with the customer where there is one, so that what belongs to a customer lies together and is found
without a look at anybody else's; the firm's own number is unique beside it. Amounts are whole cents.
"""

from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Index, Integer, Table, Text

from storage.columns import Number, Plain, metadata

orders = Table(
    "orders",
    metadata,
    Column("customer_id", Plain, primary_key=True),
    Column("date", Date, primary_key=True),
    Column("order_no", Plain, primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("margin", BigInteger),
    Column("items", Plain),
    Index("ix_orders_number", "order_no", unique=True),
    sqlite_with_rowid=False,
)

offers = Table(
    "offers",
    metadata,
    Column("customer_id", Plain, primary_key=True),
    Column("date", Date, primary_key=True),
    Column("offer_no", Plain, primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("valid_until", Date),
    Column("status", Text, nullable=False),
    Index("ix_offers_number", "offer_no", unique=True),
    sqlite_with_rowid=False,
)

invoices = Table(
    "invoices",
    metadata,
    Column("customer_id", Plain, primary_key=True),
    Column("date", Date, primary_key=True),
    Column("invoice_no", Plain, primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Column("due", Date),
    Column("kind", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("discount_percent", Float(53), nullable=False),
    Column("discount_until", Date),
    Column("disputed", Boolean, nullable=False),
    Column("invoice_ref", Plain, nullable=False),
    Index("ix_invoices_number", "invoice_no", unique=True),
    sqlite_with_rowid=False,
)

# A payment is the customer's whose invoice it pays. `key` is its own number or, without one, what it says.
payments = Table(
    "payments",
    metadata,
    Column("invoice_no", Plain, primary_key=True),
    Column("key", Plain, primary_key=True),
    Column("date", Date, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payment_no", Plain, nullable=False),
    sqlite_with_rowid=False,
)

# `as_of` is the list's day (its ordinal: a merge remembers rows by it). `batch` is the import that brought the row
# last; what another list of the same day no longer holds is not open any more.
open_items = Table(
    "open_items",
    metadata,
    Column("customer_id", Plain, primary_key=True),
    Column("as_of", Integer, primary_key=True),
    Column("invoice_no", Plain, primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Column("due", Date),
    Column("currency", Text, nullable=False),
    Column("batch", BigInteger, nullable=False),
    Index("ix_open_items_list", "as_of", "invoice_no", unique=True),
    sqlite_with_rowid=False,
)

surveys = Table(
    "surveys",
    metadata,
    Column("customer_id", Plain, primary_key=True),
    Column("date", Date, primary_key=True),
    Column("external_id", Plain, primary_key=True),
    Column("contact_id", Plain, nullable=False),
    Column("score", Integer, nullable=False),
    Column("comment", Plain, nullable=False),
    Index("ix_surveys_external_id", "external_id", unique=True),
    sqlite_with_rowid=False,
)

particulars = Table(
    "particulars",
    metadata,
    Column("id", Number, primary_key=True),
    Column("customer_id", Plain, nullable=False),
    Column("text", Plain, nullable=False),
    Column("until", Date),
    Column("author", Plain, nullable=False),
    Column("since", Date, nullable=False),
    Index("ix_particulars_customer", "customer_id", "id"),
    sqlite_autoincrement=True,
)

# What the summary says of a customer's books, a column for each of them (storage.facts). NULL where nothing has been
# reckoned since the rows changed: whoever reads then reckons anew.
customer_facts = Table(
    "customer_facts",
    metadata,
    Column("customer_id", Plain, primary_key=True),
    Column("orders", Text),
    Column("offers", Text),
    Column("billing", Text),
    Column("surveys", Text),
    sqlite_with_rowid=False,
)

# Those whose rows are a customer's.
LEDGER = (orders, offers, invoices, open_items, surveys, particulars, customer_facts)
