"""Likely duplicates, who brought whom, target groups with their exports, and what we promised."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "duplicates",
        sa.Column("id", NUMBER, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("one", "other", "evidence")),
        sa.Column("confidence", sa.Float(53), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("staff", sa.Text(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicates")),
        sa.UniqueConstraint("one", "other", name="uq_duplicates_pair"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_duplicates_other", "duplicates", ["other"])
    op.create_index("ix_duplicates_state", "duplicates", ["state", "confidence", "id"])
    op.create_table(
        "referrals",
        sa.Column("id", NUMBER, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("customer_id", "referrer")),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("customer_id", "referrer", name="uq_referrals_pair"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_referrals_referrer", "referrals", ["referrer"])
    op.create_table(
        "target_groups",
        sa.Column("id", NUMBER, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "filters", "author")),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_groups")),
        sa.UniqueConstraint("name", name=op.f("uq_target_groups_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "target_exports",
        sa.Column("id", NUMBER, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "filters", "staff")),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("rows", "left_out")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_exports")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "promises",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("message", NUMBER, nullable=True),
        sa.Column("entry", NUMBER, nullable=True),
        sa.Column("said", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("kept_by", sa.Text(), nullable=True),
        sa.Column("kept_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["message"], ["messages.no"], name=op.f("fk_promises_message"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["entry"], ["interactions.id"], name=op.f("fk_promises_entry"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_promises_customer", "promises", ["customer_id", "due"])
    op.create_index("ix_promises_message", "promises", ["message"])
    op.create_index("ix_promises_entry", "promises", ["entry"])
