"""What a database is watched by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudgen.stack.aws.alarms import Alarm, Metric

if TYPE_CHECKING:
    from cloudgen.stack.aws.storage.database import Database


def database_alarms(database: Database) -> tuple[Alarm, ...]:
    """CPU, disk and memory. Connections have no sound limit: it follows from memory that RDS uses for itself."""
    free_disk = database.disk * 1024**3 * (100 - database.disk_limit) / 100
    free_memory = database.instance_class.memory * 1024**3 * 0.05
    disk = f"has less than {100 - database.disk_limit:g}% of its first {database.disk} GiB free"
    cpu = f"uses more than {database.cpu_limit:g}% of CPU"
    return (
        _alarm(database, "cpu", "CPUUtilization", "Greater", database.cpu_limit, cpu),
        _alarm(database, "disk", "FreeStorageSpace", "Less", round(free_disk), disk),
        _alarm(
            database, "memory", "FreeableMemory", "Less", round(free_memory), "has less than 5% of its memory to spare"
        ),
    )


def _alarm(database: Database, kind: str, metric: str, comparison: str, threshold: float, what: str) -> Alarm:
    server = {"DBInstanceIdentifier": database.address.identifier}
    return Alarm(
        label=f"{database.label}_database_{kind}",
        name=f"{database.alarm_prefix}-database-{kind}",
        description=f"Database {database.name} {what}",
        comparison=f"{comparison}ThanThreshold",
        threshold=threshold,
        evaluation_periods=3,
        datapoints_to_alarm=3,
        metric=Metric("AWS/RDS", metric, "Average", server, period=300),
    )
