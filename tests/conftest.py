"""What every test may use: `--update-golden`, `require` for tools, `figures`, and what runs in the background.

Two things take long. The `cycles` on an emulated AWS mostly wait, so they begin with the first test. The `lives` of
golden trees on the stand-in compute, so they begin after the last test that runs containers. The tests that use their
results come last.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from rig.containers import engine
from rig.emulator.cycles import Cycles, playing
from rig.figures import Figures
from rig.gcp.lives import AT_ONCE
from rig.gcp.lives import Lives as GoogleLives
from rig.gcp.lives import playing as playing_google
from rig.machines.boot.root import find_machine
from rig.real_provider import mirror
from rig.standin.lives import Lives
from rig.standin.trees import golden_trees
from rig.tools.terraform import Terraform
from rig.tools.toolbox import VARIABLE, MissingToolError, Require, Toolbox, compose, demanded, program, terraform
from rig.updates.edit import EDITS
from rig.updates.emulated import Chain, play_chain
from rig.updates.lives import Lives as EditLives
from rig.updates.on_google import OnGoogle

FINDERS = {
    "terraform": terraform,
    "aws-provider": mirror.find_aws_provider,
    "google-provider": mirror.find_google_provider,
    "docker": engine.find_engine,
    "compose": compose,
    "machine": find_machine,
    "checkov": program("checkov", "pip install -r requirements/scanners.txt, in a virtual environment of its own"),
    "hadolint": program("hadolint", "pip install -r requirements/tools.txt"),
    "git": program("git", "apt install git"),
    "patch": program("patch", "apt install patch"),
    "strace": program("strace", "apt install strace"),
    "shellcheck": program("shellcheck", "pip install -r requirements/tools.txt"),
}

FIGURES = pytest.StashKey[Figures]()
SECONDS = pytest.StashKey[dict[str, float]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="Write what is rendered now over the golden files, and pass."
    )
    parser.addoption("--whole", action="store_true", help="Run the tests marked `whole`, too.")
    parser.addoption(
        "--few",
        type=int,
        metavar="N",
        help="Run at most N cases of each parametrized test, from its first to its last.",
    )
    parser.addoption(
        "--record-actions", action="store_true", help="Write what the real google provider plans for edits, and pass."
    )


def pytest_configure(config: pytest.Config) -> None:
    # How long an example takes says something of the machine, which is busy with what goes on in the background. That a
    # change lands is no matter of luck: only `make whole` draws examples that nobody has seen.
    settings.register_profile(
        "busy",
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        derandomize=not config.getoption("--whole"),
    )
    settings.load_profile("busy")
    config.stash[FIGURES] = Figures()
    config.stash[SECONDS] = {}


LATE = ("lives", "run", "edits", "google_lives", "google_edits", "cycles", "chains")
"""What a test looks at that comes late: beside those the `run` of the mutations, which uses the lives."""


def _measures(item: pytest.Item) -> bool:
    """Whether a test runs containers, and so waits for answers no longer than a platform would."""
    return item.get_closest_marker("docker") is not None


def _patience(item: pytest.Item) -> int:
    """How late a test comes: by the slowest thing that it looks at."""
    names = getattr(item, "fixturenames", ())
    return max((number for number, name in enumerate(LATE, 1) if name in names), default=-1 if _measures(item) else 0)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run containers first, while the machine is theirs; look last at what goes on in the background.

    What is marked `whole` is left out, unless it is asked for; so is what `--few` is too few for.
    """
    left_out = set()
    if not config.getoption("--whole"):
        left_out |= {item for item in items if item.get_closest_marker("whole")}
    if few := config.getoption("--few"):
        left_out |= _too_many([item for item in items if item not in left_out], few)
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]
    items.sort(key=_patience)


