"""A container as the platforms run it: read-only, without capabilities, as nobody; stopped by SIGTERM."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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

    def build(self, dockerfile: Path, context: Path, tag: str) -> str:
        """Build an image and return BuildKit's log."""
        where = ["--file", str(dockerfile), "--tag", tag, str(context)]
        return self.run("build", "--progress", "plain", "--network", "host", *where)

    def inspect(self, container: str) -> dict[str, Any]:
        """Return what the engine knows of a container."""
        found: list[dict[str, Any]] = json.loads(self.run("inspect", "--type", "container", container))
        return found[0]

    def image(self, tag: str) -> dict[str, Any]:
        """Return what the engine knows of an image."""
        found: list[dict[str, Any]] = json.loads(self.run("image", "inspect", tag))
        return found[0]


@contextmanager
def started(docker: Docker, tag: str, name: str, environment: Mapping[str, str]) -> Iterator[str]:
    """Start a container on the network of this machine, and remove it at the end."""
    variables = [part for key, value in environment.items() for part in ("--env", f"{key}={value}")]
    docker.run("run", "--detach", "--name", name, "--network", "host", *HARDENED, *variables, tag)
    try:
        yield name
    finally:
        subprocess.run([docker.program, "rm", "--force", name], capture_output=True, timeout=60, check=False)


def wait_for_answer(docker: Docker, container: str, url: str, seconds: float = 30) -> int:
    """Return the status of the first answer. Fails with the log when the container ends, or nothing answers in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            if not docker.inspect(container)["State"]["Running"]:
                break
            time.sleep(0.1)
    raise AssertionError(f"no answer at {url}:\n{docker.run('logs', container)[-3000:]}")


def post(url: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Send a JSON body and return that of the answer."""
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def wait_for_health(docker: Docker, container: str, seconds: float = 90) -> str:
    """Return what the health check says once it has said anything."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        status: str = docker.inspect(container)["State"]["Health"]["Status"]
        if status != "starting":
            return status
        time.sleep(0.5)
    return "starting"


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
