"""What customers are worth among all, decisions on proposals, and whom not to ask for business."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LISTS = {
    "kings": ("worth", "king"),
    "risk": ("worth", "risk <> ''"),
    "lost": ("worth", "segment = 'lost'"),
    "likeness": ("likeness", "likeness is not null"),
    "movers": ("worth", "abc <> abc_before"),
}


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "customer_values",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("king", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("segment", "because", "abc", "abc_before", "rfm")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("worth", "revenue", "before")),
        sa.Column("share", sa.Float(53), nullable=True),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.Column("p_alive", sa.Float(53), nullable=True),
        sa.Column("expected", sa.Float(53), nullable=True),
        sa.Column("lifetime", sa.BigInteger(), nullable=True),
        sa.Column("likeness", sa.Float(53), nullable=True),
        sa.Column("likes", sa.Text(), nullable=False),
        sa.Column("shared", sa.Text(), nullable=False),
        sa.Column("run", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_customer_values")),
        sqlite_with_rowid=False,
    )
    for name, (order, holds) in LISTS.items():
        where = sa.text(holds)
        columns = [order, "customer_id"]
        index = f"ix_customer_values_{name}"
        op.create_index(index, "customer_values", columns, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "pool_values",
        sa.Column("run", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("marked", sa.BigInteger(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run", name=op.f("pk_pool_values")),
    )
    op.create_table(
        "action_decisions",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "action", name=op.f("pk_action_decisions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "customer_bars",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("bar", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "bar", name=op.f("pk_customer_bars")),
        sqlite_with_rowid=False,
    )
    op.execute("insert into state (name, value) values ('values', 0)")
