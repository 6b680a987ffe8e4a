"""deploy.sh, run by sh with stand-ins for terraform, gcloud, docker and git that write down how they were called."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from cloudgen.render.tree import render
from cloudgen.stack.gcp.stack import build
from rig.parts.gcp import make_foundation
from rig.tools.toolbox import Require

BODY = """
containers:
  web: {port: 8000, build: {context: app}}
  my-worker: {dockerfile: docker/worker.Dockerfile}
"""
PREBUILT = """
state: {backend: local}
security: {encryption: provider_managed}
containers: {web: {port: 80, image: "nginx:1.29"}}
"""
QUEUE = f"{PREBUILT}storage: {{queues: {{jobs: {{}}}}}}\n"
AUDITED = f"{BODY}monitoring: {{audit: true}}\n"
AUDITED_PREBUILT = f"{PREBUILT}monitoring: {{audit: true}}\n"
HOST = "europe-west1-docker.pkg.dev"
PATH = f"{HOST}/acme-shop/shop-prod"
GCLOUD = """#!/bin/sh
echo "gcloud $*" >>"$LOG"
case "$*" in
  *"projects describe"*) [ -z "${NO_PROJECT-}" ] || exit 1 ;;
  *print-access-token*) echo token ;;
  *"images describe"*)
    for word in "$@"; do case $word in *-docker.pkg.dev/*) image=$word ;; esac; done
    grep -q "docker push $image$" "$LOG" || exit 1
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


def _place(tmp_path: Path, body: str) -> Place:
    tools = tmp_path / "tools"
    tools.mkdir(parents=True)
    for name, text in {"gcloud": GCLOUD, "git": GIT, "docker": TOOL, "terraform": TOOL}.items():
        (tools / name).write_text(text, encoding="utf-8")
        (tools / name).chmod(0o755)
    folder = tmp_path / "deploy" / "gcp"
    folder.mkdir(parents=True)
    (script,) = (file for file in render(build(make_foundation(body).deployment)) if file.path == "deploy.sh")
    (folder / "deploy.sh").write_text(script.text, encoding="utf-8")
    log = tmp_path / "log"
    return Place(folder, log, {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "LOG": str(log)})


def _words(calls: list[str], *tools: str) -> list[str]:
    return [call for call in calls if call.split(" ")[0] in tools]


def test_everything_in_order(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    done = place.run()
    assert done.returncode == 0, done.stderr
    login = place.calls.index("gcloud auth print-access-token")
    assert place.calls[:3] == [
        "gcloud projects describe acme-shop --format=value(projectId)",
        "gcloud services enable --project acme-shop artifactregistry.googleapis.com "
        "cloudresourcemanager.googleapis.com logging.googleapis.com serviceusage.googleapis.com storage.googleapis.com",
        "gcloud --quiet beta services identity create --project acme-shop --service artifactregistry.googleapis.com",
    ]
    assert login > place.calls.index("terraform -chdir=bootstrap apply")
    assert _words(place.calls, "terraform", "docker") == [
        "terraform -chdir=bootstrap init -input=false",
        "terraform -chdir=bootstrap apply",
        f"docker login --username oauth2accesstoken --password-stdin https://{HOST}",
        f"docker build --platform linux/amd64 --file ../docker/web.Dockerfile --tag {PATH}/web:abc1234 ../../app",
        f"docker push {PATH}/web:abc1234",
        "docker build --platform linux/amd64 --file ../../docker/worker.Dockerfile "
        f"--tag {PATH}/my-worker:abc1234 ../../.",
        f"docker push {PATH}/my-worker:abc1234",
        "terraform init -input=false",
        "terraform apply",
        "terraform output",
    ]
    digest = f"sha256:{7:064d}"
    written = json.loads((place.folder / "images.auto.tfvars.json").read_text(encoding="utf-8"))
    assert written == {"images": {"web": f"{PATH}/web@{digest}", "my-worker": f"{PATH}/my-worker@{digest}"}}


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
    assert push.startswith(f"docker push {PATH}/web:abc1234-2")


def test_options(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    done = place.run("--yes", "--skip-bootstrap", "--tag", "v1", SOURCE_DIR=str(tmp_path), DOCKER_DIR="/made")
    assert done.returncode == 0, done.stderr
    calls = place.calls
    assert "terraform apply -auto-approve" in calls
    assert not [call for call in calls if "-chdir=bootstrap" in call]
    build_call = "docker build --platform linux/amd64 --file /made/web.Dockerfile"
    assert f"{build_call} --tag {PATH}/web:v1 {tmp_path}/app" in calls


def test_a_project_that_is_not_there_stops_it_before_anything_happens(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    done = place.run(NO_PROJECT="1")
    assert done.returncode == 1
    assert "there is no project acme-shop" in done.stderr
    assert place.calls == ["gcloud projects describe acme-shop --format=value(projectId)"]


def test_prebuilt_images_need_no_docker_and_no_agents(tmp_path: Path) -> None:
    place = _place(tmp_path, PREBUILT)
    done = place.run("--yes")
    assert done.returncode == 0, done.stderr
    assert _words(place.calls, "terraform", "docker") == [
        "terraform init -input=false",
        "terraform apply -auto-approve",
        "terraform output",
    ]
    assert not [call for call in place.calls if "identity create" in call]
    assert not (place.folder / "images.auto.tfvars.json").exists()


def test_the_audit_trail_comes_before_everything_else(tmp_path: Path) -> None:
    place = _place(tmp_path, AUDITED)
    done = place.run("--yes")
    assert done.returncode == 0, done.stderr
    assert "==> Audit trail of the project" in done.stdout
    assert _words(place.calls, "terraform") == [
        "terraform -chdir=bootstrap init -input=false",
        "terraform -chdir=bootstrap apply -auto-approve",
        "terraform -chdir=account init -input=false",
        "terraform -chdir=account apply -auto-approve",
        "terraform init -input=false",
        "terraform apply -auto-approve",
        "terraform output",
    ]
    first = next(call for call in place.calls if call.startswith("docker"))
    assert place.calls.index("terraform -chdir=account apply -auto-approve") < place.calls.index(first)


def test_the_audit_trail_is_applied_whatever_is_skipped(tmp_path: Path) -> None:
    place = _place(tmp_path, AUDITED)
    assert place.run("--yes", "--skip-bootstrap").returncode == 0
    assert _words(place.calls, "terraform")[:2] == [
        "terraform -chdir=account init -input=false",
        "terraform -chdir=account apply -auto-approve",
    ]
    said = place.run("--help").stdout
    assert "(account/ is applied all the same" in said
    assert "account/" not in _place(tmp_path / "other", BODY).run("--help").stdout


def test_the_audit_trail_without_bootstrap(tmp_path: Path) -> None:
    place = _place(tmp_path, AUDITED_PREBUILT)
    assert place.run().returncode == 0
    assert _words(place.calls, "terraform") == [
        "terraform -chdir=account init -input=false",
        "terraform -chdir=account apply",
        "terraform init -input=false",
        "terraform apply",
        "terraform output",
    ]


def test_the_agent_of_queues_is_made_even_without_a_key(tmp_path: Path) -> None:
    place = _place(tmp_path, QUEUE)
    assert place.run("--yes").returncode == 0
    made = [call.rpartition(" ")[2] for call in place.calls if "identity create" in call]
    assert made == ["pubsub.googleapis.com"]


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
    "body", [BODY, PREBUILT, QUEUE, AUDITED, AUDITED_PREBUILT, f"state: {{backend: local}}\n{BODY}"]
)
def test_shellcheck_finds_nothing(tmp_path: Path, body: str, require: Require) -> None:
    place = _place(tmp_path, body)
    found = subprocess.run(
        [str(require("shellcheck")), str(place.folder / "deploy.sh")], capture_output=True, text=True, check=False
    )
    assert found.stdout == ""
    assert found.returncode == 0
