"""Containers whose builds agree run one image: one Dockerfile, one push, one variable, on every target."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from cloudgen.pipeline import build, read_spec
from cloudgen.render import render

HEAD = """
version: 1
name: shop
targets: {aws: {region: eu-west-1}, gcp: {region: europe-west1, project: acme-shop}}
containers:
"""
WEB = "  web: {port: 8000, build: {package_manager: uv, app: 'shop.main:app', packages: [libpq5]}}\n"
WORKER = "  worker: {command: [work], BUILD}\n"


def _files(folder: Path, target: str, containers: str) -> dict[str, str]:
    (folder / "cloudgen.yaml").write_text(HEAD + containers, encoding="utf-8")
    return {file.path: file.text for file in render(build(read_spec(str(folder / "cloudgen.yaml")), target))}


def _images(folder: Path, containers: str) -> dict[str, str]:
    """Return which Dockerfile each service of compose.yaml is built from."""
    services = yaml.safe_load(_files(folder, "docker", containers)["compose.yaml"])["services"]
    return {name: Path(service["build"]["dockerfile"]).name for name, service in services.items()}


@pytest.mark.parametrize(
    "own",
    [
        "build: {}",
        "build: {context: ., package_manager: uv}",
        "build: {context: ./, app: 'shop.other:app', interface: wsgi}",
        "build: {packages: [libpq5]}",
        "size: large, user: 10001",
        "port: 9000",
        "schedule: {cron: '0 2 * * *'}",
    ],
)
def test_a_container_with_a_command_runs_the_image_that_its_build_agrees_with(own: str, tmp_path: Path) -> None:
    assert _images(tmp_path, WEB + WORKER.replace("BUILD", own)) == dict.fromkeys(["web", "worker"], "web.Dockerfile")


@pytest.mark.parametrize(
    "own",
    [
        "build: {package_manager: poetry}",
        "build: {packages: []}",
        "build: {context: other}",
        "architecture: arm64",
        "user: 2000",
        "dockerfile: worker.Dockerfile",
    ],
)
def test_what_differs_in_the_image_gets_its_own(own: str, tmp_path: Path) -> None:
    assert _images(tmp_path, WEB + WORKER.replace("BUILD", own)) == {
        "web": "web.Dockerfile",
        "worker": "worker.Dockerfile",
    }


def test_what_serves_alike_shares_and_what_serves_otherwise_does_not(tmp_path: Path) -> None:
    other = WEB.replace("web:", "api:")
    assert set(_images(tmp_path, WEB + other).values()) == {"web.Dockerfile"}
    assert set(_images(tmp_path, WEB + other.replace("8000", "9000")).values()) == {"web.Dockerfile", "api.Dockerfile"}
    assert set(_images(tmp_path, WEB + other.replace("main:app", "api:app")).values()) == {
        "web.Dockerfile", "api.Dockerfile",
    }  # fmt: skip


def test_one_that_serves_gives_its_name_wherever_it_stands(tmp_path: Path) -> None:
    """So that a worker that joins, before or after it, changes nothing for it."""
    worker = WORKER.replace("BUILD", "build: {}")
    alone = _files(tmp_path, "docker", WEB)["web.Dockerfile"]
    for together in (WEB + worker, worker + WEB):
        files = _files(tmp_path, "docker", together)
        assert files["web.Dockerfile"] == alone
        assert "worker.Dockerfile" not in files
    assert set(_images(tmp_path, worker + worker.replace("worker", "beat")).values()) == {"worker.Dockerfile"}


def test_own_dockerfiles_that_are_one_are_built_once(tmp_path: Path) -> None:
    body = "  web: {port: 8000, dockerfile: Dockerfile}\n  worker: {command: [work], dockerfile: Dockerfile}\n"
    assert _files(tmp_path, "aws", body)["deploy.sh"].count("\n  publish ") == 1
    assert _files(tmp_path, "gcp", body)["deploy.sh"].count("\n  publish ") == 1
    other = "  web: {port: 80, build: {dockerfile: D, target: web}}\n  api: {port: 9, build: {dockerfile: D, TARGET}}\n"
    assert _files(tmp_path, "aws", other.replace("TARGET", "target: web"))["deploy.sh"].count("\n  publish ") == 1
    assert _files(tmp_path, "aws", other.replace("TARGET", "target: api"))["deploy.sh"].count("\n  publish ") == 2


@pytest.mark.parametrize("target", ["aws", "gcp"])
def test_a_cloud_builds_pushes_and_asks_for_it_once(target: str, tmp_path: Path) -> None:
    job = "  nightly: {command: [night], schedule: {cron: '0 2 * * *'}}\n"
    files = _files(tmp_path, target, WEB + WORKER.replace("BUILD", "build: {}") + job)
    assert files["deploy.sh"].count("\n  publish ") == 1
    assert files["variables.tf"].count("= string") == 1
    # Beside its service or worker pool, Cloud Run has a job for the commands of each.
    assert files["services.tf"].count("= var.images.web") == (4 if target == "gcp" else 2)
    assert files["jobs.tf"].count("= var.images.web") == 1


def test_compose_runs_the_command_and_asks_what_the_container_answers(tmp_path: Path) -> None:
    second = "  admin: {port: 9000, command: [serve, $PORT], health_check: {path: /ready}}\n"
    files = _files(tmp_path, "docker", WEB + WORKER.replace("BUILD", "build: {}") + second)
    services = yaml.safe_load(files["compose.yaml"])["services"]
    assert {service["image"] for service in services.values()} == {"shop-web"}
    assert "command" not in services["web"]
    assert "healthcheck" not in services["web"]
    assert services["worker"]["command"] == ["work"]
    assert "/proc/" in str(services["worker"]["healthcheck"]["test"])
    assert services["admin"]["command"] == ["serve", "$$PORT"]
    assert "9000" in str(services["admin"]["healthcheck"]["test"])
    assert "/ready" in str(services["admin"]["healthcheck"]["test"])


def test_a_url_of_any_of_them_puts_the_start_script_into_the_image(tmp_path: Path) -> None:
    worker = WORKER.replace("BUILD", "connects_to: [db], environment: {DATABASE_URL: {from: db.url}}")
    files = _files(tmp_path, "docker", f"{WEB}{worker}storage: {{databases: {{db: {{}}}}}}\n")
    assert "start.py" in files["web.Dockerfile"]
