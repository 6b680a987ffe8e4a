"""The program that starts a machine's container, run by a real Python with stand-ins for what a machine has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cloudgen.render.tree import render
from cloudgen.stack.aws.stack import build
from rig.parts.aws import make_foundation

SPEC = "compute: {platform: virtual_machines}\ncontainers: {web: {port: 8000}}"
SECRET = 'it\'s "quoted", $HOME `id` %s\nand has two lines\n'
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop-prod@sha256:" + "7" * 64
SETTINGS = {
    "name": "web",
    "image": IMAGE,
    "command": ["serve", "--greeting", "two words"],
    "options": ["--network=host", "--cap-drop=ALL"],
    "environment": {"PORT": "8000", "GREETING": 'say "hi" $USER\nbye', "PATH": "/nowhere"},
    "secrets": {
        "KEY": {"secret": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:key", "version": "v2"},
        "DB_PASSWORD": {"secret": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db", "key": "password"},
    },
}
TOOL = f"""#!{sys.executable}
import json, os, pathlib, sys
name, arguments = pathlib.Path(sys.argv[0]).name, sys.argv[1:]
said = sys.stdin.read() if "--password-stdin" in arguments else ""
environment = {{key: os.environ.get(key) for key in ("KEY", "DB_PASSWORD", "DOCKER_CONFIG")}}
with open(os.environ["LOG"], "a") as log:
    log.write(json.dumps([name, arguments, environment, said]) + "\\n")
if arguments[:2] == ["image", "inspect"]:
    sys.exit(0 if os.environ.get("HAS_IMAGE") else 1)
if arguments[:1] == ["pull"] and os.environ.get("NO_REGISTRY"):
    sys.exit(1)
if "get-login-password" in arguments:
    print("token")
if "get-secret-value" in arguments:
    whole = arguments[arguments.index("--secret-id") + 1].endswith(":key")
    value = {SECRET!r} if whole else json.dumps({{"password": 'p"w'}})
    print(json.dumps({{"SecretString": value}}))
"""


@dataclass(frozen=True)
class Call:
    """A program that was called."""

    name: str
    arguments: list[str]
    environment: dict[str, str | None]
    said: str


@dataclass(frozen=True)
class Machine:
    """A folder that has what the program needs of a machine."""

    folder: Path

    def start(self, settings: dict[str, Any], **environment: str) -> tuple[int, list[Call]]:
        """Start the container; return the exit code and what was called."""
        (self.folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
        log = self.folder / "log"
        told = {"PATH": str(self.folder / "bin"), "LOG": str(log), "TMPDIR": str(self.folder / "tmp"), **environment}
        command = [sys.executable, str(self.folder / "start.py")]
        done = subprocess.run(command, env=told, capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, [Call(*json.loads(line)) for line in log.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """The rendered program, with the paths of a machine led into a folder, and stand-ins for its tools."""
    files = {file.path: file.text for file in render(build(make_foundation(SPEC).deployment))}
    text = files["machine/start.py"]
    for path, here in (
        ("/opt/container/settings.json", "settings.json"),
        ("/var/lib/cloud/data/instance-id", "instance-id"),
        ("/proc/sys/net/ipv4/ip_unprivileged_port_start", "first-port"),
    ):
        assert text.count(path) == 1, path
        text = text.replace(path, str(tmp_path / here))
    (tmp_path / "start.py").write_text(text, encoding="utf-8")
    (tmp_path / "instance-id").write_text("i-0abc\n", encoding="ascii")
    for folder in ("bin", "tmp"):
        (tmp_path / folder).mkdir()
    for name in ("docker", "aws", "systemctl", "dnf"):
        (tmp_path / "bin" / name).write_text(TOOL, encoding="utf-8")
        (tmp_path / "bin" / name).chmod(0o755)
    return Machine(tmp_path)


def run_of(calls: list[Call]) -> Call:
    (found,) = [call for call in calls if call.arguments[:1] == ["run"]]
    return found


def test_secrets_arrive_whole_and_stand_on_no_command_line(machine: Machine) -> None:
    code, calls = machine.start(SETTINGS)
    assert code == 0
    run = run_of(calls)
    assert run.environment["KEY"] == SECRET
    assert run.environment["DB_PASSWORD"] == 'p"w'
    assert run.arguments.count("KEY") == run.arguments.count("DB_PASSWORD") == 1
    lines = [word for call in calls for word in call.arguments]
    assert not [word for word in lines if SECRET in word or 'p"w' in word]
    written = [path for path in machine.folder.rglob("*") if path.is_file() and path.name not in ("log", "aws")]
    assert not [path for path in written if b"two lines" in path.read_bytes() and path.parent.name != "bin"]


def test_the_version_that_was_deployed_is_read(machine: Machine) -> None:
    _, calls = machine.start(SETTINGS)
    asked = [call.arguments for call in calls if "get-secret-value" in call.arguments]
    assert [words[words.index("--version-id") + 1] for words in asked if "--version-id" in words] == ["v2"]
    assert all(words[words.index("--region") + 1] == "eu-west-1" for words in asked)


def test_variables_reach_the_container_and_not_what_starts_it(machine: Machine) -> None:
    """Else a PATH of the container's would be that of the program that looks for docker."""
    _, calls = machine.start(SETTINGS)
    words = run_of(calls).arguments
    told = [words[at + 1] for at, word in enumerate(words) if word == "--env" and "=" in words[at + 1]]
    assert told == ["PORT=8000", 'GREETING=say "hi" $USER\nbye', "PATH=/nowhere"]
    assert words[-4:] == [IMAGE, "serve", "--greeting", "two words"]
    assert "awslogs-stream=web/i-0abc" in words
    assert {"--network=host", "--cap-drop=ALL"} <= set(words)


