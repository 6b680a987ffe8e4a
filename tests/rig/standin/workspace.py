"""A root module in a scratch folder, and the real `terraform` on it, with the stand-in providers only.

Nothing of the user's own Terraform setup is used: no plugin cache, no CLI configuration, no credentials, no network.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rig.standin.cloud import RUN, ZONES_VARIABLE
from rig.standin.cloud import VARIABLE as CLOUD_VARIABLE
from rig.standin.schema import RecordedSchema, find_schema
from rig.trees.companions import lay_companions

TESTS = Path(__file__).resolve().parents[2]
NEWEST = {"google": "8", "aws": "6", "time": "0", "random": "3"}
"""The newest major version of each provider whose schema is recorded."""
ZONES = ("example.com", "example.org")
"""The domains of the zones that are there already, unless a test says otherwise."""
TIMEOUT = 1200
"""Seconds that one Terraform command may take."""
OVERRIDE = "zz_standin_override.tf"
VARIABLES = "zz_standin.auto.tfvars.json"
PROTECTION = re.compile(r"\b((?:deletion_protection|deletion_protection_enabled|prevent_destroy)\s*=\s*)true\b")


class TerraformError(AssertionError):
    """A step did not do what it should; the text is what Terraform said."""

    def __init__(self, step: str, output: str) -> None:
        super().__init__(f"terraform {step}:\n{output}")
        self.step = step
        self.output = output


def platform() -> str:
    """Return Terraform's name of this platform, such as `linux_amd64`."""
    version = subprocess.run(
        ["terraform", "version", "-json"], check=True, capture_output=True, env=clean_environment(), timeout=TIMEOUT
    )
    return str(json.loads(version.stdout)["platform"])


