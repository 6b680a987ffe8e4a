"""`cloudgen init --from`: compose files and Copilot's manifests become specs, and what was not used is told."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from cloudgen import cli

COMPOSE = """name: vote
services:
  web:
    build: {context: ., target: prod, args: [EDITION=full, "API_TOKEN=x1", PLAIN]}
    command: gunicorn app:app -b :${PORT:-8000}
    ports: ["8000:8000"]
    environment:
      DATABASE_URL: postgresql://u:p@db/x
      MODE: live
    depends_on: [db, cache]
    volumes: ["./data:/data"]
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:8000/up"]
      interval: 10s
    deploy: {replicas: 2, resources: {limits: {memory: 1G}}}
  worker:
    build: .
    command: [celery, -A, app, worker]
    depends_on: [cache]
  db: {image: "postgres:16-alpine", volumes: ["x:/y"]}
  cache: {image: redis}
volumes: {x: {}}
"""
MANIFEST = """name: api
type: Load Balanced Web Service
http: {path: api, healthcheck: /_healthcheck, alias: vote.example.com}
image: {build: {dockerfile: ./api/Dockerfile}, port: 8080}
cpu: 512
memory: 1024
count: {range: 1-10, cpu_percentage: 70, requests: 1000}
exec: true
variables: {LOG_LEVEL: info}
secrets: {GITHUB_TOKEN: /copilot/x}
"""
JOB = 'name: report\ntype: Scheduled Job\nimage: {build: ./Dockerfile}\non: {schedule: "@daily"}\nretries: 3\n'
ADDON = """Resources:
  VoteBucket: {Type: "AWS::S3::Bucket"}
  VoteTable: {Type: "AWS::DynamoDB::Table"}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


def test_a_compose_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("compose.yaml").write_text(COMPOSE)
    assert cli.run(["init", "--from", "compose.yaml"]) == 0
    err = told(capsys)
    spec = yaml.safe_load(Path("cloudgen.yaml").read_text())
    web, worker = spec["containers"]["web"], spec["containers"]["worker"]
    assert spec["name"] == "vote"
    assert web["build"] == {"dockerfile": "Dockerfile", "target": "prod", "args": {"EDITION": "full"}}
    assert (web["port"], web["health_check"]) == (8000, {"path": "/up"})
    assert worker["dockerfile"] == "Dockerfile"
    assert web["command"] == ["gunicorn", "app:app", "-b", ":8000"]
    assert (web["environment"], web["secrets"]) == ({"MODE": "live"}, {"DATABASE_URL": "database-url"})
    assert (web["connects_to"], web["scaling"]) == (["db", "cache"], {"min": 2, "max": 2})
    assert worker["command"] == ["celery", "-A", "app", "worker"]
    assert spec["storage"]["databases"] == {"db": {"engine": "postgres", "size": "small", "version": "16"}}
    assert spec["storage"]["caches"] == {"cache": {"engine": "valkey", "size": "small"}}
    assert "u:p" not in Path("cloudgen.yaml").read_text()
    for unused in (
        "services.web.build.args  (compose.yaml:",
        "services.web.volumes  (compose.yaml:11)",
        "services.web.healthcheck.interval  (compose.yaml:14)",
        "services.web.deploy.resources  (compose.yaml:15)",
        "services.db.volumes  (compose.yaml:20)",
        "volumes  (compose.yaml:22)",
    ):
        assert f"note: not used: {unused}" in err
    assert cli.run(["validate"]) == 0


VOLUMES = """services:
  web:
    build: .
    ports: ["8000"]
    healthcheck: {test: [CMD, curl, "http://localhost:8000/up"]}
    volumes:
      - "media:/app/media"
      - {type: volume, source: index, target: /var/lib/index/}
      - "shared:/srv/shared"
      - "./code:/code"
      - "certs:/etc/ssl"
      - "models:/models:ro"
  worker: {build: ., command: [work], volumes: ["shared:/srv/shared"]}
volumes: {media: {}, index: {}, shared: {}, certs: {}, models: {}}
"""


def test_volumes_with_a_name_are_folders_that_are_kept(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What two services share, what is only read and what lies on the machine has no place in a spec."""
    Path("compose.yaml").write_text(VOLUMES)
    assert cli.run(["init", "--from", "compose.yaml"]) == 0
    err = told(capsys)
    containers = yaml.safe_load(Path("cloudgen.yaml").read_text())["containers"]
    assert containers["web"]["writable"] == ["/app/media:keep", "/var/lib/index:keep"]
    assert "writable" not in containers["worker"]
    for unused in (
        "services.web.volumes shared:/srv/shared",
        "services.web.volumes ./code:/code",
        "services.web.volumes certs:/etc/ssl",
        "services.web.volumes models:/models:ro",
        "services.worker.volumes  (compose.yaml:",
        "volumes  (compose.yaml:",
    ):
        assert f"note: not used: {unused}" in err
    assert "media" not in err
    assert cli.run(["validate"]) == 0


def test_all_volumes_used_is_nothing_to_tell(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("compose.yaml").write_text(
        "services:\n  work: {image: 'acme/work:1', volumes: ['media:/srv/media']}\nvolumes: {media: {}}\n"
    )
    assert cli.run(["init", "--from", "compose.yaml"]) == 0
    assert "not used: volumes" not in told(capsys)


def test_the_folder_of_copilot(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in (
        (".workspace", "application: vote\n"),
        ("api/manifest.yml", MANIFEST),
        ("api/addons/store.yml", ADDON),
        ("report/manifest.yml", JOB),
        ("environments/test/manifest.yml", "name: test\ntype: Environment\n"),
    ):
        path = Path("copilot") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert cli.run(["init", "--from", "copilot"]) == 0
    err = told(capsys)
    spec = yaml.safe_load(Path("cloudgen.yaml").read_text())
    api, report = spec["containers"]["api"], spec["containers"]["report"]
    assert (spec["name"], spec["load_balancer"]) == ("vote", {"domain": "vote.example.com"})
    assert api["build"] == {"dockerfile": "api/Dockerfile", "context": "api"}
    assert (report["dockerfile"], api["port"], api["size"]) == ("Dockerfile", 8080, "small")
    assert api["health_check"] == {"path": "/_healthcheck"}
    assert api["scaling"] == {"min": 1, "max": 10, "cpu": "70%"}
    assert (api["secrets"], api["connects_to"]) == ({"GITHUB_TOKEN": "github-token"}, ["vote-bucket"])
    assert report["schedule"] == {"cron": "0 0 * * *"}
    for unused in (
        "count.requests",
        "exec",
        "VoteTable of api/addons/store.yml",
        "retries",
        "environments/test/manifest",
    ):
        assert f"note: not used: {unused}" in err
    assert cli.run(["validate"]) == 0


@pytest.mark.parametrize(("name", "text"), [("x.yaml", "services: {}\n"), ("x.yaml", "a: [\n"), ("x.yaml", "")])
def test_a_file_with_nothing_that_runs_is_refused(
    name: str, text: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(name).write_text(text)
    assert cli.run(["init", "--from", name]) == 2
    assert "nothing that runs was found there" in told(capsys)
    assert not Path("cloudgen.yaml").exists()