def test_what_signs_in_at_the_registry_is_thrown_away(machine: Machine) -> None:
    _, calls = machine.start(SETTINGS)
    login = next(call for call in calls if call.arguments[:1] == ["login"])
    pull = next(call for call in calls if call.arguments[:1] == ["pull"])
    assert (login.said.strip(), login.arguments[-1]) == ("token", "111122223333.dkr.ecr.eu-west-1.amazonaws.com")
    assert login.environment["DOCKER_CONFIG"] == pull.environment["DOCKER_CONFIG"]
    assert not Path(str(login.environment["DOCKER_CONFIG"])).exists()
    assert run_of(calls).environment["DOCKER_CONFIG"] is None


@pytest.mark.parametrize("image", ["nginx:1.29", "ghcr.io/acme/shop:1"])
def test_a_public_image_needs_nobody_signed_in(machine: Machine, image: str) -> None:
    code, calls = machine.start({**SETTINGS, "image": image})
    assert code == 0
    assert not [call for call in calls if call.arguments[:1] == ["login"]]


def test_an_image_that_is_there_is_not_pulled_again(machine: Machine) -> None:
    _, calls = machine.start(SETTINGS, HAS_IMAGE="yes")
    assert not [call for call in calls if call.arguments[:1] in (["pull"], ["login"])]
    assert run_of(calls)


def test_a_registry_that_does_not_answer_fails_the_start_and_nothing_runs(machine: Machine) -> None:
    code, calls = machine.start(SETTINGS, NO_REGISTRY="yes")
    assert code != 0
    assert not [call for call in calls if call.arguments[:1] == ["run"]]


def test_docker_is_installed_where_it_is_missing(machine: Machine) -> None:
    (machine.folder / "bin" / "docker").unlink()
    _, calls = machine.start(SETTINGS)
    assert ("dnf", ["--quiet", "--assumeyes", "install", "docker"]) in [(call.name, call.arguments) for call in calls]


def test_what_is_left_of_another_container_goes_before(machine: Machine) -> None:
    """Its volumes too; after a loss of power Docker knows of nothing else."""
    _, calls = machine.start(SETTINGS)
    docker = [call.arguments for call in calls if call.name == "docker"]
    before = docker[: docker.index(run_of(calls).arguments)]
    assert before[-2:] == [["rm", "--force", "--volumes", "container"], ["volume", "prune", "--force"]]


def test_a_user_without_rights_may_listen_on_any_port(machine: Machine) -> None:
    machine.start(SETTINGS)
    assert (machine.folder / "first-port").read_text(encoding="ascii") == "0"


def test_it_needs_nothing_but_what_amazon_linux_has(machine: Machine) -> None:
    """Python 3.9 and its own library: no match, no `X | Y` of types, no package."""
    text = (machine.folder / "start.py").read_text(encoding="utf-8")
    compile(text, "start.py", "exec", flags=0, dont_inherit=True)
    imported = {line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert imported <= set(sys.stdlib_module_names)
    assert os.linesep == "\n"
