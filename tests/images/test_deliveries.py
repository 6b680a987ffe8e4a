"""A compose file that delivers events: messages and objects reach their containers, and what fails is kept in the end.

The commands are those of the rendered README. S3 and SQS are moto where their images cannot be pulled.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from images.conftest import Provide
from rig.containers.applications import write_application
from rig.containers.composed import Composed
from rig.containers.container import LIMIT, Docker
from rig.containers.locking import BASES, lock
from rig.figures import Figures
from rig.tools.toolbox import Require

pytestmark = pytest.mark.docker

SPEC = """\
version: 1
name: darkroom
containers:
  printer:
    build: {app: "darkroom.main:app"}
    trigger: {queue: prints}
  thumbs:
    build: {app: "darkroom.main:app"}
    trigger: {bucket: photos, prefix: originals/}
storage:
  buckets: {photos: {}}
  queues: {prints: {ack_deadline: 30s, max_deliveries: 5}}
"""


@pytest.fixture(scope="module")
def running(
    docker: Docker, bases: Provide, require: Require, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Composed]:
    """The application, up."""
    context = tmp_path_factory.mktemp("deliveries")
    (context / "cloudgen.yaml").write_text(SPEC, encoding="utf-8")
    composed = Composed.of(docker, require("compose"), context)
    container = composed.containers["printer"]
    write_application(container, context)
    bases([*BASES, *composed.pulled()])
    build = container.build_or_default
    assert build is not None
    lock(docker, build.package_manager, context)
    for name in composed.containers:
        composed.build(name)
    try:
        composed.up()
        yield composed
    finally:
        composed.down()
        docker.remove("rmi", *dict.fromkeys(composed.tag(name) for name in composed.containers))


def commands(composed: Composed, words: str) -> list[str]:
    """The commands of the README in which these words stand."""
    readme = (composed.context / "deploy" / "docker" / "README.md").read_text(encoding="utf-8")
    return [line for line in readme.splitlines() if line.startswith(("echo ", "docker ")) and words in line]


def run(composed: Composed, command: str, replaced: Sequence[tuple[str, str]] = ()) -> str:
    """Run a command of the README, with its example replaced by another one."""
    for old, new in replaced:
        assert old in command
        command = command.replace(old, new)
    before, _, compose = command.rpartition("docker compose ")
    given = shlex.split(before.removesuffix(" | "))[1:]
    return composed.ask(*shlex.split(compose), given="".join(f"{word}\n" for word in given))


def told(composed: Composed, service: str) -> list[dict[str, Any]]:
    """The events that the application was told, as it wrote them into its log."""
    lines = composed.docker.run("logs", composed.container(service)).splitlines()
    found = [line.partition("told ")[2].rpartition(" ")[0] for line in lines if line.startswith("told ")]
    return [json.loads(line) for line in found]


def until(composed: Composed, done: Callable[[], bool]) -> None:
    end = time.monotonic() + LIMIT
    while not done():
        assert time.monotonic() < end, composed.logs()
        time.sleep(1)


def letters(composed: Composed, queue: str) -> list[str]:
    """The bodies of the dead letters of a queue, by the command of the README."""
    (command,) = commands(composed, f"/{queue}_dead_letters ")
    return [message["Body"] for message in json.loads(run(composed, command) or "{}").get("Messages", [])]


def test_events_arrive_once_again_when_they_failed_and_end_among_dead_letters(
    running: Composed, figures: Figures
) -> None:
    (send,) = commands(running, "send-message")
    (put,) = commands(running, " s3 cp ")
    for text in ("page 1", "a hiccup", "poison"):
        run(running, send, [("the message, as it was sent", text)])
    for key in ("first photo", "a hiccup", "poison"):
        run(running, put, [("example.txt", f"'{key}.jpg'")])
    run(running, put, [("originals/example.txt", "elsewhere.jpg")])
    # The log costs less than a command in a container does.
    until(running, lambda: (len(told(running, "printer")), len(told(running, "thumbs"))) == (8, 6))
    until(running, lambda: letters(running, "prints") == ["poison"])
    until(running, lambda: len(letters(running, "thumbs_events")) == 1)
    messages, objects = told(running, "printer"), told(running, "thumbs")
    counted = [each["data"] for each in messages]
    assert {text: counted.count(text) for text in counted} == {"page 1": 1, "a hiccup": 2, "poison": 5}
    assert {(each["type"], each["source"]) for each in messages} == {("queue.message", "/queues/prints")}
    keys = [each["subject"] for each in objects]
    assert {key: keys.count(key) for key in keys} == {
        "originals/first photo.jpg": 1,
        "originals/a hiccup.jpg": 2,
        "originals/poison.jpg": 3,
    }
    assert objects[0]["type"] == "bucket.object.created"
    assert objects[0]["data"] == {"bucket": "darkroom-photos", "key": objects[0]["subject"], "size": len("example\n")}
    # An event that comes again is the same one.
    assert len({each["id"] for each in messages}) == len({each["id"] for each in objects}) == 3
    figures.count("Events delivered by compose", messages=8, objects=6, **{"dead letters": 2})


def test_an_event_is_posted_by_hand(running: Composed) -> None:
    """The `curl` of the README."""
    readme = (running.context / "deploy" / "docker" / "README.md").read_text(encoding="utf-8")
    lines = [shlex.split(line) for line in readme.splitlines() if line.startswith("curl ")]
    assert len(lines) == 2
    for words, service in zip(lines, ("printer", "thumbs"), strict=True):
        subprocess.run(words, check=True, capture_output=True, timeout=LIMIT)
        assert json.loads(words[words.index("--data") + 1]) in told(running, service)
