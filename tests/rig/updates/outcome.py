"""What an edit changed and how, read from the plans that were applied.

    Outcome.of({"bootstrap": plan, ".": plan}).replaced    # by address: what forced it, what came first

Plans are in JSON form: https://developer.hashicorp.com/terraform/internals/json-format#plan-representation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

REVISIONS = (
    "aws_ecs_task_definition",
    "aws_secretsmanager_secret_version",
    "google_secret_manager_secret_version",
    "time_sleep",
)
"""Types that never change: a new one is how they change, and the old one is none that anything runs on."""


@dataclass(frozen=True)
class Replaced:
    """A resource that was replaced: the arguments that forced it, and which came first, the new one or the deletion."""

    because: tuple[str, ...]
    deleted_first: bool


@dataclass(frozen=True)
class Outcome:
    """What became of resources by their addresses; those of bootstrap/ and account/ begin with the module's name."""

    added: tuple[str, ...] = ()
    updated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The attributes that differ."""
    replaced: Mapping[str, Replaced] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    let_go: tuple[str, ...] = ()
    """What left the state and stays in the cloud, by a `removed` block."""

    @classmethod
    def of(cls, plans: Mapping[str, Mapping[str, Any]]) -> Outcome:
        """Read the plans of an edit, by module; `.` is the root."""
        added, updated, replaced, removed, let_go = [], {}, {}, [], []
        for module, plan in plans.items():
            for item in plan.get("resource_changes", []):
                address = item["address"] if module == "." else f"{module}/{item['address']}"
                match item["change"]["actions"]:
                    case ["create"]:
                        added.append(address)
                    case ["update"]:
                        updated[address] = differing(item["change"])
                    case ["delete"]:
                        removed.append(address)
                    case ["forget"]:
                        let_go.append(address)
                    case ["delete", "create"] | ["create", "delete"] as order:
                        replaced[address] = Replaced(reasons(item), order[0] == "delete")
        return cls(tuple(added), updated, replaced, tuple(removed), tuple(let_go))

    def __bool__(self) -> bool:
        return bool(self.added or self.updated or self.replaced or self.removed or self.let_go)

    def lines(self) -> Iterator[str]:
        """Tell it for people, what matters most first; revisions, which are replaced with each change, are left out."""
        for address in self.removed:
            yield f"removed   {address}"
        for address in self.let_go:
            yield f"let go    {address}"
        for address, how in self.replaced.items():
            if type_of(address) not in REVISIONS:
                order = "destroyed, then made anew" if how.deleted_first else "made anew, then destroyed"
                yield f"replaced  {address} because of {', '.join(how.because) or '?'} ({order})"
        for address, names in self.updated.items():
            yield f"in place  {address}: {', '.join(names)}"
        for address in self.added:
            yield f"created   {address}"


def type_of(address: str) -> str:
    """Return the type of a resource by its address, such as `bootstrap/aws_kms_key.main`."""
    return address.rpartition("/")[2].split(".")[0] if "[" not in address else type_of(address.partition("[")[0])


def differing(change: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the top-level attributes that a change makes others, or whose value is not known yet."""
    before, after, unknown = change["before"] or {}, change["after"] or {}, change.get("after_unknown") or {}
    names = sorted(set(before) | set(after) | set(unknown))
    return tuple(name for name in names if unknown.get(name) or before.get(name) != after.get(name))


def reasons(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the arguments that force a replacement, or the word for what else did, such as `tainted`."""
    paths: Iterable[Iterable[object]] = item["change"].get("replace_paths") or []
    names = dict.fromkeys(".".join(str(key) for key in path if isinstance(key, str)) for path in paths)
    return tuple(names) or (str(item.get("action_reason", "")).removeprefix("replace_because_"),)
