"""What deploy.sh does for machines, run by sh with a stand-in for aws that plays an Auto Scaling group."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from cloudgen.stack.aws.platforms.virtual_machines.machine import Machines
from cloudgen.stack.aws.platforms.virtual_machines.rollout import rollout
from cloudgen.stack.aws.stack import build
from rig.parts.aws import make_foundation

AWS = """#!/bin/sh
echo "aws $*" >>"$LOG"
last=
for word in "$@"; do
  [ "$last" != --query ] || query=$word
  last=$word
done
case "$*" in
  *start-instance-refresh*) touch "$LOG.started"; [ -z "${BREAKS-}" ] || touch "$LOG.broken"; echo id ;;
  *describe-instance-refreshes*StatusReason*) echo "the new ones do not answer" ;;
  *describe-instance-refreshes*)
    if [ -e "$LOG.broken" ]; then echo RollbackSuccessful
    elif [ -e "$LOG.started" ]; then echo Successful
    else echo "${BEFORE-None}"; fi ;;
  *describe-target-health*) echo "${HEALTHY-2}" ;;
  *LaunchTemplate.Version*) if [ -e "$LOG.started" ]; then echo 0; else echo "${OUTDATED-0}"; fi ;;
  *DesiredCapacity*) echo 2 ;;
  *LifecycleState*) echo "${WORKING-2}" ;;
  *TargetGroupARNs*) echo "${TARGETS-arn:targets}" ;;
esac
"""
HEAD = """#!/bin/sh
set -eu
region=eu-west-1 terraform=terraform
say() { printf '==> %s\\n' "$1"; }
die() { printf 'deploy.sh: %s\\n' "$1" >&2; exit 1; }
"""
BODY = """
compute: {platform: virtual_machines}
containers:
  web: {port: 8000}
  my-worker: {command: [run], capacity: spot, size: large}
load_balancer: {domain: shop.example.com}
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """The step as a script of its own, with aws, terraform and sleep beside it."""
    groups = [each for each in build(make_foundation(BODY).deployment).workloads if isinstance(each, Machines)]
    (step,) = rollout(groups)
    (tmp_path / "step.sh").write_text(HEAD + "\n".join(step.commands) + "\n")
    versions = json.dumps({"web": 7, "my-worker": 3}, separators=(",", ":"))
    programs = {"aws": AWS, "terraform": f"#!/bin/sh\necho '{versions}'\n", "sleep": "#!/bin/sh\n"}
    for name, text in programs.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    return tmp_path / "step.sh"


def run(script: Path, **environment: str) -> tuple[int, str, list[str]]:
    """Run it; return the exit code, what it says, and how aws was called."""
    log = script.parent / "log"
    path = f"{script.parent}:{os.environ['PATH']}"
    told = {"PATH": path, "LOG": str(log), **environment}
    done = subprocess.run(["sh", str(script)], env=told, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr, log.read_text().splitlines()


def started(calls: list[str]) -> list[str]:
    return [call for call in calls if "start-instance-refresh" in call]


def test_machines_that_have_the_version_are_left_alone(script: Path) -> None:
    code, said, calls = run(script)
    assert (code, said, started(calls)) == (0, "", [])


def test_machines_of_another_version_are_replaced_with_a_way_back(script: Path) -> None:
    code, said, calls = run(script, OUTDATED="2")
    assert code == 0, said
    (web,) = started(calls)
    assert "--auto-scaling-group-name shop-prod-web" in web
    assert '{"LaunchTemplate":{"LaunchTemplateName":"shop-prod-web","Version":"7"}}' in web
    assert '"AutoRollback":true' in web
    assert '"MinHealthyPercentage":100' in web


def test_what_aws_took_back_fails_with_its_reason(script: Path) -> None:
    code, said, _ = run(script, OUTDATED="2", BREAKS="yes")
    assert code == 1
    assert "the new machines of web do not work (RollbackSuccessful): the new ones do not answer" in said


@pytest.mark.parametrize("lacking", [{"WORKING": "1"}, {"HEALTHY": "0"}])
def test_machines_that_never_work_fail_the_run(script: Path, lacking: dict[str, str]) -> None:
    code, said, _ = run(script, **lacking)
    assert code == 1
    assert "of 2 machines of web only" in said


def test_a_worker_has_no_targets_to_ask(script: Path) -> None:
    code, _, calls = run(script, TARGETS="None", HEALTHY="0")
    assert code == 0
    assert not [call for call in calls if "describe-target-health" in call]


def test_a_group_on_spot_keeps_its_types(script: Path) -> None:
    text = script.read_text()
    line = next(line for line in text.splitlines() if line.startswith("rolled_out my-worker"))
    configuration = json.loads(line.partition("'")[2].rstrip("'"))["MixedInstancesPolicy"]
    assert configuration["LaunchTemplate"]["Overrides"][0] == {"InstanceType": "m7i.large"}
    assert configuration["InstancesDistribution"]["OnDemandPercentageAboveBaseCapacity"] == 0
