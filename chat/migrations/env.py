"""Run by Alembic; `chat.migrate` hands it an open connection."""

from alembic import context

from chat.schema import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables,
    transaction_per_migration=False,
)
context.run_migrations()
