"""The checks that Terraform does, each as far as it needs to go: on the stand-in, and with the real provider."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rig.mutations.mutation import Check
from rig.mutations.trees import Tree
from rig.standin.life import declared, lucky_order, stored
from rig.standin.serving import serving
from rig.standin.silence import silent_failures
from rig.standin.trees import variables_for
from rig.standin.workspace import Setup, TerraformError, Workspace
from rig.tools.terraform import Terraform, diagnostic
from rig.trees.companions import lay_companions


@dataclass
class StandIn:
    """The stand-in providers, installed once; each tree has an imagined cloud of its own."""

    folder: Path
    _setup: Setup = field(init=False)

    def __post_init__(self) -> None:
        self._setup = Setup.make(self.folder)

    def run(self, tree: Tree, module: str, check: Check) -> list[str]:
        """Take a module as far as a check needs it; return what Terraform or a rule said, nothing when all is well."""
        try:
            with self._workspace(tree, module) as workspace:
                return self._take(workspace, check)
        except TerraformError as error:
            return [f"terraform {error.step}: {' '.join(error.output.split())}"]

    def _take(self, workspace: Workspace, check: Check) -> list[str]:
        if check is Check.SCHEMA:
            workspace.run("validate", "-no-color")
        elif check is Check.RULE:
            workspace.run("plan", "-input=false", "-no-color")
        else:
            workspace.run("apply", "-auto-approve", "-input=false", "-no-color")
            cloud = stored(workspace.setup)
            if found := lucky_order(cloud, workspace.resources()) + silent_failures(cloud):
                return found
        if check is Check.AGAIN:
            workspace.expect_no_changes()
        return []

    def second_plan(self, tree: Tree, module: str) -> dict[str, Any]:
        """Return what a second plan of a module tells, if it is empty: every value, and what depends on what.

        It is made of the state, which takes less time than to plan. Raises TerraformError.
        """
        with self._workspace(tree, module) as workspace:
            workspace.run("apply", "-auto-approve", "-input=false", "-no-color")
            state = json.loads(workspace.run("show", "-json"))
        return {"planned_values": state["values"], "prior_state": state}

    @contextmanager
    def _workspace(self, tree: Tree, module: str) -> Iterator[Workspace]:
        source, scratch = tree.folder / module, Path(tempfile.mkdtemp(dir=self.folder))
        with serving(replace(self._setup, cloud=scratch / "cloud")) as setup:
            workspace = Workspace.copy(source, scratch / "module", setup, declared(source, variables_for(source)))
            workspace.run("init", "-input=false", "-no-color")
            yield workspace


def real_provider(terraform: Terraform, tree: Tree, module: str) -> list[str]:
    """Return what the real hashicorp/aws finds wrong with a module, warnings included."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in (tree.folder / module).glob("*.tf"):
            shutil.copy(file, folder)
        lay_companions(tree.folder / module, folder)
        terraform.init(folder, "-backend=false")
        return [diagnostic(item) for item in terraform.validate(folder)]


def unformatted(terraform: Path, tree: Tree) -> list[str]:
    """Return what `terraform fmt` would change."""
    command = [str(terraform), "fmt", "-check", "-recursive", "-diff", str(tree.folder)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return [] if run.returncode == 0 else [run.stdout + run.stderr]
