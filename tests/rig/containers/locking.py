"""Lock files of uv, Poetry and Pipenv, made in a build by the same versions of the tools as the Dockerfiles use.

They name the package index that they were made with, so none is kept with the tests.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from cloudgen.stack.docker.versions import PDM, PIPENV, POETRY, UV_IMAGE, python_image
from rig.containers.container import Docker

PYTHON = python_image("3.12")

BASES = (PYTHON, UV_IMAGE)
"""What the build starts from."""

# By default Poetry asks an interface of PyPI that mirrors lack; the index that pip asks, all of them have.
POETRY_SOURCE = r"""printf '\n[[tool.poetry.source]]\nname = "simple"\nurl = "%s/"\npriority = "primary"\n' \
    "$(python -c 'from pip._internal.models.index import PyPI; print(PyPI.simple_url)')" >> pyproject.toml"""

COMMANDS: Mapping[str, str] = {
    "uv": "uv lock",
    "poetry": f"{POETRY_SOURCE} && POETRY_CACHE_DIR=/var/cache/pypoetry uvx {POETRY} lock --no-interaction",
    # Optional dependencies are locked only where they are asked for.
    "pdm": f"uvx {PDM} lock --group :all",
    "pipenv": f"uvx {PIPENV} lock",
}

INPUTS: Mapping[str, str] = {
    "uv": "pyproject.toml",
    "poetry": "pyproject.toml",
    "pdm": "pyproject.toml",
    "pipenv": "Pipfile",
}

DOCKERFILE = """\
FROM {python} AS lock
COPY --from={uv} /uv /uvx /bin/
ENV UV_PYTHON=/usr/local/bin/python3 UV_PYTHON_DOWNLOADS=never UV_CACHE_DIR=/var/cache/uv UV_LINK_MODE=copy
ENV SETUPTOOLS_SCM_PRETEND_VERSION=0 NETRC=/run/secrets/netrc
WORKDIR /lock
COPY . .
RUN --mount=type=cache,target=/var/cache/uv --mount=type=cache,target=/var/cache/pypoetry \
    --mount=type=secret,id=netrc {command}
FROM scratch
COPY --from=lock /lock /
"""


def lock(docker: Docker, manager: str, folder: Path, given: Sequence[str] = (), netrc: Path | None = None) -> None:
    """Write the lock of what a folder asks for into it; pip's is there already.

    `given` are the files that it is made from, where these are more than the usual one; `netrc` logs in to an index.
    """
    if manager not in COMMANDS:
        return
    with tempfile.TemporaryDirectory() as name:
        context = Path(name, "context")
        for file in given or (INPUTS[manager],):
            (context / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(folder / file, context / file)
        dockerfile = Path(name, "Dockerfile")
        dockerfile.write_text(DOCKERFILE.format(python=PYTHON, uv=UV_IMAGE, command=COMMANDS[manager]), "utf-8")
        secrets = ("--secret", f"id=netrc,src={netrc}") if netrc else ()
        where = ("--output", str(folder), "--file", str(dockerfile), str(context))
        docker.run("build", "--network", "host", *secrets, *where)
