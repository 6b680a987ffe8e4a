"""The layout of HCL: by example, and against `terraform fmt` on samples and on structures nobody wrote."""

from __future__ import annotations

import re
import subprocess
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloudgen.render import RenderError
from cloudgen.render.align import format_hcl
from cloudgen.render.hcl import encode
from cloudgen.stack.base import Ref, join
from rig.tools.toolbox import Require

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.tf"))


@pytest.mark.parametrize(
    ("text", "laid_out"),
    [
        ("", ""),
        ("\n\n", ""),
        ("a=1\nbbb   =  2", "a   = 1\nbbb = 2\n"),
        ("a = 1\n\nbbb = 2", "a = 1\n\nbbb = 2\n"),
        ("a = 1\n# why\nbbb = 2", "a = 1\n# why\nbbb = 2\n"),
        ("a = 1\nlong = [\n1,\n]\nbbb = 2", "a = 1\nlong = [\n  1,\n]\nbbb = 2\n"),
        ("b {\n\n\nx = 1\n\n\n\ny = 2\n\n}\n\n\nc {\n}", "b {\n  x = 1\n\n  y = 2\n}\n\nc {\n}\n"),
        ("b {\n# first\n\n}\n", "b {\n  # first\n}\n"),
        ("a = f({\nx = 1\nyy = g([\n1,\n])\n})", "a = f({\n  x = 1\n  yy = g([\n    1,\n  ])\n})\n"),
        ("l = [\n{\na = 1\nbb = 2\n},\n]", "l = [\n  {\n    a  = 1\n    bb = 2\n  },\n]\n"),
        ('a = "{[(" # }\nbb = 1', 'a  = "{[(" # }\nbb = 1\n'),
        ("a = 1 # x\nbbb = 22 // y", "a   = 1  # x\nbbb = 22 // y\n"),
        ('"a=b" = 1\nc = x == y ? "=" : "#"', '"a=b" = 1\nc     = x == y ? "=" : "#"\n'),
        ('a = "${f("}", "{")}"\nbb = 1', 'a  = "${f("}", "{")}"\nbb = 1\n'),
        ('a = "${{ x = "}" }["x"]}{"\nbb = 1', 'a  = "${{ x = "}" }["x"]}{"\nbb = 1\n'),
        ('a = "$${" # {\nbb = 1', 'a  = "$${" # {\nbb = 1\n'),
        ("m = { for k, v in x : k => v }\nnn = 1", "m  = { for k, v in x : k => v }\nnn = 1\n"),
        ("allow {}\nb { c = 1 }", "allow {}\nb { c = 1 }\n"),
        ('a = "é" # x\nb = "😀" # y\nc = "e\u0301" # z', 'a = "é" # x\nb = "😀" # y\nc = "e\u0301" # z\n'),
        ("    # indented\t\na = 1  \t", "# indented\na = 1\n"),
    ],
)
def test_laid_out(text: str, laid_out: str) -> None:
    assert format_hcl(text) == laid_out
    assert format_hcl(laid_out) == laid_out


@pytest.mark.parametrize("text", ["a = <<EOT\nx\nEOT", "a = <<-EOT", "/* a */", "a = 1 /* b", 'a = "x', 'a = "${x"'])
def test_refused(text: str) -> None:
    with pytest.raises(RenderError):
        format_hcl(text)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_is_restored_from_destroyed_columns(sample: Path) -> None:
    good = sample.read_text(encoding="utf-8")
    assert format_hcl(destroyed(good)) == good


def destroyed(text: str) -> str:
    """Take away the indentation and the columns, and add blank lines where none may be."""
    lines = []
    for line in text.split("\n"):
        lead, equal, rest = line.strip().partition(" =")
        bare = f"{lead.rstrip()}={rest}" if equal and '"' not in lead and "#" not in lead else line.strip()
        lines += [bare, "", ""] if bare.endswith("{") else [bare]
    return "\n\n\n".join("\n".join(lines).split("\n\n"))


MARKS = """\
a   = "\u0301"          # a mark alone
bcd = "e"          # a letter
ef  = "e\u0301"          # a letter with a mark
g   = "${h}\u0301"      # behind an interpolation
i   = "x${f("\u0301")}" # inside of one
"""
"""As terraform fmt lays it out, which counts each token for itself."""


def test_a_mark_that_begins_a_text_has_a_column_of_its_own() -> None:
    assert format_hcl(destroyed(MARKS)) == MARKS


@pytest.mark.terraform
def test_terraform_agrees_on_the_samples(require: Require) -> None:
    assert SAMPLES
    for sample in SAMPLES:
        assert formatted(require("terraform"), sample.read_text(encoding="utf-8")) == sample.read_text(encoding="utf-8")


REFERENCES = st.sampled_from([Ref("var.a"), Ref('f("{", "}")'), Ref('x["#"]'), join("a", Ref('g("=", "${b}")'), "{")])
TEXT = st.text(alphabet=st.sampled_from('abé😀 =#/{}[]()"\\$%\n\u0301\u200d👧🇩가ᄒ'), max_size=12)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 10**9) | st.floats(-9, 9) | TEXT | REFERENCES,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(TEXT, children, max_size=4),
    max_leaves=12,
)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,11}", fullmatch=True)
REMARKS = st.sampled_from(["", "", "", " # why", "   // { because", " # é ="])
ATTRIBUTES = st.builds(
    lambda name, value, remark: f"{name}\0 = {encode(value)}{remark}",
    NAMES,
    VALUES | st.sampled_from(["é\u0301 क\u093f", "\u0301", join(Ref("var.a"), "\u0301")]),
    REMARKS,
)
LINES = st.lists(ATTRIBUTES | st.sampled_from(["", "", "# a remark {", "// another ="]), max_size=8)
BLOCKS = st.recursive(
    LINES,
    lambda inner: st.builds(
        lambda name, first, nested, last: [*first, f"{name} {{", *nested, "}", *last], NAMES, LINES, inner, LINES
    ),
    max_leaves=5,
)


@pytest.mark.terraform
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(structures=st.lists(BLOCKS, min_size=8, max_size=8))
def test_terraform_agrees_on_any_structure(require: Require, structures: list[list[str]]) -> None:
    """Eight at a time: starting Terraform takes longer than what it does here."""
    number = count()
    with tempfile.TemporaryDirectory() as folder:
        for index, lines in enumerate(structures):
            # No name twice in a block: a NUL, which no value has, stands where a number goes.
            text = re.sub("\0", lambda _: f"_{next(number)}", "\n".join(["start = 0", *lines]))
            Path(folder, f"{index}.tf").write_text(format_hcl(text), encoding="utf-8")
        command = [str(require("terraform")), "fmt", "-check", "-diff", folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def formatted(terraform: Path, text: str) -> str:
    done = subprocess.run([terraform, "fmt", "-"], input=text.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode() + text
    return done.stdout.decode()
