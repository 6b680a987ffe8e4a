"""A machine: switched on with what it is told, looked at from outside, cut off its power, and switched off."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from rig.machines.boot.cloud import Cloud
from rig.machines.boot.network import Network, made

POWER_OFF = signal.SIGRTMIN + 4
"""What systemd takes for the button; see systemd(1)."""
PATIENCE = 180
"""Seconds for whatever is waited for, on a busy machine."""
INSTANCE = "i-0123456789abcdef0"


@dataclass
class Machine:
    """One that runs."""

    base: Path
    folder: Path
    network: Network
    cloud: Cloud
    user_data: str
    addresses: Mapping[str, str]
    process: subprocess.Popen[bytes] = field(init=False)
    commands: set[str] = field(default_factory=set)
    """Command lines of all processes that were seen, one in a text, with spaces between its words."""
    _init: int = 0

    def __post_init__(self) -> None:
        """Make its disk: a layer over that of `base`, and one for Docker, whose overlays cannot lie on another."""
        for name in ("changes", "root", "docker", "work"):
            (self.folder / name).mkdir(parents=True)

    @property
    def disk(self) -> tuple[Path, ...]:
        """The folders with everything that the machine has written to its disk."""
        return self.folder / "changes", self.folder / "docker"

    @property
    def console(self) -> Path:
        """What it said while it started."""
        return self.folder / "console.log"

    def switch_on(self) -> None:
        """Switch it on; what its system forgets is as at first."""
        changes, root = self.folder / "changes", self.folder / "root"
        for name in self.cloud.forgets:
            shutil.rmtree(changes / name, ignore_errors=True)
        _prepare(changes, self.cloud, self.user_data, self.addresses)
        if self.cloud.closed_ports:
            self.network.close_ports()
        layers = f"lowerdir={self.base / 'root'},upperdir={changes},workdir={self.folder / 'work'}"
        subprocess.run(["mount", "-t", "overlay", "-o", layers, "overlay", root], check=True)
        self._init = 0
        with self.console.open("ab") as console:
            self.process = _start(root, self.folder / "docker", self.network, console.fileno())

    def lose_power(self) -> None:
        """End all at once."""
        if first := self._first():
            with suppress(ProcessLookupError):
                os.kill(first, signal.SIGKILL)
            # It ends after all that runs in it: on a busy machine what still runs would answer for the next start.
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(PATIENCE)
        self.process.kill()
        self.process.wait()
        subprocess.run(["umount", "--lazy", self.folder / "root"], check=False)

    def processes(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the processes of the machine, numbered as it does, with their command lines."""
        with suppress(OSError):
            first = self._first()
            for folder in Path("/proc", str(first), "root", "proc").glob("[0-9]*") if first else ():
                with suppress(OSError):
                    words = (folder / "cmdline").read_bytes().split(b"\0")[:-1]
                    yield int(folder.name), [word.decode(errors="replace") for word in words]

    def find(self, *command: str) -> int | None:
        """Return the process that runs a command."""
        return next((number for number, words in self.processes() if words == list(command)), None)

    def inside(self, *command: str, given: str = "") -> str:
        """Run a command in the machine, as root would there; return what it prints."""
        enter = ("nsenter", "--target", str(self._first()), "--mount", "--pid", "--uts", "--ipc", "--net")
        done = subprocess.run(
            [*enter, *command], input=given, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
        return done.stdout

    def written(self, text: str) -> list[str]:
        """Return the files on the disk that have a text in them."""
        found = subprocess.run(
            ["grep", "-rlaF", "--devices=skip", "-e", text, *self.disk],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return sorted(found.stdout.splitlines())

    def power_off(self) -> float:
        """Press the button, and wait; return the seconds that it took."""
        start = time.monotonic()
        if first := self._first():
            os.kill(first, POWER_OFF)
        else:
            self.process.kill()
        self.process.wait(PATIENCE)
        return time.monotonic() - start

    def _first(self) -> int:
        """Return the machine's first process, as it is numbered here; 0 where it has not begun.

        systemd-nspawn has another child before it, which is not in the machine.
        """
        if not self._init:
            with suppress(OSError):
                children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
                for child in children:
                    status = Path(f"/proc/{child}/status").read_text()
                    if re.search(r"^NSpid:\t\d+\t1$", status, re.MULTILINE):
                        self._init = int(child)
        return self._init


def waited(happened: Callable[[], bool], limit: float = PATIENCE) -> float | None:
    """Wait until something has happened; return the seconds, or None where it has not."""
    start = time.monotonic()
    while not happened():
        if time.monotonic() - start > limit:
            return None
        time.sleep(0.1)
    return time.monotonic() - start


@contextmanager
def switched_on(base: Path, folder: Path, cloud: Cloud, user_data: str) -> Iterator[Machine]:
    """Switch a machine on whose disk is a layer over that of `base`; switch it off the hard way where it still runs."""
    with made() as network, cloud.around(network, base) as addresses:
        machine = Machine(base, folder, network, cloud, user_data, addresses)
        try:
            machine.switch_on()
            try:
                with _watched(machine):
                    yield machine
            finally:
                machine.lose_power()
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _prepare(changes: Path, cloud: Cloud, user_data: str, addresses: Mapping[str, str]) -> None:
    """Write what differs between machines."""
    seed = changes / "var/lib/cloud/seed/nocloud"
    seed.mkdir(parents=True, exist_ok=True)
    (seed / "user-data").write_text(user_data, encoding="utf-8")
    (seed / "meta-data").write_text(json.dumps({"instance-id": INSTANCE, "local-hostname": "machine"}))
    (changes / "etc").mkdir(exist_ok=True)
    hosts = {"localhost": "127.0.0.1", "machine": "127.0.1.1", **addresses}
    (changes / "etc/hosts").write_text("".join(f"{address} {name}\n" for name, address in hosts.items()))
    if cloud.starts_docker:
        wanted = changes / "etc/systemd/system/multi-user.target.wants"
        wanted.mkdir(parents=True, exist_ok=True)
        (wanted / "docker.service").symlink_to("/lib/systemd/system/docker.service")


def _start(root: Path, docker: Path, network: Network, console: int) -> subprocess.Popen[bytes]:
    options = (
        f"--directory={root}",
        f"--machine={network.machine}",
        f"--network-namespace-path={network.machine_path}",
        # On the layers of another overlay there can be none.
        f"--bind={docker}:/var/lib/docker",
        "--boot",
        # No systemd runs here that it could be registered with.
        "--register=no",
        "--keep-unit",
        # Docker needs what a whole machine has.
        "--capability=all",
        "--system-call-filter=add_key keyctl bpf",
        "--resolv-conf=off",
        "--console=pipe",
        "--quiet",
    )
    # As on a whole machine: cgroups of version 2, and settings of its own network.
    settings = {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1", "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "network"}
    environment = {**os.environ, **settings}
    return subprocess.Popen(
        ["systemd-nspawn", *options], env=environment, stdin=subprocess.DEVNULL, stdout=console, stderr=console
    )


@contextmanager
def _watched(machine: Machine) -> Iterator[None]:
    """Write down the command lines of the machine's processes."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.1):
            machine.commands.update(" ".join(words) for _, words in machine.processes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
