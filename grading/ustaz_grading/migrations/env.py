"""Runs the migrations on the connection that the store hands over, inside its transaction."""

from alembic import context

from ustaz_grading.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table only by copying it
)
context.run_migrations()
