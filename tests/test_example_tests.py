"""The examples' own tests pass."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from rig.figures import Figures
from rig.tools.toolbox import demanded
from rig.trees.examples import EXAMPLES


def own_tests(name: str, python: Path, folder: Path) -> tuple[int, int]:
    """Run the tests of an example; return how many passed, and how many were skipped."""
    run = subprocess.run(
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--basetemp", str(folder)],
        cwd=EXAMPLES[name].parent,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-5000:] + run.stderr[-2000:]
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|skipped)", run.stdout)}
    return counts["passed"], counts.get("skipped", 0)


def test_the_function_passes_with_the_packages_that_are_here(tmp_path: Path, figures: Figures) -> None:
    """All but the client of Cloud Storage is among them; that client is in the image, which is tested with it."""
    passed, skipped = own_tests("shop-invoices", Path(sys.executable), tmp_path / "own")
    assert passed > skipped
    figures.count("Tests of the examples", **{"shop-invoices": passed})


@pytest.mark.whole
@pytest.mark.parametrize("name", EXAMPLES)
def test_each_passes_in_an_environment_of_its_own(name: str, tmp_path: Path, figures: Figures) -> None:
    """With what its lock pins, and what its developers have beside that."""
    python = _environment(EXAMPLES[name].parent, tmp_path / "environment")
    passed, skipped = own_tests(name, python, tmp_path / "own")
    # On PostgreSQL alone: fastapi-shop says which.
    assert skipped <= 2
    figures.count("Tests of the examples, in environments of their own", **{name: passed})


def _environment(example: Path, place: Path) -> Path:
    """Make an environment of an example's lock and of its group `dev`; skips where no package index answers."""
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True, capture_output=True, timeout=300)
    python = place / "bin" / "python"
    project = tomllib.loads((example / "pyproject.toml").read_text(encoding="utf-8"))
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-compile"]
    for wanted in (["--requirement", str(example / "requirements.txt")], project["dependency-groups"]["dev"]):
        run = subprocess.run([*pip, *wanted], capture_output=True, text=True, timeout=900, check=False)
        if run.returncode != 0:
            why = f"pip cannot install what {example.name} needs: {run.stderr[-500:]}"
            if demanded("pip"):
                pytest.fail(why, pytrace=False)
            pytest.skip(why)
    return python
