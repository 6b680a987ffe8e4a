"""Each golden spec renders to exactly the tree beside it, for every target; warnings are part of the golden."""

from __future__ import annotations

import pytest

from cloudgen.pipeline import build, read_spec
from cloudgen.render import render
from cloudgen.stack import rendered_targets
from support.golden import GoldenCase, check_text, check_tree, golden_cases

CASES = golden_cases()


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 8


@pytest.mark.parametrize("target", rendered_targets())
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_golden(case: GoldenCase, target: str, *, update_golden: bool) -> None:
    spec = read_spec(str(case.spec))
    stack = build(spec, target)
    check_tree(case.tree(target), {file.path: file.text for file in render(stack)}, update=update_golden)
    warnings = "".join(f"{'.'.join(map(str, p.path))}: {p.message}\n" for p in stack.warnings)
    check_text(case.folder / f"{target}.warnings.txt", warnings, update=update_golden)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_case_says_what_it_is_for(case: GoldenCase) -> None:
    assert case.spec.read_text(encoding="utf-8").startswith("# ")
