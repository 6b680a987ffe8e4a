"""A Docker engine to build and run images with: the one that answers, else a private one.

The private engine is Debian's dockerd without a default network and without rules in this machine's packet filter; all
that it writes is in a temporary folder. Images are built with `--network host` there. Networks that are made on it
work: containers find each other by name, published ports answer on 127.0.0.1, and the world outside is not in reach.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from rig.tools.toolbox import MissingToolError

SBIN = "/usr/local/sbin:/usr/sbin:/sbin"
PLENTY = 16 * 1024**3
"""Bytes of free memory that let the engine keep its data there; it takes half of it at most."""

START = 300
"""Seconds for dockerd to answer: it takes one or two, and longer on a busy machine. One that ends is told at once."""

BUILDKIT_INSIDE = 23
"""The first version of the client that builds with BuildKit only through a plugin."""


def find_engine(folder: Path, stack: ExitStack) -> Path:
    """Return a `docker` command that talks to an engine, a private one until the end. Raises `MissingToolError`.

    The command is a script; with the path of another client in DOCKER_CLIENT, such as docker-compose, it runs that.
    """
    client = _client()
    host = "" if _answers(client, {}) else _private_engine(stack, client)
    command = folder / "docker"
    export = f"export DOCKER_HOST={host}\n" if host else ""
    command.write_text(
        f"#!/bin/sh\n{export}export DOCKER_BUILDKIT=1 BUILDKIT_PROGRESS=plain\n"
        f'exec "${{DOCKER_CLIENT:-{client}}}" "$@"\n'
    )
    command.chmod(0o755)
    return command


def _client() -> Path:
    """Return the first client that can build with BuildKit, which the generated Dockerfiles ask for."""
    for folder in dict.fromkeys(os.environ.get("PATH", os.defpath).split(os.pathsep)):
        client = Path(folder, "docker")
        if not os.access(client, os.X_OK):
            continue
        version = re.search(r"version (\d+)", _run(client, "--version").stdout)
        inside = version is not None and int(version[1]) < BUILDKIT_INSIDE
        if inside or _run(client, "buildx", "version").returncode == 0:
            return client
    raise MissingToolError("no docker command that builds with BuildKit: apt-get install docker.io")


def _answers(client: Path, environment: dict[str, str]) -> bool:
    return _run(client, "info", environment=environment).returncode == 0


def _private_engine(stack: ExitStack, client: Path) -> str:
    """Start dockerd, and return the address at which it answers."""
    if os.geteuid() != 0:
        raise MissingToolError("no Docker engine answers, and starting one needs root")
    daemon = shutil.which("dockerd", path=os.pathsep.join([os.environ.get("PATH", os.defpath), SBIN]))
    if daemon is None:
        raise MissingToolError("no Docker engine answers, and dockerd is not installed: apt-get install docker.io")
    # A folder with a short name: a socket's path has at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="cloudgen-docker-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    _keep_in_memory(folder / "data")
    (folder / "daemon.json").write_text("{}")
    host = f"unix://{folder}/socket"
    with (folder / "dockerd.log").open("wb") as log:
        process = subprocess.Popen(
            [
                daemon,
                f"--config-file={folder}/daemon.json",
                f"--data-root={folder}/data",
                f"--exec-root={folder}/run",
                f"--pidfile={folder}/pid",
                f"--host={host}",
                f"--storage-driver={_storage_driver()}",
                "--exec-opt=native.cgroupdriver=cgroupfs",
                "--iptables=false",
                "--ip6tables=false",
                "--ip-forward=false",
                "--ip-masq=false",
                "--bridge=none",
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    stack.callback(_stop, process, folder)
    until = time.monotonic() + START
    while process.poll() is None and time.monotonic() < until:
        if _answers(client, {"DOCKER_HOST": host}):
            return host
        time.sleep(0.25)
    said = (folder / "dockerd.log").read_text(errors="replace").splitlines()[-3:]
    raise MissingToolError(f"dockerd does not start here: {' '.join(said)[-400:]}")


def _keep_in_memory(data: Path) -> None:
    """Mount memory for the engine's data where there is plenty: removing some 200,000 files takes minutes on a disk.

    What cannot be mounted stays on disk; `_stop` unmounts it.
    """
    data.mkdir()
    known = Path("/proc/meminfo").read_text() if Path("/proc/meminfo").is_file() else ""
    available = re.search(r"^MemAvailable:\s+(\d+) kB$", known, re.MULTILINE)
    if available and int(available[1]) * 1024 >= PLENTY:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={PLENTY // 2},mode=0711", "cloudgen", str(data)]
        subprocess.run(mount, capture_output=True, check=False)


def _storage_driver() -> str:
    known = Path("/proc/filesystems")
    return "overlay2" if known.is_file() and "overlay" in known.read_text().split() else "vfs"


def _stop(process: subprocess.Popen[bytes], folder: Path) -> None:
    process.terminate()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    # What a container left mounted would keep the folder from being removed.
    mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for mount in sorted((path for path in mounts if path.startswith(f"{folder}/")), reverse=True):
        subprocess.run(["umount", "--lazy", mount], check=False)


def _run(client: Path, *arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [client, *arguments],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
