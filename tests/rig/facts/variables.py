"""The environment variables of a container, as README.md promises them: the same names on every cloud."""

from __future__ import annotations

from collections.abc import Mapping

from cloudgen.spec.environment import Reference
from cloudgen.stack import functions
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
    plain, secret = set(literals(scene, name)), set(container.secrets)
    for own, reference in references(scene, name).items():
        (secret if reference.part == "password" else plain).add(own)
        if reference.part == "url" and reference.thing in scene.deployment.storage.databases:
            plain.add("INCOMPLETE_URLS")
    plain |= {functions.SOURCE} if functions.by_events(scene.deployment, container) else set()
    for section, suffixes in NAMES.items():
        for _, thing, _ in (item for item in scene.connections(section) if item[0] == name):
            plain |= {variable(thing, suffix) for suffix in suffixes}
            secret |= {variable(thing, "PASSWORD")} if section == "databases" else set()
    return plain, secret


def literals(scene: Scene, name: str) -> dict[str, str]:
    """Return the variables of a container whose values the spec has."""
    environment = scene.deployment.containers[name].environment
    return {own: value for own, value in environment.items() if isinstance(value, str)}


def references(scene: Scene, name: str) -> dict[str, Reference]:
    """Return the variables of a container that tell what it connects to under names of its own."""
    environment = scene.deployment.containers[name].environment
    return {own: value for own, value in environment.items() if isinstance(value, Reference)}


def referred(scene: Scene, name: str, values: Mapping[str, str], found: Mapping[str, str | None]) -> dict[str, bool]:
    """Compare variables of the container's own names with those of the contract, and look for the password's place."""
    ends = {"host": "HOST", "port": "PORT", "tls": "TLS", "id": "QUEUE"}
    wrong = []
    for own, reference in references(scene, name).items():
        told = found.get(own) or ""
        if reference.part in ends:
            same = variable(reference.thing, ends[reference.part])
            wrong += [own] if told != values.get(same, found.get(same)) else []
        elif reference.part == "url" and reference.thing in scene.deployment.storage.databases:
            place = f"://app:{{{variable(reference.thing, 'PASSWORD')}}}@{values[variable(reference.thing, 'HOST')]}:"
            wrong += [own] if place not in told or own not in (found.get("INCOMPLETE_URLS") or "").split() else []
    return {f"tells something else by {wrong}": bool(wrong)}


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
