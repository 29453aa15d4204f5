"""People without a record with whom mail is exchanged, what was made of them, and mappings of imported columns."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "correspondents",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("box", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("address", "belongs_to", "vat_id", "name")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("mails_from", "mails_to")),
        sa.Column("newest", sa.BigInteger(), nullable=False),
        sa.Column("message", NUMBER, nullable=False),
        sa.Column("signs", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message"], ["messages.no"], name=op.f("fk_correspondents_message"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correspondents")),
        sa.UniqueConstraint("address", "box", name="uq_correspondents_address"),
        sqlite_autoincrement=True,
    )
    for column in ("message", "belongs_to", "vat_id"):
        op.create_index(f"ix_correspondents_{column}", "correspondents", [column])
    op.create_table(
        "adoptions",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("batch", sa.BigInteger(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("sender", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoptions")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_adoptions_batch", "adoptions", ["batch"])
    op.create_index("ix_adoptions_customer", "adoptions", ["customer_id"])
    op.create_table(
        "column_mappings",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "header", "mapping")),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "header", name=op.f("pk_column_mappings")),
        sqlite_with_rowid=False,
    )
