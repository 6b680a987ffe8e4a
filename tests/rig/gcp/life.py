"""Lives on the real hashicorp/google: rendered trees applied over each other in one folder, as deploy.sh does.

    with living(folder, terraform) as life:
        life.apply(tree_a)
        changes = life.apply(tree_b).changes
        life.destroy(unprotected_tree_b)

`terraform` is `Terraform(program, find_google_provider(...))`. All modules are applied in deploy.sh's order, each is
planned once more, and what that second plan would change is in the step's report.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rig.gcp.running import Google, running
from rig.gcp.store import Kept, Store
from rig.real_provider.mirror import GOOGLE
from rig.real_provider.narrow import types_in
from rig.real_provider.serving import serving
from rig.standin.life import MODULES, declared
from rig.standin.trees import variables_for
from rig.standin.workspace import ZONES
from rig.tools.terraform import LOCAL_BACKEND, Change, Terraform, TerraformError, changes_in, diagnostic
from rig.trees.companions import lay_companions

PARALLEL = "-parallelism=30"
"""The provider mostly waits; Terraform's own 10 would make it wait longer."""
OVERRIDE = "zz_local_override.tf"
VARIABLES = "zz_given.auto.tfvars.json"
SLEEP = re.compile(r'\b((?:create|destroy)_duration\s*=\s*)"\d+[smh]"')
PROTECTION = re.compile(r"\b((?:deletion_protection|deletion_protection_enabled|prevent_destroy)\s*=\s*)true\b")
PREVENT = re.compile(r'\b(deletion_policy\s*=\s*)"PREVENT"')
VERSIONS = "versions.tf"
LAID = (".tf", ".json", ".tftpl", ".yaml")
"""Ends of the names of a module's files that the next tree replaces."""


