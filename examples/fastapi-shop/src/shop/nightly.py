"""The nightly job: `python -m shop.nightly` closes orders that nobody paid."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, update

from shop import database, logs, migrate, settings
from shop.models import Order, Status

logger = logging.getLogger(__name__)


def close_stale_orders(engine: Engine, older_than: timedelta) -> int:
    """Close the open orders that are older, and return how many. Running it again changes nothing."""
    limit = datetime.now(UTC) - older_than
    stale = update(Order).where(Order.status == Status.OPEN, Order.created_at < limit).values(status=Status.EXPIRED)
    with engine.begin() as connection:
        return connection.execute(stale).rowcount


def main() -> None:
    """Do the night's work; an exception ends it with exit code 1, and the platform tries again."""
    logs.configure()
    found = settings.from_environment()
    engine = database.connect(found)
    migrate.upgrade(engine)
    closed = close_stale_orders(engine, timedelta(days=found.stale_after_days))
    logger.info("stale orders closed", extra={"orders": closed})


if __name__ == "__main__":
    main()
