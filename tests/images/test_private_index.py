"""Packages of an index that asks for a password: they are in the image, and the password is in no layer of it."""

from __future__ import annotations

import gzip
import re
import secrets
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pip._internal.models.index import PyPI

from images.conftest import Provide
from rig.containers.composed import Composed
from rig.containers.container import Docker
from rig.containers.locking import BASES, lock
from rig.containers.private_index import GREETING, PrivateIndex, private_index
from rig.containers.shape import Shape
from rig.containers.sources import FLASK
from rig.containers.trial import try_out
from rig.figures import Figures
from rig.images.bases import images_of
from rig.tools.toolbox import Require

pytestmark = pytest.mark.docker

WEB = FLASK.format(imports="import acme_greeting", answer="acme_greeting.GREETING")

PROJECT = '[project]\nname = "web"\nversion = "1"\nrequires-python = ">=3.12"\n'

MANIFESTS: Mapping[str, Mapping[str, str]] = {
    "pip": {"requirements.txt": "acme-greeting==1.0\nflask\ngunicorn\n"},
    "uv": {
        "pyproject.toml": PROJECT + 'dependencies = ["acme-greeting", "flask", "gunicorn"]\n'
        '[[tool.uv.index]]\nname = "acme"\nurl = "URL"\n'
    },
    "poetry": {
        "pyproject.toml": PROJECT + 'dependencies = ["acme-greeting", "flask", "gunicorn"]\n'
        '[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\nacme-greeting = {source = "acme"}\n'
        '[[tool.poetry.source]]\nname = "acme"\nurl = "URL"\npriority = "explicit"\n'
    },
    "pdm": {
        "pyproject.toml": PROJECT + 'dependencies = ["acme-greeting", "flask", "gunicorn"]\n'
        '[tool.pdm]\ndistribution = false\n[[tool.pdm.source]]\nname = "acme"\nurl = "URL"\n'
    },
    "pipenv": {
        "Pipfile": '[[source]]\nname = "pypi"\nurl = "PYPI"\nverify_ssl = true\n'
        '[[source]]\nname = "acme"\nurl = "URL"\nverify_ssl = false\n'
        '[packages]\nacme-greeting = {version = "*", index = "acme"}\nflask = "*"\ngunicorn = "*"\n'
    },
}
"""What each package manager asks for. Only requirements.txt does not say where the package is."""

OFTEN = ("pip", "uv")
CHOSEN = [pytest.param(name, marks=() if name in OFTEN else [pytest.mark.whole]) for name in MANIFESTS]


@pytest.fixture
def index() -> Iterator[PrivateIndex]:
    with private_index(secrets.token_urlsafe(24)) as found:
        yield found


def _composed(docker: Docker, require: Require, folder: Path, manager: str, index: PrivateIndex) -> Composed:
    urls = {"URL": index.url, "PYPI": PyPI.simple_url}
    files = {name: re.sub("URL|PYPI", lambda found: urls[found[0]], text) for name, text in MANIFESTS[manager].items()}
    build = f"{{app: 'web:app', interface: wsgi, package_manager: {manager}, index: {{url: '{index.url}'}}}}"
    Shape(build, GREETING, {**files, "web.py": WEB}).write(folder)
    return Composed.of(docker, require("compose"), folder)


@pytest.mark.parametrize("manager", CHOSEN)
def test_the_password_is_in_no_layer(
    docker: Docker,
    bases: Provide,
    require: Require,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    index: PrivateIndex,
    manager: str,
    figures: Figures,
) -> None:
    context = tmp_path / "application"
    context.mkdir()
    netrc, tag = index.write_netrc(tmp_path), f"cloudgen-test/index-{manager}"
    monkeypatch.setenv("NETRC", str(netrc))
    composed = _composed(docker, require, context, manager, index)
    bases([*BASES, *images_of(composed.dockerfile("web").read_text(encoding="utf-8"))])
    lock(docker, manager, context, netrc=netrc)
    files = [path.read_text("utf-8", errors="replace") for path in context.rglob("*") if path.is_file()]
    assert not any(index.password in text for text in files)
    index.served.clear()
    stages = {tag: (), f"{tag}-build": ("--target", "build")}
    try:
        for name, options in stages.items():
            composed.build("web", name, options)
        assert index.served, "the build took the package from the index"
        trial = try_out(docker, tag, f"cloudgen-test-index-{manager}", composed.containers["web"])
        for name in stages:
            # The greeting shows that the search finds what is there.
            assert _found(docker, name, tmp_path, GREETING) > 0
            for secret in (index.password, index.authorization):
                assert _found(docker, name, tmp_path, secret) == 0
                assert secret not in docker.run("history", "--no-trunc", name)
    finally:
        docker.remove("rmi", *stages)
    assert trial.answer == (200, GREETING)
    assert trial.health == "healthy"
    figures.count("Images", **{"built from a private index": 1})


def test_a_build_without_it_says_what_is_missing(
    docker: Docker, bases: Provide, require: Require, tmp_path: Path, index: PrivateIndex
) -> None:
    composed = _composed(docker, require, tmp_path, "pip", index)
    dockerfile = composed.dockerfile("web")
    bases([*BASES, *images_of(dockerfile.read_text(encoding="utf-8"))])
    with pytest.raises(AssertionError, match=r"secret netrc:? not found"):
        docker.build(dockerfile, tmp_path, "cloudgen-test/index-none")


def _found(docker: Docker, tag: str, folder: Path, text: str) -> int:
    """Count the layers and descriptions of an image that have a text."""
    saved = folder / "image.tar"
    docker.run("save", "--output", str(saved), tag)
    count = 0
    with tarfile.open(saved) as tar:
        for member in tar:
            file = tar.extractfile(member)
            data = file.read() if file else b""
            count += text.encode() in (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
    return count
