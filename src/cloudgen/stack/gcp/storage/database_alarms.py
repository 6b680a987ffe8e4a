"""How a database is watched.

https://cloud.google.com/monitoring/api/metrics_gcp_c#gcp-cloudsql
"""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address, join, label
from cloudgen.stack.gcp.alarms import Alarm, Threshold
from cloudgen.stack.gcp.foundation import Foundation

GIB = 1024**3
MEMORY_LIMIT = 95
"""Percent of the memory in use: near 100 the server is restarted."""
CONNECTIONS = 80
"""Percent of the connections in use: at 100 the next one is refused."""


@dataclass(frozen=True)
class Watched:
    """A database, as its alarms see it."""

    name: str
    foundation: Foundation
    max_disk: int
    """GiB up to which the disk grows by itself."""
    connections: int
    """Connections that the server takes at once."""
    connections_metric: str

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """CPU, disk, memory and connections."""
        limits = self.foundation.deployment.monitoring.alerts
        cpu, disk = limits.cpu, limits.database_disk
        return (
            self._alarm("cpu", "cpu/utilization", cpu / 100, f"uses more than {cpu:g}% of its CPU"),
            # Of what the disk may grow to: it grows when little is free, so what it has now is nearly full always.
            self._alarm(
                "disk",
                "disk/bytes_used",
                round(self.max_disk * GIB * disk / 100),
                f"has filled {disk:g}% of the {self.max_disk} GiB that its disk may grow to",
            ),
            self._alarm(
                "memory", "memory/utilization", MEMORY_LIMIT / 100, f"uses more than {MEMORY_LIMIT}% of its memory"
            ),
            # PostgreSQL counts them for each of its databases.
            self._alarm(
                "connections",
                self.connections_metric,
                self.connections * CONNECTIONS // 100,
                f"uses more than {CONNECTIONS}% of the {self.connections} connections that it takes",
                reducer="REDUCE_SUM",
            ),
        )

    def _alarm(self, kind: str, metric: str, value: float, what: str, reducer: str | None = None) -> Alarm:
        instance = Address("google_sql_database_instance", label(self.name))
        return Alarm(
            label=f"{label(self.name)}_database_{kind}",
            name=f"{self.foundation.prefix}: database {self.name} {kind}",
            description=f"Database {self.name} {what}.",
            condition=Threshold(
                filter=join(
                    f'metric.type = "cloudsql.googleapis.com/database/{metric}"'
                    ' AND resource.type = "cloudsql_database"'
                    f' AND resource.labels.database_id = "{self.foundation.project}:',
                    instance.name,
                    '"',
                ),
                aligner="ALIGN_MEAN",
                value=value,
                reducer=reducer,
                group_by=("resource.label.database_id",) if reducer else (),
            ),
            duration=900,
        )
