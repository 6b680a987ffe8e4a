"""Brings the tables up to date when an instance starts, before it accepts requests.

A lock of the database lets one instance go first; the others then find nothing to do. A migration must leave the tables
usable for the version that is still running: add columns first, remove them in a later release.
"""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection

LOCK = 6_615_301
"""The number of the advisory lock; any number that nothing else in this database uses."""


def upgrade() -> None:
    """Run the migrations that the database has not seen. Raises `OperationalError` when it does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [LOCK])
        try:
            call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [LOCK])
    # The server's workers make connections of their own.
    connection.close()
