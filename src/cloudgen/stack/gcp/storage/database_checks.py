"""What Cloud SQL cannot do of a database of the spec, or does in another way."""

from __future__ import annotations

from cloudgen.errors import SpecPath
from cloudgen.spec.storage import Database as DatabaseSpec
from cloudgen.spec.units import DAY, GIB
from cloudgen.stack import contract
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.sizes import CLOUD_SQL, SMALLEST_DEDICATED, Tier
from cloudgen.stack.gcp.storage.database_engines import ENGINES, MAX_SHARED_DISK
from cloudgen.stack.parity import Table, exact, in_some_cases
from cloudgen.stack.pools import tell_connections

PARITY: Table = {
    "storage.databases.*.engine": exact("Cloud SQL, edition Enterprise"),
    "storage.databases.*.local_image": exact("of target docker alone; Cloud SQL has the extensions of its engine"),
    "storage.databases.*.version": exact("the major version of the engine; Cloud SQL installs minor ones"),
    "storage.databases.*.size": in_some_cases(
        "approximated", "db-f1-micro, db-g1-small, then 1 to 8 vCPU of its own; no shared CPU with high availability"
    ),
    "storage.databases.*.disk": in_some_cases("approximated", "SSD that grows up to ten times, in whole GiB"),
    "storage.databases.*.high_availability": exact("a regional instance: a standby in another zone"),
    "storage.databases.*.backups.retention": in_some_cases(
        "approximated", "so many daily backups are kept; any second can be restored for 7 days at most"
    ),
    "storage.databases.*.backups.point_in_time": in_some_cases(
        "approximated", "the logs of the server are kept; a standby needs them in any case"
    ),
}
LOG_DAYS = 7
"""How long the edition ENTERPRISE can keep the logs that points in time are restored from.

https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr
"""


def check(foundation: Foundation, name: str, spec: DatabaseSpec) -> None:
    """Record what Cloud SQL cannot do, or does in another way."""
    path: SpecPath = ("storage", "databases", name)
    problems, engine = foundation.problems, ENGINES[spec.engine]
    if contract.database_name(name) in contract.RESERVED_DATABASE_NAMES[engine.name]:
        problems.error("reserved-name", f"every {engine.title} has a database `{name}`", path, "choose another name")
    if spec.disk % GIB:
        rounded = -(-spec.disk // GIB)
        problems.warning("rounded-size", f"Cloud SQL counts disks in whole GiB: {rounded}Gi are used", (*path, "disk"))
    if spec.high_availability and not spec.backups.point_in_time:
        problems.warning(
            "approximated",
            "Cloud SQL keeps a standby by what a restore to any second needs: point_in_time stays on",
            (*path, "backups", "point_in_time"),
        )
    if spec.backups.point_in_time and spec.backups.retention > LOG_DAYS * DAY:
        problems.warning(
            "capped",
            f"database `{name}` can be restored to any second of the last {LOG_DAYS} days on Cloud SQL; "
            f"its daily backups are kept for {spec.backups.retention // DAY} days",
            (*path, "backups", "retention"),
        )
    if spec.major_version in engine.extended_support:
        problems.warning(
            "extended-support",
            f"{engine.title} {spec.major_version} is past its community support: Google charges for Extended Support",
            (*path, "version"),
            "use a newer version",
        )


def choose_tier(foundation: Foundation, name: str, spec: DatabaseSpec, disk: int) -> Tier:
    """The tier of the size, or the smallest with a CPU of its own where a shared one would break a promise."""
    tier, engine = CLOUD_SQL[spec.size], ENGINES[spec.engine]
    if tier.dedicated or not (spec.high_availability or disk > MAX_SHARED_DISK):
        tell_connections(foundation.deployment, foundation.problems, name, engine.connections[tier.name])
        return tier
    why = (
        "Google promises no availability for tiers that share a CPU"
        if spec.high_availability
        else f"tiers that share a CPU have {MAX_SHARED_DISK} GiB of disk at most"
    )
    foundation.problems.warning(
        "rounded-size",
        f"{why}: database `{name}` gets {SMALLEST_DEDICATED.name}",
        ("storage", "databases", name, "size"),
        "write size: medium",
    )
    tell_connections(foundation.deployment, foundation.problems, name, engine.connections[SMALLEST_DEDICATED.name])
    return SMALLEST_DEDICATED
