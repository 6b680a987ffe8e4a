"""`make prove` tells what was seen, what is wrong, and what could not be run here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cloudgen.pipeline import read_spec
from rig import prove
from rig.prove import Stage
from rig.standin.trees import MAJORS
from rig.tools.terraform import TerraformError
from rig.tools.toolbox import MissingToolError, Require
from rig.trees.golden import golden_cases
from rig.updates.proving import play_in_turn

SMALLEST = next(case.spec for case in golden_cases("gcp") if case.name == "smallest")


def passes() -> list[str]:
    return []


def finds() -> list[str]:
    return ["a second plan changes everything"]


def fails() -> list[str]:
    raise TerraformError("terraform apply ended with 1")


def lacks() -> list[str]:
    raise MissingToolError("no mirror on this machine")


@pytest.mark.parametrize(
    ("results", "code", "told"),
    [
        ([passes, passes], 0, "two"),
        ([passes, finds], 1, "WRONG: a second plan changes everything"),
        ([fails, passes], 1, "WRONG: terraform apply ended with 1"),
        ([lacks, passes], 0, "NOT RUN: no mirror on this machine"),
        ([lacks, finds], 1, "NOT RUN"),
    ],
)
def test_exit_code_and_words(
    results: list[Callable[[], list[str]]],
    code: int,
    told: str,
    require: Require,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every stage is run, whatever became of the one before."""
    require("terraform")

    def stages(*_: object) -> Iterator[Stage]:
        return (Stage(title, result) for title, result in zip(["one", "two"], results, strict=True))

    monkeypatch.setattr(prove, "stages", stages)
    assert prove.main([str(SMALLEST), "--target", "gcp"]) == code
    said = capsys.readouterr().out
    assert told in said
    assert "gcp: one" in said
    assert "gcp: two" in said


def test_no_terraform(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert prove.main([str(SMALLEST), "--target", "gcp"]) == 2
    assert "install Terraform" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        (None, 2, "missing.yaml"),
        ("version: 1\nname: shop\nnmae: x\n", 1, "unknown key `nmae`"),
        (
            "version: 1\nname: shop\ntargets:\n  aws: {region: eu-west-1}\ncontainers: {web: {image: a/b}}\n",
            1,
            "missing-target",
        ),
    ],
    ids=["no file", "invalid", "not for this target"],
)
def test_specs_that_cannot_be_rendered(
    text: str | None, code: int, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "missing.yaml"
    if text is not None:
        spec.write_text(text, encoding="utf-8")
    assert prove.main([str(spec), "--target", "gcp"]) == code
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(("target", "number"), [("aws", 2), ("gcp", 2)])
def test_every_recorded_major_version_is_asked(target: str, number: int, tmp_path: Path) -> None:
    deployment = read_spec(str(SMALLEST)).deployment
    titles = [stage.title for stage in prove.stages(SMALLEST, deployment, target, None, tmp_path)]  # type: ignore[arg-type]
    assert len(titles) == number
    assert all(any(title.endswith(f" {major}") for title in titles) for major in MAJORS[target])


def test_other_targets_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        prove.main([str(SMALLEST), "--target", "docker"])
    assert "invalid choice: 'docker'" in capsys.readouterr().err


BEFORE = """version: 1
name: shop
environment: development
targets: {aws: {region: eu-west-1}}
containers: {web: {image: "nginx:1", port: 8000, connects_to: [main]}}
storage: {databases: {main: {engine: postgres, version: "17", size: small}}}
"""


@pytest.mark.terraform
def test_what_waits_for_its_window_is_told_and_not_wrong(
    tmp_path: Path, require: Require, capsys: pytest.CaptureFixture[str]
) -> None:
    """RDS makes a server larger in its window: until then each plan shows the change, as cloudgen has said."""
    require("terraform")
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text(BEFORE)
    second.write_text(BEFORE.replace("development", "development\nlabels: {team: shop}").replace("small", "medium"))
    assert list(play_in_turn([first, second], "aws", tmp_path / "played")) == []
    said = capsys.readouterr().out
    assert "until its maintenance window each plan shows  aws_db_instance.main: instance_class" in said
