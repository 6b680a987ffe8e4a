"""`release` and `deploy.sh run`, by sh with stand-ins for terraform and aws that write down how they were called."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from cloudgen.render.tree import render
from cloudgen.stack.aws.stack import build
from rig.parts.aws import HEAD, make_foundation
from rig.tools.toolbox import Require

BODY = """
state: {backend: local}
containers:
  web:
    port: 80
    image: "nginx:1.29"
    release: [alembic, -x, 'it''s "quoted" $HOME', upgrade]
    connects_to: [orders-db]
  worker: {image: "nginx:1.29", command: [work]}
  nightly: {image: "nginx:1.29", schedule: {cron: "0 2 * * *"}}
storage: {databases: {orders-db: {}}}
"""
AWS = r"""#!/bin/sh
echo "aws $*" >>"$LOG"
case "$*" in
  *get-caller-identity*) echo "${ACCOUNT:-111122223333}" ;;
  *run-task*)
    for word in "$@"; do
      [ "$last" != --overrides ] || printf '%s' "$word" >"$LOG.overrides"
      last=$word
    done
    echo "${STARTS-arn:aws:ecs:eu-west-1:111122223333:task/shop-prod/abc}"
    ;;
  *describe-tasks*lastStatus*) [ -f "$LOG.looked" ] && echo STOPPED || { touch "$LOG.looked"; echo RUNNING; } ;;
  *describe-tasks*) printf '%s\t%s\n' "${CODE-0}" "Essential container in task exited" ;;
  *get-log-events*) echo "Running upgrade" ;;
  *rolloutState*) printf 'arn:%s:7\tCOMPLETED\n' "$(echo "$*" | sed 's/.*--services \([a-z]*\).*/\1/')" ;;
  *describe-services*taskDefinition*) echo arn:now:6 ;;
  *describe-services*networkConfiguration*) echo '{"awsvpcConfiguration": {}}' ;;
esac
"""
TERRAFORM = r"""#!/bin/sh
echo "terraform $*" >>"$LOG"
case "$*" in
  *"output -json task_definitions"*) echo '{"web":"arn:web:7","worker":"arn:worker:7"}' ;;
  *"output -json releases"*) echo '{"web":"arn:web:7 awsvpcConfiguration={subnets=[s-1,s-2],securityGroups=[sg-1]}"}' ;;
esac
"""


@dataclass
class Place:
    folder: Path
    log: Path
    environment: dict[str, str]

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the script, which waits for nothing here."""
        return subprocess.run(
            ["sh", str(self.folder / "deploy.sh"), *arguments],
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def calls(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []

    @property
    def overrides(self) -> object:
        return json.loads(Path(f"{self.log}.overrides").read_text(encoding="utf-8"))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, text in {"aws": AWS, "terraform": TERRAFORM, "sleep": "#!/bin/sh\n"}.items():
        (tools / name).write_text(text, encoding="utf-8")
        (tools / name).chmod(0o755)
    (script,) = (file for file in render(build(make_foundation(BODY, HEAD).deployment)) if file.path == "deploy.sh")
    (tmp_path / "deploy.sh").write_text(script.text, encoding="utf-8")
    log = tmp_path / "log"
    return Place(tmp_path, log, {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "LOG": str(log)})


def test_a_release_runs_with_the_new_version_before_the_service_gets_it(place: Place) -> None:
    done = place.run("--yes")
    assert done.returncode == 0, done.stderr
    calls = [call for call in place.calls if re.match(r"terraform .*apply|aws ecs run-task", call)]
    first, task, second = calls
    assert "-target=aws_ecs_task_definition.web" in first
    assert "-target=aws_db_instance.orders_db" in first
    assert "-target=aws_route.public_internet" in first
    assert "aws_ecs_service" not in first
    assert second == "terraform apply -input=false -auto-approve"
    assert "--task-definition arn:web:7 " in task
    assert "--network-configuration awsvpcConfiguration={subnets=[s-1,s-2],securityGroups=[sg-1]} " in task
    assert place.overrides == {
        "containerOverrides": [{"name": "web", "command": ["alembic", "-x", 'it\'s "quoted" $HOME', "upgrade"]}]
    }
    assert "Running upgrade" in done.stdout


@pytest.mark.parametrize("trouble", [{"CODE": "1"}, {"CODE": "None"}, {"STARTS": "RESOURCE:MEMORY"}])
def test_a_release_that_fails_stops_the_deployment(place: Place, trouble: dict[str, str]) -> None:
    done = place.run("--yes", **trouble)
    assert done.returncode == 1
    assert "web" in done.stderr
    assert [call for call in place.calls if " apply " in call] == [
        call for call in place.calls if "-target=aws_ecs_task_definition.web" in call
    ]
    assert ("Running upgrade" in done.stdout) == ("CODE" in trouble)


@pytest.mark.parametrize(
    "words",
    [
        ["python", "-m", "shop.admin"],
        ["say", 'a "b" \\ c', "tab\there", "two\nlines", "", "$HOME `x` 'y'", "--", "ü ✓"],
    ],
)
def test_a_command_that_is_asked_for(place: Place, words: list[str]) -> None:
    done = place.run("run", "worker", "--", *words)
    assert done.returncode == 0, done.stderr
    assert place.overrides == {"containerOverrides": [{"name": "worker", "command": words}]}
    (task,) = (call for call in place.calls if "run-task" in call)
    assert "--task-definition arn:now:6 " in task
    assert [call for call in place.calls if call.startswith("terraform")] == []
    assert "Running upgrade" in done.stdout
    assert place.run("run", "worker", *words, CODE="3").returncode == 1


def test_what_cannot_be_run_is_said(place: Place) -> None:
    assert "these do: web, worker" in place.run("run", "nightly", "ls").stderr
    assert place.run("run", "worker").returncode == 2
    assert "run needs a command" in place.run("run", "worker", "--").stderr
    assert "the spec names 111122223333" in place.run("run", "worker", "ls", ACCOUNT="999999999999").stderr
    assert not [call for call in place.calls if "run-task" in call]


def test_shellcheck(place: Place, require: Require) -> None:
    subprocess.run([require("shellcheck"), str(place.folder / "deploy.sh")], check=True)
