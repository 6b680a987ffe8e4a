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
            "caches": {"*": {"replicas": 0}},
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
            "caches": {"*": {"replicas": 0}},
        },
        "monitoring": {"logs": {"retention": "90d"}},
        "security": {"deletion_protection": False},
        "scaling": {"min": 1, "max": 4},
    },
    "production": {},
}

OPTIONAL_SECTIONS = frozenset({"load_balancer"})
"""Sections whose absence means something, so a profile never adds them."""


def apply(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the user's data with what the profile of its `environment` adds; nothing the user wrote changes."""
    environment = data.get("environment", DEFAULT)
    profile = PROFILES.get(environment, {}) if isinstance(environment, str) else {}
    present = {key: value for key, value in profile.items() if key not in OPTIONAL_SECTIONS or key in data}
    return _merge(data, present)


def _merge(data: Mapping[str, Any], profile: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(data)
    for key, value in profile.items():
        if key == "*":
            for name, entry in data.items():
                if entry is None:
                    merged[name] = _merge({}, value)
                elif isinstance(entry, Mapping):
                    merged[name] = _merge(entry, value)
        elif isinstance(value, Mapping):
            existing = merged.get(key)
            if existing is None:
                added = _merge({}, value)
                if added:
                    merged[key] = added
            elif isinstance(existing, Mapping):
                merged[key] = _merge(existing, value)
        elif key not in merged:
            merged[key] = value
    return merged
