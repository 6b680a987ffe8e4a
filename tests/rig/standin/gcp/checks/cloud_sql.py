"""What Cloud SQL refuses in instances and users."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rig.standin.configuration import Configuration
from rig.standin.violation import Violation

SHARED = ("db-f1-micro", "db-g1-small")


def engine(resource: Configuration) -> tuple[str, int]:
    """Return the engine and its major version: `("POSTGRES", 17)`."""
    found = re.match(r"([A-Z]+)_(\d+)", str(resource.get("database_version", "")))
    return (found[1], int(found[2])) if found else ("", 0)


def edition(resource: Configuration) -> Iterator[Violation]:
    """From PostgreSQL 16 on the default edition is Enterprise Plus, which has other tiers."""
    name, version = engine(resource)
    if name == "POSTGRES" and version >= 16 and not resource.is_set("settings.edition"):
        yield Violation(
            resource.at("settings.edition"), f"PostgreSQL {version} takes ENTERPRISE_PLUS when it is left out"
        )


def tier(resource: Configuration) -> Iterator[Violation]:
    """Each edition has tiers of its own."""
    name, version = engine(resource)
    for path, value in resource.find("settings.tier"):
        plus = resource.get("settings.edition") == "ENTERPRISE_PLUS"
        if plus and not value.startswith(("db-perf-optimized-N-", "db-c4a-highmem-")):
            yield Violation(path, f"Invalid Tier ({value}) for (ENTERPRISE_PLUS) Edition")
        if plus and ((name == "POSTGRES" and version < 12) or (name == "MYSQL" and version < 8)):
            yield Violation(resource.at("database_version"), "ENTERPRISE_PLUS needs PostgreSQL 12 or MySQL 8.0")
        standard = value.startswith(("db-custom-", "db-n1-", "db-n4-")) or value in SHARED
        if resource.get("settings.edition") == "ENTERPRISE" and not standard:
            yield Violation(path, f"Invalid Tier ({value}) for (ENTERPRISE) Edition")


def custom_tier(resource: Configuration) -> Iterator[Violation]:
    """A custom machine: 1 or an even number of vCPUs, 0.9 to 6.5 GiB each, steps of 256 MiB, at least 3840 MiB."""
    for path, value in resource.find("settings.tier"):
        if found := re.fullmatch(r"db-custom-(\d+)-(\d+)", value):
            cpus, memory = int(found[1]), int(found[2])
            if (cpus != 1 and cpus % 2) or not 1 <= cpus <= 96:
                yield Violation(path, f"{cpus} vCPUs: 1 or an even number up to 96 is needed")
            elif memory < 3840 or memory % 256 or not 0.9 * 1024 <= memory / cpus <= 6.5 * 1024:
                yield Violation(
                    path, f"{memory} MiB for {cpus} vCPUs: 3840 or more, in steps of 256, 0.9 to 6.5 GiB a vCPU"
                )


def high_availability(resource: Configuration) -> Iterator[Violation]:
    """A standby is kept by backups and logs."""
    if resource.get("settings.availability_type") != "REGIONAL" or resource.is_set("master_instance_name"):
        return
    backup = "settings.backup_configuration"
    log = (
        f"{backup}.binary_log_enabled" if engine(resource)[0] == "MYSQL" else f"{backup}.point_in_time_recovery_enabled"
    )
    for name in (f"{backup}.enabled", log):
        if resource.get(name) is not True and not resource.has_unknown(name):
            yield Violation(resource.at(name), "must be true when availability_type is REGIONAL")


def recovery(resource: Configuration) -> Iterator[Violation]:
    """Point-in-time recovery is called differently on MySQL, and needs backups everywhere."""
    name, _ = engine(resource)
    for backup in resource.blocks("settings.backup_configuration"):
        pitr, binary = backup.get("point_in_time_recovery_enabled"), backup.get("binary_log_enabled")
        if name == "MYSQL" and pitr:
            yield Violation(backup.at("point_in_time_recovery_enabled"), "on MySQL it is binary_log_enabled")
        if name != "MYSQL" and binary:
            yield Violation(backup.at("binary_log_enabled"), f"is for MySQL, not {name}")
        if (pitr or binary) and backup.get("enabled") is False:
            yield Violation(backup.at("enabled"), "must be true for point-in-time recovery")


def retention(resource: Configuration) -> Iterator[Violation]:
    """Transaction logs are kept 7 days, 35 on Enterprise Plus; up to 365 backups."""
    most = 35 if resource.get("settings.edition") == "ENTERPRISE_PLUS" else 7
    for path, days in resource.find("settings.backup_configuration.transaction_log_retention_days"):
        if not 1 <= days <= most:
            yield Violation(path, f"{days} is not between 1 and {most}")
    for path, count in resource.find("settings.backup_configuration.backup_retention_settings.retained_backups"):
        if not 1 <= count <= 365:
            yield Violation(path, f"{count} is not between 1 and 365")


def reachable(resource: Configuration) -> Iterator[Violation]:
    """An instance has a public address, a private network or Private Service Connect."""
    for block in resource.blocks("settings.ip_configuration"):
        ways = ("private_network", "psc_config")
        if block.get("ipv4_enabled") is False and not any(block.is_set(name) for name in ways):
            yield Violation(block.at("private_network"), "at least one of ipv4_enabled or private_network is needed")


def user(resource: Configuration) -> Iterator[Violation]:
    """IAM users have no password, and a password is given one way only."""
    kind = resource.get("type", "BUILT_IN")
    if not isinstance(kind, str) or resource.has_unknown("type"):
        return
    if kind.startswith("CLOUD_IAM"):
        for name in ("password", "password_wo"):
            if resource.is_set(name):
                yield Violation(resource.at(name), "an IAM user has no password")
    if resource.is_set("password") and resource.is_set("password_wo"):
        yield Violation(resource.at("password"), "conflicts with password_wo")
