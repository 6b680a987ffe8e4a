"""What `init` finds in repositories of many shapes, judged against what they state; the table is printed with `-s`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloudgen import cli
from cloudgen.detect.application import Application, detect
from detect.scoring import ATTRIBUTES, Case, Verdict, attributes, cases, judge

CASES = cases()
LEAST_RIGHT = 0.95
"""Part of what is stated that has to be found as it is."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Application]]:
    """Every case's folder, and what was found in it."""
    folder = tmp_path_factory.mktemp("cases")
    return {case.name: (root := case.write(folder), detect(root)) for case in CASES}


Found = dict[str, tuple[Path, Application]]


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60
    assert all(case.data["why"] for case in CASES)


def test_the_table(found: Found, capsys: pytest.CaptureFixture[str]) -> None:
    """At least 95 % of what is stated is right, and nothing is invented."""
    counts: dict[str, Counter[Verdict]] = {name: Counter() for name in ATTRIBUTES}
    told = []
    for case in CASES:
        for name, (verdict, wanted, said) in judge(case, found[case.name][1]).items():
            counts[name][verdict] += 1
            if verdict != "right":
                told.append(f"{case.name}: {name} {verdict}: stated {wanted!r}, found {said!r}")
    with capsys.disabled():
        print(f"\n{'attribute':16} {'N':>4} {'right':>6} {'wrong':>6} {'missed':>7} {'invented':>9}")
        for name, count in [*counts.items(), ("all", sum(counts.values(), Counter()))]:
            stated = count["right"] + count["wrong"] + count["missed"]
            print(
                f"{name:16} {stated:4} {count['right']:6} {count['wrong']:6} {count['missed']:7} {count['invented']:9}"
            )
    total = sum(counts.values(), Counter())
    stated = total["right"] + total["wrong"] + total["missed"]
    assert total["invented"] == 0, "\n".join(told)
    assert total["right"] >= LEAST_RIGHT * stated, "\n".join(told)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_finding_has_its_line(case: Case, found: Found) -> None:
    """Each thing that is claimed was told, with a line that exists."""
    root, application = found[case.name]
    for finding in application.findings:
        if finding.evidence == "the name of the folder":
            continue
        match = re.match(r"(.+?):(\d+)", finding.evidence)
        assert match, finding
        lines = (root / match[1]).read_bytes().replace(b"\r\n", b"\n").count(b"\n") + 1
        assert int(match[2]) <= lines, finding
    claimed = {**attributes(application)}
    for name in ("interface", "context", "member", "requirements"):
        claimed.pop(name, None)
    values = " ".join(f"{finding.what} {finding.value}" for finding in application.findings)
    for name, value in claimed.items():
        for item in value if isinstance(value, list) else [value]:
            assert item is True or str(item).partition(" @ ")[0] in values, f"{name} {item} was not told"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_open_or_wrong_is_told(case: Case, found: Found) -> None:
    """What was not found, is not offered or would not work is said; patterns of `told` are the case's own."""
    _, application = found[case.name]
    said = "\n".join([*application.advice, *application.passed_over])
    if application.app is None and application.command is None:
        assert re.search(r"build\.app", said)
    if application.health is None:
        assert "health_check.path" in said
    if application.package_manager is None:
        assert "no uv.lock" in said
    everything = said + "\n" + "\n".join(f"{item.what} {item.value} {item.evidence}" for item in application.findings)
    for pattern in case.expected.get("told", []):
        assert re.search(pattern, everything), pattern


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_init_validate_render(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The spec that is written is valid and renders; or it says exactly what is open."""
    root = case.write(tmp_path)
    monkeypatch.chdir(root)
    assert cli.run(["init", "--no-input"]) == 0
    text = Path("cloudgen.yaml").read_text(encoding="utf-8")
    still_open = [*_open(text)]
    assert cli.run(["validate"]) == (1 if still_open else 0), text
    if not still_open:
        assert cli.run(["render", "--target", "docker"]) == 0


def _open(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if match := re.match(r"\s*(app|path|package_manager):\s*(#.*)?$", line):
            yield match[1]
