"""deploy.sh, run by sh with stand-ins for terraform, aws, docker and git that write down how they were called."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from cloudgen.render.tree import render
from cloudgen.stack.aws.stack import build
from rig.parts.aws import HEAD, make_foundation
from rig.tools.toolbox import Require

BODY = """
containers:
  web: {port: 8000, build: {context: app}}
  my-worker: {dockerfile: docker/worker.Dockerfile, architecture: arm64}
"""
PREBUILT = """
state: {backend: local}
containers: {web: {port: 80, image: "nginx:1.29"}}
"""
REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
AWS = """#!/bin/sh
echo "aws $*" >>"$LOG"
case "$*" in
  *get-caller-identity*) echo "${ACCOUNT:-111122223333}" ;;
  *get-login-password*) echo secret ;;
  *describe-images*)
    for word in "$@"; do case $word in imageTag=*) tag=${word#imageTag=} ;; shop-prod/*) name=$word ;; esac; done
    grep -q "docker push .*/$name:$tag" "$LOG" || exit 254
    echo "sha256:$(printf '%064d' 7)"
    ;;
esac
"""
GIT = """#!/bin/sh
case "$*" in
  *rev-parse*) [ -n "${COMMIT-abc1234}" ] || exit 128; echo "${COMMIT-abc1234}" ;;
  *status*) printf '%s' "${CHANGES-}" ;;
esac
"""
TOOL = '#!/bin/sh\necho "$(basename "$0") $*" >>"$LOG"\n'


@dataclass
class Place:
    folder: Path
    log: Path
    environment: dict[str, str]

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the script; the log holds the calls of this run and of those before."""
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


def _place(tmp_path: Path, body: str, head: str = HEAD) -> Place:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, text in {"aws": AWS, "git": GIT, "docker": TOOL, "terraform": TOOL}.items():
        (tools / name).write_text(text, encoding="utf-8")
        (tools / name).chmod(0o755)
    folder = tmp_path / "deploy" / "aws"
    folder.mkdir(parents=True)
    (script,) = (file for file in render(build(make_foundation(body, head).deployment)) if file.path == "deploy.sh")
    (folder / "deploy.sh").write_text(script.text, encoding="utf-8")
    log = tmp_path / "log"
    return Place(folder, log, {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "LOG": str(log)})


def _words(calls: list[str], *tools: str) -> list[str]:
    return [call for call in calls if call.split(" ")[0] in tools]


