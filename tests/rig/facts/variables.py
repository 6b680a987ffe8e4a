"""The environment variables of a container, as README.md promises them: the same names on every cloud."""

from __future__ import annotations

from collections.abc import Mapping

from rig.facts.scene import Scene, variable

NAMES = {
    "databases": ("HOST", "PORT", "NAME", "USER", "SSLMODE"),
    "buckets": ("BUCKET", "BUCKET_URL"),
    "caches": ("HOST", "PORT", "TLS"),
    "queues": ("QUEUE",),
}
"""What a connection brings, without the name of the thing and without secrets."""


def expected(scene: Scene, name: str) -> tuple[set[str], set[str]]:
    """Return the names of a container's plain variables and of its secret ones, but for PORT."""
    container = scene.deployment.containers[name]
    plain, secret = set(container.environment), set(container.secrets)
    for section, suffixes in NAMES.items():
        for _, thing, _ in (item for item in scene.connections(section) if item[0] == name):
            plain |= {variable(thing, suffix) for suffix in suffixes}
            secret |= {variable(thing, "PASSWORD")} if section == "databases" else set()
    return plain, secret


def wrong_values(
    found: Mapping[str, str | None],
    found_secret: set[str],
    plain: set[str],
    secret: set[str],
    values: Mapping[str, str],
) -> dict[str, bool]:
    """Compare what a container gets with what it is to get; `values` are those that are known."""
    different = sorted(name for name, value in values.items() if name in found and found[name] != value)
    return {
        f"lacks {sorted(plain - set(found))}": bool(plain - set(found)),
        f"has beside what was asked for {sorted(set(found) - plain)}": bool(set(found) - plain),
        f"its secrets are {sorted(found_secret)}, not {sorted(secret)}": found_secret != secret,
        f"other values have {different}": bool(different),
    }
