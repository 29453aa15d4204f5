"""Letters and fax as files, reactions to mailings, invoices found in mail, watched folders, preferred channels."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and columns."""
    op.add_column("interactions", sa.Column("reaction", sa.Text(), nullable=True))
    op.add_column("contacts", sa.Column("preferred_channel", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.create_table(
        "documents",
        sa.Column("interaction", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("legibility", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interaction"], ["interactions.id"], name=op.f("fk_documents_interaction"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("interaction", name=op.f("pk_documents")),
    )
    op.create_index("ix_documents_digest", "documents", ["digest"])
    op.create_table(
        "found_invoices",
        sa.Column("invoice_no", sa.Text(), nullable=False),
        sa.Column("message", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=False),
        sa.Column("buyer", sa.Text(), nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message"], ["messages.no"], name=op.f("fk_found_invoices_message"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("invoice_no", name=op.f("pk_found_invoices")),
    )
    for column in ("message", "customer_id", "state"):
        op.create_index(op.f(f"ix_found_invoices_{column}"), "found_invoices", [column])
    op.create_table(
        "folder_imports",
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("bad", sa.Integer(), nullable=False),
        sa.Column("error_en", sa.Text(), nullable=False),
        sa.Column("error_de", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("folder", "file", name=op.f("pk_folder_imports")),
    )
    op.create_index("ix_folder_imports_at", "folder_imports", ["at"])
