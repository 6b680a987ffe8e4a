"""The wheel holds all that rendering needs and is the same whenever it is built; the locks hold what is asked for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from cloudgen.render.templates import SUFFIX
from rig.trees.render import render

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "templates"
SPEC = ROOT / "examples" / "fastapi-shop" / "cloudgen.yaml"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]

LOCKS = {
    "run.txt": PROJECT["project"]["dependencies"],
    "dev.txt": [*PROJECT["project"]["dependencies"], *EXTRAS["test"], *EXTRAS["lint"], *EXTRAS["build"]],
    "tools.txt": EXTRAS["tools"],
    "scanners.txt": [
        line
        for line in (ROOT / "requirements" / "scanners.in").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ],
}


def _build(folder: Path, hash_seed: str = "0") -> Path:
    """Build a wheel from a copy of the sources, with what is installed, and without a network."""
    sources = folder / "sources"
    unwanted = shutil.ignore_patterns("__pycache__")
    for name in ("src", "templates"):
        shutil.copytree(ROOT / name, sources / name, ignore=unwanted)
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, sources)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    run = subprocess.run(
        [*pip, "--wheel-dir", str(folder), str(sources)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build(tmp_path_factory.mktemp("wheel"))


def test_the_wheel_renders_what_the_checkout_renders(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    # The wheel's package comes before the one that the environment has installed.
    first = f"import sys; sys.path.insert(0, {str(installed)!r}); "
    where = [sys.executable, "-c", first + "import cloudgen; print(cloudgen.__file__)"]
    found = subprocess.run(where, capture_output=True, text=True, timeout=60, check=True, cwd=tmp_path).stdout.strip()
    assert Path(found).is_relative_to(installed)
    code = first + "from cloudgen.__main__ import main; sys.exit(main())"
    for target in ("aws", "docker"):
        render(SPEC, target, tmp_path / "wheel" / target, command=(sys.executable, "-c", code))
        render(SPEC, target, tmp_path / "checkout" / target)
        ours, theirs = _tree(tmp_path / "checkout" / target), _tree(tmp_path / "wheel" / target)
        assert len(ours) > 3
        assert theirs == ours


def test_the_wheel_is_the_same_bytes_again(wheel: Path, tmp_path: Path) -> None:
    again = _build(tmp_path, hash_seed="1")
    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()


def test_the_wheel_has_every_template(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if name.startswith("cloudgen/templates/")}
    assert inside == {f"cloudgen/templates/{name}" for name in _tree(ROOT / "templates")}


def test_the_wheel_has_every_template_compiled(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {name.rpartition("/")[0] for name in archive.namelist() if "/compiled/" in name}
        sources = [archive.read(name).decode() for name in archive.namelist() if "/compiled/" in name]
    assert inside == {f"cloudgen/compiled/{manifest.parent.name}" for manifest in TEMPLATES.glob("*/manifest.yaml")}
    names = sorted(re.search(r"^name = '(.*)'$", source, re.MULTILINE)[1] for source in sources)  # type: ignore[index]
    folders = [manifest.parent for manifest in TEMPLATES.glob("*/manifest.yaml")]
    shared = [f"shared/{path.name}" for path in TEMPLATES.glob(f"shared/*{SUFFIX}")]
    assert names == sorted(
        name
        for folder in folders
        for name in (*shared, *(path.relative_to(folder).as_posix() for path in folder.rglob(f"*{SUFFIX}")))
    )


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {"cloudgen", names[-1].split("/")[0]}
    assert {"cloudgen/py.typed", "cloudgen/templates/aws/manifest.yaml"} <= set(names)
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert not [name for name in names if re.search(r"test|__pycache__|\.pyc$|/\.", name)]


def _tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _locked(name: str) -> dict[str, Version]:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return {match[1]: Version(match[2]) for match in re.finditer(r"^([a-z0-9-]+)==([^\s;]+)", text, re.MULTILINE)}


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_holds_what_the_project_asks_for(name: str) -> None:
    locked = _locked(name)
    for text in LOCKS[name]:
        wanted = Requirement(text)
        assert locked[canonicalize_name(wanted.name)] in wanted.specifier, f"{text}: make lock"


def test_the_build_backend_is_locked() -> None:
    locked = _locked("dev.txt")
    for text in PROJECT["build-system"]["requires"]:
        wanted = Requirement(text)
        assert locked[canonicalize_name(wanted.name)] in wanted.specifier


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_names_no_machine_and_checks_what_it_installs(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links|(?<!\w)/\w", text)
    entries = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)


def test_one_version_of_everything() -> None:
    """What cloudgen runs with is what it is tested with."""
    assert _locked("run.txt").items() <= _locked("dev.txt").items()
