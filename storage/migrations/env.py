"""Runs the steps on the connection that storage.migrating hands in."""

from alembic import context

# The tables register themselves.
from storage import case_tables, document_tables, ledger_tables, privacy_tables, recognition, records, schema  # noqa: F401
from storage.columns import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
