"""Each golden spec renders to exactly the tree beside it, for every target; warnings are part of the golden.

The same from templates that were compiled beforehand, as a wheel has them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cloudgen.pipeline import build, chosen_targets, read_spec
from cloudgen.render import render
from cloudgen.render.manifest import MANIFEST
from cloudgen.render.templates import compile_templates, compiled_folder, find_folder
from cloudgen.stack import rendered_targets
from rig.trees.golden import GoldenCase, check_text, check_tree, golden_cases

CASES = golden_cases()


def trees() -> list[tuple[GoldenCase, str]]:
    """Every case with every target that its spec has coordinates for, or that needs none."""
    return [
        (case, target) for case in CASES for target in chosen_targets(read_spec(str(case.spec)).deployment, ["all"])
    ]


def test_every_target_has_enough_cases() -> None:
    targets = [target for _, target in trees()]
    assert all(targets.count(target) >= 8 for target in rendered_targets())


@pytest.mark.parametrize(("case", "target"), trees(), ids=lambda value: getattr(value, "name", value))
def test_golden(case: GoldenCase, target: str, *, update_golden: bool) -> None:
    spec = read_spec(str(case.spec))
    stack = build(spec, target)
    check_tree(case.tree(target), {file.path: file.text for file in render(stack)}, update=update_golden)
    warnings = "".join(f"{'.'.join(map(str, p.path))}: {p.message}\n" for p in stack.warnings)
    check_text(case.folder / f"{target}.warnings.txt", warnings, update=update_golden)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of templates without a single source: what is rendered from it was compiled."""
    folder = tmp_path_factory.mktemp("wheel") / "templates"
    for target in rendered_targets():
        (folder / target).mkdir(parents=True)
        shutil.copy(find_folder() / target / MANIFEST, folder / target)
        compile_templates(find_folder() / target, compiled_folder(folder / target))
    return folder


@pytest.mark.parametrize(("case", "target"), trees(), ids=lambda value: getattr(value, "name", value))
def test_golden_from_compiled_templates(case: GoldenCase, target: str, compiled: Path) -> None:
    stack = build(read_spec(str(case.spec)), target)
    check_tree(case.tree(target), {file.path: file.text for file in render(stack, compiled)}, update=False)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_case_says_what_it_is_for(case: GoldenCase) -> None:
    assert case.spec.read_text(encoding="utf-8").startswith("# ")
