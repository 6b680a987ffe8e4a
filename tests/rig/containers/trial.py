"""One container from start to stop, run as a platform runs it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cloudgen.spec.containers import Container
from rig.containers.container import (
    HARDENED,
    LIMIT,
    NETWORK,
    Docker,
    privileges,
    started,
    wait_for_answer,
    wait_for_health,
)

PATIENCE = 10
"""Seconds from SIGTERM to SIGKILL: what Cloud Run gives."""

SAMPLE = 0.1
"""Seconds of computing by which `slowness` measures."""

NANO = 1_000_000_000


@dataclass(frozen=True)
class Stop:
    """How a container ended when it was told to: the exit code, and the seconds that it took."""

    exit_code: int
    seconds: float
    """As long as it would have been on a machine that does nothing else."""

    @property
    def heeded(self) -> bool:
        """Whether the process ended by itself before the platform's patience did; killed, its exit code is 137."""
        return self.exit_code in {0, 143} and self.seconds < PATIENCE


@dataclass(frozen=True)
class Trial:
    """What a service or a worker did."""

    answer: tuple[int, str] | None
    """Status and text at the path of the health check; None without a port."""
    health: str
    uid: str
    capabilities: str
    """The effective ones, as hexadecimal digits."""
    stop: Stop


def slowness() -> float:
    """Return how many seconds a second of computing takes here now: 1 on a machine that does nothing else."""
    wall, computed = time.monotonic(), time.thread_time()
    while time.thread_time() < computed + SAMPLE:
        pass
    return max(1.0, (time.monotonic() - wall) / (time.thread_time() - computed))


def stopped(docker: Docker, container: str) -> Stop:
    """Stop a container, and tell how it went, by the engine's clock: from the first signal to the process's end.

    On a busy machine the platform's patience lasts as much longer as everything does.
    """
    slow = slowness()
    docker.run("stop", "--time", str(round(PATIENCE * slow)), container)
    found = docker.inspect(container)
    ended = datetime.fromisoformat(found["State"]["FinishedAt"]).timestamp()
    return Stop(found["State"]["ExitCode"], (ended - _signalled(docker, found["Id"])) / slow)


def _signalled(docker: Docker, container: str) -> float:
    """Return when a container got its first signal; the commands around it may take long on a busy machine."""
    which = ("--filter", f"container={container}", "--filter", "event=kill", "--format", "{{.TimeNano}}")
    until = time.monotonic() + LIMIT
    while time.monotonic() < until:
        # An event may be listed a moment later than it is made.
        if times := docker.run("events", "--since", "30m", "--until", "0s", *which).split():
            return min(int(nano) for nano in times) / NANO
        time.sleep(0.5)
    raise AssertionError("the engine tells of no signal to the container")


def try_out(
    docker: Docker,
    tag: str,
    name: str,
    container: Container,
    environment: Mapping[str, str] | None = None,
    *,
    network: str = NETWORK,
    visit: Callable[[str], None] | None = None,
) -> Trial:
    """Run a service or a worker until its health check has spoken, then stop it.

    `visit` is called before that, with the address of a service that answers.
    """
    # A worker is run by every platform with an init, as its compose file says why; a server is its own.
    options = HARDENED if container.port else (*HARDENED, "--init")
    with started(docker, tag, name, environment, port=container.port, options=options, network=network):
        answer = None
        if container.port:
            url = docker.address(name, container.port) + container.health_check.path
            answer = wait_for_answer(docker, name, url)
            if visit:
                visit(docker.address(name, container.port))
        health = wait_for_health(docker, name)
        found = privileges(docker, name)
        return Trial(answer, health, found["Uid"], found["CapEff"], stopped(docker, name))


def run_to_its_end(
    docker: Docker, tag: str, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Run a job; return its exit code and its log."""
    with started(docker, tag, name, environment, command=command):
        code = int(docker.run("wait", name, timeout=LIMIT))
        return code, docker.run("logs", name)
