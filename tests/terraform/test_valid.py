"""Every golden AWS tree is formatted as Terraform does it, and plain HCL to others.

That it is valid for the real provider, without a warning, is seen where it is applied (`test_apply.py`).
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from rig.tools.terraform import Terraform, diagnostic
from rig.tools.toolbox import Require
from rig.trees.golden import golden_cases
from rig.trees.hcl import parsed

TREES = {case.name: case.tree("aws") for case in golden_cases("aws")}
MODULES = {
    f"{name}/{path.relative_to(tree).as_posix()}".removesuffix("/."): path
    for name, tree in TREES.items()
    for path in sorted({file.parent for file in tree.rglob("*.tf")})
}
"""Every folder of every tree that is a module of its own."""

BLOCKS = {"terraform", "provider", "variable", "output", "locals", "resource", "data", "moved"}


def test_there_are_trees() -> None:
    assert len(TREES) >= 8
    assert any(name.endswith("/bootstrap") for name in MODULES)


@pytest.mark.terraform
@pytest.mark.parametrize("tree", TREES)
def test_formatted(tree: str, require: Require) -> None:
    command = [str(require("terraform")), "fmt", "-check", "-recursive", "-diff", str(TREES[tree])]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.terraform
@pytest.mark.provider
def test_a_mistake_is_found(terraform: Terraform, tmp_path: Path) -> None:
    """What validates a tree before it is applied tells an unknown argument, a wrong value and a deprecated one."""
    shutil.copy(MODULES["reference/bootstrap"] / "versions.tf", tmp_path)
    (tmp_path / "wrong.tf").write_text(
        'resource "aws_sqs_queue" "a" {\n  nmae = "a"\n}\n\n'
        'resource "aws_ecr_repository" "b" {\n  name = "b"\n  image_tag_mutability = "SOMETIMES"\n}\n\n'
        'resource "aws_eip" "c" {\n  vpc = true\n}\n'
    )
    terraform.init(tmp_path, "-backend=false")
    found = "\n".join(diagnostic(item) for item in terraform.validate(tmp_path))
    for wrong in ("wrong.tf:2: Unsupported argument", "wrong.tf:7: expected image_tag_mutability", "wrong.tf:11:"):
        assert wrong in found, found


@pytest.mark.parametrize("module", MODULES)
def test_plain_hcl_to_another_parser(module: str) -> None:
    for file in sorted(MODULES[module].glob("*.tf")):
        found = {key for key in parsed(file.read_text(encoding="utf-8")) if not key.startswith("__")}
        assert found <= {"terraform", "provider", "variable", "output", "locals", "resource", "data", "moved"}, (
            file.name
        )
