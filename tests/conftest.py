"""What every test may use: `--update-golden`, `require` for tools, `figures`, and `lives` of golden trees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support import engine, mirror
from support.figures import Figures
from support.lives import Lives
from support.tools import VARIABLE, MissingToolError, Toolbox, compose, demanded, program, terraform
from support.trees import golden_trees

FINDERS = {
    "terraform": terraform,
    "aws-provider": mirror.find_aws_provider,
    "docker": engine.find_engine,
    "compose": compose,
    "checkov": program("checkov", "pip install -r requirements/scanners.txt, in a virtual environment of its own"),
    "hadolint": program("hadolint", "pip install -r requirements/tools.txt"),
    "shellcheck": program("shellcheck", "pip install -r requirements/tools.txt"),
}

Require = Callable[[str], Path]

FIGURES = pytest.StashKey[Figures]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="Write what is rendered now over the golden files, and pass."
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FIGURES] = Figures()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if lines := config.stash[FIGURES].summary():
        terminalreporter.section("what was shown")
        for line in lines:
            terminalreporter.line(line)


@pytest.fixture(scope="session")
def figures(request: pytest.FixtureRequest) -> Figures:
    """Where tests write down what they have shown; it is printed at the end."""
    return request.config.stash[FIGURES]


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are written instead of compared."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def toolbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toolbox]:
    """The tools of this machine, looked up once."""
    box = Toolbox(FINDERS, tmp_path_factory.mktemp("tools"))
    yield box
    box.close()


@pytest.fixture(scope="session")
def require(toolbox: Toolbox) -> Require:
    """Return `require(tool) -> Path`; it skips the test when the tool is missing, or fails it where CI demands it."""

    def find(name: str) -> Path:
        try:
            return toolbox.find(name)
        except MissingToolError as missing:
            if demanded(name):
                pytest.fail(f"{name} is demanded by {VARIABLE}, but {missing}", pytrace=False)
            pytest.skip(f"{name}: {missing}")

    return find


@pytest.fixture(scope="session")
def lives(request: pytest.FixtureRequest, require: Require) -> Iterator[Lives]:
    """The lives of golden trees on the stand-in providers: `lives.of("aws", "reference")`; each is lived once.

    Those that selected tests name by their parameters `cloud`, `case` and maybe `major` begin with the first test.
    """
    require("terraform")
    found = Lives()
    for item in request.session.items:
        if isinstance(item, pytest.Function) and "lives" in item.fixturenames and hasattr(item, "callspec"):
            cloud, case, major = (item.callspec.params.get(name) for name in ("cloud", "case", "major"))
            if isinstance(cloud, str) and isinstance(case, str) and case in golden_trees(cloud):
                found.begin(cloud, case, major if isinstance(major, str) else None)
    yield found
    found.close()
