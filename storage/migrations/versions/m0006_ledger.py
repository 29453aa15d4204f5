"""The books: orders, offers, invoices, payments, open items, surveys, particulars, and what follows for the summary."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "orders",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("order_no", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("margin", sa.BigInteger(), nullable=True),
        sa.Column("items", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", "date", "order_no", name=op.f("pk_orders")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_orders_number", "orders", ["order_no"], unique=True)
    op.create_table(
        "offers",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("offer_no", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "date", "offer_no", name=op.f("pk_offers")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_offers_number", "offers", ["offer_no"], unique=True)
    op.create_table(
        "invoices",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("invoice_no", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("discount_percent", sa.Float(53), nullable=False),
        sa.Column("discount_until", sa.Date(), nullable=True),
        sa.Column("disputed", sa.Boolean(), nullable=False),
        sa.Column("invoice_ref", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "date", "invoice_no", name=op.f("pk_invoices")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_invoices_number", "invoices", ["invoice_no"], unique=True)
    op.create_table(
        "payments",
        sa.Column("invoice_no", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payment_no", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("invoice_no", "key", name=op.f("pk_payments")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "open_items",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Integer(), nullable=False),
        sa.Column("invoice_no", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("batch", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "as_of", "invoice_no", name=op.f("pk_open_items")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_open_items_list", "open_items", ["as_of", "invoice_no"], unique=True)
    op.create_table(
        "surveys",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "date", "external_id", name=op.f("pk_surveys")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_surveys_external_id", "surveys", ["external_id"], unique=True)
    op.create_table(
        "particulars",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_particulars")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_particulars_customer", "particulars", ["customer_id", "id"], unique=False)
    op.create_table(
        "customer_facts",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("orders", sa.Text(), nullable=True),
        sa.Column("offers", sa.Text(), nullable=True),
        sa.Column("billing", sa.Text(), nullable=True),
        sa.Column("surveys", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_customer_facts")),
        sqlite_with_rowid=False,
    )
