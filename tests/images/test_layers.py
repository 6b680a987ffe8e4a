"""The examples' images are built in small steps, hold nothing that has no business there, and are not large."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from images.conftest import EXAMPLES, Provide, copy_of
from rig.containers.composed import Composed
from rig.containers.container import Docker, steps
from rig.containers.locking import BASES, lock
from rig.figures import Figures
from rig.images.bases import images_of
from rig.tools.toolbox import Require

pytestmark = pytest.mark.docker

LOCKS = {"pip": "requirements.txt", "uv": "uv.lock", "poetry": "poetry.lock", "pipenv": "Pipfile.lock"}

PACKAGES = ("uv pip install", "uv sync --frozen --no-dev --no-install-local", "install --only main")
"""What the step that installs packages says, by package manager."""

MEGABYTE = 1_000_000

LARGEST = {"fastapi-shop": 150}
"""Megabytes over the base image. fastapi-shop has the clients of two clouds."""

USUAL = 100
"""Megabytes over the base image for every other example: FastAPI and uvicorn alone take some 80."""


WITH_UV = "flask-links with uv"
"""The same example as a project of uv, which is installed as a package: its Dockerfile has steps that pip's has not."""


@pytest.fixture(scope="module", params=[*sorted(EXAMPLES), WITH_UV])
def built(
    request: pytest.FixtureRequest,
    docker: Docker,
    bases: Provide,
    require: Require,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Composed]:
    """An example with the image of its service."""
    name = request.param.partition(" ")[0]
    context = copy_of(EXAMPLES[name], tmp_path_factory.mktemp("layers") / name)
    if request.param == WITH_UV:
        bases([*BASES])
        _turn_to_uv(docker, context)
    composed = Composed.of(docker, require("compose"), context)
    name = _service(composed)
    bases(images_of(composed.dockerfile(name).read_text(encoding="utf-8")))
    # Steps that other tests left only the image of run with this change, not with the next.
    _change_a_source(composed, name)
    composed.build(name)
    yield composed
    docker.remove("rmi", composed.tag(name))


def _change_a_source(composed: Composed, word: str) -> None:
    # What is rendered stays out of the build.
    source = next(
        path
        for path in sorted(composed.context.rglob("*.py"))
        if path.stat().st_size and not {"tests", "deploy"} & set(path.relative_to(composed.context).parts)
    )
    source.write_text(f"{source.read_text(encoding='utf-8')}\n# {word}\n", encoding="utf-8")


def _turn_to_uv(docker: Docker, context: Path) -> None:
    spec = context / "cloudgen.yaml"
    text = spec.read_text(encoding="utf-8")
    assert "package_manager: pip " in text
    spec.write_text(text.replace("package_manager: pip ", "package_manager: uv "), encoding="utf-8")
    (context / "requirements.txt").unlink()
    lock(docker, "uv", context)


def _service(composed: Composed) -> str:
    (name,) = [name for name, container in composed.containers.items() if container.port or container.trigger]
    return name


def _layers(composed: Composed) -> list[str]:
    found: list[str] = composed.docker.image(composed.tag(_service(composed)))["RootFS"]["Layers"]
    return found


def _packages(found: dict[str, bool]) -> bool:
    """Tell whether the step that installs the packages came from the cache."""
    (text,) = [text for text in found if text.startswith("RUN") and any(words in text for words in PACKAGES)][:1]
    return found[text]


def test_a_changed_source_changes_the_layer_of_the_sources_alone(built: Composed) -> None:
    before = _layers(built)
    _change_a_source(built, "changed")
    found = steps(built.build(_service(built)))
    after = _layers(built)
    assert _packages(found), "packages were installed again, though only a source changed"
    assert not found["COPY . ."], "the changed source is not in the image"
    assert after[:-1] == before[:-1], "a layer other than that of the sources has to be sent again"
    assert after[-1] != before[-1]


def test_the_same_context_builds_nothing(built: Composed) -> None:
    built.build(_service(built))
    found = steps(built.build(_service(built)))
    again = [text for text, cached in found.items() if not cached and text.startswith(("RUN", "COPY"))]
    assert not again


def test_a_changed_lock_installs_the_packages_again(built: Composed) -> None:
    build = built.containers[_service(built)].build_or_default
    assert build is not None
    path = built.context / LOCKS[build.package_manager]
    original = path.read_text(encoding="utf-8")
    path.write_text(f"{original}\n# changed\n", encoding="utf-8")
    try:
        assert not _packages(steps(built.build(_service(built))))
    finally:
        path.write_text(original, encoding="utf-8")
        built.build(_service(built))


def test_nothing_unwanted_is_in_the_image(built: Composed) -> None:
    (built.context / ".env").write_text("SECRET=1\n")
    (built.context / ".git").mkdir(exist_ok=True)
    (built.context / ".git" / "config").touch()
    name = _service(built)
    tag = built.tag(name)
    built.build(name)
    listed = built.docker.run("run", "--rm", "--network", "none", "--entrypoint", "find", tag, "/app", "/opt/venv")
    paths = listed.splitlines()
    unwanted = (".env", ".git", ".venv", "cloudgen.yaml", "compose.yaml", f"{name}.Dockerfile", ".pytest_cache")
    assert not [path for path in paths if Path(path).name in unwanted]
    assert any(path.startswith("/app/") and path.endswith(".pyc") for path in paths), "sources are compiled"
    # Nothing of the first stage's tools.
    missing = built.docker.run(
        *("run", "--rm", "--network", "none", "--entrypoint", "sh", tag, "-c"),
        "command -v uv uvx gcc || echo none",
    )
    assert missing.strip() == "none"
    config = built.docker.image(tag)["Config"]
    assert not [value for value in config["Env"] if "SECRET" in value or "PASSWORD" in value]
    assert config["User"] not in {"", "0", "root"}
    assert config["StopSignal"] == "SIGTERM"


def test_the_image_is_small(built: Composed, figures: Figures) -> None:
    name = _service(built)
    base = images_of(built.dockerfile(name).read_text(encoding="utf-8"))[0]
    sizes = [built.docker.image(image)["Size"] for image in (built.tag(name), base)]
    over = (sizes[0] - sizes[1]) / MEGABYTE
    example = built.context.name
    build = built.containers[name].build_or_default
    with_lock = f" with {build.package_manager}" if build else ""
    figures.tell("Images", f"examples/{example}{with_lock}: {over:.0f} MB over {base} ({sizes[1] / MEGABYTE:.0f} MB)")
    assert 0 < over < LARGEST.get(example, USUAL)
