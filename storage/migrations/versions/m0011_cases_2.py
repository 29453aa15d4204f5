"""Teams, absences, snippets, mail that goes out, one question after a solved case; cases are found by their own words.

The words of the cases that are there are indexed.
"""

import sqlalchemy as sa
from alembic import op

from storage.case_words import index_all

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SORTED = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables and fill the index."""
    _teams()
    _outgoing()
    op.create_table(
        "case_words",
        sa.Column("word", SORTED, nullable=False),
        sa.Column("case", NUMBER, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_case_words_case"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("word", "case", name=op.f("pk_case_words")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_case_words_case", "case_words", ["case"])
    index_all(op.get_bind())


def _teams() -> None:
    op.create_table(
        "teams",
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_teams")),
    )
    op.create_table(
        "team_members",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["team"], ["teams.name"], name=op.f("fk_team_members_team"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["login"], ["staff.login"], name=op.f("fk_team_members_login"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team", "login", name=op.f("pk_team_members")),
    )
    op.create_index("ix_team_members_login", "team_members", ["login"])
    op.create_table(
        "away_times",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("deputy", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["login"], ["staff.login"], name=op.f("fk_away_times_login"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_away_times")),
    )
    op.create_table(
        "snippets",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("removed", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snippets")),
        sqlite_autoincrement=True,
    )


def _outgoing() -> None:
    op.create_table(
        "outgoing",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("once", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("in_reply_to", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("contact_id", sa.Text(), nullable=True),
        sa.Column("case", NUMBER, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("error_en", sa.Text(), nullable=False),
        sa.Column("error_de", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_outgoing_case"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing")),
        sa.UniqueConstraint("once", name=op.f("uq_outgoing_once")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outgoing_message_id")),
        sqlite_autoincrement=True,
    )
    waiting = sa.text("state in ('pending', 'sending')")
    op.create_index("ix_outgoing_due", "outgoing", ["due", "id"], sqlite_where=waiting, postgresql_where=waiting)
    for name, columns in (
        ("ix_outgoing_case", ["case"]),
        ("ix_outgoing_state", ["state", "id"]),
        ("ix_outgoing_recipient", ["recipient", "created"]),
        ("ix_outgoing_customer", ["customer_id", "created"]),
        ("ix_outgoing_created", ["kind", "created"]),
    ):
        op.create_index(name, "outgoing", columns)
    op.create_table(
        "invitations",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("case", NUMBER, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("sent", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("answered", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_invitations")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_invitations_customer", "invitations", ["customer_id", "sent"])
    op.create_index("ix_invitations_expires", "invitations", ["expires"])
    op.create_index("ix_invitations_case", "invitations", ["case"])
    op.create_table(
        "secrets",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secrets")),
    )
