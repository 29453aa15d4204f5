"""What people consented to, and what staff set in a contact's record."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "consents",
        sa.Column("id", NUMBER, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("customer_id", "contact_id", "purpose")),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("way", "source", "author")),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_consents_customer", "consents", ["customer_id", "purpose", "contact_id", "date", "id"])
    op.create_index("ix_consents_purpose", "consents", ["purpose", "given", "customer_id"])
    op.create_table(
        "contact_changes",
        sa.Column("id", NUMBER, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("contact_id", "field", "value", "before", "staff")),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_contact_changes_contact", "contact_changes", ["contact_id", "field", "id"])
