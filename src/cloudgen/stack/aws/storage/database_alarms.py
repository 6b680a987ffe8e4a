"""What a database is watched by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudgen.stack.aws.alarms import Alarm, Metric, Notice
from cloudgen.stack.aws.sizes import BURSTABLE
from cloudgen.stack.naming import fit

if TYPE_CHECKING:
    from cloudgen.stack.aws.storage.database import Database

GIB = 1024**3
CONNECTIONS = 80
"""Percent of the connections that a server allows from which new ones will soon be refused."""
DISK_EVENTS = ("RDS-EVENT-0007", "RDS-EVENT-0223", "RDS-EVENT-0224", "RDS-EVENT-0225")
"""The disk is full, cannot grow, is about to reach its limit, or has reached 80% of it.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
"""


def database_alarms(database: Database) -> tuple[Alarm, ...]:
    """CPU, disk, memory, connections, and the CPU credits of a class that has them."""
    free_disk = database.disk * GIB * (100 - database.disk_limit) / 100
    free_memory = database.instance_class.memory * GIB * 0.05
    disk = f"has less than {100 - database.disk_limit:g}% of its first {database.disk} GiB free"
    cpu = f"uses more than {database.cpu_limit:g}% of CPU"
    memory = "has less than 5% of its memory to spare"
    connections = database.engine.most_connections(database.instance_class.memory) * CONNECTIONS // 100
    used = f"has more than {connections} connections, {CONNECTIONS}% of what its size allows"
    spent = "has used more CPU than its size earns: AWS bills the rest. Another size may cost less"
    burstable = database.instance_class.name.startswith(BURSTABLE)
    return (
        _alarm(database, "cpu", "CPUUtilization", "Greater", database.cpu_limit, cpu),
        _alarm(database, "disk", "FreeStorageSpace", "Less", round(free_disk), disk),
        _alarm(database, "memory", "FreeableMemory", "Less", round(free_memory), memory),
        _alarm(database, "connections", "DatabaseConnections", "Greater", connections, used),
        *((_alarm(database, "credits", "CPUSurplusCreditsCharged", "Greater", 0, spent),) if burstable else ()),
    )


def disk_events(database: Database) -> Notice:
    """The disk grows by itself, up to a limit. No metric says how far it has grown, but RDS tells when the end is near.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-cloud-watch-events.html
    """
    return Notice(
        label=f"{database.label}_database_disk",
        # 64 characters is the limit of a rule's name.
        name=fit(f"{database.alarm_prefix}-database-disk", 64),
        description=f"The disk of database {database.name} is near its limit",
        event_pattern={
            "source": ["aws.rds"],
            "detail-type": ["RDS DB Instance Event"],
            "detail": {"SourceIdentifier": [database.address.identifier], "EventID": list(DISK_EVENTS)},
        },
        message_paths={"database": "$.detail.SourceIdentifier", "reason": "$.detail.Message"},
        message='"Database <database>: <reason>"',
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
