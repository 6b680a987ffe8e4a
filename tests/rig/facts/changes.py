"""Small changes to a plan: what plan defects are made of."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from typing import Any

Change = Callable[[dict[str, Any]], None]
"""Changes the values of a resource."""


def put(path: str, value: Any) -> Change:
    """Set a value; the path has names and numbers, with dots in between."""

    def change(values: Any) -> None:
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        for part in way:
            values = values[part]
        assert values[last] != value, f"{path} is {value} already"
        values[last] = value

    return change


def swap(path: str, old: str, new: str) -> Change:
    """Replace a part of a text, which has to be there."""

    def change(values: Any) -> None:
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        for part in way:
            values = values[part]
        assert old in values[last], f"{old} is not in {path}"
        values[last] = values[last].replace(old, new)

    return change


def inside(name: str, change: Change) -> Change:
    """Change what stands in a text of JSON."""

    def outer(values: dict[str, Any]) -> None:
        data = json.loads(values[name])
        change(data)
        values[name] = json.dumps(data)

    return outer


def gone(values: dict[str, Any]) -> None:
    """Take the resource out of the plan; `changed` sees to it."""
    values["__gone__"] = True


def not_after(*addresses: str) -> Change:
    """Let the resource depend on these no longer; `changed` sees to it."""

    def change(values: dict[str, Any]) -> None:
        values["__not_after__"] = addresses

    return change


def changed(
    plans: Mapping[str, Mapping[str, Any]], module: str, address: str, change: Change
) -> dict[str, Mapping[str, Any]]:
    """Return the plans with a change of one resource."""
    plan = copy.deepcopy(plans[module])
    resources = plan["planned_values"]["root_module"]["resources"]
    found = next(item for item in resources if item["address"] == address)
    change(found["values"])
    if found["values"].pop("__gone__", False):
        resources.remove(found)
    for gone_ in found["values"].pop("__not_after__", ()):
        state = plan["prior_state"]["values"]["root_module"]["resources"]
        next(item for item in state if item["address"] == address)["depends_on"].remove(gone_)
    return {**plans, module: plan}
