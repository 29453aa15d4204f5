"""The tables of what customers are worth among all, of decisions on proposals, and of who is left in peace."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Index, Table, Text, text

from storage.columns import Plain, metadata

# What assistant.valuing reckoned last, a row a customer. `run` is the reckoning that brought the row; those of an
# older one go when a reckoning is complete.
customer_values = Table(
    "customer_values",
    metadata,
    Column("customer_id", Plain, primary_key=True),
    Column("as_of", Date, nullable=False),
    Column("king", Boolean, nullable=False),
    Column("segment", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("abc", Text, nullable=False),
    Column("abc_before", Text, nullable=False),
    Column("rfm", Text, nullable=False),
    Column("worth", BigInteger, nullable=False),
    Column("revenue", BigInteger, nullable=False),
    Column("before", BigInteger, nullable=False),
    Column("share", Float(53)),
    Column("risk", Text, nullable=False),
    Column("p_alive", Float(53)),
    Column("expected", Float(53)),
    Column("lifetime", BigInteger),
    Column("likeness", Float(53)),
    Column("likes", Plain, nullable=False),
    Column("shared", Text, nullable=False),
    Column("run", BigInteger, nullable=False),
    Index("ix_customer_values_kings", "worth", "customer_id", sqlite_where=text("king"), postgresql_where=text("king")),
    Index(
        "ix_customer_values_risk",
        "worth",
        "customer_id",
        sqlite_where=text("risk <> ''"),
        postgresql_where=text("risk <> ''"),
    ),
    Index(
        "ix_customer_values_lost",
        "worth",
        "customer_id",
        sqlite_where=text("segment = 'lost'"),
        postgresql_where=text("segment = 'lost'"),
    ),
    Index(
        "ix_customer_values_likeness",
        "likeness",
        "customer_id",
        sqlite_where=text("likeness is not null"),
        postgresql_where=text("likeness is not null"),
    ),
    Index(
        "ix_customer_values_movers",
        "worth",
        "customer_id",
        sqlite_where=text("abc <> abc_before"),
        postgresql_where=text("abc <> abc_before"),
    ),
    sqlite_with_rowid=False,
)

# What was reckoned over all customers together: one row, `run` the reckoning, `marked` up to which change it knows.
pool_values = Table(
    "pool_values",
    metadata,
    Column("run", BigInteger, primary_key=True, autoincrement=False),
    Column("marked", BigInteger, nullable=False),
    Column("found", Text, nullable=False),
)

# When a proposal for a customer was last accepted or declined; never by whom.
action_decisions = Table(
    "action_decisions",
    metadata,
    Column("customer_id", Plain, primary_key=True),
    Column("action", Text, primary_key=True),
    Column("date", Date, nullable=False),
    Column("accepted", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

# What forbids to ask a customer for business, until staff say otherwise.
customer_bars = Table(
    "customer_bars",
    metadata,
    Column("customer_id", Plain, primary_key=True),
    Column("bar", Text, primary_key=True),
    Column("since", Date, nullable=False),
    Column("author", Plain, nullable=False),
    sqlite_with_rowid=False,
)

# Those whose rows are a customer's.
VALUES = (customer_values, action_decisions, customer_bars)
