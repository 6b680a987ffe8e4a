"""Each suppression names the field of the spec that it is about; what a choice there brings is suppressed only then.

A reason that begins "FIELD is ..." says that the spec asks for what the scanner finds. Any other says why that is good.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cloudgen.pipeline import read_spec
from cloudgen.stack import TARGETS
from rig.scanners.protections import (
    BESIDE_GOLDEN,
    FIELD,
    PROTECTIONS,
    SAFE,
    Spec,
    asked_for,
    changed,
    render_spec,
    switched_off,
)
from rig.tools.checkov import SKIP
from rig.trees.golden import golden_cases

CLOUDS = ("aws", "gcp")
TEMPLATES = Path(__file__).parents[2] / "templates"


@dataclass(frozen=True, order=True)
class Comment:
    """A suppression: the check, and its reason."""

    check: str
    reason: str


def comments(folder: Path, pattern: str) -> Iterator[Comment]:
    for path in sorted(folder.rglob(pattern)):
        for match in SKIP.finditer(path.read_text(encoding="utf-8")):
            yield Comment(match["check"], match["reason"] or "")


def rendered(spec: Spec, cloud: str, folder: Path) -> set[Comment]:
    return set(comments(render_spec(spec, cloud, folder), "*.tf"))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_reasons_name_fields_that_exist(cloud: str) -> None:
    parity = TARGETS[cloud].support()
    assert parity is not None
    table = parity.table()
    written = set(comments(TEMPLATES / cloud, "*.j2"))
    assert len(written) >= 10
    assert not sorted(comment for comment in written if not FIELD.search(comment.reason)), "names no field"
    # A field below an entry, such as `storage.buckets.*.versioning`, or all of one: `storage.buckets.*`.
    known = {*table, *(key.rpartition(".")[0] for key in table)}
    assert not {name for comment in written for name in FIELD.findall(comment.reason)} - known


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_comment_of_a_template_is_scanned(cloud: str, tmp_path: Path) -> None:
    """So that it is shown to be needed: in a golden tree, or in one of those beside them."""
    shown = {comment for case in golden_cases(cloud) for comment in comments(case.tree(cloud), "*.tf")}
    for name, spec in BESIDE_GOLDEN.items():
        shown |= rendered(spec, cloud, tmp_path / name)
    assert shown == set(comments(TEMPLATES / cloud, "*.j2"))


@pytest.fixture(scope="module", params=CLOUDS)
def safe(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, set[Comment]]:
    """The comments of a spec with all protections, by cloud."""
    cloud = str(request.param)
    return cloud, rendered(SAFE, cloud, tmp_path_factory.mktemp("safe") / cloud)


def test_with_all_protections_no_reason_blames_the_spec(safe: tuple[str, set[Comment]], tmp_path: Path) -> None:
    cloud, found = safe
    render_spec(SAFE, cloud, tmp_path / "safe")
    assert not switched_off(read_spec(str(tmp_path / "safe" / "cloudgen.yaml")).deployment, cloud)
    assert found
    assert not sorted(comment for comment in found if asked_for(comment.reason))


@pytest.mark.parametrize("field", PROTECTIONS)
def test_a_protection_that_is_off_is_named(field: str, safe: tuple[str, set[Comment]], tmp_path: Path) -> None:
    """What comes with it names it; and a field that no scanner of this cloud looks at brings nothing."""
    cloud, before = safe
    after = rendered(changed(SAFE, field.split("."), PROTECTIONS[field].off), cloud, tmp_path / "off")
    blamed = {comment for comment in after if asked_for(comment.reason)}
    assert not sorted(comment for comment in blamed if field not in FIELD.findall(comment.reason))
    assert not sorted(after - before - blamed), "comes with the field, and does not blame it"
    written = (comment for comment in comments(TEMPLATES / cloud, "*.j2") if asked_for(comment.reason))
    assert bool(blamed) is any(field in FIELD.findall(comment.reason) for comment in written)
