"""Running the real Terraform on a copy of a rendered module."""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

INHERITED = ("PATH", "HOME", "TMPDIR", "LANG", "SSL_CERT_FILE")
"""What of the developer's environment Terraform sees; no credentials, no proxy, no TF_ variable."""

LOCAL_BACKEND = 'terraform {\n  backend "local" {}\n}\n'
"""An override file by which a module keeps its state beside it, whatever backend was rendered."""

INSTALLING = threading.Lock()
"""https://developer.hashicorp.com/terraform/cli/config/config-file#provider-plugin-cache."""

ANSI = re.compile(r"\x1b\[[0-9;]*m")
"""Colours."""


class TerraformError(AssertionError):
    """A command ended with another exit code than was expected; the text has its output."""


@dataclass(frozen=True)
class Terraform:
    """The program, the CLI configuration that says where providers come from, and variables of the environment."""

    program: Path
    config: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    reattach: str = ""
    """Where a provider is that runs already (`serving`), as Terraform wants to be told; else it starts one."""

    def variables(self, command: str = "") -> dict[str, str]:
        """Return the whole environment of a command."""
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        # Providers are installed as a module's constraints say, whether or not one runs already.
        running = {"TF_REATTACH_PROVIDERS": self.reattach} if self.reattach and command != "init" else {}
        return {
            **inherited,
            "TF_CLI_CONFIG_FILE": str(self.config),
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
            # Or it asks a host on the Internet for newer versions.
            "CHECKPOINT_DISABLE": "1",
            # Terraform and the provider make much garbage of a schema and end soon: to collect less of it saves a fifth
            # of their time.
            "GOGC": "400",
            **running,
            **self.environment,
        }

    def run(self, folder: Path, *arguments: str, expect: tuple[int, ...] = (0,), timeout: int = 2700) -> Result:
        """Run a command in a folder. Raises `TerraformError` unless it ends with one of the expected exit codes."""
        run = subprocess.run(
            [self.program, *arguments],
            cwd=folder,
            env=self.variables(arguments[0]),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if run.returncode not in expect:
            said = ANSI.sub("", run.stdout[-1500:] + "\n" + run.stderr[-5000:])
            raise TerraformError(
                f"terraform {' '.join(arguments)} in {folder.name} ended with {run.returncode}:\n{said}"
            )
        return Result(run.returncode, run.stdout, run.stderr)

    def init(self, folder: Path, *arguments: str) -> Result:
        """Install the provider, and set up the backend. One at a time: Terraform does not guard its plugin cache."""
        with INSTALLING:
            return self.run(folder, "init", "-no-color", *arguments)

    def validate(self, folder: Path) -> list[dict[str, Any]]:
        """Return the diagnostics of `validate`, errors and warnings."""
        run = self.run(folder, "validate", "-json", expect=(0, 1))
        found: list[dict[str, Any]] = json.loads(run.out)["diagnostics"]
        return found

    def changes(self, folder: Path, plan: str) -> list[Change]:
        """Return what a saved plan would change, and which attributes differ."""
        return changes_in(self.shown(folder, plan))

    def shown(self, folder: Path, plan: str) -> dict[str, Any]:
        """Return a saved plan in Terraform's JSON form."""
        found: dict[str, Any] = json.loads(self.run(folder, "show", "-json", plan).out)
        return found


@dataclass(frozen=True)
class Result:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Change:
    """A resource that a plan would change."""

    address: str
    type: str
    actions: tuple[str, ...]
    attributes: tuple[str, ...]
    """The top-level attributes whose value would be another."""

    def __str__(self) -> str:
        return f"{self.address}: {'+'.join(self.actions)} {', '.join(self.attributes)}"


def changes_in(plan: Mapping[str, Any]) -> list[Change]:
    """Return what a plan in JSON form would change."""
    return [_change(item) for item in plan.get("resource_changes", []) if item["change"]["actions"] != ["no-op"]]


def diagnostic(item: Mapping[str, Any]) -> str:
    """Return a diagnostic of `validate -json` on one line."""
    place = item.get("range") or {}
    line = place.get("start", {}).get("line", "?")
    detail = re.sub(r"\s+", " ", item.get("detail", ""))
    return f"{item['severity']}: {place.get('filename', '?')}:{line}: {item['summary']}: {detail}"


def _change(item: Mapping[str, Any]) -> Change:
    change = item["change"]
    before, after = change["before"] or {}, change["after"] or {}
    unknown = change.get("after_unknown") or {}
    names = sorted(set(before) | set(after) | set(unknown))
    differing = tuple(name for name in names if unknown.get(name) or before.get(name) != after.get(name))
    return Change(item["address"], item["type"], tuple(change["actions"]), differing)
