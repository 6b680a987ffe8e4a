"""checkov finds nothing in any golden tree but what comments suppress, each with a reason, each of them needed.

Beside them it scans trees with what none of them has, such as one without any protection, so that every comment is
somewhere. Kubernetes manifests are not rendered yet; that framework looks at the trees all the same, so that the first
one counts.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from cloudgen.pipeline import read_spec
from rig.figures import Figures
from rig.scanners.protections import BESIDE_GOLDEN, asked_for, render_spec, switched_off
from rig.tools.checkov import SKIP, Scan, gather, scan
from rig.tools.toolbox import Require
from rig.trees.golden import golden_cases

pytestmark = pytest.mark.checkov

SHORTEST_REASON = 15


@dataclass(frozen=True)
class Goal:
    """What is reached before suppressions: the least share of passed checks, the most findings per resource."""

    share: float
    each: float


GOALS = {"aws": Goal(0.97, 0.10), "gcp": Goal(0.95, 0.136)}
"""Of what nobody asked for: over all golden trees without the findings that their specs want, as each one's comment
says by the field that does. On Google Cloud it is three of each database and one of each bucket.
"""

PROTECTED = {"aws": GOALS["aws"], "gcp": Goal(0.945, 0.136)}
"""Over those trees whose specs switch no protection off. `repository` is small and has two buckets.
"""

RAW = {"aws": Goal(0.955, 0.155), "gcp": Goal(0.925, 0.20)}
"""Over all golden trees, with what their specs want, too: so that it is seen when that grows."""


@dataclass(frozen=True)
class Scanned:
    """The trees of a cloud, as rendered and without suppressions."""

    cloud: str
    root: Path
    rendered: Scan
    manifests: Scan
    bare: Scan


@pytest.fixture(scope="module", params=list(GOALS))
def scanned(request: pytest.FixtureRequest, require: Require, tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    """Scan all trees of a cloud twice at the same time, by one process each."""
    checkov, cloud = require("checkov"), str(request.param)
    folder = tmp_path_factory.mktemp(f"checkov-{cloud}")
    trees = {case.name: case.tree(cloud) for case in golden_cases(cloud)}
    trees |= {name: render_spec(spec, cloud, folder / name) for name, spec in BESIDE_GOLDEN.items()}
    rendered = gather(folder / "rendered", trees)
    bare = gather(folder / "bare", trees, without_skips=True)
    with ThreadPoolExecutor() as threads:
        stripped = threads.submit(scan, checkov, bare, "terraform")
        scans = scan(checkov, rendered, "terraform", "kubernetes")
        return Scanned(cloud, rendered, scans["terraform"], scans["kubernetes"], stripped.result()["terraform"])


def test_nothing_fails(scanned: Scanned, figures: Figures) -> None:
    for found in (scanned.rendered, scanned.manifests):
        assert not found.unread
        assert not sorted(found.failed)
    assert len(scanned.rendered.passed) > 400
    assert scanned.rendered.resources > 200
    figures.tell("checkov", f"{scanned.cloud}, kubernetes: {scanned.manifests}")


def test_few_suppressions_are_needed(scanned: Scanned, figures: Figures) -> None:
    cases = {case.name: read_spec(str(case.spec)).deployment for case in golden_cases(scanned.cloud)}
    protected = {name for name, deployment in cases.items() if not switched_off(deployment, scanned.cloud)}
    assert 4 <= len(protected) < len(cases)
    every = scanned.rendered.within(cases)
    for what, found, goal in (
        (f"{len(cases)} golden specs", every, RAW),
        ("the same without what the specs ask for", every.without(asked_for), GOALS),
        (f"the {len(protected)} that switch no protection off", scanned.rendered.within(protected), PROTECTED),
    ):
        figures.tell("checkov", f"{scanned.cloud}, {what}: {found}")
        assert found.share >= goal[scanned.cloud].share, what
        assert found.each <= goal[scanned.cloud].each, what


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
