"""What matching needs: numbers by their normal form, identifiers by value, and tables for what staff decide.

Identifiers are laid out anew: their key now begins with the customer, so that an import writes where it is, and one
index finds them by value. What older imports left unsaid (normal forms, names, phones) is derived again in the
background (assistant.rederiving).
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# SQLite numbers rows by itself only where the type is spelt INTEGER.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("action <> 'attach'")
LEADS = sa.text("action <> 'attach' and direction = 'incoming' and kind = 'person'")


def upgrade() -> None:
    """Make the tables, columns and indexes."""
    _identifiers()
    _numbers()
    op.drop_index("ix_contacts_customer_id", table_name="contacts")
    op.create_index("ix_contacts_customer", "contacts", ["customer_id", "id"], unique=False)
    _messages()
    op.create_table(
        "walks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("goal", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_walks")),
    )
    op.create_table(
        "rematching",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("cause", sa.BigInteger(), nullable=False),
        sa.Column("arrived", sa.BigInteger(), nullable=True),
        sa.Column("message", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_rematching")),
    )
    op.create_table(
        "merges",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("merged", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
        sqlite_autoincrement=True,
    )
    standing = sa.text("undone_at is null")
    op.create_index(
        "ix_merges_merged", "merges", ["merged"], unique=True, sqlite_where=standing, postgresql_where=standing
    )
    op.create_index("ix_merges_kept", "merges", ["kept"], unique=False)
    op.create_table(
        "merge_moves",
        sa.Column("merge", NUMBER, nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("row", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["merge"], ["merges.id"], name=op.f("fk_merge_moves_merge"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("merge", "part", "key", name=op.f("pk_merge_moves")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "senders",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_senders")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_senders_address", "senders", ["address", "id"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("message", NUMBER, nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("payload_key", sa.BigInteger(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["message"], ["messages.no"], name=op.f("fk_proposals_message"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("customer_id", "contact_id", "kind", "payload_key", name="uq_proposals_content"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_proposals_state", "proposals", ["state", "id"], unique=False)
    op.create_index("ix_proposals_message", "proposals", ["message"], unique=False)


def _identifiers() -> None:
    op.execute(
        "create table identifiers_before as select kind, value, customer_id, contact_id, source from identifiers"
    )
    op.drop_table("identifiers")
    op.create_table(
        "identifiers",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "contact_id", "source", "kind", "value", name=op.f("pk_identifiers")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "insert into identifiers (customer_id, contact_id, source, kind, value) "
        "select customer_id, contact_id, source, kind, value from identifiers_before order by 1, 2, 3, 4, 5"
    )
    op.drop_table("identifiers_before")
    op.create_index(
        "ix_identifiers_value", "identifiers", ["kind", "value", "customer_id", "contact_id", "source"], unique=False
    )


def _numbers() -> None:
    op.add_column("customers", sa.Column("number_shape", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column(
        "customer_references", sa.Column("number_key", sa.Text(), nullable=False, server_default=sa.text("''"))
    )
    op.add_column("customer_references", sa.Column("shape", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.create_index(
        "ix_customer_references_key", "customer_references", ["number_key", "customer_id", "type"], unique=False
    )
    op.create_table(
        "number_shapes",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("shape", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "shape", name=op.f("pk_number_shapes")),
    )
    op.create_index("ix_number_shapes_count", "number_shapes", ["count"], unique=False)
    op.execute("insert into state (name, value) select 'customers', count(*) from customers")
    op.execute("insert into state (name, value) values ('shapes', 0)")


def _messages() -> None:
    op.add_column("messages", sa.Column("writer", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.execute("update messages set writer = lower(substr(sender_addr, 1, 254))")
    op.create_index(
        "ix_messages_open_writer",
        "messages",
        ["writer", "arrived"],
        unique=False,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_messages_leads",
        "messages",
        ["action", "arrived"],
        unique=False,
        sqlite_where=LEADS,
        postgresql_where=LEADS,
    )
