"""Edits on the real hashicorp/aws and an emulated AWS: a chain in one life, each over what the ones before made.

A life there mostly waits, so edits that do not disturb each other are made one after the other, and all of them are
taken back at once at the end: several edits at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rig.emulator.cycle import PARALLEL
from rig.emulator.gaps import TOLERATED
from rig.emulator.process import Emulator, running
from rig.emulator.state import keep_in_file, makes_its_bucket, move_to_bucket, move_to_file
from rig.real_provider.narrow import types_in
from rig.real_provider.serving import serving
from rig.standin.life import MODULES, declared
from rig.standin.trees import variables_for
from rig.tools.terraform import Terraform, TerraformError
from rig.updates.edit import EDITS, base
from rig.updates.expectation import Expectation
from rig.updates.outcome import Outcome
from rig.updates.rendering import render_over

ACCOUNT = "111122223333"
CHAINS: Mapping[str, tuple[str, ...]] = {
    "web": (
        "another-command",
        "another-variable",
        "another-size",
        "another-check-of-health",
        "more-instances",
        "another-architecture",
    ),
    "site": (
        "limits-of-alarms",
        "logs-kept-longer",
        "dashboard",
        "firewall-off",
        "labels",
        "mail-address-removed-from-the-middle",
    ),
    "data": (
        "queue-slower",
        "queue-added",
        "backups-kept-longer",
        "bucket-without-versions",
        "bucket-added",
        "secret-added",
        "job-at-another-time",
        "deletion-protection",
    ),
}
"""By spec: the edits that are made one after the other."""


@dataclass
class Chain:
    """What a life with edits showed."""

    wrong: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By edit: what is not as its row says."""
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    requests: int = 0
    """Requests that were held against Amazon's own models."""
    refused: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """What stayed in the states after everything was destroyed."""


def play_chain(spec: str, folder: Path, terraform: Terraform) -> Chain:
    """Apply a spec, its chain of edits and the spec again, and destroy all. Raises `TerraformError`."""
    rows = {edit.id: edit for edit in EDITS}
    steps: list[tuple[str, dict[str, Any]]] = [("", base(spec))]
    for name in CHAINS[spec]:
        steps.append((name, rows[name].made_in(json.loads(json.dumps(steps[-1][1])))))
    chain = Chain()
    with running(folder / "emulator", ACCOUNT) as emulator:
        emulator.create_zone("example.com")
        terraform = replace(terraform, environment=emulator.environment)
        with _Life.begun(folder, terraform, [spec for _, spec in steps]) as life:
            try:
                for name, changed in steps:
                    outcome, again = life.play(changed)
                    if name:
                        expected = Expectation.read(rows[name].sentences["aws", "there"])
                        wrong = [*expected.unmet(outcome), *(f"a second plan changes {line}" for line in again.lines())]
                        chain.wrong[name], chain.outcomes[name] = tuple(wrong), outcome
                outcome, again = life.play(base(spec))
                chain.wrong["all taken back"] = tuple(f"a second plan changes {line}" for line in again.lines())
                chain.outcomes["all taken back"] = outcome
                chain.left = life.destroy()
            except TerraformError as error:
                raise TerraformError(f"{spec}: {error}\n{said(emulator)}") from None
    chain.requests, chain.refused = emulator.checked(), emulator.refusals()
    return chain


def said(emulator: Emulator) -> str:
    """Return what the emulator said that may be why Terraform failed."""
    return "\n".join([*emulator.failures(), *emulator.refusals()])


@dataclass
class _Life:
    folder: Path
    terraform: Terraform
    provider: ExitStack
    types: Path
    """A folder with what all specs of the chain render: the provider's schemas are cut to the types that are there."""
    applied: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def begun(cls, folder: Path, terraform: Terraform, specs: list[dict[str, Any]]) -> Iterator[_Life]:
        """Render everything once beside the life, for its types; stop the provider at the end."""
        for number, spec in enumerate(specs):
            render_over(spec, folder / "types" / str(number) / "aws", "aws")
        with ExitStack() as provider:
            yield cls(folder, terraform, provider, folder / "types")

    @property
    def tree(self) -> Path:
        return self.folder / "deploy" / "aws"

    def play(self, spec: Mapping[str, Any]) -> tuple[Outcome, Outcome]:
        """Render a spec over the folder and apply it, as deploy.sh does; return what changed, and what still would."""
        render_over(spec, self.tree, "aws")
        plans, again = {}, {}
        for name in (name for name in MODULES if any((self.tree / name).glob("*.tf"))):
            module, files = self.tree / name, self._files(name)
            if files == self.applied.get(name):
                continue
            first = makes_its_bucket(module) and name not in self.applied
            if first:
                keep_in_file(self.terraform, module)
            else:
                self.terraform.init(module)
            if not self.terraform.reattach:
                self.terraform = self.provider.enter_context(serving(self.terraform, module, types_in(self.types)))
            images, secrets = self._values(module, "images"), self._values(module, "secret_values")
            self.terraform.run(module, "plan", PARALLEL, "-out=edit.tfplan", *images, *secrets)
            plans[name] = self._shown(module, "edit.tfplan")
            self.terraform.run(module, "apply", PARALLEL, *secrets, "edit.tfplan")
            if first:
                move_to_bucket(self.terraform, module)
            self.applied[name] = files
            second = ("plan", PARALLEL, "-detailed-exitcode", "-out=second.tfplan", *images)
            if self.terraform.run(module, *second, expect=(0, 2)).code == 2:
                again[name] = self._untolerated(self._shown(module, "second.tfplan"))
        return Outcome.of(plans), Outcome.of(again)

    def destroy(self) -> list[str]:
        """Destroy all modules; return what stays in a state on this machine."""
        left = []
        for name in reversed([name for name in MODULES if any((self.tree / name).glob("*.tf"))]):
            module = self.tree / name
            if makes_its_bucket(module):
                move_to_file(self.terraform, module)
            self.terraform.run(module, "destroy", "-auto-approve", PARALLEL, *self._values(module, "images"))
            if name == "bootstrap":
                left += self.terraform.run(module, "state", "list").out.splitlines()
        return left

    def _files(self, module: str) -> dict[str, str]:
        return {file.name: file.read_text(encoding="utf-8") for file in (self.tree / module).glob("*.tf")}

    def _shown(self, module: Path, plan: str) -> dict[str, Any]:
        shown: dict[str, Any] = json.loads(self.terraform.run(module, "show", "-json", plan).out)
        return shown

    @staticmethod
    def _untolerated(plan: dict[str, Any]) -> dict[str, Any]:
        types = {resource_type for resource_type, _ in TOLERATED}
        return plan | {"resource_changes": [one for one in plan["resource_changes"] if one["type"] not in types]}

    def _values(self, module: Path, variable: str) -> list[str]:
        """Write a file with values for a variable, where the module has that: images by digest, or the secrets."""
        values = variables_for(self.tree)
        found = declared(module, {variable: values[variable]} if variable in values else {})
        if not found:
            return []
        path = self.folder / f"{variable}.tfvars.json"
        path.write_text(json.dumps(found), encoding="utf-8")
        return [f"-var-file={path}"]