def _too_many(items: list[pytest.Item], few: int) -> set[pytest.Item]:
    """All cases of each test but a few: the first, the last, and others at equal distances between them."""
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    kept = {found[number * (len(found) - 1) // max(few - 1, 1)] for found in cases.values() for number in range(few)}
    return set(items) - kept


@pytest.fixture(autouse=True)
def background(request: pytest.FixtureRequest) -> None:
    """Begin what goes on in the background, if any test is going to look at it: the lives not beside containers."""
    request.getfixturevalue("waiting")
    if not _measures(request.node):
        request.getfixturevalue("computing")


@pytest.fixture(scope="session")
def waiting(request: pytest.FixtureRequest) -> None:
    """The cycles, the chains of edits, and what lives on the real google provider have begun, if they are wanted."""
    for name in ("cycles", "chains", "google_lives", "google_edits"):
        _begin(request, name)


@pytest.fixture(scope="session")
def computing(request: pytest.FixtureRequest) -> None:
    """The lives have begun, if they are wanted."""
    _begin(request, "lives")


def _begin(request: pytest.FixtureRequest, name: str) -> None:
    if any(name in getattr(item, "fixturenames", ()) for item in request.session.items):
        # What is missing here for it is told by the tests that look at it, not by this one.
        with suppress(pytest.skip.Exception, pytest.fail.Exception):
            request.getfixturevalue(name)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Count how long each folder of tests takes, with the fixtures that its tests set up."""
    start = time.monotonic()
    try:
        return (yield)
    finally:
        folder = "/".join(item.path.relative_to(item.config.rootpath).parts[:-1][:2])
        seconds = item.config.stash[SECONDS]
        seconds[folder] = seconds.get(folder, 0.0) + time.monotonic() - start


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if lines := config.stash[FIGURES].summary():
        terminalreporter.section("what was shown")
        for line in lines:
            terminalreporter.line(line)
    if config.getoption("durations"):
        terminalreporter.section("seconds by folder")
        for folder, seconds in sorted(config.stash[SECONDS].items(), key=lambda item: -item[1]):
            terminalreporter.line(f"part: {folder}: {seconds:.0f} s")


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


@pytest.fixture(scope="session", name="terraform")
def real_terraform(require: Require) -> Terraform:
    """The real Terraform with the real hashicorp/aws, without an AWS to talk to."""
    return Terraform(require("terraform"), require("aws-provider"))


@pytest.fixture(scope="session")
def cycles(
    request: pytest.FixtureRequest, terraform: Terraform, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cycles]:
    """The cycles on an emulated AWS that the selected tests name by their parameter `name`."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    wanted = {str(item.callspec.params["name"]) for item in items if "cycles" in item.fixturenames}
    with playing(wanted, tmp_path_factory.mktemp("cycles"), terraform) as found:
        yield found


@pytest.fixture(scope="session")
def chains(
    request: pytest.FixtureRequest, terraform: Terraform, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Chain]]]:
    """The chains of edits on an emulated AWS that the selected tests name by their parameter `chain`."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    wanted = {str(item.callspec.params["chain"]) for item in items if "chains" in item.fixturenames}
    folder = tmp_path_factory.mktemp("chains")
    with ThreadPoolExecutor(len(wanted) or 1) as pool:
        yield {name: pool.submit(play_chain, name, folder / name, terraform) for name in sorted(wanted)}


@pytest.fixture(scope="session")
def google_terraform(require: Require, toolbox: Toolbox, figures: Figures) -> Terraform:
    """The real Terraform with the real hashicorp/google, without a cloud; the log says which version, or none."""
    try:
        toolbox.find("google-provider")
    except MissingToolError as missing:
        figures.tell("Real google provider", f"none: {missing}")
    terraform = Terraform(require("terraform"), require("google-provider"))
    figures.tell("Real google provider", ", ".join(mirror.describe(wanted) for wanted in mirror.GOOGLE))
    return terraform


@pytest.fixture(scope="session")
def google_lives(
    request: pytest.FixtureRequest, google_terraform: Terraform, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GoogleLives]:
    """The lives on the real hashicorp/google that the selected tests name by their parameter `name`."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    wanted = {str(item.callspec.params["name"]) for item in items if "google_lives" in item.fixturenames}
    with playing_google(wanted, tmp_path_factory.mktemp("google"), google_terraform) as found:
        yield found


@pytest.fixture(scope="session")
def google_edits(
    request: pytest.FixtureRequest, google_terraform: Terraform, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EditLives]:
    """The edits on the real hashicorp/google that the selected tests name by their parameter `edit`."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    chosen = [item.callspec.params["edit"] for item in items if "google_edits" in item.fixturenames]
    found = EditLives(
        [(edit, "gcp") for edit in EDITS if edit in chosen],
        tmp_path_factory.mktemp("google-edits"),
        lambda folder, _: OnGoogle.opened(folder, google_terraform),
        at_once=AT_ONCE,
    )
    yield found
    found.close()


@pytest.fixture(autouse=True, scope="module")
def _texts_without_a_header(request: pytest.FixtureRequest) -> Iterator[None]:
    """The tests of the writer write short texts of their own, without the header; `tests/trust` is about that."""
    with pytest.MonkeyPatch.context() as patch:
        if request.path.parent.name == "output":
            patch.setattr("cloudgen.output.writer.carries_mark", lambda *_: True)
        yield
