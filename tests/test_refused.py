"""Valid specs that a target cannot render: `tests/refused/<target>/<case>.yaml`, and the exact words beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloudgen import report
from cloudgen.pipeline import build, read_spec
from cloudgen.spec.loader import DocumentError
from rig.trees.golden import check_text

FOLDER = Path(__file__).parent / "refused"
CASES = sorted(FOLDER.glob("*/*.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_exact_message(case: Path, monkeypatch: pytest.MonkeyPatch, *, update_golden: bool) -> None:
    monkeypatch.chdir(case.parent)
    spec = read_spec(case.name)
    with pytest.raises(DocumentError) as failure:
        build(spec, case.parent.name)
    error = failure.value
    assert all(problem.position is not None and problem.hint for problem in error.problems)
    check_text(case.with_suffix(".txt"), report.render(error.problems, error.document, "text"), update=update_golden)


def test_no_message_without_its_case() -> None:
    assert sorted(FOLDER.glob("*/*.txt")) == [case.with_suffix(".txt") for case in CASES]
