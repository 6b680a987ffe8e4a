"""What follows from a choice in the spec is suppressed only then, and the reason names the field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cloudgen.pipeline import read_spec
from cloudgen.stack import TARGETS
from cloudgen.stack.parity import support_of
from scanners.protections import (
    ALL_OFF,
    FIELD,
    PROTECTIONS,
    SAFE,
    Spec,
    asked_for,
    changed,
    render_spec,
    switched_off,
)
from support.checkov import SKIP
from support.golden import golden_cases

CLOUDS = ("aws", "gcp")
TEMPLATES = Path(__file__).parents[2] / "templates"
TOLD = {"security.secrets.*.version", "storage.databases.*.version"}
"""Fields that reasons name, and that switch no protection off: they choose between good values."""


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
    table = TARGETS[cloud].parity_table()
    assert table is not None
    named = {field for comment in comments(TEMPLATES / cloud, "*.j2") for field in FIELD.findall(comment.reason)}
    assert len(named) > 3
    for field in named:
        assert support_of(table, field)
    assert not named - PROTECTIONS.keys() - TOLD


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_comment_of_a_template_is_scanned(cloud: str, tmp_path: Path) -> None:
    """So that it is shown to be needed: in a golden tree, or in the one without any protection."""
    shown = {comment for case in golden_cases(cloud) for comment in comments(case.tree(cloud), "*.tf")}
    shown |= rendered(ALL_OFF, cloud, tmp_path / "off")
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
    assert not sorted(comment for comment in found if FIELD.search(comment.reason))


@pytest.mark.parametrize("field", PROTECTIONS)
def test_a_protection_that_is_off_is_named(field: str, safe: tuple[str, set[Comment]], tmp_path: Path) -> None:
    """What comes with it names it; and a field that no scanner of this cloud looks at brings nothing."""
    cloud, before = safe
    after = rendered(changed(SAFE, field.split("."), PROTECTIONS[field].off), cloud, tmp_path / "off")
    blamed = {comment for comment in after if FIELD.search(comment.reason)}
    assert not sorted(comment for comment in blamed if field not in FIELD.findall(comment.reason))
    assert not sorted(after - before - blamed), "comes with the field, and does not name it"
    assert all(asked_for(comment.reason) for comment in blamed), "names the field, but does not begin with it"
    named = {name for comment in comments(TEMPLATES / cloud, "*.j2") for name in FIELD.findall(comment.reason)}
    assert bool(blamed) is (field in named)
