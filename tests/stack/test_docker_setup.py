"""The script that makes buckets and queues, run by a real shell against an `aws` that keeps account of its calls."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from rig.parts.docker import files_of
from rig.tools.toolbox import Require

STORAGE = """\
containers:
  web: {port: 8000}
storage:
  buckets: {files: {}, scratch: {versioning: false}}
  queues: {jobs: {ack_deadline: 30s, max_deliveries: 7, retention: 1d}}
"""

# Knows what was made by the files in $STATE; the first call of each kind fails, as when a server still starts.
AWS = r"""#!/bin/sh
printf '%s\n' "$*" >>"$STATE/calls"
case "$*" in
  *"s3api list-buckets"* | *"sqs list-queues"*)
    [ -e "$STATE/awake-${*##* }" ] || { : >"$STATE/awake-${*##* }"; exit 255; } ;;
  *"head-bucket --bucket "*) [ -e "$STATE/bucket-$4" ] ;;
  *"create-bucket --bucket "*) : >"$STATE/bucket-$4" ;;
  *"get-queue-url --queue-name "*) [ -e "$STATE/queue-$6" ] && echo "http://queues/$6" ;;
  *"create-queue --queue-name "*) : >"$STATE/queue-$6"; echo "http://queues/$6" ;;
  *"get-queue-attributes --queue-url "*) echo "arn:of:${6##*/}" ;;
esac
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "setup.sh"
    path.write_text(files_of(STORAGE)["setup.sh"])
    return path


def run(script: Path, folder: Path) -> list[str]:
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    for name, text in (("aws", AWS), ("sleep", "#!/bin/sh\n")):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    environment = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "STATE": str(folder),
        "AWS_ENDPOINT_URL_SQS": "http://queues:9324",
    }
    (folder / "calls").write_text("")
    subprocess.run(["sh", script], env=environment, check=True, timeout=60)
    return (folder / "calls").read_text().splitlines()


def test_it_makes_what_the_spec_asks_for(script: Path, tmp_path: Path) -> None:
    calls = run(script, tmp_path)
    assert (tmp_path / "bucket-shop-files").exists()
    assert (tmp_path / "bucket-shop-scratch").exists()
    assert (tmp_path / "queue-jobs").exists()
    versioning = [call for call in calls if "put-bucket-versioning" in call]
    assert versioning == [
        "s3api put-bucket-versioning --bucket shop-files --versioning-configuration Status=Enabled",
        "s3api put-bucket-versioning --bucket shop-scratch --versioning-configuration Status=Suspended",
    ]


def test_a_queue_gets_its_limits_and_its_dead_letters(script: Path, tmp_path: Path) -> None:
    given = next(call for call in run(script, tmp_path) if "set-queue-attributes" in call)
    start, _, attributes = given.partition(" --attributes ")
    assert start == "--endpoint-url http://queues:9324 sqs set-queue-attributes --queue-url http://queues/jobs"
    found = json.loads(attributes)
    redrive = json.loads(found.pop("RedrivePolicy"))
    assert found == {"VisibilityTimeout": "30", "MessageRetentionPeriod": "86400"}
    assert redrive == {"deadLetterTargetArn": "arn:of:jobs_dead_letters", "maxReceiveCount": "7"}


def test_the_second_run_makes_nothing(script: Path, tmp_path: Path) -> None:
    run(script, tmp_path)
    again = run(script, tmp_path)
    assert not [call for call in again if "create" in call]


def test_it_ends_with_an_error_when_no_server_comes(script: Path, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in (("aws", "#!/bin/sh\necho no server >&2\nexit 255\n"), ("sleep", "#!/bin/sh\n")):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    environment = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    ended = subprocess.run(["sh", script], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode != 0
    assert ended.stderr == "no server\n"


def test_there_is_none_without_buckets_and_queues() -> None:
    files = files_of("containers:\n  web: {port: 8000, connects_to: [data]}\nstorage: {databases: {data: {}}}\n")
    assert "setup.sh" not in files


@pytest.mark.parametrize("kept", ["buckets", "queues"])
def test_shellcheck_has_nothing_to_say(require: Require, tmp_path: Path, kept: str) -> None:
    shellcheck = require("shellcheck")
    path = tmp_path / "setup.sh"
    path.write_text(files_of(f"containers:\n  web: {{port: 8000}}\nstorage: {{{kept}: {{one: {{}}}}}}\n")["setup.sh"])
    found = subprocess.run([shellcheck, path], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, "")
