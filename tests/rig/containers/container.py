"""A container as the platforms run it: read-only, without capabilities, as nobody; stopped by SIGTERM."""

from __future__ import annotations

import json
import re
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TIMED_OUT = -1
"""The exit code that the engine notes for a health check which it has ended."""

NETWORK = "cloudgen-test"
"""A network of the tests' own, so that ports of different containers never meet."""

LIMIT = 600
"""Seconds to wait for what a container still works at. What has ended or failed is told at once, so a green run never
waits for so long, however busy the machine is."""

KEPT = "3gb"
"""How much of what builds leave behind is kept for later ones: that of all tests would not fit in memory."""

HARDENED = (
    *("--read-only", "--tmpfs", "/tmp"),
    *("--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
    *("--memory", "512m", "--pids-limit", "128"),
)


@dataclass(frozen=True)
class Docker:
    """The engine's command."""

    program: Path

    def run(self, *arguments: str, timeout: int = 900) -> str:
        """Run a command and return what it printed, standard error included; fails when it does."""
        run = subprocess.run([self.program, *arguments], capture_output=True, text=True, timeout=timeout, check=False)
        if run.returncode != 0:
            raise AssertionError(f"docker {' '.join(arguments[:3])} … failed:\n{(run.stdout + run.stderr)[-5000:]}")
        return run.stdout + run.stderr

    def build(self, dockerfile: Path, context: Path, tag: str, options: Sequence[str] = ()) -> str:
        """Build an image and return BuildKit's log."""
        where = ["--file", str(dockerfile), "--tag", tag, *options, str(context)]
        return self.run("build", "--progress", "plain", "--network", "host", *where)

    def inspect(self, container: str) -> dict[str, Any]:
        """Return what the engine knows of a container."""
        found: list[dict[str, Any]] = json.loads(self.run("inspect", "--type", "container", container))
        return found[0]

    def image(self, tag: str) -> dict[str, Any]:
        """Return what the engine knows of an image."""
        found: list[dict[str, Any]] = json.loads(self.run("image", "inspect", tag))
        return found[0]

    def address(self, container: str, port: int) -> str:
        """Return where a published port answers on this machine, as `http://127.0.0.1:32768`."""
        return "http://" + self.run("port", container, f"{port}/tcp").splitlines()[0].strip()

    def remove(self, *arguments: str) -> None:
        """Remove what may be gone already: `rm NAME`, `rmi TAG`, `network rm NAME`."""
        subprocess.run([self.program, *arguments], capture_output=True, timeout=120, check=False)

    def tidy(self) -> None:
        """Remove what earlier builds left behind, but for what may still be of use."""
        self.remove("builder", "prune", "--force", "--keep-storage", KEPT)


@contextmanager
def network(docker: Docker) -> Iterator[None]:
    """Make the network of the tests; what is in it finds each other by name."""
    docker.remove("network", "rm", NETWORK)
    docker.run("network", "create", NETWORK)
    try:
        yield
    finally:
        docker.remove("network", "rm", NETWORK)


@contextmanager
def started(
    docker: Docker,
    tag: str,
    name: str,
    environment: Mapping[str, str] | None = None,
    *,
    port: int | None = None,
    options: Sequence[str] = HARDENED,
    network: str = NETWORK,
    command: Sequence[str] = (),
) -> Iterator[str]:
    """Start a container on a network, with its port on any free one of this machine; remove it at the end.

    `command` stands in for the image's own.
    """
    variables = [part for key, value in (environment or {}).items() for part in ("--env", f"{key}={value}")]
    published = ["--publish", f"127.0.0.1::{port}"] if port else []
    docker.remove("rm", "--force", name)
    docker.run("run", "--detach", "--name", name, "--network", network, *published, *options, *variables, tag, *command)
    try:
        yield name
    finally:
        docker.remove("rm", "--force", "--volumes", name)


def wait_for_answer(docker: Docker, container: str, url: str, seconds: float = LIMIT) -> tuple[int, str]:
    """Return status and text of the first answer.

    Fails with the log when the container ends, or runs and answers nothing for all that time.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return int(answer.status), answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            if not docker.inspect(container)["State"]["Running"]:
                break
            time.sleep(0.2)
    raise AssertionError(f"no answer at {url}:\n{docker.run('logs', container)[-3000:]}")


def wait_for_health(docker: Docker, container: str, seconds: float = LIMIT) -> str:
    """Return what the health check says once it has said anything.

    A check that did not come to its end in time says that the machine is busy, and is waited for like none.
    """
    until = time.monotonic() + seconds
    status = "starting"
    while time.monotonic() < until:
        state = docker.inspect(container)["State"]
        status = state["Health"]["Status"]
        late = [entry["ExitCode"] == TIMED_OUT for entry in state["Health"]["Log"] or ()]
        if status == "healthy" or not state["Running"] or (status == "unhealthy" and not any(late)):
            break
        time.sleep(0.5)
    return status


def privileges(docker: Docker, container: str) -> dict[str, str]:
    """Return the lines of proc(5) for the container's first process: `Uid`, `CapEff`, `NoNewPrivs`, ..."""
    text = docker.run("exec", container, "cat", "/proc/1/status")
    return {key: value.split("\t")[0] for key, value in re.findall(r"^(\w+):\t(.*)$", text, re.MULTILINE)}


def steps(log: str) -> dict[str, bool]:
    """Return the steps of a build by their text, with whether each came from the cache."""
    texts: dict[str, str] = {}
    cached: set[str] = set()
    for line in log.splitlines():
        number, _, rest = line.partition(" ")
        if number.startswith("#") and rest.startswith("["):
            texts[number] = rest.partition("] ")[2]
        elif number in texts and rest == "CACHED":
            cached.add(number)
    return {text: number in cached for number, text in texts.items()}
