"""Runs the steps on the connection that storage.migrating hands in."""

from alembic import context

from storage import recognition, records, schema  # noqa: F401 - the tables register themselves
from storage.columns import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
