"""What a new instance of a function costs: how long the first event waits, and what the part that takes events holds.

The figures are printed; docs/functions.md has those of a quiet machine. How long the network takes to Secrets Manager,
and Lambda itself to fetch the image, is in none of them.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from cloudgen.stack.functions import HAND_OVER, PORT, SERVER_PORT
from images.conftest import CASES, Provide
from rig.containers.container import Docker
from rig.containers.lambda_function import EVENTS, Lambda, under_emulator
from rig.containers.locking import BASES
from rig.containers.secrets_manager import secrets_from_it, secrets_manager, told_by_it
from rig.figures import Figures
from rig.images.bases import images_of

pytestmark = pytest.mark.docker

SECTION = "A new instance of a function, under the Runtime Interface Emulator"
NAME = "cloudgen-test-lambda-start"
RUNS = 5
"""Instances of each kind; the middle one of them counts."""
WITHOUT = "without the part that takes events"
SECRETS = ("FIRST_TOKEN", "SECOND_TOKEN", "THIRD_TOKEN", "FOURTH_TOKEN", "FIFTH_TOKEN")
MOST_MEMORY = 40
"""MiB that the part which takes events may hold."""
EVENT = {"specversion": "1.0", "id": "1", "type": "schedule", "source": "/schedules/printer", "time": "1"}
"""Reaches the server as it is, so that it can be sent without the part that takes events, too."""
HOLDS = """
import os
for pid in filter(str.isdigit, os.listdir("/proc")):
    with open(f"/proc/{pid}/cmdline") as file:
        words = file.read().split(chr(0))
    if words[2:3] == ["/usr/local/bin/events.py"]:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            print(next(line.split()[1] for line in file if line.startswith("Pss:")))
"""


@dataclass(frozen=True)
class Image:
    """The image of a function that a queue starts."""

    docker: Docker
    emulator: Path
    tag: str

    def instance(self, variables: Mapping[str, str], command: Sequence[str] | None) -> tuple[float, float, int]:
        """Start one; return the seconds of the first answer and the next, and the KiB that the part held then."""
        with under_emulator(self.docker, self.emulator, self.tag, NAME, variables, command=command) as made:
            first, later = _seconds(made), _seconds(made)
            log = self.docker.run("logs", NAME).splitlines()
            assert sum(line.startswith("told ") for line in log) == 2
            held = self.docker.run("exec", NAME, "python", "-c", HOLDS)
            return first, later, int(held or 0)

    @property
    def bare(self) -> list[str]:
        """Its command without the part that takes events: the server listens where that would."""
        words = self.docker.image(self.tag)["Config"]["Cmd"]
        assert tuple(words[: len(HAND_OVER)]) == HAND_OVER
        return [str(PORT) if word == str(SERVER_PORT) else word for word in words[len(HAND_OVER) :]]


def _seconds(made: Lambda) -> float:
    start = time.monotonic()
    made.invoke(EVENT)
    return time.monotonic() - start


@pytest.fixture(scope="module")
def image(docker: Docker, bases: Provide, emulator: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    """The image, beside a stand-in of Secrets Manager."""
    case, folder = CASES["functions-printer"], tmp_path_factory.mktemp("start")
    bases([*BASES, *images_of(case.dockerfile.read_text(encoding="utf-8"))])
    tag = f"{case.tag}-start"
    docker.build(case.write(folder, docker), folder, tag)
    try:
        with secrets_manager(docker, tag, "correct horse battery staple"):
            yield Image(docker, emulator, tag)
    finally:
        docker.remove("rmi", tag)


def test_the_first_event_waits_for_the_start_and_for_secrets(image: Image, figures: Figures) -> None:
    kinds: dict[str, tuple[Mapping[str, str], Sequence[str] | None, int]] = {
        WITHOUT: ({}, image.bare, 0),
        "without secrets": ({}, None, 0),
        "with 1 secret": (secrets_from_it(SECRETS[:1]), None, 1),
        "with 5 secrets": (secrets_from_it(SECRETS), None, 5),
    }
    seen: dict[str, list[tuple[float, float, int]]] = {kind: [] for kind in kinds}
    # One of each kind after the other: whatever else the machine does slows all of them alike.
    for _ in range(RUNS):
        for kind, (variables, command, secrets) in kinds.items():
            before = told_by_it(image.docker)
            seen[kind].append(image.instance({**EVENTS, "EVENT_SOURCE": "/queues/prints", **variables}, command))
            assert told_by_it(image.docker) - before == secrets
    for kind, found in seen.items():
        first, later = (statistics.median(each[at] for each in found) for at in (0, 1))
        assert later < first, kind
        figures.tell(
            SECTION, f"{kind}: the first answer after {first * 1000:.0f} ms, the next after {later * 1000:.0f}"
        )
    assert not any(held for *_, held in seen.pop(WITHOUT))
    holding = [held / 1024 for found in seen.values() for *_, held in found]
    assert all(0 < each < MOST_MEMORY for each in holding), holding
    figures.tell(SECTION, f"the part that takes events holds {statistics.median(holding):.0f} MiB beside the server")
    figures.count(SECTION, instances=RUNS * len(kinds))


def test_what_is_measured_is_what_is_deployed(image: Image) -> None:
    config = image.docker.image(image.tag)["Config"]
    assert json.dumps(config["Entrypoint"]) == '["/usr/local/bin/python3", "-I", "/usr/local/bin/start.py"]'
    assert tuple(config["Cmd"][: len(HAND_OVER)]) == HAND_OVER
