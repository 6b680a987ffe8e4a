"""The start script of a generated image, in the image: a URL is whole, whatever the password has in it."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from images.conftest import CASES, Provide
from rig.containers.container import Docker
from rig.containers.locking import BASES
from rig.images.bases import images_of

pytestmark = pytest.mark.docker

PASSWORD = "a@b:c/d?e#f%25 +'\"`$(id)\\ü{X}"


def test_a_url_is_whole_in_the_image(docker: Docker, bases: Provide, tmp_path: Path) -> None:
    case = CASES["connections-web"]
    bases([*BASES, *images_of(case.dockerfile.read_text(encoding="utf-8"))])
    tag = f"{case.tag}-start"
    context = tmp_path / "application"
    docker.build(case.write(context, docker), context, tag)
    told = {"INCOMPLETE_URLS": "URL", "URL": "postgresql://app:{DB_PASSWORD}@db:5432/d", "DB_PASSWORD": PASSWORD}
    given = [word for name, value in told.items() for word in ("--env", f"{name}={value}")]
    read = "import json, os; print(json.dumps([os.environ['URL'], os.getpid(), os.getuid()]))"
    try:
        printed = docker.run("run", "--rm", "--read-only", *given, tag, "python", "-c", read)
    finally:
        docker.remove("rmi", tag)
    # Docker may print warnings of its own, too.
    (line,) = [line for line in printed.splitlines() if line.startswith("[")]
    url, process, user = json.loads(line)
    assert unquote(urlsplit(url).password or "") == PASSWORD
    assert process == 1, "the command takes the script's place, so that signals reach it"
    assert user == 10001
