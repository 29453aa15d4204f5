"""What was erased and must not come back, and whose data only rest here."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "erasures",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_table(
        "erased_digests",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("erasure", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["erasure"], ["erasures.id"], name=op.f("fk_erased_digests_erasure"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", "erasure", name=op.f("pk_erased_digests")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "erased_copies",
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("uid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["place"], ["places.id"], name=op.f("fk_erased_copies_place")),
        sa.PrimaryKeyConstraint("place", "uid", name=op.f("pk_erased_copies")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "blob_removals",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_blob_removals")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "restrictions",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_restrictions")),
        sqlite_with_rowid=False,
    )
