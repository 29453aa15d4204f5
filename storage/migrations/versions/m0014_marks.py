"""Keywords that Kingpost writes into mailboxes: where that is on, where the server takes them, what is there."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and columns."""
    op.add_column("mailboxes", sa.Column("marks", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("folders", sa.Column("markable", sa.Boolean(), nullable=True))
    op.create_table(
        "marks",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("keyword", sa.Text(), nullable=False),
        sa.Column("box", sa.Integer(), nullable=False),
        sa.Column("message", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["place"], ["places.id"], name=op.f("fk_marks_place")),
        sa.PrimaryKeyConstraint("place", "uid", "keyword", name=op.f("pk_marks")),
    )
    op.create_index("ix_marks_box", "marks", ["box", "keyword", "state"])
    op.create_index("ix_marks_message", "marks", ["message"])
