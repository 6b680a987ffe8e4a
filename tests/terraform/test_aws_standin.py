"""The stand-in for hashicorp/aws under the real Terraform: what its sixth major version refuses, and what AWS does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rig.standin.life import live
from rig.standin.trees import golden_trees, variables_for
from rig.standin.workspace import Setup, TerraformError, Workspace
from rig.tools.toolbox import Require

pytestmark = pytest.mark.terraform
EXAMPLE = Path(__file__).parents[1] / "rig" / "standin" / "aws" / "example"

HEAD = """terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

"""


@pytest.fixture(autouse=True)
def needs_terraform(require: Require) -> None:
    require("terraform")


Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a root module around some HCL."""

    def write(text: str) -> Path:
        folder = tmp_path / "source"
        folder.mkdir(exist_ok=True)
        (folder / "main.tf").write_text(HEAD + text, encoding="utf-8")
        return folder

    return write


def workspace(folder: Path, tmp_path: Path) -> Workspace:
    """Return a root module that was applied."""
    made = Workspace.copy(folder, tmp_path / "work", Setup.make(tmp_path / "setup"))
    made.init()
    made.apply()
    return made


def test_a_good_tree_lives_and_dies() -> None:
    report = live(EXAMPLE, again=True)
    assert report.resources["aws_route53_record"] == 2
    assert report.again == sum(report.resources.values())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('resource "aws_eip" "a" {\n  vpc = true\n}\n', "Unsupported argument"),
        (
            'resource "aws_flow_log" "a" {\n  log_group_name = "a"\n  traffic_type   = "ALL"\n}\n',
            "Unsupported argument",
        ),
        ('resource "aws_opsworks_stack" "a" {\n  name = "a"\n}\n', "Invalid resource type"),
        ('resource "aws_s3_bucket" "a" {\n  acl = "private"\n}\n', "Argument is deprecated"),
        (
            'resource "aws_s3_bucket" "a" {\n  versioning {\n    enabled = true\n  }\n}\n',
            "Argument is deprecated",
        ),
        (
            'data "aws_region" "current" {}\n\noutput "region" {\n  value = data.aws_region.current.name\n}\n',
            "Deprecated attribute",
        ),
    ],
    ids=["removed in 6", "removed in 6, too", "type removed in 6", "argument", "block", "reference"],
)
def test_what_the_sixth_version_no_longer_has(text: str, told: str, write: Write) -> None:
    with pytest.raises(TerraformError) as caught:
        live(write(text))
    assert told in " ".join(caught.value.output.split())


def test_a_reference_that_is_not_deprecated(write: Write) -> None:
    live(write('data "aws_region" "current" {}\n\noutput "region" {\n  value = data.aws_region.current.region\n}\n'))


def secret(days: int, label: str = "key") -> str:
    """Return HCL of a secret that can be restored for some days."""
    return f"""resource "aws_secretsmanager_secret" "{label}" {{
  name                    = "shop/key"
  recovery_window_in_days = {days}
}}
"""


def test_a_secret_that_can_be_restored_keeps_its_name(write: Write, tmp_path: Path) -> None:
    made = workspace(write(secret(7)), tmp_path)
    made.destroy()
    with pytest.raises(TerraformError, match=r"\[name-stays\] some names cannot be used again"):
        made.apply()


def test_a_secret_that_is_deleted_at_once_does_not(write: Write, tmp_path: Path) -> None:
    made = workspace(write(secret(0)), tmp_path)
    made.destroy()
    made.apply()
    assert len(made.resources()) == 1


def test_a_name_that_is_taken(write: Write, tmp_path: Path) -> None:
    made = workspace(write(secret(0)), tmp_path)
    (made.folder / "more.tf").write_text(secret(0, "other"), encoding="utf-8")
    with pytest.raises(TerraformError, match=r"\[already-exists\] a name is taken"):
        made.apply()


def test_protected_resources_stay() -> None:
    """A tree that is not rendered anew without protection cannot be destroyed."""
    tree = golden_trees("aws")["smallest"]
    with pytest.raises(TerraformError, match=r"\[deletion-protection\] protected resources stay"):
        live(tree, variables=variables_for(tree), unprotected=tree)
