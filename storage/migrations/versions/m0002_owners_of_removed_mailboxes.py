"""Whose personal mailbox it was that was removed: its mail stays theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("boxes", sa.Column("owner", sa.Text(), nullable=True))
