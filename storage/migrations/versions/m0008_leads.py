"""Leads: also who wrote the mails that one colleague passed on to another."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

LEADS = sa.text("action <> 'attach' and kind = 'person' and writer <> ''")


def upgrade() -> None:
    """Make the index anew; until now a mail of ours had a writer in pools from before there were any."""
    op.execute("update messages set writer = '' where direction = 'outgoing'")
    op.drop_index("ix_messages_leads", table_name="messages")
    op.create_index(
        "ix_messages_leads",
        "messages",
        ["action", "arrived"],
        unique=False,
        sqlite_where=LEADS,
        postgresql_where=LEADS,
    )
