"""Mailboxes of which only metadata is kept, and whether folders with confidential names are read."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both switches. What is read of mailboxes of before was decided when they were added."""
    op.add_column("mailboxes", sa.Column("confidential", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("mailboxes", sa.Column("metadata_only", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("mailboxes", "metadata_only")
    op.drop_column("mailboxes", "confidential")
