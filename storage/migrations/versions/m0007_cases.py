"""Triage: cases, which mails belong to them, what happened, who watches them; which mail needs no answer."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "cases",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("opened", sa.BigInteger(), nullable=False),
        sa.Column("within", sa.Float(53), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("due", sa.BigInteger(), nullable=True),
        sa.Column("answered", sa.BigInteger(), nullable=True),
        sa.Column("assignee", sa.Text(), nullable=False),
        sa.Column("snoozed_until", sa.BigInteger(), nullable=True),
        sa.Column("proposed", sa.Text(), nullable=True),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("tags", sa.Text(), nullable=True),
        sa.Column("escalated", sa.BigInteger(), nullable=True),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.Column("merged_into", NUMBER, nullable=True),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_cases_list", "cases", ["pending", "place", "id"])
    op.create_index("ix_cases_queue", "cases", ["queue", "pending", "place", "id"])
    op.create_index("ix_cases_assignee", "cases", ["assignee", "pending", "place", "id"])
    op.create_index("ix_cases_customer", "cases", ["customer_id", "pending", "opened"])
    op.create_index("ix_cases_opened", "cases", ["opened", "id"])
    op.create_index("ix_cases_ended", "cases", ["pending", "opened", "id"])
    for name, columns, rare in (
        ("ix_cases_proposed", ["place", "id"], sa.text("proposed is not null")),
        ("ix_cases_snoozed", ["snoozed_until"], sa.text("snoozed_until is not null")),
    ):
        op.create_index(name, "cases", columns, sqlite_where=rare, postgresql_where=rare)
    op.create_table(
        "case_messages",
        sa.Column("message", NUMBER, autoincrement=False, nullable=False),
        sa.Column("case", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["message"], ["messages.no"], name=op.f("fk_case_messages_message"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_case_messages_case"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message", name=op.f("pk_case_messages")),
    )
    op.create_index("ix_case_messages_case", "case_messages", ["case", "message"])
    op.create_table(
        "case_events",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("case", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("message", NUMBER, nullable=True),
        sa.Column("was", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_case_events_case"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_case_events_case", "case_events", ["case", "id"])
    op.create_table(
        "case_watchers",
        sa.Column("case", NUMBER, autoincrement=False, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_case_watchers_case"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case", "login", name=op.f("pk_case_watchers")),
    )
    op.create_table(
        "waived",
        sa.Column("message", NUMBER, autoincrement=False, nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["message"], ["messages.no"], name=op.f("fk_waived_message"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message", name=op.f("pk_waived")),
    )
