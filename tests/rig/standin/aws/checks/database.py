"""RDS and ElastiCache: classes, windows, disks, names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rig.standin.cloud import Cloud
from rig.standin.configuration import Configuration
from rig.standin.shapes import pattern
from rig.standin.violation import Violation

SIZES = r"(nano|micro|small|medium|large|\d*xlarge)"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY, WEEK, SHORTEST = 24 * 60, 7 * 24 * 60, 30
"""Minutes; a window has at least the last."""
WITHOUT_INSIGHTS = re.compile(r"db\.t[234]g?\.(micro|small)")
"""The classes on which Performance Insights does not look at MySQL."""
RETENTION = (7, 731, *range(31, 731, 31))
"""Days for which Performance Insights keeps what it saw."""
LONGEST_USER = {"mysql": 16, "postgres": 63}
RESERVED_USERS = {"mysql": {"rdsadmin"}, "postgres": {"rdsadmin", "admin"}}
STRIPED_FROM = 400
"""GiB from which more I/O than the baseline can be asked of gp3."""

database_class = pattern("instance_class", rf"db\.[a-z]\w*\.{SIZES}", "a class such as db.t4g.small")
cache_node = pattern("node_type", rf"cache\.[a-z]\w*\.{SIZES}", "a type such as cache.t4g.small")


def _minutes(text: str) -> int | None:
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", text)
    return int(found[1]) * 60 + int(found[2]) if found else None


def _daily(text: str) -> set[int] | None:
    ends = [_minutes(part) for part in text.split("-")]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        return None
    return {(ends[0] + at) % DAY for at in range((ends[1] - ends[0]) % DAY)}


def _weekly(text: str) -> set[int] | None:
    found = re.fullmatch(r"(\w{3}):(\d\d:\d\d)-(\w{3}):(\d\d:\d\d)", text.lower())
    if not found or found[1] not in DAYS or found[3] not in DAYS:
        return None
    start, end = _minutes(found[2]), _minutes(found[4])
    if start is None or end is None:
        return None
    first, last = DAYS.index(found[1]) * DAY + start, DAYS.index(found[3]) * DAY + end
    return {(first + at) % WEEK for at in range((last - first) % WEEK)}


def windows(resource: Configuration) -> Iterator[Violation]:
    """The time of backups is written as 03:00-04:00, that of maintenance with days, and they do not meet."""
    backup = "backup_window" if resource.type == "aws_db_instance" else "snapshot_window"
    daily, weekly = resource.get(backup), resource.get("maintenance_window")
    minutes = None if daily is None else _daily(daily)
    maintenance = None if weekly is None else _weekly(weekly)
    for name, text, found in ((backup, daily, minutes), ("maintenance_window", weekly, maintenance)):
        if text is not None and (found is None or len(found) < SHORTEST):
            yield Violation((name,), f"{text!r} is not a window of half an hour or more")
    if minutes and maintenance and minutes & {at % DAY for at in maintenance}:
        yield Violation((backup,), f"{daily} meets the maintenance window {weekly}")


def insights(resource: Configuration) -> Iterator[Violation]:
    """Performance Insights looks at this class, and keeps what it saw for a time that is on offer."""
    if resource.get("performance_insights_enabled") is not True:
        return
    if resource.get("engine") in ("mysql", "mariadb") and WITHOUT_INSIGHTS.fullmatch(
        resource.get("instance_class", "")
    ):
        yield Violation(resource.at("performance_insights_enabled"), "not on a class as small as this one for MySQL")
    kept = resource.get("performance_insights_retention_period")
    if kept is not None and int(kept) not in RETENTION:
        yield Violation(resource.at("performance_insights_retention_period"), f"{kept} is not 7, 731 or months of 31")


def enhanced_monitoring(resource: Configuration) -> Iterator[Violation]:
    """Enhanced Monitoring has an interval that is on offer, and a role."""
    interval = int(resource.get("monitoring_interval", 0))
    if interval not in (0, 1, 5, 10, 15, 30, 60):
        yield Violation(resource.at("monitoring_interval"), f"{interval} is not 0, 1, 5, 10, 15, 30 or 60 seconds")
    if interval and not resource.is_set("monitoring_role_arn"):
        yield Violation(resource.at("monitoring_role_arn"), "is needed by monitoring_interval")


def disk(resource: Configuration) -> Iterator[Violation]:
    """A gp3 disk has at least 20 GiB, room to grow by a tenth, and baseline I/O below 400 GiB."""
    if resource.get("storage_type") != "gp3" or (size := resource.get("allocated_storage")) is None:
        return
    if int(size) < 20:
        yield Violation(resource.at("allocated_storage"), f"{size} GiB are less than 20")
    most = resource.get("max_allocated_storage")
    if most and int(most) * 10 < int(size) * 11:
        yield Violation(resource.at("max_allocated_storage"), f"{most} GiB are less than a tenth above {size}")
    for name in ("iops", "storage_throughput"):
        if resource.is_set(name) and int(size) < STRIPED_FROM:
            yield Violation(resource.at(name), f"only from {STRIPED_FROM} GiB on")


def login(resource: Configuration) -> Iterator[Violation]:
    """The first user and database have names that the engine takes and does not keep for itself."""
    engine, user, name = resource.get("engine", ""), resource.get("username"), resource.get("db_name")
    longest = LONGEST_USER.get(engine)
    if longest is None:
        return
    if user is not None and (
        not re.fullmatch(rf"[A-Za-z]\w{{0,{longest - 1}}}", user)
        or user.lower() in RESERVED_USERS[engine]
        or (engine == "postgres" and user.startswith("pg_"))
    ):
        yield Violation(resource.at("username"), f"{user!r} is too long for {engine}, or a word of its own")
    if name is not None and not re.fullmatch(r"[A-Za-z]\w{0,62}", name):
        yield Violation(resource.at("db_name"), f"{name!r} is not a letter and at most 62 letters, digits, underscores")


def failover(resource: Configuration) -> Iterator[Violation]:
    """Failover needs a second node, and several zones need failover."""
    automatic = resource.get("automatic_failover_enabled") is True
    if automatic and int(resource.get("num_cache_clusters", 2)) < 2:
        yield Violation(resource.at("automatic_failover_enabled"), "needs at least two nodes")
    if resource.get("multi_az_enabled") is True and not automatic:
        yield Violation(resource.at("multi_az_enabled"), "needs automatic failover")


def parameter_family(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """The parameter group is for the engine's own version."""
    engine, version = resource.get("engine"), str(resource.get("engine_version", ""))
    for path, name in resource.find("parameter_group_name"):
        group = next((thing for thing in cloud.all("aws_db_parameter_group") if thing.get("name") == name), None)
        if group is None:
            yield Violation(path, f"DBParameterGroupNotFound: {name}")
            continue
        cloud.rely(group)
        family, major = str(group.get("family")), version.split(".")[0]
        if family not in (f"{engine}{major}", f"{engine}{'.'.join(version.split('.')[:2])}"):
            yield Violation(path, f"a group of the family {family} does not fit {engine} {version}")


def logs_exist(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """RDS would make log groups itself, unencrypted and for ever: they are there before."""
    groups = {thing.get("name"): thing for thing in cloud.all("aws_cloudwatch_log_group")}
    for path, logs in resource.find("enabled_cloudwatch_logs_exports"):
        for log in logs:
            name = f"/aws/rds/instance/{resource.get('identifier')}/{log}"
            if name in groups:
                cloud.rely(groups[name])
            else:
                yield Violation(path, f"there is no log group {name} yet")
