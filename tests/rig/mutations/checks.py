"""Asking one check about one tree."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rig.facts import broken
from rig.mutations import scanner_checks, terraform_checks
from rig.mutations.mutation import Check
from rig.mutations.trees import Tree
from rig.standin.lives import Lives
from rig.tools.terraform import Terraform

TOOLS: Mapping[Check, tuple[str, ...]] = {
    Check.FORMAT: ("terraform",),
    Check.SCHEMA: ("terraform",),
    Check.PROVIDER: ("terraform", "aws-provider"),
    Check.RULE: ("terraform",),
    Check.APPLY: ("terraform",),
    Check.AGAIN: ("terraform",),
    Check.FACT: ("terraform",),
    Check.BLIND_SPOT: (),
    Check.CHECKOV: ("checkov",),
    Check.HADOLINT: ("hadolint",),
    Check.COMPOSE: ("compose",),
    Check.SHELLCHECK: ("shellcheck",),
}
"""What each check needs, by the names that tests/conftest.py has for it."""

STEPS = (Check.SCHEMA, Check.RULE, Check.APPLY, Check.AGAIN)
"""Steps of a tree's life on the stand-in."""


class Checks:
    """The checks of this machine, but for checkov, which is asked about all trees at once."""

    def __init__(self, folder: Path, tools: Mapping[str, Path], lives: Lives) -> None:
        self._tools, self._lives = tools, lives
        if "terraform" in tools:
            self._standin = terraform_checks.StandIn(folder)

    def ask(self, check: Check, tree: Tree, module: str) -> list[str]:
        """Return what a check says of a module of a tree; nothing, when all is well."""
        if check in STEPS:
            return self._step(check, tree, module)
        if check is Check.FACT:
            return self._facts(tree, module)
        if check is Check.PROVIDER:
            terraform = Terraform(self._tools["terraform"], self._tools["aws-provider"])
            return terraform_checks.real_provider(terraform, tree, module)
        if check is Check.BLIND_SPOT:
            return scanner_checks.blind_spots(tree)
        programs = {
            Check.FORMAT: terraform_checks.unformatted,
            Check.HADOLINT: scanner_checks.hadolint,
            Check.COMPOSE: scanner_checks.compose,
            Check.SHELLCHECK: scanner_checks.shellcheck,
        }
        return programs[check](self._tools[TOOLS[check][0]], tree)

    def _step(self, check: Check, tree: Tree, module: str) -> list[str]:
        if tree.changed:
            return self._standin.run(tree, module, check)
        # Raises, unless the golden tree, which is the same, goes through every step.
        self._lives.of(tree.target, tree.case)
        return []

    def _facts(self, tree: Tree, module: str) -> list[str]:
        plans = dict(self._lives.of(tree.target, tree.case).plans)
        if tree.changed:
            plans[module] = self._standin.second_plan(tree, module)
        found = broken(tree.target, tree.deployment, plans)
        return [f"{fact}: {sentence}" for fact, sentences in found.items() for sentence in sentences]
