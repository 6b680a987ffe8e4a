"""Specs that are refused, with the exact words: `tests/invalid/<case>.yaml` and what `validate` prints beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cloudgen import report
from cloudgen.errors import SpecError
from cloudgen.spec.loader import DocumentError, loads
from cloudgen.spec.parse import parse
from cloudgen.stack import coordinate_models

FOLDER = Path(__file__).parent / "invalid"
CASES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def validate(case: str) -> DocumentError:
    """Read a case that must fail."""
    with pytest.raises(DocumentError) as failure:
        parse(loads((FOLDER / f"{case}.yaml").read_bytes(), f"{case}.yaml"), coordinate_models())
    return failure.value


@pytest.mark.parametrize("case", CASES)
def test_exact_message(case: str, request: pytest.FixtureRequest) -> None:
    error = validate(case)
    printed = report.render(error.problems, error.document, "text")
    golden = FOLDER / f"{case}.txt"
    if request.config.getoption("--update-golden", default=False):
        golden.write_text(printed, "utf-8")
    assert golden.read_text("utf-8") == printed


def test_no_message_without_its_case() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.txt")) == CASES
    assert len(CASES) >= 40


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_located(case: str) -> None:
    error = validate(case)
    lines = (FOLDER / f"{case}.yaml").read_text("utf-8", errors="replace").split("\n")
    for problem in error.problems:
        assert problem.position is not None
        assert 1 <= problem.position.line <= len(lines)
        assert 1 <= problem.position.column <= len(lines[problem.position.line - 1]) + 1


def test_twelve_mistakes_in_one_run() -> None:
    error = validate("twelve-mistakes")
    found = {(problem.code, problem.position.line if problem.position else 0) for problem in error.problems}
    assert found == {
        ("unknown-key", 3),
        ("bad-choice", 7),
        ("unknown-key", 10),
        ("out-of-range", 10),
        ("bad-value", 11),
        ("literal-secret", 13),
        ("unknown-reference", 14),
        ("conflict", 15),
        ("bad-value", 19),
        ("unknown-reference", 23),
        ("bad-choice", 25),
        ("duplicate-key", 26),
        ("out-of-range", 30),
        ("out-of-range", 31),
    }
    hints = "\n".join(problem.hint or "" for problem in error.problems)
    for meant in ("environment", "small", "port", "orders-db", "web", "single"):
        assert f"did you mean `{meant}`?" in hints


SECRETS = ("hunter2", "sk_live", "correcthorse", "stripe-kye")


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("style", ["text", "json", "github"])
def test_no_secret_is_printed(case: str, style: report.Format) -> None:
    text = (FOLDER / f"{case}.yaml").read_text("utf-8", errors="replace")
    error = validate(case)
    printed = report.render(error.problems, error.document, style)
    for secret in SECRETS:
        if secret in text:
            assert secret not in printed


def test_a_secret_is_masked_in_a_file_that_does_not_parse() -> None:
    text = "containers:\n  web:\n    environment:\n      TOKEN: hunter2 [x\n      A: [hunter2\nname: *\n"
    with pytest.raises(SpecError) as failure:
        loads(text)
    assert isinstance(failure.value, DocumentError)
    printed = report.render(failure.value.problems, failure.value.document, "text")
    assert "hunter2" not in printed
    assert re.search(r"A: \*\*\*", printed)
