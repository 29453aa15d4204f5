"""What of a mailbox is never read (folders, mail before a day), and how much there was to read when it was added."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the mailboxes."""
    op.add_column("mailboxes", sa.Column("excluded", sa.Text(), nullable=False, server_default=sa.text("'[]'")))
    op.add_column("mailboxes", sa.Column("since", sa.Date()))
    op.add_column("mailboxes", sa.Column("expected", sa.Integer(), nullable=False, server_default=sa.text("0")))
