"""A folder that is rendered again and again, and applied each time, on the stand-in providers.

with Imagined.opened(folder, "gcp") as world:
    world.play(spec)              # applies A
    kept = world.keep()
    world.play(other).lines()     # what B changed
    world.back_to(kept)           # cloud, states and files are those of A again
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rig.standin.aws import deferred
from rig.standin.cloud import Cloud
from rig.standin.life import MODULES, declared, lucky_order, report, stored
from rig.standin.schema import find_schema
from rig.standin.serving import serving
from rig.standin.silence import silent_failures
from rig.standin.trees import variables_for
from rig.standin.workspace import NEWEST, OVERRIDE, ZONES, Setup, TerraformError, Workspace, install
from rig.trees.companions import lay_companions
from rig.updates.outcome import Outcome
from rig.updates.rendering import render_over

PROVIDERS = {"aws": ("aws",), "gcp": ("google", "time", "random")}
"""The stand-ins that a target's modules need."""

UNCHANGED = "No changes."
"""What Terraform says of an empty plan."""
LATER: tuple[tuple[str, Callable[[Cloud], int]], ...] = (
    ("its window", deferred.open_window),
    ("a scheduled action", deferred.fire_scheduled_actions),
)
"""What a cloud does some time after it was asked."""
CHANGES_BY_ITSELF = ("aws",)
"""Targets whose stand-in has what comes later, or is changed by others."""
RENDERED = (".tf", ".tftpl", ".json", ".yaml")
NOT_RENDERED = (OVERRIDE, "zz_standin.auto.tfvars.json", "terraform.tfstate", ".terraform.lock.hcl")
"""Files of a working copy that no render writes."""


@dataclass(frozen=True)
class Played:
    """What one spec did to what the one before had made."""

    outcome: Outcome
    again: Outcome
    """What a second plan would still change."""
    said: str
    """What cloudgen said while rendering."""
    modules: tuple[str, ...]
    """Which modules were applied; those whose files did not change were not."""


