"""Findings: complaints that were found in mail, and what staff say of them.

Mail that is in the pool already is assessed in the background (assistant.reassessing).
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "findings",
        sa.Column("message", NUMBER, autoincrement=False, nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("date", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("history", sa.Boolean(), nullable=False),
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("flag", sa.Boolean(), nullable=True),
        sa.Column("flag_severity", sa.Integer(), nullable=True),
        sa.Column("flag_category", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("solved_by", sa.Text(), nullable=True),
        sa.Column("solved_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["message"], ["messages.no"], name=op.f("fk_findings_message"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message", name=op.f("pk_findings")),
    )
    op.create_index("ix_findings_state", "findings", ["state", "date", "message"], unique=False)
    op.create_index("ix_findings_customer", "findings", ["customer_id", "state", "date"], unique=False)
