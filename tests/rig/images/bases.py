"""The images that Dockerfiles and compose files start from: pulled, or stand-ins where no registry answers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from rig.images import debian, python, services
from rig.tools.toolbox import MissingToolError

PYTHON = re.compile(r"^python:(?P<version>\d+\.\d+)(?:\.\d+)?-slim(?:-(?P<release>\w+))?$")
UV = re.compile(r"^ghcr\.io/astral-sh/uv:(?P<version>[\d.]+|latest)$")

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")

STAND_IN = """\
FROM scratch AS debian
ADD root.tar /
COPY certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY pip.conf /etc/pip.conf
COPY uv.toml /etc/uv/uv.toml

FROM debian
ADD python.tar /usr/local/
ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
# Tools that bring certificates of their own (poetry, pipenv) are told to trust whom this machine trusts.
ENV REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
RUN ldconfig && python3 -c 'import bz2, ctypes, lzma, sqlite3, ssl, uuid, zlib' && pip --version
LABEL standin=true
CMD ["python3"]
"""


def images_of(dockerfile: str) -> list[str]:
    """Return the images that a Dockerfile takes from outside, in order: those of FROM and of COPY --from."""
    stages: set[str] = set()
    images = []
    for line in dockerfile.splitlines():
        start = re.match(r"FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", line, re.IGNORECASE)
        copy = re.match(r"(?:COPY|ADD)\s.*--from=(\S+)", line, re.IGNORECASE)
        found = start or copy
        if found and found[1] not in stages and found[1] != "scratch" and not found[1].isdigit():
            images.append(found[1])
        if start and start[2]:
            stages.add(start[2])
    return list(dict.fromkeys(images))


def provide(docker: Path, images: list[str]) -> list[str]:
    """Make sure that the engine has the images; return those that are stand-ins.

    Raises `MissingToolError` for one that can neither be pulled nor made here.
    """
    made = []
    for image in images:
        if any(_run(docker, "image", "inspect", name).returncode == 0 for name in (image, undigested(image))):
            continue
        if not _pulled(docker, image):
            _make(docker, undigested(image))
            made.append(image)
    return made


def undigested(image: str) -> str:
    """The name and tag of an image: what a stand-in is called, which cannot have the digest of the genuine one."""
    return image.partition("@")[0]


def with_stand_ins(docker: Path, dockerfile: str) -> str:
    """Return a Dockerfile that takes stand-ins for the images that are pinned by digest and could not be pulled."""
    for image in images_of(dockerfile):
        if "@" in image and _run(docker, "image", "inspect", image).returncode != 0:
            dockerfile = dockerfile.replace(image, undigested(image))
    return dockerfile


def _pulled(docker: Path, image: str) -> bool:
    try:
        return _run(docker, "pull", "--quiet", image, timeout=300).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def _make(docker: Path, image: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if match := PYTHON.match(image):
            _python(folder, image, match["version"], match["release"])
        elif match := UV.match(image):
            _uv(folder, match["version"])
        else:
            provide(docker, services.needed_images(image))
            if not services.write(folder, image):
                raise MissingToolError(f"the image {image} cannot be pulled, and no stand-in is known for it")
        build = _run(docker, "build", "--network", "host", "--tag", image, str(folder), timeout=600)
        if build.returncode != 0:
            raise MissingToolError(f"the stand-in for {image} does not build: {build.stderr[-1500:]}")


def _python(folder: Path, image: str, version: str, release: str | None) -> None:
    machine = debian.release()
    if machine is None or release not in (None, machine):
        raise MissingToolError(
            f"the image {image} cannot be pulled; a stand-in needs a machine with Debian {release or ''}"
        )
    prefix = python.find_prefix(version)
    if prefix is None:
        raise MissingToolError(
            f"the image {image} cannot be pulled, and this machine has no CPython {version} for a stand-in"
        )
    debian.pack(folder / "root.tar")
    python.pack(prefix, version, folder / "python.tar")
    authorities = Path(os.environ.get("SSL_CERT_FILE", CERTIFICATES))
    (folder / "certificates.crt").write_bytes(authorities.read_bytes())
    (folder / "pip.conf").write_text(f"[global]\ncert = {CERTIFICATES}\n")
    (folder / "uv.toml").write_text("system-certs = true\n")
    (folder / "Dockerfile").write_text(STAND_IN)


def _uv(folder: Path, version: str) -> None:
    """Take the program out of the wheel; a tag such as 0.9 means the newest of that line."""
    wanted = "uv" if version == "latest" else f"uv=={version}" + (".*" if version.count(".") < 2 else "")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary=:all:",
        "--dest",
        str(folder),
    ]
    run = subprocess.run([*pip, wanted], capture_output=True, text=True, timeout=300, check=False)
    wheels = list(folder.glob("uv-*.whl"))
    if not wheels:
        raise MissingToolError(f"the image of uv cannot be pulled, and pip has no {wanted}: {run.stderr[-500:]}")
    with zipfile.ZipFile(wheels[0]) as wheel:
        for member in wheel.namelist():
            if re.search(r"/scripts/uvx?$", member):
                program = folder / Path(member).name
                program.write_bytes(wheel.read(member))
                program.chmod(0o755)
    (folder / "Dockerfile").write_text('FROM scratch\nCOPY uv uvx /\nLABEL standin=true\nENTRYPOINT ["/uv"]\n')


def _run(docker: Path, *arguments: str, timeout: int = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run([docker, *arguments], capture_output=True, text=True, timeout=timeout, check=False)
