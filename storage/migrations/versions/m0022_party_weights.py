"""How much mail is exchanged with each party without a record, so that the heaviest are found at once."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and add up what has been counted."""
    op.create_table(
        "party_weights",
        sa.Column("box", sa.Integer(), nullable=False),
        sa.Column("belongs_to", sa.Text(), nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("box", "belongs_to", name=op.f("pk_party_weights")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_party_weights_weight", "party_weights", ["box", "weight", "belongs_to"])
    op.execute(
        "insert into party_weights (box, belongs_to, weight)"
        " select box, belongs_to, sum(mails_from + 3 * mails_to) from correspondents group by box, belongs_to"
    )
