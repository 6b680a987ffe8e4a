"""What refers to what, and so keeps it from going: shared by the clouds, each with a table of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rig.standin.cloud import Cloud
from rig.standin.configuration import Configuration
from rig.standin.violation import Violation

References = Mapping[str, Mapping[str, tuple[str, ...]]]
"""For each type: the attributes that lead to others, and the types they may lead to."""

Referred = tuple[tuple[str | int, ...], str, tuple[str, ...]]


def referred(resource: Configuration, table: References) -> Iterator[Referred]:
    """Yield path, text and possible types of every reference of a resource."""
    for name, targets in table.get(resource.type, {}).items():
        for path, value in resource.find(name):
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, str) and item:
                    yield path, item, targets


def users(resource: Configuration, cloud: Cloud, table: References) -> Iterator[tuple[str, str]]:
    """Yield the id of each thing that refers to a resource, and the attribute by which it does."""
    identity = str(resource.values.get("id"))
    for thing in cloud.all(*table):
        for path, text, targets in referred(
            Configuration(thing.type, thing.values, resource.project, resource.region), table
        ):
            found = cloud.find(text, *targets) if resource.type in targets else None
            if found is not None and (found.type, found.id) == (resource.type, identity):
                yield f"{thing.type} {thing.id}", ".".join(str(key) for key in path if isinstance(key, str))


def unused(resource: Configuration, cloud: Cloud, table: References, error: str) -> Iterator[Violation]:
    """Nothing refers to a resource that goes; `error` is what its API says."""
    for user, attribute in users(resource, cloud, table):
        yield Violation((), f"{error}: {user} uses it ({attribute})")
