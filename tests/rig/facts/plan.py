"""A plan as `terraform show -json` tells it, made easy to ask.

Facts look at the *second* plan, after an apply: it changes nothing, so every value is known, and its prior state says
what each resource depends on. https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


class MissingResourceError(Exception):
    """A resource that a fact is about is not in the plan."""


@dataclass(frozen=True)
class PlannedResource:
    """A managed resource of a plan; one instance of it, where there are several."""

    address: str
    type: str
    label: str
    values: Mapping[str, Any]
    needs: frozenset[str]
    """The addresses, without an index, of everything that it depends on, however indirectly."""

    def at(self, *path: str) -> Any:
        """Return what stands at a path of names, or None where there is nothing.

        A block that stands there once is gone through; where there are several, the first one counts.
        """
        return _at(self.values, *path)

    def blocks(self, *path: str) -> list[Mapping[str, Any]]:
        """Return all blocks at a path; of the blocks on the way, the first one counts."""
        return list(_at(self.values, *path) or [])

    def is_after(self, *addresses: str) -> bool:
        """Whether it depends on all of these."""
        return set(addresses) <= self.needs


def _at(value: Any, *path: str) -> Any:
    for name in path:
        if isinstance(value, list):
            value = value[0] if value else None
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


class Module:
    """The managed resources of one root module."""

    def __init__(self, plan: Mapping[str, Any]) -> None:
        needs = {
            item["address"]: frozenset(item.get("depends_on", []))
            for item in plan.get("prior_state", {}).get("values", {}).get("root_module", {}).get("resources", [])
        }
        self._resources = [
            PlannedResource(
                item["address"], item["type"], item["name"], item["values"], needs.get(item["address"], frozenset())
            )
            for item in plan["planned_values"].get("root_module", {}).get("resources", [])
            if item["mode"] == "managed"
        ]

    def __iter__(self) -> Iterator[PlannedResource]:
        return iter(self._resources)

    def of(self, *types: str) -> list[PlannedResource]:
        """Return the resources of these types."""
        return [resource for resource in self._resources if resource.type in types]

    def get(self, type_: str, label: str) -> PlannedResource:
        """Return the resource with this address. Raises MissingResourceError."""
        for resource in self._resources:
            if (resource.type, resource.label) == (type_, label):
                return resource
        raise MissingResourceError(f"there is no {type_}.{label}")

    def where(self, type_: str, **values: Any) -> list[PlannedResource]:
        """Return the resources of a type whose arguments have these values."""
        return [
            resource
            for resource in self.of(type_)
            if all(resource.values.get(name) == value for name, value in values.items())
        ]

    def only(self, type_: str, **values: Any) -> PlannedResource:
        """Return the one resource of a type whose arguments have these values. Raises MissingResourceError."""
        found = self.where(type_, **values)
        if len(found) != 1:
            wanted = ", ".join(f"{name} = {value!r}" for name, value in values.items())
            raise MissingResourceError(f"there are {len(found)} of {type_} with {wanted}, not one")
        return found[0]
