"""deploy.sh, run by sh with stand-ins for terraform, aws, docker and git that write down how they were called."""

from __future__ import annotations

import json
import os
import shutil
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
    for word in "$@"; do case $word in imageTag=*) tag=${word#imageTag=} ;; esac; done
    [ -z "${DENIED-}" ] || { echo "AccessDeniedException" >&2; exit 254; }
    grep -q "docker push .*/shop-prod:$tag" "$LOG" || { echo "ImageNotFoundException" >&2; exit 254; }
    echo "sha256:$(printf '%064d' 7)"
    ;;
  *head-object*)
    [ -n "${HEAD_SAYS-}" ] || ! grep -q -e -migrate-state "$LOG" || exit 0
    echo "${HEAD_SAYS-An error occurred (404) when calling the HeadObject operation: Not Found}" >&2
    exit 254
    ;;
  *list-objects-v2*) echo "${LOCKS-None}" ;;
  *describe-secret*) [ -n "${SECRET-}" ] || exit 254; echo "$SECRET" ;;
  *describe-services*rolloutState*)
    for word in "$@"; do
      [ "$last" != --services ] || printf '%s\t%s\n' "arn:$word:${RUNS-7}" "${ROLLOUT-COMPLETED}"
      last=$word
    done
    ;;
  *describe-services*) echo "(service web) is unable to consistently start tasks successfully" ;;
esac
"""
GIT = """#!/bin/sh
case "$*" in
  *rev-parse*) [ -n "${COMMIT-abc1234}" ] || exit 128; echo "${COMMIT-abc1234}" ;;
  *status*) printf '%s' "${CHANGES-}" ;;
