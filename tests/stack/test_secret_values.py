"""Any value of a secret can be handed over as the README says: the real Terraform reads it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from rig.tools.toolbox import Require

MODULE = """
variable "secret_values" {
  type    = map(string)
  default = {}
}

output "secret_values" {
  value = var.secret_values
}
"""
VALUES = {
    "reference": "a${b}c",
    "template": "%{ if true }%{ endif }",
    "lines": "-----BEGIN-----\nline\n-----END-----\n",
    "quotes": "\"'\\ $${x} \t ü",
}


@pytest.mark.terraform
def test_a_file_takes_every_value_as_it_is(require: Require, tmp_path: Path) -> None:
    terraform = require("terraform")
    (tmp_path / "main.tf").write_text(MODULE, encoding="utf-8")
    (tmp_path / "secrets.auto.tfvars.json").write_text(json.dumps({"secret_values": VALUES}), encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "CHECKPOINT_DISABLE": "1"}

    def run(*words: str) -> str:
        done = subprocess.run(
            [terraform, *words], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    run("apply", "-auto-approve", "-input=false")
    assert json.loads(run("output", "-json", "secret_values")) == VALUES


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_the_readme_names_the_file(cloud: str) -> None:
    text = (Path(__file__).parents[1] / "golden" / "reference" / cloud / "README.md").read_text(encoding="utf-8")
    assert '`secrets.auto.tfvars.json` instead, as `{"secret_values": {"NAME": "VALUE"}}`' in text
    assert "a line break is `\\n` there" in text
