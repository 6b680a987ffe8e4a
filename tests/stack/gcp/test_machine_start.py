"""The script that starts the container of a machine on Google, run by a real bash against stand-ins."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from rig.machines.google import TOKEN, Google, Started

SCRIPT = Path(__file__).parents[2] / "golden" / "machines" / "gcp" / "machine" / "start.sh"
VERSION = "projects/acme-press/secrets/press-stg-signing-key/versions/1"
SECRET = 'it\'s "quoted" $HOME `id` \\ ü\nsecond line\n\n'
GREETING = "Grüße ${name} 'quoted' 🎟\n"
METADATA = {
    "user-data": "#cloud-config",
    "container-name": "press-stg-web",
    "container-image": "europe-west1-docker.pkg.dev/acme-press/press-stg/web@sha256:" + "0" * 64,
    "container-user": "10001",
    "container-read-only": "true",
    "container-port": "8000",
    "container-argument-0": "python",
    "container-argument-1": "two words",
    "container-argument-2": "$(id)",
    "variable-PORT": "8000",
    "variable-PATH": "/app/bin",
    "variable-GREETING": GREETING,
    "secret-SIGNING_KEY": VERSION,
}


def start(tmp_path: Path, changes: Mapping[str, str | None] | None = None) -> Started:
    if missing := [each for each in ("bash", "curl", "openssl") if shutil.which(each) is None]:
        pytest.skip(f"{', '.join(missing)}: not installed")
    metadata = {key: value for key, value in {**METADATA, **(changes or {})}.items() if value is not None}
    secrets = {VERSION: SECRET, VERSION.replace("signing-key", "other"): "other"}
    return Google(metadata, secrets).start(SCRIPT.read_text(encoding="utf-8"), tmp_path)


def options(started: Started) -> list[str]:
    (image,) = (each for each in started.command("create")["arguments"] if "@sha256:" in each)
    words: list[str] = started.command("create")["arguments"]
    return words[: words.index(image)]


def test_the_container_gets_what_the_metadata_says(tmp_path: Path) -> None:
    started = start(tmp_path)
    assert started.code == 0, started.said
    words = options(started)
    pairs = list(pairwise(words))
    for pair in (
        ("--user", "10001:10001"),
        ("--network", "host"),
        ("--cap-drop", "ALL"),
        ("--security-opt", "no-new-privileges"),
        ("--tmpfs", "/tmp:mode=1777"),
        ("--log-driver", "gcplogs"),
        ("--log-opt", "labels=container"),
        ("--log-opt", "cache-disabled=true"),
        ("--ulimit", "core=0"),
        ("--label", "container=press-stg-web"),
        ("--env", "PORT=8000"),
        ("--env", "PATH=/app/bin"),
        ("--env", f"GREETING={GREETING}"),
        ("--env", "SIGNING_KEY"),
    ):
        assert pair in pairs
    assert "--read-only" in words
    assert started.command("create")["arguments"][len(words) :][1:] == ["python", "two words", "$(id)"]
    assert [each["arguments"][0] for each in started.docker] == [
        "image", "login", "pull", "rm", "volume", "create", "start", "wait",
    ]  # fmt: skip
    assert started.firewall == ["--wait --append INPUT --protocol tcp --dport 8000 --jump ACCEPT"]


def test_a_secret_arrives_as_it_is_and_stands_nowhere_else(tmp_path: Path) -> None:
    started = start(tmp_path)
    assert started.command("create")["environment"] == {"SIGNING_KEY": SECRET}
    line = "second line"
    assert not any(line in word for each in started.docker for word in each["arguments"])
    assert not any(line in text or TOKEN in text for text in started.files)
    assert line not in started.said


def test_the_machine_signs_in_to_the_projects_registry_only(tmp_path: Path) -> None:
    assert start(tmp_path).password.strip() == TOKEN  # type: ignore[union-attr]
    public = tmp_path / "public"
    public.mkdir()
    assert start(public, {"container-image": "nginx@sha256:" + "0" * 64}).password is None


def test_a_secret_may_have_the_name_of_a_variable_of_the_script(tmp_path: Path) -> None:
    names = ("image", "key", "secrets", "value", "keys", "IFS", "command", "number", "rule")
    started = start(tmp_path, {"secret-SIGNING_KEY": None, **{f"secret-{name}": VERSION for name in names}})
    assert started.code == 0, started.said
    assert started.command("create")["environment"] == dict.fromkeys(names, SECRET)
    assert started.command("create")["arguments"][-3:] == ["python", "two words", "$(id)"]


def test_a_worker_needs_neither_port_nor_user_nor_command(tmp_path: Path) -> None:
    absent = ("container-port", "container-user", "container-read-only", *(f"container-argument-{n}" for n in range(3)))
    started = start(tmp_path, dict.fromkeys((*absent, "secret-SIGNING_KEY")))
    assert started.code == 0, started.said
    words = options(started)
    assert not {"--user", "--read-only", "--tmpfs"} & set(words)
    assert len(started.command("create")["arguments"]) == len(words) + 1
    assert started.firewall == []


@pytest.mark.parametrize("missing", ["container-image", VERSION])
def test_what_is_missing_ends_the_start_before_the_container(missing: str, tmp_path: Path) -> None:
    changes = {"secret-SIGNING_KEY": f"{VERSION}0"} if missing == VERSION else {missing: None}
    started = start(tmp_path, changes)
    assert started.code != 0
    assert not any(each["arguments"][0] == "create" for each in started.docker)


def test_the_script_and_the_unit_are_well_formed() -> None:
    subprocess.run(["bash", "-n", str(SCRIPT)], check=True)
    unit = (SCRIPT.parent / "container.service").read_text(encoding="utf-8")
    assert "Wants=network-online.target docker.service" in unit
    assert "Requires=" not in unit
    stop = int(unit.split("--time ")[1].split()[0])
    assert stop < int(unit.split("TimeoutStopSec=")[1].split()[0]) < 90
