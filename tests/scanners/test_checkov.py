"""checkov finds nothing in any golden tree but what comments suppress, each with a reason, each of them needed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import Require
from support.checkov import SKIP, Scan, gather, scan
from support.golden import golden_cases

pytestmark = pytest.mark.checkov

CLOUDS = ("aws", "gcp")
SHORTEST_REASON = 15


@dataclass(frozen=True)
class Scanned:
    """The golden trees of a cloud, as rendered and without suppressions."""

    cloud: str
    root: Path
    rendered: Scan
    bare: Scan


@pytest.fixture(scope="module", params=CLOUDS)
def scanned(request: pytest.FixtureRequest, require: Require, tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    """Scan all trees of a cloud twice, one process each time."""
    checkov, cloud = require("checkov"), str(request.param)
    folder = tmp_path_factory.mktemp(f"checkov-{cloud}")
    trees = {case.name: case.tree(cloud) for case in golden_cases(cloud)}
    rendered = gather(folder / "rendered", trees)
    bare = gather(folder / "bare", trees, without_skips=True)
    return Scanned(cloud, rendered, scan(checkov, rendered, "terraform"), scan(checkov, bare, "terraform"))


def test_nothing_fails(scanned: Scanned) -> None:
    print(f"checkov {scanned.cloud}: {scanned.rendered}")
    assert not scanned.rendered.unread
    assert not sorted(scanned.rendered.failed)
    assert scanned.rendered.passed > 400
    assert scanned.rendered.resources > 400


def test_every_suppression_has_a_reason(scanned: Scanned) -> None:
    suppressed = scanned.rendered.suppressed
    assert suppressed
    assert not {found: found.check for found, why in suppressed.items() if len(why.reason) < SHORTEST_REASON}


def test_every_suppression_is_needed(scanned: Scanned) -> None:
    """What is suppressed is just what fails when the comments are gone."""
    assert not scanned.bare.suppressed
    assert not sorted(set(scanned.rendered.suppressed) - scanned.bare.failed), "suppressed, but would pass"
    assert not sorted(scanned.bare.failed - set(scanned.rendered.suppressed)), "fails only without comments"


def test_every_comment_suppresses_something(scanned: Scanned) -> None:
    """A comment with a check that does not exist, or outside of its block, is no suppression for checkov."""
    comments = [
        (f"/{path.relative_to(scanned.root).as_posix()}", text.count("\n", 0, match.start()) + 1, match["check"])
        for path in sorted(scanned.root.rglob("*.tf"))
        for text in [path.read_text(encoding="utf-8")]
        for match in SKIP.finditer(text)
    ]
    assert comments
    found = scanned.rendered.suppressed.items()
    assert not [
        (file, line, check)
        for file, line, check in comments
        if not any((one.file, one.check) == (file, check) and block.first <= line <= block.last for one, block in found)
    ]


def test_dockerfiles(require: Require, tmp_path: Path) -> None:
    checkov = require("checkov")
    trees = {case.name: case.tree("docker") for case in golden_cases("docker")}
    root = gather(tmp_path / "rendered", trees)
    images = list(root.rglob("*.Dockerfile"))
    assert len(images) >= 5
    assert not [path for path in images if SKIP.search(path.read_text(encoding="utf-8"))]
    result = scan(checkov, root, "dockerfile")
    print(f"checkov dockerfile: {result}")
    assert not result.unread
    assert not sorted(result.failed)
    assert not result.suppressed
    assert result.resources >= len(images)