def test_everything_in_order(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    done = place.run()
    assert done.returncode == 0, done.stderr
    assert _words(place.calls, "terraform", "docker") == [
        "terraform -chdir=bootstrap init -input=false",
        "terraform -chdir=bootstrap apply",
        f"docker login --username AWS --password-stdin {REGISTRY}",
        "docker build --platform linux/amd64 --file ../docker/web.Dockerfile "
        f"--tag {REGISTRY}/shop-prod/web:abc1234 ../../app",
        f"docker push {REGISTRY}/shop-prod/web:abc1234",
        "docker build --platform linux/arm64 --file ../../docker/worker.Dockerfile "
        f"--tag {REGISTRY}/shop-prod/my-worker:abc1234 ../../.",
        f"docker push {REGISTRY}/shop-prod/my-worker:abc1234",
        "terraform init -input=false",
        "terraform apply",
        "terraform output",
    ]
    digest = f"sha256:{7:064d}"
    written = json.loads((place.folder / "images.auto.tfvars.json").read_text(encoding="utf-8"))
    assert written == {
        "images": {
            "web": f"{REGISTRY}/shop-prod/web@{digest}",
            "my-worker": f"{REGISTRY}/shop-prod/my-worker@{digest}",
        }
    }


def test_second_run_builds_nothing(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    place.run()
    before = (place.folder / "images.auto.tfvars.json").read_bytes()
    builds = len([call for call in place.calls if call.startswith("docker build")])
    again = place.run()
    assert again.returncode == 0, again.stderr
    assert len([call for call in place.calls if call.startswith("docker build")]) == builds
    assert (place.folder / "images.auto.tfvars.json").read_bytes() == before


def test_changes_that_are_not_committed_get_a_tag_of_their_own(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    assert place.run(CHANGES=" M app/main.py").returncode == 0
    (push, _) = (call for call in place.calls if call.startswith("docker push"))
    assert push.startswith(f"docker push {REGISTRY}/shop-prod/web:abc1234-2")


def test_without_git_the_time_is_the_tag(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    assert place.run(COMMIT="").returncode == 0
    (push, _) = (call for call in place.calls if call.startswith("docker push"))
    assert push.rpartition(":")[2].isdigit()


def test_options(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    done = place.run("--yes", "--skip-bootstrap", "--tag", "v1", SOURCE_DIR=str(tmp_path), DOCKER_DIR="/made")
    assert done.returncode == 0, done.stderr
    calls = place.calls
    assert "terraform apply -auto-approve" in calls
    assert not [call for call in calls if "-chdir=bootstrap" in call]
    build = "docker build --platform linux/amd64 --file /made/web.Dockerfile"
    assert f"{build} --tag {REGISTRY}/shop-prod/web:v1 {tmp_path}/app" in calls


def test_other_account_is_refused_before_anything_happens(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    done = place.run(ACCOUNT="999999999999")
    assert done.returncode == 1
    assert "the spec names 111122223333" in done.stderr
    assert _words(place.calls, "terraform", "docker") == []


def test_account_that_is_not_stated_makes_the_bucket_name(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY, HEAD.replace(', account: "111122223333"', ""))
    assert place.run("--yes", ACCOUNT="999999999999").returncode == 0
    assert "terraform init -input=false -backend-config=bucket=shop-prod-state-999999999999" in place.calls


def test_prebuilt_images_need_no_docker(tmp_path: Path) -> None:
    place = _place(tmp_path, PREBUILT)
    done = place.run("--yes")
    assert done.returncode == 0, done.stderr
    assert _words(place.calls, "terraform", "docker") == [
        "terraform init -input=false",
        "terraform apply -auto-approve",
        "terraform output",
    ]
    assert not (place.folder / "images.auto.tfvars.json").exists()


AUDITED = "monitoring: {audit: true}\n"


def test_the_audit_trail_comes_after_bootstrap_and_before_everything_else(tmp_path: Path) -> None:
    place = _place(tmp_path, AUDITED + BODY)
    assert place.run("--yes").returncode == 0
    assert _words(place.calls, "terraform") == [
        "terraform -chdir=bootstrap init -input=false",
        "terraform -chdir=bootstrap apply -auto-approve",
        "terraform -chdir=account init -input=false",
        "terraform -chdir=account apply -auto-approve",
        "terraform init -input=false",
        "terraform apply -auto-approve",
        "terraform output",
    ]


def test_without_bootstrap_the_audit_trail_is_brought_up_to_date_all_the_same(tmp_path: Path) -> None:
    place = _place(tmp_path, AUDITED + BODY)
    assert "account/ is applied all the same" in place.run("--help").stdout
    assert place.run("--skip-bootstrap").returncode == 0
    assert _words(place.calls, "terraform")[:2] == [
        "terraform -chdir=account init -input=false",
        "terraform -chdir=account apply",
    ]


def test_the_audit_trail_of_an_account_that_is_not_stated(tmp_path: Path) -> None:
    place = _place(tmp_path, AUDITED + BODY, HEAD.replace(', account: "111122223333"', ""))
    assert place.run(ACCOUNT="999999999999").returncode == 0
    bucket = "-backend-config=bucket=shop-prod-state-999999999999"
    assert [call for call in _words(place.calls, "terraform") if "-backend-config" in call] == [
        f"terraform -chdir=account init -input=false {bucket}",
        f"terraform init -input=false {bucket}",
    ]


def test_a_failing_step_stops_it(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    (tmp_path / "tools" / "docker").write_text(f"{TOOL}[ $1 != build ]\n", encoding="utf-8")
    assert place.run("--yes").returncode != 0
    assert "terraform init -input=false" not in place.calls
    assert not (place.folder / "images.auto.tfvars.json").exists()


@pytest.mark.parametrize(("argument", "code"), [("-h", 0), ("--help", 0), ("--nonsense", 2)])
def test_usage(tmp_path: Path, argument: str, code: int) -> None:
    place = _place(tmp_path, BODY)
    done = place.run(argument)
    assert done.returncode == code
    assert "Usage: ./deploy.sh" in done.stdout + done.stderr
    assert place.calls == []


@pytest.mark.parametrize(
    "body", [BODY, PREBUILT, f"state: {{backend: local}}\n{BODY}", AUDITED + BODY, AUDITED + PREBUILT]
)
@pytest.mark.parametrize("head", [HEAD, HEAD.replace(', account: "111122223333"', "")])
def test_shellcheck_finds_nothing(tmp_path: Path, body: str, head: str, require: Require) -> None:
    place = _place(tmp_path, body, head)
    found = subprocess.run(
        [str(require("shellcheck")), str(place.folder / "deploy.sh")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout == ""
    assert found.returncode == 0
