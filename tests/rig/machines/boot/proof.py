"""What one machine does from power-on to power-off, and what is wrong with it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rig.machines.boot.cloud import Cloud
from rig.machines.boot.machine import Machine, switched_on, waited

MARK = "kept-from-everybody"
SECRET = f'it\'s "{MARK}" $HOME ${{PATH}} `id` \\n\\ #\nand a second line, ü\n'
"""What shells, YAML and JSON might spoil."""


@dataclass(frozen=True)
class Wanted:
    """What a machine's container should be."""

    command: tuple[str, ...]
    secrets: tuple[str, ...]
    """Variables that have the value `SECRET`."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Some of the plain variables."""
    port: int | None = None
    writable: tuple[str, ...] = ("/tmp",)


@dataclass
class Seen:
    """What it did; seconds are None where it never happened."""

    healthy: float | None = None
    report: Mapping[str, Any] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    """Files on the disk with a secret in them."""
    read_by_others: list[str] = field(default_factory=list)
    """Files with a secret in them that not only root may read."""
    commands: list[str] = field(default_factory=list)
    """Command lines with a secret in them."""
    again: float | None = None
    """From the crash of the process until it was healthy again."""
    after_power_loss: float | None = None
    """From power-on to healthy, on the disk that was left when the power was lost."""
    pulled_again: bool = False
    """Whether it then asked for a part of the image once more."""
    in_flight: int | None = None
    """The status that a request got during which the machine was switched off."""
    off: float = 0.0
    logs: str = ""
    """What came to the cloud's logs."""
    console: str = ""
    asked: list[str] = field(default_factory=list)
    """What the cloud's servers answered."""
    refused: list[str] = field(default_factory=list)
    """What they did not, for want of a token or because it is not there."""


def play(base: Path, folder: Path, cloud: Cloud, user_data: str, wanted: Wanted, patience: float) -> Seen:
    """Start a machine, look, let the process crash, cut the power, and switch it off while a request is in flight."""
    seen = Seen()
    with switched_on(base, folder, cloud, user_data) as machine:
        works = _works(machine, wanted)
        seen.healthy = waited(works, patience)
        if seen.healthy is not None:
            waited(lambda: "report" in _logs(cloud), 30)
            seen.report = _report(machine, cloud, wanted)
            seen.written = _written(machine, folder)
            seen.read_by_others = _read_by_others(machine)
            process = machine.find(*wanted.command)
            assert process is not None
            machine.inside("kill", "-KILL", str(process))
            seen.again = waited(lambda: machine.find(*wanted.command) not in (process, None) and works(), 30)
            parts, begun = _parts(cloud), _logs(cloud).count("ready to end")
            machine.lose_power()
            machine.switch_on()
            seen.after_power_loss = waited(works, patience)
            seen.pulled_again = _parts(cloud) != parts
            seen.written += _written(machine, folder)
            # A worker hears SIGTERM by then.
            waited(lambda: wanted.port is not None or _logs(cloud).count("ready to end") > begun, 30)
        else:
            seen.console = machine.inside(
                "journalctl", "--no-pager", "--lines=60", "--unit=container", "--unit=cloud-*"
            )
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(machine.network.get, wanted.port, "/slow", 60) if wanted.port and works() else None
            # It has come by then, and takes longer than this.
            time.sleep(1)
            seen.off = machine.power_off()
            if answer and (got := answer.result()):
                seen.in_flight = got[0]
        seen.commands = [each for each in machine.commands if MARK in each]
        seen.written = sorted({*seen.written, *_written(machine, folder)})
        seen.console += machine.console.read_text(errors="replace")
    seen.logs, seen.asked, seen.refused = _logs(cloud), cloud.asked, cloud.refused
    return seen


def faults(seen: Seen, wanted: Wanted) -> list[str]:
    """Return what is wrong, in words; nothing where all is well."""
    if seen.healthy is None:
        return [f"it does not work: {seen.console[-2000:]}"]
    return [*_in_the_process(seen.report, wanted), *_seen_by_others(seen), *_over_time(seen, wanted)]


def _in_the_process(report: Mapping[str, Any], wanted: Wanted) -> Iterator[str]:
    told = {**dict.fromkeys(wanted.secrets, SECRET), **wanted.variables}
    for name, value in told.items():
        if report["environment"].get(name) != value:
            yield f"{name} is {report['environment'].get(name)!r}"
    if (report["uid"], report["gid"]) != (10001, 10001):
        yield f"user {report['uid']}:{report['gid']}"
    if report["core_file"] != 0:
        yield "its memory may be written to a core file"
    if any(int(each, 16) for each in report["capabilities"]):
        yield f"capabilities {report['capabilities']}"
    if report["no_new_privileges"] != "1":
        yield "it can get new privileges"
    if tuple(report["writable"]) != wanted.writable:
        yield f"writable {report['writable']}"


def _seen_by_others(seen: Seen) -> Iterator[str]:
    yield from (f"secret on the disk: {each}" for each in seen.written)
    yield from (f"secret read by others: {each}" for each in seen.read_by_others)
    yield from (f"secret on a command line: {each[:200]}" for each in seen.commands)


def _over_time(seen: Seen, wanted: Wanted) -> Iterator[str]:
    if "started as" not in seen.logs:
        yield "its lines do not reach the logs"
    if seen.again is None:
        yield "it does not come back after a crash"
    if seen.after_power_loss is None:
        yield "it does not start again after a loss of power"
        return
    if seen.pulled_again:
        yield "it pulls its image again after a loss of power"
    if wanted.port and seen.in_flight != 200:
        yield f"request in flight: {seen.in_flight}"
    if "ended in order" not in seen.logs:
        yield "it is not ended in order"


def _works(machine: Machine, wanted: Wanted) -> Callable[[], bool]:
    def works() -> bool:
        if wanted.port is None:
            return machine.find(*wanted.command) is not None
        answer = machine.network.get(wanted.port, "/health")
        return answer is not None and answer[0] == 200

    return works


def _report(machine: Machine, cloud: Cloud, wanted: Wanted) -> Mapping[str, Any]:
    """Return what the process says of itself: when asked, or as a worker in its log, with its environment beside it."""
    if wanted.port is not None:
        answer = machine.network.get(wanted.port, "/health", 10)
        report: Mapping[str, Any] = json.loads(answer[1]) if answer else {}
        return report
    said = re.search(r"report (\{.*?\})", _logs(cloud))
    assert said is not None, "the worker's report is not in its log"
    number = machine.find(*wanted.command)
    pairs = machine.inside("cat", f"/proc/{number}/environ").split("\0")[:-1]
    return {**json.loads(said[1]), "environment": dict(pair.split("=", 1) for pair in pairs)}


def _logs(cloud: Cloud) -> str:
    return "\n".join(f"{each.group} {each.stream} {each.text}" for each in list(cloud.logs))


def _written(machine: Machine, folder: Path) -> list[str]:
    return [str(Path(each).relative_to(folder)) for each in machine.written(MARK)]


def _parts(cloud: Cloud) -> int:
    """Return how many parts of the image were handed out."""
    return sum("GET of the registry" in each for each in cloud.asked)


def _read_by_others(machine: Machine) -> list[str]:
    """Return the files with a secret that the container's user could read on the machine's disk."""
    others = ("setpriv", "--reuid=10001", "--regid=10001", "--clear-groups")
    search = ("grep", "-rlasF", "--devices=skip", "--file=-", "/var", "/etc", "/opt")
    return machine.inside(*others, *search, given=MARK).splitlines()
