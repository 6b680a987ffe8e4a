"""How alembic runs the migrations: on the connection it is given, or on one of its own for `alembic revision`."""

from alembic import context

from shop import database, models, settings

target_metadata = models.Base.metadata


def run(connection) -> None:
    context.configure(connection=connection, target_metadata=target_metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with database.connect(settings.from_environment()).begin() as own:
        run(own)
