"""Stand-ins for the servers in a compose file: PostgreSQL and Valkey from this machine's Debian, S3 and SQS by moto.

Each is the genuine program where this machine has one, of whichever version that is: Debian's PostgreSQL under the name
`postgres:17`, Debian's Redis under that of its fork Valkey. moto and version 1 of the AWS CLI come from PyPI.
"""

from __future__ import annotations

import re
import shutil
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

from cloudgen.stack.docker.versions import UV_IMAGE, python_image
from rig.images import debian
from rig.tools.toolbox import MissingToolError

HERE = Path(__file__).parent
REQUIREMENTS = Path(__file__).parents[3] / "requirements" / "standins.txt"

PYTHON = python_image("3.12")

POSTGRES_PACKAGE = re.compile(r"postgresql-(\d+)")

POSTGRES = """\
FROM scratch
ADD root.tar /
COPY postgres.sh /usr/local/bin/docker-entrypoint.sh
RUN ldconfig \\
    && useradd --system --uid 999 --home-dir /var/lib/postgresql --shell /bin/bash postgres \\
    && install --directory --owner=postgres --group=postgres /var/lib/postgresql/data /run/postgresql
ENV PATH=/usr/lib/postgresql/{version}/bin:/usr/sbin:/usr/bin:/sbin:/bin PGDATA=/var/lib/postgresql/data LANG=C.UTF-8
LABEL standin="PostgreSQL {version}"
VOLUME ["/var/lib/postgresql/data"]
STOPSIGNAL SIGINT
ENTRYPOINT ["sh", "/usr/local/bin/docker-entrypoint.sh"]
CMD ["postgres"]
"""

VALKEY = """\
FROM scratch
ADD root.tar /
COPY valkey-server /usr/bin/
RUN ldconfig && ln -s redis-cli /usr/bin/valkey-cli
LABEL standin="Redis"
CMD ["valkey-server"]
"""

NODE = """\
FROM scratch
ADD root.tar /
ADD npm.tar /
RUN ldconfig
ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin
LABEL standin="Node.js of Debian"
CMD ["node"]
"""

AWS = """\
FROM {python}
COPY --from={uv} /uv /bin/
COPY requirements.txt /
RUN uv pip install --quiet --system --compile-bytecode --requirements /requirements.txt
ADD root.tar /
COPY aws_server.py /
USER 10001:10001
LABEL standin="moto and AWS CLI 1"
ENTRYPOINT {entrypoint}
"""


def needed_images(image: str) -> list[str]:
    """Return what a stand-in is made from, and so must be there first."""
    return [PYTHON, UV_IMAGE] if _repository(image) in ENTRYPOINTS else []


def write(folder: Path, image: str) -> bool:
    """Write what a stand-in is built from; tell whether one is known. Raises `MissingToolError`."""
    repository = _repository(image)
    if repository in ENTRYPOINTS:
        _aws(folder, ENTRYPOINTS[repository])
    elif repository in WRITERS:
        WRITERS[repository](folder)
    return repository in ENTRYPOINTS or repository in WRITERS


def _repository(image: str) -> str:
    return image.partition(":")[0]


def _postgres(folder: Path) -> None:
    found = [int(match[1]) for name in debian.installed() if (match := POSTGRES_PACKAGE.fullmatch(name))]
    if not found:
        raise MissingToolError("the image of PostgreSQL cannot be pulled, and this is no Debian with postgresql")
    debian.pack(folder / "root.tar", [f"postgresql-{max(found)}"])
    shutil.copy(HERE / "postgres.sh", folder)
    (folder / "Dockerfile").write_text(POSTGRES.format(version=max(found)))


def _valkey(folder: Path) -> None:
    if "redis-server" not in debian.installed():
        raise MissingToolError("the image of Valkey cannot be pulled, and this is no Debian with redis-server")
    debian.pack(folder / "root.tar", ["redis-server"])
    # The official image answers the containers beside it, too: https://hub.docker.com/r/valkey/valkey (Security).
    server = folder / "valkey-server"
    server.write_text('#!/bin/sh\nexec redis-server "$@" --protected-mode no\n')
    server.chmod(0o755)
    (folder / "Dockerfile").write_text(VALKEY)


def _aws(folder: Path, entrypoint: str) -> None:
    if "curl" not in debian.installed():
        raise MissingToolError("the image cannot be pulled, and its stand-in needs a Debian with curl")
    # The health check of the compose file is made with curl.
    debian.pack(folder / "root.tar", ["curl"])
    shutil.copy(REQUIREMENTS, folder / "requirements.txt")
    shutil.copy(HERE / "aws_server.py", folder)
    (folder / "Dockerfile").write_text(AWS.format(python=PYTHON, uv=UV_IMAGE, entrypoint=entrypoint))


def _node(folder: Path) -> None:
    """Debian has npm in a package of its own, which other builds of Node.js bring along."""
    found = [name for name in ("nodejs", "npm") if name in debian.installed()]
    if "nodejs" not in found or shutil.which("npm") is None:
        raise MissingToolError("the image of Node.js cannot be pulled, and this is no Debian with nodejs and npm")
    debian.pack(folder / "root.tar", found)
    # npm replaces itself behind the back of the package that brought it, so it is taken as it lies there.
    program = Path(shutil.which("npm") or "").resolve()
    with tarfile.open(folder / "npm.tar", "w") as tar:
        if "node_modules" in program.parts:
            tar.add(program.parents[1], str(program.parents[1]).lstrip("/"))
    (folder / "Dockerfile").write_text(NODE)


ENTRYPOINTS: Mapping[str, str] = {
    "rustfs/rustfs": '["python", "/aws_server.py", "9000"]',
    "softwaremill/elasticmq-native": '["python", "/aws_server.py", "9324"]',
    "amazon/aws-cli": '["aws"]',
}


def _adapter(folder: Path) -> None:
    # Extensions are programs; the image that it is copied into has this Python.
    text = (HERE / "lambda_adapter.py").read_text(encoding="utf-8")
    program = folder / "lambda-adapter"
    program.write_text(f"#!/usr/local/bin/python3 -I\n{text}", encoding="utf-8")
    program.chmod(0o755)
    (folder / "Dockerfile").write_text('FROM scratch\nCOPY lambda-adapter /\nLABEL standin="Lambda Web Adapter"\n')


WRITERS: Mapping[str, Callable[[Path], None]] = {
    "node": _node,
    "postgres": _postgres,
    "valkey/valkey": _valkey,
    "public.ecr.aws/awsguru/aws-lambda-adapter": _adapter,
}