@dataclass
class Imagined:
    """A folder of one target, its modules' working copies, and an imagined cloud."""

    folder: Path
    target: str
    setup: Setup
    secrets: str = "for the stand-in only"
    defect: Callable[[str, str], str] | None = None
    """What is put into rendered files before they are applied: path below the tree, text -> text."""
    applied: dict[str, dict[str, str]] = field(default_factory=dict)
    """By module: the files that were applied last."""
    release: int = 0
    """How often every image was built anew: each time it has another digest."""
    changed_by_others: bool = False
    """Whether the cloud has changed since the last apply, so that the next plan has to read it first."""

    @classmethod
    @contextmanager
    def opened(cls, folder: Path, target: str, zones: Sequence[str] = ZONES) -> Iterator[Imagined]:
        """Start the stand-ins of a target, with an empty cloud in a new folder; stop them at the end."""
        schemas = [find_schema(name, NEWEST[name]) for name in PROVIDERS[target]]
        configuration = install(folder / "mirror", *schemas)
        setup = Setup(configuration, folder / "now" / "cloud", tuple(zones), tuple(one.path for one in schemas))
        with serving(setup) as running:
            yield cls(folder, target, running)

    @property
    def tree(self) -> Path:
        """Where cloudgen renders to."""
        return self.folder / "now" / "deploy" / self.target

    @property
    def root(self) -> Path:
        """The working copy of the root module."""
        return self._workspace(".").folder

    def play(self, spec: Mapping[str, Any], options: Sequence[str] = ()) -> Played:
        """Render a spec over the folder and apply it, in the order of deploy.sh; plan again.

        Raises `RefusedError` and `TerraformError`. What was applied before a failure stays so.
        """
        said = render_over(spec, self.tree, self.target, options)
        plans, touched = {}, []
        for name in self._modules():
            if self._files(name) == self.applied.get(name):
                continue
            workspace = self._lay(name)
            workspace.make_plan(*(() if self.changed_by_others else ("-refresh=false",)))
            plans[name] = workspace.show()
            workspace.apply_plan()
            self.applied[name] = self._files(name)
            touched.append(name)
            cloud = stored(self.setup)
            report(f"apply of {name}", lucky_order(cloud, workspace.resources(), made_or_changed(plans[name])))
        self.changed_by_others = False
        report("apply", silent_failures(stored(self.setup)))
        return Played(Outcome.of(plans), self.plan_again(touched), said, tuple(touched))

    def plan_again(self, modules: Sequence[str]) -> Outcome:
        """Plan some modules again, as for their owner, who gives a secret's value once; return what would change."""
        plans = {}
        for name in modules:
            workspace = self._workspace(name)
            workspace.give(declared(self.tree / name, self._variables(), ephemeral=False))
            said = workspace.run("plan", "-input=false", "-no-color", "-out=plan", *self._refresh)
            if UNCHANGED not in said:
                plans[name] = workspace.show()
        return Outcome.of(plans)

    def later(self, modules: Sequence[str]) -> Iterator[tuple[str, Outcome]]:
        """Let what was put off happen; yield what that was, and what a plan of some modules changes after it."""
        cloud = stored(self.setup)
        for what, happens in LATER:
            if happens(cloud):
                self.changed_by_others = True
                yield what, self.plan_again(modules)

    def run(self, module: str, *arguments: str) -> str:
        """Run a command of Terraform in a module's working copy. Raises `TerraformError`."""
        return self._workspace(module).run(*arguments)

    def addresses(self, module: str = ".") -> list[str]:
        """Return the addresses of a module's resources, in the order of its state."""
        state = json.loads((self._workspace(module).folder / "terraform.tfstate").read_text())
        return [
            f"{item['type']}.{item['name']}" + (f"[{json.dumps(one['index_key'])}]" if "index_key" in one else "")
            for item in state["resources"]
            if item["mode"] == "managed"
            for one in item["instances"]
        ]

    def new_images(self) -> Played:
        """Build every image anew and apply the root module with the new digests, as deploy.sh does; plan again."""
        self.release += 1
        outcome = self.apply_again()
        return Played(outcome, self.plan_again(["."]), "", (".",))

    def apply_again(self, module: str = ".") -> Outcome:
        """Plan and apply a module as it is, as a second run of deploy.sh does; return what that changed."""
        workspace = self._workspace(module)
        workspace.give(declared(self.tree / module, self._variables()))
        workspace.make_plan()
        plan = workspace.show()
        workspace.apply_plan()
        return Outcome.of({module: plan})

    def destroy(self, unprotected: Mapping[str, Any]) -> None:
        """Destroy all modules, after a spec without deletion protection was applied. Raises `TerraformError`."""
        self.play(unprotected)
        for name in reversed(self._modules()):
            self._workspace(name).destroy()

    def keep(self) -> Path:
        """Copy everything that an apply changes; return where."""
        kept = self.folder / f"kept-{len(list(self.folder.glob('kept-*')))}"
        shutil.copytree(self.folder / "now", kept, symlinks=True)
        (kept / "applied.json").write_text(json.dumps(self.applied), encoding="utf-8")
        return kept

    def back_to(self, kept: Path | None) -> None:
        """Make cloud, states and files what they were; None is the time before anything was applied."""
        shutil.rmtree(self.folder / "now", ignore_errors=True)
        self.applied, self.changed_by_others, self.release = {}, False, 0
        if kept is not None:
            shutil.copytree(kept, self.folder / "now", symlinks=True)
            self.applied = json.loads((kept / "applied.json").read_text(encoding="utf-8"))

    def _modules(self) -> list[str]:
        return [name for name in MODULES if any((self.tree / name).glob("*.tf"))]

    def _files(self, module: str) -> dict[str, str]:
        found = [file for file in (self.tree / module).glob("*") if file.suffix in RENDERED]
        texts = {file.relative_to(self.tree).as_posix(): file.read_text(encoding="utf-8") for file in found}
        if self.defect is not None:
            texts = {path: self.defect(path, text) for path, text in texts.items()}
        return {path.rpartition("/")[2]: text for path, text in texts.items()}

    def _workspace(self, module: str) -> Workspace:
        return Workspace(self.folder / "now" / "modules" / module.replace(".", "root"), self.setup)

    def _lay(self, module: str) -> Workspace:
        """Make a working copy what was rendered, and initialise it where its providers are others."""
        workspace, files = self._workspace(module), self._files(module)
        workspace.folder.mkdir(parents=True, exist_ok=True)
        for file in workspace.folder.iterdir():
            if file.is_file() and file.suffix in RENDERED and file.name not in (*files, *NOT_RENDERED):
                file.unlink()
        for name, text in files.items():
            (workspace.folder / name).write_text(text, encoding="utf-8")
        lay_companions(self.tree / module, workspace.folder)
        (workspace.folder / OVERRIDE).write_text('terraform {\n  backend "local" {}\n}\n')
        workspace.give(declared(self.tree / module, self._variables()))
        if files.get("versions.tf") != self.applied.get(module, {}).get("versions.tf"):
            workspace.run("init", "-input=false", "-no-color")
        return workspace

    def _variables(self) -> dict[str, Any]:
        """Return values for a tree's variables; an image is in the repository that bootstrap/ made for it."""
        values = variables_for(self.tree)
        state = self._workspace("bootstrap").folder / "terraform.tfstate"
        if "images" in values and state.exists():
            outputs = json.loads(state.read_text())["outputs"]
            repository = outputs.get("repository", {}).get("value")
            # Each image has content of its own, so that a container that changes its image is seen to.
            built = f" {self.release}" if self.release else ""
            content = {name: hashlib.sha256(f"{name}{built}".encode()).hexdigest() for name in values["images"]}
            values["images"] |= {
                name: f"{repository or values['images'][name].partition('@')[0]}@sha256:{content[name]}"
                for name in content
                if repository or self.release
            }
        return values

    @property
    def _refresh(self) -> tuple[str, ...]:
        """Read what exists only where it may be another than was written: that is half of what a plan costs."""
        return () if self.target in CHANGES_BY_ITSELF else ("-refresh=false",)


def made_or_changed(plan: Mapping[str, Any]) -> set[str]:
    """Return the addresses, without an index, of what a plan makes, changes or replaces."""
    outcome = Outcome.of({".": plan})
    return {address.partition("[")[0] for address in (*outcome.added, *outcome.updated, *outcome.replaced)}


__all__ = ["Imagined", "Played", "TerraformError"]
