"""Two specs, one after the other, rendered into one folder by the command line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from cloudgen import cli
from rig.updates.edit import base, place


class Life:
    """A spec, its folder, and what cloudgen says of each render."""

    def __init__(self, folder: Path, target: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.target, self._capsys = folder, target, capsys
        self.spec: dict[str, Any] = {}
        self.code, self.said = 0, ""

    def render(self, spec: Mapping[str, Any], *options: str) -> str:
        """Write a spec, render it, and return what was said."""
        self.spec = dict(spec)
        (self.folder / "cloudgen.yaml").write_text(yaml.safe_dump(self.spec, sort_keys=False))
        return self.run("render", "-t", self.target, *options)

    def edit(self, change: Mapping[str, Any], *options: str, remove: tuple[str, ...] = ()) -> str:
        """Change the spec, by dotted paths, and render it."""
        spec = json.loads(json.dumps(self.spec))
        for path, value in change.items():
            outer, last = place(spec, path)
            outer[last] = value
        for path in remove:
            outer, last = place(spec, path)
            del outer[last]
        return self.render(spec, *options)

    def run(self, *arguments: str) -> str:
        """Run a command beside the spec; return what it printed on both streams."""
        self.code = cli.run([arguments[0], str(self.folder / "cloudgen.yaml"), *arguments[1:]])
        out, err = self._capsys.readouterr()
        self.said = out + err
        return self.said

    @property
    def tree(self) -> Path:
        """The output folder."""
        return self.folder / "deploy" / self.target

    def snapshot(self) -> dict[str, bytes]:
        """Every file and its bytes."""
        return {
            path.relative_to(self.tree).as_posix(): path.read_bytes() for path in self.tree.rglob("*") if path.is_file()
        }

    @property
    def record(self) -> dict[str, Any]:
        """What .cloudgen.json says."""
        found: dict[str, Any] = json.loads((self.tree / ".cloudgen.json").read_text())
        return found

    def forget_all(self) -> None:
        """Make the record what an older cloudgen wrote."""
        record = {"version": 1, "files": self.record["files"]}
        (self.tree / ".cloudgen.json").write_text(json.dumps(record))


@pytest.fixture(params=["aws", "gcp"])
def life(request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Life:
    """A spec with everything that holds data, rendered once."""
    made = Life(tmp_path, request.param, capsys)
    made.render(base("data"))
    assert made.code == 0, made.said
    return made
