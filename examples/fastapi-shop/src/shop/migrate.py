"""Brings the database's tables up to date: `python -m shop.migrate`, and at the start of the application.

Every instance does this when it starts. A lock in the database lets one go first, and the others then find nothing
to do. A migration must leave the tables usable for the version of the application that is still running: add first,
remove in a later release.
"""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from shop import database, logs, settings

LOCK = 7_265_110
"""The number of the advisory lock; any number that nothing else in this database uses."""

logger = logging.getLogger(__name__)


def upgrade(engine: Engine) -> None:
    """Run the migrations that this database has not seen, all of them or none."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def main() -> None:
    """Migrate the database that the environment names."""
    logs.configure()
    upgrade(database.connect(settings.from_environment()))
    logger.info("the database is up to date")


if __name__ == "__main__":
    main()
