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
SECRET = f"{PREBUILT}security: {{secrets: {{stripe-key: {{}}}}, encryption: provider_managed}}\n".replace(
    "security: {encryption: provider_managed}\n", "", 1
)
DOMAIN = f"{PREBUILT}load_balancer: {{domain: shop.example.com}}\n"
HOST = "europe-west1-docker.pkg.dev"
PATH = f"{HOST}/acme-shop/shop-prod"
GCLOUD = """#!/bin/sh
echo "gcloud $*" >>"$LOG"
case "$*" in
  *"projects describe"*) [ -z "${NO_PROJECT-}" ] || exit 1 ;;
  *print-access-token*) echo token ;;
  *"images describe"*)
    for word in "$@"; do case $word in *-docker.pkg.dev/*) image=$word ;; esac; done
    [ -z "${NO_REGISTRY-}" ] || { echo "PERMISSION_DENIED" >&2; exit 1; }
    grep -q "docker push $image$" "$LOG" || { echo "ERROR: Image not found." >&2; exit 1; }
    echo "sha256:$(printf '%064d' 7)"
    ;;
  *"storage objects describe"*)
    [ -z "${STATE_THERE-}" ] || exit 0
    echo "${STATE_ERROR-not found: 404}" >&2
    exit 1
    ;;
  *"storage ls"*) [ -z "${LOCKED-}" ] || echo "gs://bucket/root/default.tflock" ;;
  *"secrets versions list"*) printf '%s' "${SECRET_VERSION-}" ;;
  *latestCreated*) echo web-2 ;;
  *latestReady*) echo "${READY-web-2}" ;;
  *"certificates list"*) echo "${CERTIFICATE-ACTIVE}" ;;
  *"logging read"*) echo "2026-01-01 web could not find its settings" ;;
esac
"""
GIT = """#!/bin/sh
case "$*" in
  *rev-parse*) [ -n "${COMMIT-abc1234}" ] || exit 128; echo "${COMMIT-abc1234}" ;;
  *status*) printf '%s' "${CHANGES-}" ;;
esac
"""
TERRAFORM = """#!/bin/sh
echo "terraform $*" >>"$LOG"
case "$*" in
  show*) [ -z "${TAINTED-}" ] || printf '# %s: (tainted)\\nresource "x" "y" {\\n' "$TAINTED" ;;
  "state list") printf '%b\\n' "${KNOWN-}" ;;
  "apply"*) exit "${FAIL-0}" ;;
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
    for name, text in {"gcloud": GCLOUD, "git": GIT, "docker": TOOL, "terraform": TERRAFORM}.items():
        (tools / name).write_text(text, encoding="utf-8")
        (tools / name).chmod(0o755)
    folder = tmp_path / "deploy" / "gcp"
    (folder / "bootstrap").mkdir(parents=True)
    (script,) = (file for file in render(build(make_foundation(body).deployment)) if file.path == "deploy.sh")
    (folder / "deploy.sh").write_text(script.text, encoding="utf-8")
    for file in ("deploy/docker/web.Dockerfile", "docker/worker.Dockerfile", "app/main.py"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    log = tmp_path / "log"
    return Place(folder, log, {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "LOG": str(log)})


def _words(calls: list[str], *tools: str) -> list[str]:
    return [call for call in calls if call.split(" ")[0] in tools]


def test_everything_in_order(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    done = place.run()
    assert done.returncode == 0, done.stderr
    assert place.calls[:3] == [
        "gcloud projects describe acme-shop --format=value(projectId)",
        "gcloud services enable --project acme-shop artifactregistry.googleapis.com "
        "cloudresourcemanager.googleapis.com logging.googleapis.com serviceusage.googleapis.com storage.googleapis.com",
        "gcloud --quiet beta services identity create --project acme-shop --service artifactregistry.googleapis.com",
    ]
    assert _words(place.calls, "terraform", "docker") == [
        "terraform -chdir=bootstrap init -input=false -reconfigure",
        "terraform -chdir=bootstrap apply -input=false",
        "terraform -chdir=bootstrap init -input=false -migrate-state -force-copy",
        f"docker build --platform linux/amd64 --file ../docker/web.Dockerfile --tag {PATH}/web:abc1234 ../../app",
        f"docker login --username oauth2accesstoken --password-stdin https://{HOST}",
        f"docker push {PATH}/web:abc1234",
        "docker build --platform linux/amd64 --file ../../docker/worker.Dockerfile "
        f"--tag {PATH}/my-worker:abc1234 ../../.",
        f"docker login --username oauth2accesstoken --password-stdin https://{HOST}",
        f"docker push {PATH}/my-worker:abc1234",
        "terraform init -input=false",
        "terraform show -no-color",
        "terraform apply -input=false",
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
    done = place.run("--yes", "--skip-bootstrap", "--tag", "v1", SOURCE_DIR=str(tmp_path), DOCKER_DIR="./../docker")
    assert done.returncode == 0, done.stderr
    calls = place.calls
    assert "terraform apply -input=false -auto-approve" in calls
    assert not [call for call in calls if "-chdir=bootstrap" in call]
    build_call = "docker build --platform linux/amd64 --file ./../docker/web.Dockerfile"
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
        "terraform show -no-color",
        "terraform apply -input=false -auto-approve",
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
        "terraform -chdir=bootstrap init -input=false -reconfigure",
        "terraform -chdir=bootstrap apply -input=false -auto-approve",
        "terraform -chdir=bootstrap init -input=false -migrate-state -force-copy",
        "terraform -chdir=account init -input=false",
        "terraform -chdir=account apply -input=false -auto-approve",
        "terraform init -input=false",
        "terraform show -no-color",
        "terraform apply -input=false -auto-approve",
        "terraform output",
    ]
    first = next(call for call in place.calls if call.startswith("docker"))
    assert place.calls.index("terraform -chdir=account apply -input=false -auto-approve") < place.calls.index(first)


def test_the_audit_trail_is_applied_whatever_is_skipped(tmp_path: Path) -> None:
    place = _place(tmp_path, AUDITED)
    assert place.run("--yes", "--skip-bootstrap").returncode == 0
    assert _words(place.calls, "terraform")[:2] == [
        "terraform -chdir=account init -input=false",
        "terraform -chdir=account apply -input=false -auto-approve",
    ]
    said = place.run("--help").stdout
    assert "(account/ is applied all the same" in said
    assert "account/" not in _place(tmp_path / "other", BODY).run("--help").stdout


def test_the_audit_trail_without_bootstrap(tmp_path: Path) -> None:
    place = _place(tmp_path, AUDITED_PREBUILT)
    assert place.run().returncode == 0
    assert _words(place.calls, "terraform") == [
        "terraform -chdir=account init -input=false",
        "terraform -chdir=account apply -input=false",
        "terraform init -input=false",
        "terraform show -no-color",
        "terraform apply -input=false",
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
    "body", [SECRET, DOMAIN, BODY, PREBUILT, QUEUE, AUDITED, AUDITED_PREBUILT, f"state: {{backend: local}}\n{BODY}"]
)
def test_shellcheck_finds_nothing(tmp_path: Path, body: str, require: Require) -> None:
    place = _place(tmp_path, body)
    found = subprocess.run(
        [str(require("shellcheck")), str(place.folder / "deploy.sh")], capture_output=True, text=True, check=False
    )
    assert found.stdout == ""
    assert found.returncode == 0


def test_the_first_state_of_bootstrap_is_moved_into_the_bucket(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    assert place.run("--yes").returncode == 0
    assert not (place.folder / "bootstrap" / "first_run_override.tf").exists()
    place.log.unlink()
    assert place.run("--yes", STATE_THERE="1").returncode == 0
    assert _words(place.calls, "terraform")[:2] == [
        "terraform -chdir=bootstrap init -input=false -reconfigure",
        "terraform -chdir=bootstrap apply -input=false -auto-approve",
    ]
    assert not [call for call in place.calls if "-migrate-state" in call]


def test_a_state_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    done = place.run("--yes", STATE_ERROR="does not have storage.objects.get access")
    assert done.returncode == 1
    assert "cannot read the state" in done.stderr
    assert not _words(place.calls, "terraform")


@pytest.mark.parametrize("missing", ["deploy/docker/web.Dockerfile", "docker/worker.Dockerfile", "app/main.py"])
def test_what_is_missing_stops_it_before_anything_happens(tmp_path: Path, missing: str) -> None:
    place = _place(tmp_path, BODY)
    (tmp_path / missing).unlink()
    if missing == "app/main.py":
        (tmp_path / "app").rmdir()
    done = place.run("--yes")
    assert done.returncode == 1
    assert "there is no " in done.stderr
    # Whether the project is there is looked up first, which changes nothing.
    assert [call for call in place.calls if "projects describe" not in call] == []


def test_a_secret_without_a_value_stops_it_before_anything_is_applied(tmp_path: Path) -> None:
    place = _place(tmp_path, SECRET)
    done = place.run("--yes")
    assert done.returncode == 1
    assert "the secret stripe-key has no value yet" in done.stderr
    assert not _words(place.calls, "terraform")
    assert place.run("--yes", SECRET_VERSION="1").returncode == 0
    assert place.run("--yes", TF_VAR_secret_values='{"stripe-key": "x"}').returncode == 0


def test_images_can_be_left_out(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    first = place.run("--yes", "--skip-images")
    assert first.returncode == 1
    assert "no run has built images yet" in first.stderr
    assert place.run("--yes").returncode == 0
    place.log.unlink()
    assert place.run("--yes", "--skip-images").returncode == 0
    assert not _words(place.calls, "docker")


def test_a_registry_that_cannot_be_read_is_not_taken_for_empty(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    done = place.run("--yes", NO_REGISTRY="1")
    assert done.returncode == 1
    assert "PERMISSION_DENIED" in done.stderr
    assert not _words(place.calls, "docker")


def test_what_did_not_start_is_updated_and_not_replaced(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    assert place.run("--yes", TAINTED="google_cloud_run_v2_service.web").returncode == 0
    untaint = place.calls.index("terraform untaint google_cloud_run_v2_service.web")
    assert untaint < place.calls.index("terraform apply -input=false -auto-approve")
    place.log.unlink()
    assert place.run("--yes", TAINTED="google_memorystore_instance.sessions").returncode == 0
    assert not [call for call in place.calls if "untaint" in call]


@pytest.mark.parametrize(
    ("tainted", "known", "replaced"),
    [
        ("google_sql_database_instance.orders_db", "random_id.orders_db", True),
        ("", "random_id.orders_db", True),
        ("", "random_id.orders_db\ngoogle_sql_database_instance.orders_db", False),
        ("", "", False),
        ("", "random_id.orders_db_old", False),
    ],
)
def test_a_server_that_was_created_by_half_gets_another_name(
    tmp_path: Path, tainted: str, known: str, replaced: bool
) -> None:
    place = _place(tmp_path, BODY + "storage: {databases: {orders-db: {engine: postgres}}}\n")
    assert place.run("--yes", TAINTED=tainted, KNOWN=known).returncode == 0
    apply = next(call for call in place.calls if call.startswith("terraform apply"))
    assert apply.endswith(" -replace=random_id.orders_db") == replaced
    assert not [call for call in place.calls if "untaint" in call]


def test_a_failed_apply_ends_with_the_last_log_lines(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    done = place.run("--yes", FAIL="1")
    assert done.returncode == 1
    assert "web could not find its settings" in done.stderr
    assert "not everything is deployed" in done.stderr
    assert "==> Done" not in done.stdout


def test_a_lock_that_was_left_behind_is_explained(tmp_path: Path) -> None:
    place = _place(tmp_path, BODY)
    assert "force-unlock" in place.run("--yes", FAIL="1", LOCKED="1").stderr
    assert "force-unlock" not in place.run("--yes", FAIL="1").stderr


def test_a_revision_that_is_not_ready_is_no_success(tmp_path: Path) -> None:
    place = _place(tmp_path, PREBUILT)
    done = place.run("--yes", READY="web-1")
    assert done.returncode == 1
    assert "web-2, is not ready: web-1 still runs" in done.stderr
    assert "==> Done" not in done.stdout


def test_the_state_of_the_certificate_is_told(tmp_path: Path) -> None:
    place = _place(tmp_path, DOMAIN)
    done = place.run("--yes", CERTIFICATE="PROVISIONING")
    assert done.returncode == 0
    assert "is not issued yet (PROVISIONING)" in done.stdout
    assert "is not issued yet" not in place.run("--yes").stdout
    failed = place.run("--yes", CERTIFICATE="FAILED")
    assert failed.returncode == 1
    assert "pki.goog" in failed.stderr


def test_the_state_of_each_name_s_own_certificate_is_told(tmp_path: Path) -> None:
    place = _place(tmp_path, DOMAIN.replace("shop.example.com", "shop.example.com, aliases: [www.example.com]"))
    states = "www.shop.example.com\tFAILED\nwww.example.com\tPROVISIONING\nshop.example.com\tACTIVE"
    done = place.run("--yes", CERTIFICATE=states)
    assert done.returncode == 0
    assert "The certificate of www.example.com is not issued yet (PROVISIONING)" in done.stdout
    assert "of shop.example.com" not in done.stdout
    assert "(unknown)" in place.run("--yes", CERTIFICATE="shop.example.com\tACTIVE").stdout
    failed = place.run("--yes", CERTIFICATE="www.example.com\tFAILED\nshop.example.com\tACTIVE")
    assert failed.returncode == 1
    assert "the certificate of www.example.com: is its zone delegated" in failed.stderr
