"""The diff can be read by `patch`."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloudgen.output import apply, plan, unified
from cloudgen.render import RenderedFile
from rig.tools.toolbox import Require


def test_every_kind_of_change(tmp_path: Path) -> None:
    old = [RenderedFile("gone.tf", "x\n"), RenderedFile("same.tf", "s\n"), RenderedFile("sub/up.tf", "1\n2\n3\n")]
    apply(plan(old, tmp_path))
    new = [RenderedFile("new.tf", "n\n"), RenderedFile("same.tf", "s\n"), RenderedFile("sub/up.tf", "1\ntwo\n3")]
    assert unified(plan(new, tmp_path)) == (
        "--- a/gone.tf\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
        "--- /dev/null\n+++ b/new.tf\n@@ -0,0 +1 @@\n+n\n"
        "--- a/sub/up.tf\n+++ b/sub/up.tf\n@@ -1,3 +1,3 @@\n 1\n-2\n-3\n+two\n+3\n\\ No newline at end of file\n"
    )
    assert unified(plan(old, tmp_path)) == ""


def test_a_foreign_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_bytes(b"\xff\xfe")
    assert unified(plan([RenderedFile("a.tf", "a\n")], tmp_path)) == "Binary files a/a.tf and b/a.tf differ\n"


@settings(max_examples=40, deadline=None)
@given(texts=st.tuples(*[st.text(alphabet="ab\n\f\u2028é", max_size=30)] * 2))
def test_patch_understands_it(
    require: Require, tmp_path_factory: pytest.TempPathFactory, texts: tuple[str, str]
) -> None:
    patch, folder = require("patch"), tmp_path_factory.mktemp("patch")
    old, new = (RenderedFile("a.tf", f"{text}\n") for text in texts)
    apply(plan([old], folder))
    diff = unified(plan([new], folder))
    if diff:
        subprocess.run([patch, "-p1", "--quiet"], cwd=folder, input=diff.encode(), check=True)
    assert (folder / "a.tf").read_text() == new.text
