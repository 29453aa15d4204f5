"""Mailboxes on their way in and clients that wait for their person, known to all processes that serve pages."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "setup_drafts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("began", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setup_drafts")),
    )
    op.create_table(
        "pairings",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("secret", "code", "client", "network")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("ends", "token_ends")),
        sa.Column("login", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("secret", name=op.f("pk_pairings")),
        sa.UniqueConstraint("code", name=op.f("uq_pairings_code")),
    )
