"""What `environment` means: for each profile the values of keys that the user leaves out, as data.

The defaults of the models are those of production; a profile lists only where it differs. A `*` stands for
every entry of a mapping of names, such as every database.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DEFAULT = "production"

PROFILES: dict[str, dict[str, Any]] = {
    "development": {
        "state": {"backend": "local"},
        "networking": {"zones": 2, "nat": "single", "private_endpoints": False, "flow_logs": False},
        "storage": {
            "databases": {"*": {"high_availability": False, "backups": {"retention": "1d"}}},
            "caches": {"*": {"replicas": 0, "backups": False}},
        },
        "load_balancer": {"waf": False},
        "monitoring": {"logs": {"retention": "30d"}, "dashboard": False},
        "security": {"encryption": "provider_managed", "deletion_protection": False},
        "scaling": {"min": 1, "max": 2},
    },
    "staging": {
        "networking": {"zones": 2, "nat": "single", "private_endpoints": False},
        "storage": {
            "databases": {"*": {"high_availability": False, "backups": {"retention": "7d"}}},
            "caches": {"*": {"replicas": 0, "backups": False}},
        },
        "monitoring": {"logs": {"retention": "90d"}},
        "security": {"deletion_protection": False},
        "scaling": {"min": 1, "max": 4},
    },
    "production": {"scaling": {"min": 2, "max": 10}},
}

OPTIONAL_SECTIONS = frozenset({"load_balancer"})
"""Sections whose absence means something, so a profile never adds them."""


def apply(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the user's data with what the profile of its `environment` adds; nothing the user wrote changes."""
    environment = data.get("environment", DEFAULT)
    profile = PROFILES.get(environment, {}) if isinstance(environment, str) else {}
    present = {key: value for key, value in profile.items() if key not in OPTIONAL_SECTIONS or key in data}
    return _in_order(data, _merge(data, present))


def _in_order(data: Mapping[str, Any], merged: dict[str, Any]) -> dict[str, Any]:
    """Let a limit of `scaling` that the user left out follow the one that the user wrote, where they would cross."""
    own = data.get("scaling")
    if not isinstance(own, Mapping) or ("min" in own) == ("max" in own):
        return merged
    stated, silent = ("min", "max") if "min" in own else ("max", "min")
    scaling = dict(merged["scaling"])
    try:
        crossed = int(scaling["min"]) > int(scaling["max"])
    except (TypeError, ValueError):
        # The value is not a number: validation says so.
        crossed = False
    if crossed:
        scaling[silent] = scaling[stated]
    return {**merged, "scaling": scaling}


def _merge(data: Mapping[str, Any], profile: Mapping[str, Any]) -> dict[str, Any]:
    every = profile.get("*", {})
    merged = {name: _add(entry, every) for name, entry in data.items()} if every else dict(data)
    for key, value in profile.items():
        if key in merged:
            merged[key] = _add(merged[key], value)
        elif isinstance(value, Mapping) and key != "*":
            added = _merge({}, value)
            merged.update({key: added} if added else {})
        elif key != "*":
            merged[key] = value
    return merged


def _add(own: Any, profile: Any) -> Any:
    """What the user wrote, completed where it is a mapping, or where the user wrote nothing behind the key."""
    if isinstance(profile, Mapping) and (own is None or isinstance(own, Mapping)):
        return _merge(own or {}, profile)
    return own
