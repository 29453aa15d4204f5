"""What is wrong just now, so that nobody is told of it twice; and whose mail lies in Junk."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and a switch for looking into Junk."""
    op.create_table(
        "alarms",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("key", "kind", "about", "figures")),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("calm", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_alarms")),
        sqlite_with_rowid=False,
    )
    op.add_column("mailboxes", sa.Column("junk", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "sightings",
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("uid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("box", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("arrived", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["place"], ["places.id"], name=op.f("fk_sightings_place_places")),
        sa.PrimaryKeyConstraint("place", "uid", name=op.f("pk_sightings")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_sightings_customer_id"), "sightings", ["customer_id"])