def clean_environment() -> dict[str, str]:
    """Return the environment without anything that steers Terraform or a cloud's SDK."""
    prefixes = ("TF_", "AWS_", "GOOGLE_", "CLOUDSDK_", "GCLOUD_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(prefixes)}
    # Terraform makes much garbage of a schema and ends soon: to collect less of it saves a fifth of its time.
    return kept | {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_DISABLE_PLUGIN_TLS": "1", "GOGC": "400"}


def install(mirror: Path, *recorded: RecordedSchema) -> Path:
    """Lay out a filesystem mirror that serves the recorded schemas; return the CLI configuration for it."""
    system = platform()
    for one in recorded:
        folder = mirror / one.address / one.version / system
        folder.mkdir(parents=True)
        program = folder / f"terraform-provider-{one.name}_v{one.version}"
        words = (sys.executable, "-m", "rig.standin.server", str(one.path))
        # Terraform starts a program some hundred times in a cycle: each would else compile the stand-in anew in CI.
        settings = f"PYTHONDONTWRITEBYTECODE= PYTHONPATH={shlex.quote(str(TESTS))}"
        program.write_text(f"#!/bin/sh\n{settings} exec {shlex.join(words)}\n")
        program.chmod(0o755)
    configuration = mirror / "terraformrc"
    configuration.write_text(
        f"provider_installation {{\n  filesystem_mirror {{\n    path = {json.dumps(str(mirror))}\n  }}\n}}\n"
    )
    return configuration


@dataclass(frozen=True)
class Setup:
    """What the root modules of one test share: the providers, and the imagined cloud."""

    configuration: Path
    cloud: Path
    zones: tuple[str, ...] = ZONES
    schemas: tuple[Path, ...] = ()
    """The recorded schemas that the providers serve."""
    reattach: str = ""
    """Where the providers are that run already (`serving`), as Terraform wants to be told; else it starts them."""

    @classmethod
    def make(cls, folder: Path, majors: Mapping[str, str] | None = None, zones: Sequence[str] = ZONES) -> Setup:
        """Install all providers and an empty cloud into a new folder; `majors` replaces some of `NEWEST`.

        `zones` are the domains whose DNS zones the cloud has already.
        """
        schemas = [find_schema(name, major) for name, major in {**NEWEST, **(majors or {})}.items()]
        paths = tuple(schema.path for schema in schemas)
        return cls(install(folder / "mirror", *schemas), folder / "cloud", tuple(zones), paths)

    def environment(self, command: str = "") -> dict[str, str]:
        """Return the environment of a Terraform command."""
        variables = {"TF_CLI_CONFIG_FILE": str(self.configuration), CLOUD_VARIABLE: str(self.cloud)}
        # Providers are installed as their constraints say, whether or not they run already.
        if self.reattach and command not in ("init", "version"):
            variables["TF_REATTACH_PROVIDERS"] = self.reattach
        return clean_environment() | variables | {ZONES_VARIABLE: ",".join(self.zones)}

    def begin(self) -> None:
        """Note that another run of Terraform begins."""
        self.cloud.mkdir(parents=True, exist_ok=True)
        (self.cloud / RUN).write_text(str(time.monotonic_ns()))


@dataclass(frozen=True)
class Instance:
    """A resource in the state: its address without an index, and everything that it depends on, however indirectly."""

    address: str
    type: str
    attributes: dict[str, Any]
    dependencies: tuple[str, ...]

    @property
    def key(self) -> str:
        """What the imagined cloud stores the resource under."""
        return f"{self.type} {self.attributes.get('id')}"


@dataclass(frozen=True)
class Workspace:
    """A copy of a root module."""

    folder: Path
    setup: Setup

    @classmethod
    def copy(cls, source: Path, target: Path, setup: Setup, variables: Mapping[str, Any] | None = None) -> Workspace:
        """Copy a root module (not the modules in its subfolders), to a state of its own on the disk."""
        target.mkdir(parents=True)
        workspace = cls(target, setup)
        workspace.take(source)
        workspace.run("fmt", "-check", "-diff")
        (target / OVERRIDE).write_text('terraform {\n  backend "local" {}\n}\n')
        workspace.give(variables or {})
        return workspace

    def give(self, variables: Mapping[str, Any]) -> None:
        """Give values to variables, in place of those that were given before."""
        (self.folder / VARIABLES).write_text(json.dumps(dict(variables)), encoding="utf-8")

    def take(self, source: Path) -> None:
        """Take the files of a root module, in place of those of the same names."""
        for file in source.iterdir():
            if file.is_file() and file.name != ".terraform.lock.hcl":
                shutil.copy(file, self.folder / file.name)
        lay_companions(source, self.folder)

    def run(self, *arguments: str, accept: tuple[int, ...] = (0,)) -> str:
        """Run one Terraform command and return what it printed. Raises TerraformError on any other exit code."""
        self.setup.begin()
        done = subprocess.run(
            ["terraform", *arguments],
            check=False,
            cwd=self.folder,
            env=self.setup.environment(arguments[0]),
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
        )
        if done.returncode not in accept:
            raise TerraformError(" ".join(arguments), done.stderr.strip() or done.stdout)
        return done.stdout

    def init(self) -> None:
        """Initialise, and validate. Raises TerraformError for a warning, too."""
        self.run("init", "-input=false", "-no-color")
        said = self.run("validate", "-no-color")
        if "Warning: " in said:
            raise TerraformError("validate", said)

    def providers(self) -> dict[str, str]:
        """Return the versions of the providers that were installed, by their addresses."""
        selections: dict[str, str] = json.loads(self.run("version", "-json"))["provider_selections"]
        return selections

    def make_plan(self, *options: str) -> None:
        """Plan, and save the plan."""
        self.run("plan", "-input=false", "-no-color", "-out=plan", *options)

    def show(self) -> dict[str, Any]:
        """Return the plan that was made last, in Terraform's JSON form."""
        plan: dict[str, Any] = json.loads(self.run("show", "-json", "plan"))
        return plan

    def plan(self) -> dict[str, Any]:
        """Plan and return the plan, in Terraform's JSON form."""
        self.make_plan()
        return self.show()

    def apply_plan(self) -> None:
        """Apply the plan that was made last."""
        self.run("apply", "-input=false", "-no-color", "plan")

    def expect_no_changes(self) -> None:
        """Plan once more. Raises TerraformError when that plan is not empty."""
        self.make_plan("-detailed-exitcode")

    def resources(self) -> list[Instance]:
        """Return the managed resources in the state, one for each instance."""
        file = self.folder / "terraform.tfstate"
        state = json.loads(file.read_text()) if file.exists() else {}
        return [
            Instance(
                f"{item['type']}.{item['name']}", item["type"], one["attributes"], tuple(one.get("dependencies", []))
            )
            for item in state.get("resources", [])
            if item["mode"] == "managed"
            for one in item["instances"]
        ]

    def apply(self, *, keep: bool = False) -> None:
        """Plan and apply in one. With `keep`, raises TerraformError when that deletes or replaces anything."""
        said = [
            json.loads(line)
            for line in self.run("apply", "-auto-approve", "-input=false", "-json", accept=(0, 1)).splitlines()
        ]
        errors = [line["diagnostic"] for line in said if line["type"] == "diagnostic" and line["@level"] == "error"]
        if errors:
            text = (f"{item['summary']}: {item.get('address', '')}: {item['detail']}" for item in errors)
            raise TerraformError("apply", "\n".join(text))
        changes = [line["change"] for line in said if line["type"] == "planned_change"]
        gone = [item["resource"]["addr"] for item in changes if item["action"] in ("delete", "replace")]
        if keep and gone:
            raise TerraformError("apply", f"deleted {', '.join(gone)}")

    def unprotect(self, rendered: Path | None = None) -> None:
        """Turn off deletion protection, as a person would before destroying. Nothing may be replaced by it.

        `rendered` is the same module of the same spec without protection; else the words are changed where they stand.
        """
        before = {file: file.read_text(encoding="utf-8") for file in self.folder.glob("*.tf")}
        if rendered is not None:
            self.take(rendered)
        else:
            for file, text in before.items():
                file.write_text(PROTECTION.sub(r"\1false", text), encoding="utf-8")
        if any(file.read_text(encoding="utf-8") != text for file, text in before.items()):
            self.apply(keep=True)

    def destroy(self) -> None:
        """Destroy everything. Raises TerraformError when something stays in the state."""
        self.run("destroy", "-auto-approve", "-input=false", "-no-color")
        left = [item.address for item in self.resources()]
        if left:
            raise TerraformError("destroy", f"left in the state: {', '.join(left)}")
