"""What is installed works as the checkout does: the wheel has the templates, and is the same bytes each time."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from support.render import render

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "fastapi-shop" / "cloudgen.yaml"


def _build(folder: Path) -> Path:
    run = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if "No module named hatchling" in run.stderr:
        pytest.skip("hatchling: pip install -r requirements/dev.txt")
    assert run.returncode == 0, run.stdout + run.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build(tmp_path_factory.mktemp("wheel"))


def test_two_builds_are_the_same(wheel: Path, tmp_path: Path) -> None:
    assert _build(tmp_path).read_bytes() == wheel.read_bytes()


def test_the_wheel_has_every_template(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("cloudgen/templates/")}
    templates = ROOT / "templates"
    beside = {
        f"cloudgen/templates/{path.relative_to(templates).as_posix()}"
        for path in templates.rglob("*")
        if path.is_file()
    }
    assert inside == beside


def test_an_installed_wheel_renders_the_same(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    # The wheel stands first on the path, so its modules and templates are used, not those of the checkout.
    code = f"import sys; sys.path.insert(0, {str(installed)!r}); from cloudgen.__main__ import main; main()"
    for target in ("aws", "docker"):
        render(EXAMPLE, target, tmp_path / "wheel" / target, command=(sys.executable, "-c", code))
        render(EXAMPLE, target, tmp_path / "checkout" / target)
    trees = [
        {path.relative_to(root): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
        for root in (tmp_path / "wheel", tmp_path / "checkout")
    ]
    assert trees[0]
    assert trees[0] == trees[1]


def test_the_locks_satisfy_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    for lock, wanted in {
        "run.txt": project["dependencies"],
        "dev.txt": [*project["dependencies"], *extras["test"], *extras["lint"], *extras["build"]],
        "tools.txt": extras["tools"],
    }.items():
        text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
        lines = [line.split(" ")[0] for line in text.splitlines() if "==" in line and not line.startswith((" ", "#"))]
        locked = {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}
        for requirement in map(Requirement, wanted):
            version = locked.get(canonicalize_name(requirement.name))
            assert version, f"{requirement.name} is not in requirements/{lock}: make lock"
            assert requirement.specifier.contains(version), f"{requirement} is not met by {version}: make lock"
        assert "--hash=sha256:" in text
