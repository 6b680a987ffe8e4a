"""Where bootstrap/ keeps its state: in the bucket that it makes itself, and the first time in a file, as in deploy.sh.

`keep_in_file` comes before the first apply, which makes the bucket; `move_to_bucket` after it, and from then on a plain
`init` finds the state. `move_to_file` comes before destroy, as the output's README tells.
"""

from __future__ import annotations

from pathlib import Path

from rig.tools.terraform import LOCAL_BACKEND, Terraform

OVERRIDE = "first_run_override.tf"
"""The name that deploy.sh and the README give the file."""


def makes_its_bucket(module: Path) -> bool:
    """Whether a module is to keep its state in a bucket that does not exist before its first apply."""
    remote = any('backend "s3"' in file.read_text(encoding="utf-8") for file in module.glob("*.tf"))
    return module.name == "bootstrap" and remote


def keep_in_file(terraform: Terraform, module: Path) -> None:
    """Initialize a module of which nothing exists. Raises `TerraformError`, as the others do."""
    (module / OVERRIDE).write_text(LOCAL_BACKEND, encoding="utf-8")
    terraform.init(module, "-reconfigure")


def move_to_bucket(terraform: Terraform, module: Path, *backend: str) -> None:
    """Move the state into the bucket that was applied; `backend` are arguments of `init` that name it."""
    (module / OVERRIDE).unlink()
    terraform.init(module, "-migrate-state", "-force-copy", *backend)


def move_to_file(terraform: Terraform, module: Path) -> None:
    """Move the state back, because the bucket is about to go."""
    (module / OVERRIDE).write_text(LOCAL_BACKEND, encoding="utf-8")
    terraform.init(module, "-migrate-state", "-force-copy")
