"""What AWS does later than it says: changes that wait for the maintenance window, and what scheduled actions set.

RDS, "Using the Apply Immediately setting"; ElastiCache API, ModifyReplicationGroup, ApplyImmediately; Application Auto
Scaling, "Scheduled scaling": an action registers the scalable target anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from rig.standin.cloud import Cloud, Thing

DEFERRED = {
    "aws_db_instance": ("allocated_storage", "engine_version", "instance_class", "multi_az"),
    "aws_elasticache_replication_group": ("engine_version", "node_type"),
}
"""Arguments whose change waits for the window unless `apply_immediately` is true."""
GOES_ALONG = {"engine_version": ("parameter_group_name",)}
"""What waits when another argument does: a major version comes together with its parameter group."""
READ = (*DEFERRED, "aws_appautoscaling_target")
"""Types of which a provider reads other values than it wrote."""


def waiting(resource_type: str, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return those of a resource's new values that come only in its window."""
    if new.get("apply_immediately") is True:
        return {}
    names = [name for name in DEFERRED.get(resource_type, ()) if old.get(name) != new.get(name)]
    names += [other for name in names for other in GOES_ALONG.get(name, ()) if old.get(other) != new.get(other)]
    return {name: new[name] for name in names}


def may_wait(address: str, names: Iterable[str]) -> bool:
    """Whether all that a plan changes of a resource is what waits for its window."""
    known = DEFERRED.get(address.rpartition("/")[2].partition(".")[0], ())
    return {*names} <= {*known, *(other for name in known for other in GOES_ALONG.get(name, ()))}


def open_window(cloud: Cloud) -> int:
    """Let everything that waits for its window come; return how many resources that changes."""
    with cloud.open():
        found = [thing for thing in cloud.all() if thing.pending]
        for thing in found:
            cloud.things[thing.key] = replace(thing, values=thing.values | thing.pending, pending={})
    return len(found)


def fire_scheduled_actions(cloud: Cloud) -> int:
    """Let the first scheduled action that changes anything set what it sets; return whether one did.

    No more than one: the next one would take it back.
    """
    with cloud.open():
        for action in cloud.all("aws_appautoscaling_scheduled_action"):
            for target in cloud.all("aws_appautoscaling_target"):
                scaled = _scaled(target, action)
                if target.get("resource_id") == action.get("resource_id") and scaled != target:
                    cloud.things[target.key] = scaled
                    return 1
    return 0


def _scaled(target: Thing, action: Thing) -> Thing:
    bounds = (action.get("scalable_target_action") or [{}])[0]
    given = {
        name: int(float(bounds[name]))
        for name in ("min_capacity", "max_capacity")
        if bounds.get(name) not in (None, "")
    }
    return replace(target, values=target.values | given)
