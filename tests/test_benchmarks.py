"""What measures cloudgen is right itself, and the work grows no faster than the spec."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from instructions import BASELINE, COMMANDS, verdict
from jinja2 import Environment
from peers import cookiecutter_template, copier_template
from plot import plot
from specs import spec

from cloudgen.pipeline import build, read_spec
from cloudgen.render import render


def test_the_gate_closes_above_five_percent() -> None:
    assert verdict({"a": 10.4}, {"a": 10.0}) == []
    assert verdict({"a": 9.1}, {"a": 10.0}) == []
    assert "more than 5 % above 10.0" in verdict({"a": 10.6}, {"a": 10.0})[0]
    assert "renew the baseline" in verdict({"a": 8.9}, {"a": 10.0})[0]
    assert "has no baseline" in verdict({"a": 1.0}, {})[0]


def test_the_baseline_has_each_command() -> None:
    assert json.loads(BASELINE.read_text(encoding="utf-8")).keys() == COMMANDS.keys()


@pytest.mark.parametrize("text", ["shop-web bishop", "a {{ b }} {% c %} {# d #} %{ if x } ${shop}", "}}}{{{\n\n", ""])
def test_other_generators_write_the_same(text: str, tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "a.tf").write_text(text)
    jinja = Environment(keep_trailing_newline=True)
    folder = cookiecutter_template(tmp_path / "tree", tmp_path / "cookiecutter")
    source = (folder / "{{cookiecutter.name}}" / "a.tf").read_text()
    assert jinja.from_string(source).render(cookiecutter={"name": "shop"}) == text
    source = (copier_template(tmp_path / "tree", tmp_path / "copier") / "files" / "a.tf.jinja").read_text()
    assert jinja.from_string(source).render(name="shop") == text


def test_the_plot_names_its_curves() -> None:
    drawn = plot({"one & two": {1: 0.2, 10: 0.4, 100: 3.0}})
    assert "one &amp; two" in drawn
    assert drawn.count("<polyline") == 1


def calls(source: Path, cloud: str) -> int:
    """Count the calls, those into C included, of building and rendering a spec; its reading is counted elsewhere."""
    deployment = read_spec(str(source))
    count = 0

    def seen(frame: object, event: str, argument: object) -> Any:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(seen)
    try:
        render(build(deployment, cloud))
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_the_work_grows_in_proportion(cloud: str, tmp_path: Path) -> None:
    """Twice the further containers are twice the further calls; with the square they would be four times as many."""
    counted = {}
    # The first is not counted: what is read once, such as templates, is read then.
    for count in (4, 20, 40, 80):
        source = tmp_path / f"{count}.yaml"
        source.write_text(spec(count), encoding="utf-8")
        counted[count] = calls(source, cloud)
    growth = (counted[80] - counted[40]) / (counted[40] - counted[20])
    assert growth < 2.2, counted
