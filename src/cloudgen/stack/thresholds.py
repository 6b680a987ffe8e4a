"""Limits of alarms and of retention that are the same on every cloud, and who is told of alarms."""

from __future__ import annotations

from cloudgen.spec.monitoring import Monitoring
from cloudgen.stack.base import Problems

ERRORS = 5
"""Server errors in five minutes below which the error rate does not count: one error of three requests is no outage."""
MEMORY = 90.0
"""Percent of its memory from which what runs is in danger: at 100 it is stopped."""
CACHE_MEMORY = 85
"""Percent of a cache's memory in use: near 100 it starts to evict, or refuses to write."""
FILE_OPERATIONS = 95
"""Percent of the operations that a file system can do at a time: at 100 everything that is mounted slows down."""
YEAR = 365
"""Days that the audit trail is kept at least, however soon other logs go."""


def tell_alarms(spec: Monitoring, problems: Problems) -> None:
    """Warn where nobody is told of an alarm."""
    if not spec.alerts.email:
        problems.warning(
            "nobody-is-told",
            "alarms are made, but nobody is told when one goes off",
            ("monitoring", "alerts", "email"),
            "list addresses under monitoring.alerts.email",
        )