esac
"""
TOOL = '#!/bin/sh\necho "$(basename "$0") $*" >>"$LOG"\n'
TERRAFORM = f"""{TOOL}
case "$*" in *"output -json task_definitions"*) echo '{{"web":"arn:web:7","my-worker":"arn:my-worker:7"}}' ;; esac
case "$*" in *"${{FAILS_AT-nothing}}"*) exit 1 ;; esac
"""
FIRST = [
    "terraform -chdir=bootstrap init -input=false -reconfigure",
    "terraform -chdir=bootstrap apply -input=false",
    "terraform -chdir=bootstrap init -input=false -migrate-state -force-copy",
]
"""The first run, whose state of bootstrap/ has no bucket yet."""
LAST = ["terraform output -json task_definitions", "terraform output"]


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
    for name, text in {"aws": AWS, "git": GIT, "docker": TOOL, "terraform": TERRAFORM}.items():
        (tools / name).write_text(text, encoding="utf-8")
        (tools / name).chmod(0o755)
    folder = tmp_path / "deploy" / "aws"
    folder.mkdir(parents=True)
    (folder / "bootstrap").mkdir()
    for dockerfile in ("deploy/docker/web.Dockerfile", "docker/worker.Dockerfile", "app/main.py"):
        (tmp_path / dockerfile).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / dockerfile).touch()
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
        *FIRST,
        "docker build --platform linux/amd64 --file ../docker/web.Dockerfile "
        f"--tag {REGISTRY}/shop-prod:web.abc1234 ../../app",
        f"docker login --username AWS --password-stdin {REGISTRY}",
        f"docker push {REGISTRY}/shop-prod:web.abc1234",
        "docker build --platform linux/arm64 --file ../../docker/worker.Dockerfile "
        f"--tag {REGISTRY}/shop-prod:my-worker.abc1234 ../../.",
        f"docker login --username AWS --password-stdin {REGISTRY}",
        f"docker push {REGISTRY}/shop-prod:my-worker.abc1234",
        "terraform init -input=false",
        "terraform apply -input=false",
        *LAST,
    ]
    digest = f"sha256:{7:064d}"
    written = json.loads((place.folder / "images.auto.tfvars.json").read_text(encoding="utf-8"))
    assert written == {
        "images": {
            "web": f"{REGISTRY}/shop-prod@{digest}",
            "my-worker": f"{REGISTRY}/shop-prod@{digest}",
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
    assert push.startswith(f"docker push {REGISTRY}/shop-prod:web.abc1234-2")


def test_without_git_the_time_is_the_tag(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    assert place.run(COMMIT="").returncode == 0
    (push, _) = (call for call in place.calls if call.startswith("docker push"))
    assert push.rpartition(":web.")[2].isdigit()


def test_options(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    made = tmp_path / "deploy" / "docker"
    done = place.run("--yes", "--skip-bootstrap", "--tag", "v1", SOURCE_DIR=str(tmp_path), DOCKER_DIR=str(made))
    assert done.returncode == 0, done.stderr
    calls = place.calls
    assert "terraform apply -input=false -auto-approve" in calls
    assert not [call for call in calls if "-chdir=bootstrap" in call]
    build = f"docker build --platform linux/amd64 --file {made}/web.Dockerfile"
    assert f"{build} --tag {REGISTRY}/shop-prod:web.v1 {tmp_path}/app" in calls


def test_other_account_is_refused_before_anything_happens(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    done = place.run(ACCOUNT="999999999999")
    assert done.returncode == 1
    assert "the spec names 111122223333" in done.stderr
    assert _words(place.calls, "terraform", "docker") == []


def test_account_that_is_not_stated_makes_the_bucket_name(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY, HEAD.replace(', account: "111122223333"', ""))
    assert place.run("--yes", ACCOUNT="999999999999").returncode == 0
    assert "terraform init -input=false -backend-config=bucket=shop-prod-state-999999999999-eu-west-1" in place.calls


def test_prebuilt_images_need_no_docker(tmp_path: Path) -> None:
    place = _place(tmp_path, PREBUILT)
    done = place.run("--yes")
    assert done.returncode == 0, done.stderr
    assert _words(place.calls, "terraform", "docker") == [
        "terraform init -input=false",
        "terraform apply -input=false -auto-approve",
        *LAST,
    ]
    assert not (place.folder / "images.auto.tfvars.json").exists()


AUDITED = "monitoring: {audit: true}\n"


def test_the_audit_trail_comes_after_bootstrap_and_before_everything_else(tmp_path: Path) -> None:
    place = _place(tmp_path, AUDITED + BODY)
    assert place.run("--yes").returncode == 0
    assert _words(place.calls, "terraform") == [
        FIRST[0],
        f"{FIRST[1]} -auto-approve",
        FIRST[2],
        "terraform -chdir=account init -input=false",
        "terraform -chdir=account apply -input=false -auto-approve",
        "terraform init -input=false",
        "terraform apply -input=false -auto-approve",
        *LAST,
    ]


def test_without_bootstrap_the_audit_trail_is_brought_up_to_date_all_the_same(tmp_path: Path) -> None:
    place = _place(tmp_path, AUDITED + BODY)
    assert "account/ is applied all the same" in place.run("--help").stdout
    assert place.run("--skip-bootstrap").returncode == 0
    assert _words(place.calls, "terraform")[:2] == [
        "terraform -chdir=account init -input=false",
        "terraform -chdir=account apply -input=false",
    ]


def test_the_audit_trail_of_an_account_that_is_not_stated(tmp_path: Path) -> None:
    place = _place(tmp_path, AUDITED + BODY, HEAD.replace(', account: "111122223333"', ""))
    assert place.run(ACCOUNT="999999999999").returncode == 0
    bucket = "-backend-config=bucket=shop-prod-state-999999999999-eu-west-1"
    assert [call for call in _words(place.calls, "terraform") if "-backend-config" in call] == [
        f"{FIRST[2]} {bucket}",
        f"terraform -chdir=account init -input=false {bucket}",
        f"terraform init -input=false {bucket}",
    ]


def test_a_failing_step_stops_it(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    (tmp_path / "tools" / "docker").write_text(f"{TOOL}[ $1 != build ]\n", encoding="utf-8")
    assert place.run("--yes").returncode != 0
    assert "terraform init -input=false" not in place.calls
    assert not (place.folder / "images.auto.tfvars.json").exists()


def test_the_state_of_bootstrap_moves_into_its_bucket_once(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    assert place.run("--yes").returncode == 0
    assert not (place.folder / "bootstrap" / "first_run_override.tf").exists()
    first = len(place.calls)
    assert place.run("--yes").returncode == 0
    assert _words(place.calls[first:], "terraform")[:2] == [
        "terraform -chdir=bootstrap init -input=false -reconfigure",
        "terraform -chdir=bootstrap apply -input=false -auto-approve",
    ]


def test_a_first_run_that_is_interrupted_keeps_its_state_in_a_file(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    assert place.run("--yes", FAILS_AT="bootstrap apply").returncode == 1
    assert "local" in (place.folder / "bootstrap" / "first_run_override.tf").read_text(encoding="utf-8")
    assert place.run("--yes").returncode == 0
    assert not (place.folder / "bootstrap" / "first_run_override.tf").exists()


def test_a_state_that_cannot_be_read_is_not_taken_for_a_missing_one(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    done = place.run("--yes", HEAD_SAYS="An error occurred (403): Forbidden")
    assert done.returncode == 1
    assert "Forbidden" in done.stderr
    assert _words(place.calls, "terraform") == []


def test_what_is_missing_is_said_before_anything_is_applied(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    for missing in ("deploy/docker/web.Dockerfile", "docker/worker.Dockerfile", "app"):
        (tmp_path / missing).rename(tmp_path / "away")
        done = place.run("--yes")
        assert done.returncode == 1
        assert missing.removeprefix("deploy/") in done.stderr
        assert _words(place.calls, "terraform", "docker") == []
        (tmp_path / "away").rename(tmp_path / missing)


SECRETS = "security: {secrets: {stripe-key: {}}}\n"


def test_a_secret_without_a_value_is_said_before_anything_is_applied(tmp_path: Path) -> None:
    place = _place(tmp_path, SECRETS + BODY)
    for known in ("", "None"):
        done = place.run("--yes", SECRET=known)
        assert done.returncode == 1
        assert "the secret stripe-key has no value yet: export TF_VAR_secret_values" in done.stderr
        assert _words(place.calls, "terraform", "docker") == []
    assert place.run("--yes", SECRET="AWSCURRENT").returncode == 0
    assert place.run("--yes", TF_VAR_secret_values='{"stripe-key": "x"}').returncode == 0
    (place.folder / "own.auto.tfvars").write_text('secret_values = {stripe-key = "x"}', encoding="utf-8")
    assert place.run("--yes").returncode == 0


def test_infrastructure_alone(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    early = place.run("--yes", "--skip-images")
    assert early.returncode == 1
    assert "no run has built images yet" in early.stderr
    assert place.run("--yes").returncode == 0
    before = len(place.calls)
    assert place.run("--yes", "--skip-images", SOURCE_DIR="/nowhere").returncode == 0
    assert _words(place.calls[before:], "docker") == []


def test_a_registry_that_cannot_be_read_starts_no_build(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    done = place.run("--yes", DENIED="yes")
    assert done.returncode == 1
    assert "AccessDeniedException" in done.stderr
    assert _words(place.calls, "docker") == []


@pytest.mark.parametrize(("runs", "rollout"), [("6", "COMPLETED"), ("7", "FAILED"), ("71", "COMPLETED")])
def test_it_fails_where_ecs_goes_back(tmp_path: Path, runs: str, rollout: str) -> None:
    place = _place(tmp_path, BODY)
    done = place.run("--yes", RUNS=runs, ROLLOUT=rollout)
    assert done.returncode == 1
    assert "web does not run what was deployed" in done.stderr
    assert "unable to consistently start tasks" in done.stderr
    assert "Done" not in done.stdout


def test_it_waits_while_a_deployment_is_on_its_way(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    (tmp_path / "tools" / "sleep").write_text('#!/bin/sh\necho "sleep $*" >>"$LOG"\n', encoding="utf-8")
    (tmp_path / "tools" / "sleep").chmod(0o755)
    done = place.run("--yes", ROLLOUT="IN_PROGRESS")
    assert done.returncode == 1
    assert place.calls.count("sleep 10") == 240


def test_a_lock_that_was_left_behind_is_named(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    locked = place.run("--yes", FAILS_AT="apply", LOCKS="shop-prod/terraform.tfstate.tflock")
    assert locked.returncode == 1
    assert "this state is locked: shop-prod/terraform.tfstate.tflock" in locked.stderr
    assert "force-unlock" in locked.stderr
    other = place.run("--yes", FAILS_AT="apply")
    assert other.returncode == 1
    assert "locked" not in other.stderr


def test_what_terraform_leaves_behind_is_no_change(tmp_path: Path) -> None:
    """With the real git: the tag is the commit's, however often the script has run."""
    place = _place(tmp_path, BODY)
    (tmp_path / "tools" / "git").unlink()
    git = shutil.which("git") or pytest.skip("git is not installed")
    for words in (("init", "-q"), ("add", "."), ("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x")):
        subprocess.run([git, *words], cwd=tmp_path, check=True, capture_output=True)
    for module in (place.folder, place.folder / "bootstrap", place.folder / "account"):
        (module / ".terraform" / "providers").mkdir(parents=True)
        for left in (".terraform/providers/x", ".terraform.lock.hcl", "terraform.tfstate", "terraform.tfstate.backup"):
            (module / left).touch()
    (place.folder / "bootstrap" / "first_run_override.tf").touch()
    (tmp_path / ".git" / "info" / "exclude").write_text("/tools\n/log\n", encoding="utf-8")
    subprocess.run([git, "rm", "-rq", "--cached", "tools"], cwd=tmp_path, check=True)
    subprocess.run([git, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "y"], cwd=tmp_path, check=True)
    commit = subprocess.run(
        [git, "rev-parse", "--short", "HEAD"], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout.strip()
    done = place.run("--yes")
    assert done.returncode == 0, done.stderr
    assert f"docker push {REGISTRY}/shop-prod:web.{commit}" in place.calls


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
