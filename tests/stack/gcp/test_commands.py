"""`release` and `deploy.sh run`, by sh with stand-ins for terraform and gcloud that write down how they were called."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from cloudgen.render.tree import render
from cloudgen.stack.gcp.stack import build
from rig.parts.gcp import make_foundation
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
GCLOUD = r"""#!/bin/sh
echo "gcloud $*" >>"$LOG"
case "$*" in
  *"projects describe"*) [ -z "${NO_PROJECT-}" ] || exit 1 ;;
  *"jobs execute"*)
    for word in "$@"; do case $word in --args=*) printf '%s' "$word" >"$LOG.args" ;; esac; done
    exit "${CODE-0}"
    ;;
  *"logging read"*) echo "Running upgrade" ;;
  *latestCreated* | *latestReady*) echo web-2 ;;
esac
"""
TERRAFORM = '#!/bin/sh\necho "terraform $*" >>"$LOG"\n'


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


@pytest.fixture
def files() -> dict[str, str]:
    return {file.path: file.text for file in render(build(make_foundation(BODY).deployment))}


@pytest.fixture
def place(files: dict[str, str], tmp_path: Path) -> Place:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, text in {"gcloud": GCLOUD, "terraform": TERRAFORM, "sleep": "#!/bin/sh\n"}.items():
        (tools / name).write_text(text, encoding="utf-8")
        (tools / name).chmod(0o755)
    (tmp_path / "deploy.sh").write_text(files["deploy.sh"], encoding="utf-8")
    log = tmp_path / "log"
    return Place(tmp_path, log, {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "LOG": str(log)})


def test_a_release_is_a_job_that_runs_as_its_container_does(files: dict[str, str]) -> None:
    service, start, job = files["services.tf"].partition('resource "google_cloud_run_v2_job" "web_release"')
    assert start
    job, _, others = job.partition('resource "google_cloud_run_v2_job" "worker_run"')
    assert re.search(r'args += \["alembic", "-x", "it\'s \\"quoted\\" \$HOME", "upgrade"\]', job)
    for same in (r"service_account += \S+", r'tags += \[".*"\]', r"ORDERS_DB_PASSWORD", r"image += .*"):
        (found,) = set(re.findall(same, job))
        assert found in re.sub(" +", " ", service) or found in service
    assert "worker" not in job
    # What has no release command has a job that does nothing by itself.
    assert re.search(r'args += \["true"\]', others)
    assert "ORDERS_DB" not in others
    assert "google_service_account.worker.email" in others


def test_a_release_runs_before_the_services_get_the_new_version(place: Place) -> None:
    done = place.run("--yes")
    assert done.returncode == 0, done.stderr
    calls = [call for call in place.calls if re.match(r"terraform apply|gcloud run jobs execute", call)]
    assert calls == [
        "terraform apply -input=false -auto-approve -target=google_cloud_run_v2_job.web_release",
        "gcloud run jobs execute shop-prod-web-release --project acme-shop --region europe-west1 --wait",
        "terraform apply -input=false -auto-approve",
    ]
    assert "Running upgrade" in done.stdout


def test_a_release_that_fails_stops_the_deployment(place: Place) -> None:
    done = place.run("--yes", CODE="1")
    assert done.returncode == 1
    assert "shop-prod-web-release failed; its log stands above" in done.stderr
    assert "Running upgrade" in done.stdout
    assert "terraform apply -input=false -auto-approve" not in place.calls


@pytest.mark.parametrize("container", ["web", "worker", "nightly"])
@pytest.mark.parametrize(
    "words", [["python", "-m", "shop.admin"], ["say", 'a "b" \\ c, d', "two\nlines", "$HOME `x` 'y'", "--", "ü ✓"]]
)
def test_a_command_that_is_asked_for(place: Place, container: str, words: list[str]) -> None:
    done = place.run("run", container, "--", *words)
    assert done.returncode == 0, done.stderr
    job = {"web": "shop-prod-web-release", "worker": "shop-prod-worker-run", "nightly": "shop-prod-nightly"}[container]
    assert any(f"jobs execute {job} " in call for call in place.calls)
    given = Path(f"{place.log}.args").read_text(encoding="utf-8")
    delimiter, list_of_words = re.fullmatch(r"--args=\^(.+?)\^(.*)", given, re.DOTALL).groups()  # type: ignore[union-attr]
    assert list_of_words.split(delimiter) == words
    assert not [call for call in place.calls if call.startswith("terraform")]
    assert "Running upgrade" in done.stdout
    assert place.run("run", container, *words, CODE="3").returncode == 1


def test_what_cannot_be_run_is_said(place: Place) -> None:
    assert (
        "Cloud Run runs commands by a job, and these have one: web, worker, nightly"
        in place.run("run", "worker2", "ls").stderr
    )
    assert "run needs a command" in place.run("run", "web", "--").stderr
    assert "there is no project" in place.run("run", "web", "ls", NO_PROJECT="yes").stderr
    assert not [call for call in place.calls if "execute" in call]


def test_shellcheck(place: Place, require: Require) -> None:
    subprocess.run([require("shellcheck"), str(place.folder / "deploy.sh")], check=True)
