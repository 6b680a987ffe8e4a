"""A rendered tree's whole life: format, init, validate, plan, apply, an empty second plan, destroy, apply again."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rig.standin.cloud import Cloud, Thing
from rig.standin.recovery import take_over
from rig.standin.serving import serving
from rig.standin.silence import silent_failures
from rig.standin.workspace import ZONES, Instance, Setup, TerraformError, Workspace

MODULES = ("bootstrap", "account", ".")
"""The root modules of a rendered tree, in the order in which they are applied; those that are there."""
VARIABLE = re.compile(r'variable "(?P<name>\w+)" \{(?P<body>.*?)\n\}', re.S)
CLOUDS = ("aws", "google")
"""The providers that stand for a cloud; others (time, random) go along with them."""


@dataclass(frozen=True)
class Life:
    """What a cycle saw."""

    plans: dict[str, dict[str, Any]]
    """The second plans by root module (`.` is the tree itself), as JSON: they are empty, so every value is known."""
    resources: Counter[str]
    """What was created, by type."""
    providers: dict[str, str]
    """The versions of the providers that the tree itself took, by their addresses."""
    again: int | None = None
    """Resources that were created once more after everything was destroyed; None if that was not tried."""

    @property
    def plan(self) -> dict[str, Any]:
        """The plan of the tree itself, in Terraform's JSON form."""
        return self.plans["."]


def live(
    folder: Path,
    schema: str | None = None,
    variables: Mapping[str, Any] | None = None,
    *,
    unprotected: Path | None = None,
    again: bool = False,
    zones: Sequence[str] = ZONES,
) -> Life:
    """Run a rendered tree of any cloud through its whole life on the stand-in providers.

    `folder` holds the root module, and maybe `bootstrap/` and `account/`, which are applied first. `schema` is the
    major version of the cloud's provider (hashicorp/google, hashicorp/aws), else the newest that is recorded.
    `variables` are values for variables without a default; what a module does not declare is ignored. `unprotected`
    is the same tree, rendered without deletion protection; else the HCL's own words are turned to `false`. With
    `again`, everything is applied once more at the end, by the words of the tree's README. `zones` are the domains
    whose DNS zones are there already. The folder itself is not touched.

    Raises TerraformError (an AssertionError) with Terraform's own words when a step fails, when something that was
    accepted will not work, or when an order is luck.
    """
    with (
        tempfile.TemporaryDirectory(prefix="cycle-") as scratch,
        serving(Setup.make(Path(scratch), {provider_of(folder): schema} if schema else {}, zones)) as setup,
    ):
        plans: dict[str, dict[str, Any]] = {}
        resources: Counter[str] = Counter()
        applied: dict[str, Workspace] = {}
        for name in MODULES:
            if not any((folder / name).glob("*.tf")):
                continue
            target = Path(scratch) / "modules" / name.replace(".", "root")
            workspace = Workspace.copy(folder / name, target, setup, declared(folder / name, variables or {}))
            workspace.init()
            workspace.make_plan()
            workspace.apply_plan()
            # As for its owner, who gives a secret's value once.
            workspace.give(declared(folder / name, variables or {}, ephemeral=False))
            workspace.expect_no_changes()
            plans[name] = workspace.show()
            applied[name] = workspace
            found = workspace.resources()
            resources.update(item.type for item in found)
            report(f"apply of {name}", lucky_order(stored(setup), found))
        if "." not in plans:
            raise TerraformError("init", f"{folder.name} holds no root module")
        report("apply", silent_failures(stored(setup)))
        for name, workspace in applied.items():
            workspace.unprotect(unprotected / name if unprotected else None)
        for workspace in reversed(applied.values()):
            workspace.destroy()
        seen = Life(plans, resources, applied["."].providers())
        return replace(seen, again=live_again(folder, applied, variables or {})) if again else seen


def live_again(folder: Path, modules: Mapping[str, Workspace], variables: Mapping[str, Any]) -> int:
    """Apply everything once more after it was destroyed; return the number of resources."""
    readme = folder / "README.md"
    text = readme.read_text(encoding="utf-8") if readme.exists() else ""
    for name, workspace in modules.items():
        workspace.take(folder / name)
        workspace.give(declared(folder / name, variables))
        take_over(text, name, workspace, stored(workspace.setup))
        workspace.apply()
    return sum(len(workspace.resources()) for workspace in modules.values())


def provider_of(folder: Path) -> str:
    """Return the short name of the cloud's provider that a root module uses, such as `google`."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in folder.glob("*.tf"))
    found = [name for name in CLOUDS if f'"hashicorp/{name}"' in text]
    if len(found) != 1:
        raise TerraformError("init", f"{folder.name} is to use one of the providers {', '.join(CLOUDS)}, not {found}")
    return found[0]


def declared(folder: Path, variables: Mapping[str, Any], *, ephemeral: bool = True) -> dict[str, Any]:
    """Return those variables that a root module declares; without `ephemeral`, those that it remembers."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in folder.glob("*.tf"))
    blocks = {found["name"]: found["body"] for found in VARIABLE.finditer(text)}
    return {
        name: value
        for name, value in variables.items()
        if name in blocks and (ephemeral or not re.search(r"^\s*ephemeral\s*=\s*true", blocks[name], re.M))
    }


def stored(setup: Setup) -> Cloud:
    """Return the cloud as the providers left it."""
    cloud = Cloud(setup.cloud / "cloud.json")
    cloud.load()
    return cloud


def report(step: str, sentences: list[str]) -> None:
    """Raise TerraformError when there is something to report."""
    if sentences:
        raise TerraformError(step, "\n".join(sentences))


def lucky_order(cloud: Cloud, resources: list[Instance], changed: Collection[str] | None = None) -> list[str]:
    """Return a sentence for each resource that needed another one and does not depend on it.

    The state holds everything that a resource depends on, however indirectly. What a rule looked for and found
    without such a path was there by luck, and may be late the next time. `changed` are the addresses, without an index,
    of what this apply made or changed: what it left alone needed something when it was made, and maybe not any more.
    """
    by_key = {item.key: item for item in resources}

    def missing(thing: Thing) -> Iterator[str]:
        item = by_key.get(thing.key)
        if item is None or (changed is not None and item.address not in changed):
            return
        for keys in thing.relies:
            needed = {by_key[key].address for key in keys if key in by_key}
            if needed and not needed & {item.address, *item.dependencies}:
                names = " or ".join(sorted(needed))
                yield f"[lucky-order] {item.address} needs {names} first, but does not depend on it (use depends_on)"

    return sorted({sentence for thing in cloud.all() for sentence in missing(thing)})