@dataclass
class Step:
    """What applying one tree showed, all modules together."""

    changes: list[Change] = field(default_factory=list)
    """What was planned, and applied."""
    plans: dict[str, dict[str, Any]] = field(default_factory=dict)
    """That plan by module (`.` is the root), as JSON."""
    second_plan: list[Change] = field(default_factory=list)
    """What a second plan would change; nothing, if the rendered modules say what the provider reads back."""
    second_plans: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Those second plans that are not empty, by module, as JSON."""
    resources: int = 0
    """Resources in the states afterwards."""
    refused: list[str] = field(default_factory=list)
    """What the control plane refused, though Terraform went on."""
    seconds: float = 0.0

    def by_action(self) -> dict[str, int]:
        """Return how many resources were created, updated, replaced and deleted."""
        names = ["replace" if len(change.actions) == 2 else change.actions[0] for change in self.changes]
        return dict(sorted(Counter(names).items()))


@dataclass
class Life:
    """A deployment in a folder of its own, on a faked cloud of its own."""

    folder: Path
    google: Google
    terraform: Terraform
    provider: ExitStack
    """Ends the provider, which runs from the first `init` on."""
    modules: list[str] = field(default_factory=list)
    """The modules that were applied, in that order."""
    types: set[str] = field(default_factory=set)
    """The types of the trees so far."""
    applied: dict[str, dict[str, str]] = field(default_factory=dict)
    """By module: the files that were applied last."""
    release: int = 0
    """How often every image was built anew: each time it has another digest."""
    kept: dict[Path, tuple[Kept, set[str]]] = field(default_factory=dict)
    """What was in the cloud, and which projects it knew, when a copy of the modules was taken."""

    def module(self, name: str) -> Path:
        """Return the folder of a module."""
        return self.folder / "modules" / name.replace(".", "root")

    def apply(self, tree: Path, *, only_changed: bool = False) -> Step:
        """Apply a tree over what there is; with `only_changed`, the modules whose files differ from those applied last.

        Raises `TerraformError` at the first command that fails.
        """
        step, start, asked = Step(), time.monotonic(), len(self.google.plane.answered)
        for name in MODULES:
            files = texts(tree / name)
            if any(file.endswith(".tf") for file in files) and not (only_changed and files == self.applied.get(name)):
                self.applied.pop(name, None)
                self._apply(tree, name, step)
                self.applied[name] = files
        step.seconds = time.monotonic() - start
        refused = self.google.plane.refused()
        step.refused = [str(one) for one in refused if one in self.google.plane.answered[asked:]]
        return step

    def build_anew(self) -> None:
        """Give every image another digest; the next `apply` applies the root module with it."""
        self.release += 1
        self.applied.pop(".", None)

    def plan(self, tree: Path) -> list[Change]:
        """Return what applying a tree would change, all modules together; nothing is applied."""
        found: list[Change] = []
        for name in MODULES:
            if any((tree / name).glob("*.tf")):
                self._lay(tree, name)
                found += made_by(self._planned(self.module(name)))
        return found

    def keep(self, folder: Path) -> None:
        """Copy the modules with their states into a new folder, and remember what is in the cloud."""
        shutil.copytree(self.folder / "modules", folder, symlinks=True, ignore=shutil.ignore_patterns(".terraform"))
        (folder / "applied.json").write_text(json.dumps(self.applied), encoding="utf-8")
        self.kept[folder] = self.google.plane.store.kept(), set(self.google.plane.seen)

    def back_to(self, folder: Path | None) -> None:
        """Make modules, states and cloud what they were; None is the time before anything was applied."""
        for name in self.modules:
            for old in self.module(name).iterdir():
                if old.is_file():
                    old.unlink()
        self.applied, self.release = {}, 0
        objects, projects = self.kept[folder] if folder else (Store().kept(), set[str]())
        self.google.plane.store.put_back(objects)
        self.google.plane.seen = set(projects)
        if folder:
            shutil.copytree(folder, self.folder / "modules", symlinks=True, dirs_exist_ok=True)
            self.applied = json.loads((folder / "applied.json").read_text(encoding="utf-8"))

    def taint(self, address: str, module: str = ".") -> None:
        """Mark a resource as one that was made by half."""
        self.terraform.run(self.module(module), "taint", address)

    def destroy(self, unprotected: Path | None = None) -> list[str]:
        """Lift the protection and destroy everything, the root first; return what stayed in the states.

        `unprotected` is the same tree rendered without deletion protection; else the words are changed in the HCL.
        Raises `TerraformError`.
        """
        for name in self.modules:
            folder = self.module(name)
            if self._lift(name, unprotected):
                self.terraform.run(folder, "apply", "-auto-approve", PARALLEL)
        left: list[str] = []
        for name in reversed(self.modules):
            self.terraform.run(self.module(name), "destroy", "-auto-approve", PARALLEL)
            left += self.terraform.run(self.module(name), "state", "list").out.splitlines()
        return left

    def _apply(self, tree: Path, name: str, step: Step) -> None:
        folder = self._lay(tree, name)
        if complaints := [diagnostic(item) for item in self.terraform.validate(folder)]:
            raise TerraformError("\n".join(complaints))
        step.plans[name] = self._planned(folder)
        step.changes += made_by(step.plans[name])
        # Values of ephemeral variables stand in no plan; they lie in the folder.
        self.terraform.run(folder, "apply", PARALLEL, "first.tfplan")
        # A secret's value is given once, by whoever knows it.
        self._give(tree, name, ephemeral=False)
        again = self.terraform.run(folder, "plan", "-detailed-exitcode", "-out=second.tfplan", PARALLEL, expect=(0, 2))
        if again.code == 2:
            step.second_plans[name] = self.terraform.shown(folder, "second.tfplan")
            step.second_plan += changes_in(step.second_plans[name])
        addresses = self.terraform.run(folder, "state", "list").out.splitlines()
        step.resources += sum(not address.startswith("data.") for address in addresses)

    def _planned(self, folder: Path) -> dict[str, Any]:
        self.terraform.run(folder, "plan", PARALLEL, "-out=first.tfplan")
        return self.terraform.shown(folder, "first.tfplan")

    def _lay(self, tree: Path, name: str) -> Path:
        """Lay a module of a tree over what was there, initialise it, and return its folder."""
        folder = self.module(name)
        folder.mkdir(parents=True, exist_ok=True)
        before = (folder / VERSIONS).read_text(encoding="utf-8") if (folder / VERSIONS).exists() else ""
        for old in folder.iterdir():
            if old.is_file() and old.suffix in LAID:
                old.unlink()
        for file in (tree / name).iterdir():
            if file.is_file() and file.suffix in LAID:
                (folder / file.name).write_text(
                    SLEEP.sub(r'\1"1s"', file.read_text(encoding="utf-8")), encoding="utf-8"
                )
        lay_companions(tree / name, folder)
        (folder / OVERRIDE).write_text(LOCAL_BACKEND, encoding="utf-8")
        self._give(tree, name)
        # What was installed serves as long as the providers are the same.
        if not (folder / ".terraform").exists() or before != (folder / VERSIONS).read_text(encoding="utf-8"):
            self.terraform.init(folder)
        if name not in self.modules:
            self.modules.append(name)
        self._serve(folder, {name for name in types_in(tree) if name.startswith("google_")})
        return folder

    def _serve(self, folder: Path, types: set[str]) -> None:
        """Let the provider run that `init` installed; it knows the types of every tree so far, and is started anew
        where a tree brings another one."""
        if types <= self.types and self.terraform.reattach:
            return
        self.provider.close()
        self.types |= types
        waiting = replace(self.terraform, reattach="")
        self.terraform = self.provider.enter_context(serving(waiting, folder, sorted(self.types), GOOGLE[0]))

    def _give(self, tree: Path, name: str, *, ephemeral: bool = True) -> None:
        known = dict(variables_for(tree))
        if self.release and "images" in known:
            digest = f"{self.release:064x}"
            known["images"] = {
                image: f"{reference.partition('@')[0]}@sha256:{digest}" for image, reference in known["images"].items()
            }
        values: Mapping[str, Any] = declared(tree / name, known, ephemeral=ephemeral)
        (self.module(name) / VARIABLES).write_text(json.dumps(dict(values)), encoding="utf-8")

    def _lift(self, name: str, unprotected: Path | None) -> bool:
        """Lay a module without protection over itself; return whether that changes anything."""
        folder = self.module(name)
        before = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.tf")}
        if unprotected is not None:
            self._lay(unprotected, name)
        else:
            for file in folder.glob("*.tf"):
                text = PREVENT.sub(r'\1"DELETE"', PROTECTION.sub(r"\1false", file.read_text(encoding="utf-8")))
                file.write_text(text, encoding="utf-8")
        return before != {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.tf")}


def made_by(plan: Mapping[str, Any]) -> list[Change]:
    """Return what a plan changes, without what it only reads."""
    return [change for change in changes_in(plan) if change.actions != ("read",)]


def texts(folder: Path) -> dict[str, str]:
    """Return the rendered files of a module by name."""
    files = (file for file in folder.glob("*") if file.is_file() and file.suffix in LAID)
    return {file.name: file.read_text(encoding="utf-8") for file in files}


@contextmanager
def living(folder: Path, terraform: Terraform, zones: Sequence[str] = ZONES) -> Iterator[Life]:
    """Begin a life on a cloud of its own, whose project has public zones for these domains already."""
    with running(folder / "google", zones) as google, ExitStack() as provider:
        yield Life(folder, google, replace(terraform, environment=google.environment), provider)


@dataclass
class Report:
    """What a whole life showed."""

    name: str
    steps: list[Step]
    left: list[str]
    """What stayed in the states after all modules were destroyed."""
    requests: int
    """Requests that the control plane answered."""
    seconds: float


def play(
    name: str,
    trees: Sequence[Path],
    folder: Path,
    terraform: Terraform,
    *,
    unprotected: Path | None = None,
    zones: Sequence[str] = ZONES,
) -> Report:
    """Apply trees over each other, and destroy what the last one left. Raises `TerraformError`."""
    start = time.monotonic()
    with living(folder, terraform, zones) as life:
        try:
            steps = [life.apply(tree) for tree in trees]
            left = life.destroy(unprotected)
        except TerraformError as error:
            refused = "\n".join(map(str, life.google.plane.refused()[-10:]))
            raise TerraformError(f"{name}: {error}\n{refused}") from None
        return Report(name, steps, left, len(life.google.plane.answered), time.monotonic() - start)
