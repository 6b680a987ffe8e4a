"""What the spec can ask of a database that RDS cannot do, or does in another way."""

from __future__ import annotations

from cloudgen.spec.storage import Database
from cloudgen.spec.units import GIB
from cloudgen.stack import contract
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.sizes import RDS
from cloudgen.stack.aws.storage.available import check_family
from cloudgen.stack.aws.storage.database_engines import ENGINES
from cloudgen.stack.parity import Table, approximated, exact, in_some_cases
from cloudgen.stack.pools import tell_connections

PARITY: Table = {
    "storage.databases.*.engine": exact("RDS, with storage that is encrypted"),
    "storage.databases.*.local_image": exact("of target docker alone; RDS has the extensions of its engine"),
    "storage.databases.*.version": exact("the major version of the engine; RDS installs minor ones"),
    "storage.databases.*.size": exact("db.t4g.micro, db.t4g.small, db.t4g.medium, then db.m7g.large to 2xlarge"),
    "storage.databases.*.disk": in_some_cases("approximated", "gp3 that grows up to ten times, in whole GiB"),
    "storage.databases.*.high_availability": exact("Multi-AZ: a standby in a second zone"),
    "storage.databases.*.backups.retention": exact("automated backups are kept so long"),
    "storage.databases.*.backups.point_in_time": exact(
        "to any second of the retention",
        false=approximated("RDS restores to any second for as long as it keeps backups: it stays on"),
    ),
}


def check_database(foundation: Foundation, name: str, spec: Database) -> None:
    """Record what RDS cannot do, or does in another way."""
    problems, engine = foundation.problems, ENGINES[spec.engine]
    path = ("storage", "databases", name)
    check_family(foundation, (*path, "size"), RDS[spec.size].name, "RDS")
    if contract.database_name(name) in engine.reserved_names:
        problems.error("reserved-name", f"`{name}` is a reserved word of {engine.title}", path, "choose another name")
    tell_connections(foundation.deployment, problems, name, engine.most_connections(RDS[spec.size].memory))
    if spec.disk % GIB:
        rounded = -(-spec.disk // GIB)
        problems.warning("rounded-size", f"RDS counts disks in whole GiB: {rounded}Gi are used", (*path, "disk"))
    if not spec.backups.point_in_time:
        problems.warning(
            "approximated",
            "RDS keeps what a restore to any second needs as long as it keeps backups: point_in_time stays on",
            (*path, "backups", "point_in_time"),
        )
    if spec.major_version in engine.extended_support:
        problems.warning(
            "extended-support",
            f"{engine.title} {spec.major_version} is past its standard support: RDS charges for Extended Support",
            (*path, "version"),
            "use a newer version",
        )
