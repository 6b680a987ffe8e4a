"""The compose file: what runs, what it is told, and in which order it starts."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from rig.parts.docker import files_of, problems_of, services_of, stack_of
from rig.tools.toolbox import Require

SHOP = """\
containers:
  web:
    build: {}
    port: 8000
    environment: {PRICE: "5 $ or ${less}"}
    secrets: {STRIPE_KEY: stripe}
    connects_to: [orders-db, files, sessions, jobs:publish]
  worker:
    build: {context: work}
    command: [python, -m, work]
    connects_to: [jobs:consume]
  nightly:
    image: nginx:1.29
    command: [sh, -c, "echo $PRICE"]
    schedule: {cron: "0 2 * * *"}
    connects_to: [orders-db]
storage:
  databases: {orders-db: {version: "16"}}
  buckets: {files: {}}
  caches: {sessions: {}}
  queues: {jobs: {ack_deadline: 30s, max_deliveries: 7, retention: 1d}}
security: {secrets: {stripe: {}}}
"""


def test_a_container_is_told_what_the_contract_says() -> None:
    environment = services_of(SHOP)["web"]["environment"]
    assert {name: environment[name] for name in environment if name.startswith("ORDERS_DB_")} == {
        "ORDERS_DB_HOST": "orders-db",
        "ORDERS_DB_PORT": "5432",
        "ORDERS_DB_NAME": "orders_db",
        "ORDERS_DB_USER": "app",
        "ORDERS_DB_PASSWORD": "local-only",
        "ORDERS_DB_SSLMODE": "disable",
    }
    assert environment["PORT"] == "8000"
    assert environment["FILES_BUCKET"] == "shop-files"
    assert environment["FILES_BUCKET_URL"] == "s3://shop-files"
    assert environment["AWS_ENDPOINT_URL_S3"] == "http://buckets:9000"
    assert (environment["SESSIONS_HOST"], environment["SESSIONS_TLS"]) == ("sessions", "false")
    assert environment["JOBS_QUEUE"] == "http://queues:9324/000000000000/jobs"


def test_a_container_is_told_nothing_else() -> None:
    environment = services_of(SHOP)["worker"]["environment"]
    assert not [name for name in environment if name.startswith(("ORDERS_DB", "FILES", "SESSIONS"))]
    assert "AWS_ENDPOINT_URL_S3" not in environment
    assert "PORT" not in environment


def test_text_of_the_spec_is_not_read_as_a_variable() -> None:
    services = services_of(SHOP)
    assert services["web"]["environment"]["PRICE"] == "5 $$ or $${less}"
    assert services["nightly"]["command"] == ["sh", "-c", "echo $$PRICE"]
    assert services["web"]["environment"]["STRIPE_KEY"] == "${STRIPE:-local-only}"


def test_everything_starts_after_what_it_needs() -> None:
    services = services_of(SHOP)
    assert services["web"]["depends_on"] == {
        "orders-db": {"condition": "service_healthy"},
        "setup": {"condition": "service_completed_successfully"},
        "sessions": {"condition": "service_healthy"},
    }
    assert services["setup"]["depends_on"]["buckets"] == {"condition": "service_healthy"}
    for service in services.values():
        for needed, how in service.get("depends_on", {}).items():
            assert needed in services
            assert how["condition"] != "service_healthy" or "healthcheck" in services[needed]


def test_jobs_wait_to_be_asked() -> None:
    services = services_of(SHOP)
    assert services["nightly"]["profiles"] == ["jobs"]
    assert "profiles" not in services["web"]
    assert stack_of(SHOP).next_commands[1:] == ("docker compose run --rm --build nightly",)


def test_containers_run_as_hard_as_in_the_cloud() -> None:
    services = services_of(SHOP)
    for name in ("web", "worker", "nightly"):
        assert services[name]["init"] is True
    # Of an image that cloudgen does not make it is not known where it writes.
    assert [services[name].get("read_only") for name in ("web", "worker", "nightly")] == [True, True, None]
    assert [services[name].get("tmpfs") for name in ("web", "worker", "nightly")] == [["/tmp"], ["/tmp"], None]
    for service in services.values():
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_only_services_have_a_port_of_this_machine_and_each_its_own() -> None:
    services = services_of("containers:\n  a: {port: 8000}\n  b: {port: 8000}\n  c: {image: 'nginx:1.29', port: 80}\n")
    assert [services[name]["ports"] for name in "abc"] == [
        ["127.0.0.1:8000:8000"],
        ["127.0.0.1:8001:8000"],
        ["127.0.0.1:8080:80"],
    ]


STARTED = """\
containers:
  web: {build: {app: "shop.web:app"}, port: 8080, platform: functions}
  mail: {build: {app: "shop.mail:app"}, trigger: {queue: jobs}}
  thumbs: {build: {app: "shop.mail:app"}, command: [serve, thumbs], trigger: {bucket: files, prefix: in/}}
  nightly: {build: {app: "shop.nightly:app"}, platform: functions, schedule: {cron: "0 2 * * *"}}
  report: {build: {app: "shop.web:app"}, command: [report], schedule: {cron: "0 2 * * *"}}
storage: {queues: {jobs: {}}, buckets: {files: {}}}
"""


def test_what_events_start_is_a_server_here_with_a_port_to_post_to() -> None:
    services = services_of(STARTED)
    assert {name: service.get("ports") for name, service in services.items() if "ports" in service} == {
        "web": ["127.0.0.1:8080:8080"],
        "mail": ["127.0.0.1:8081:8080"],
        "thumbs": ["127.0.0.1:8082:8080"],
        "nightly": ["127.0.0.1:8083:8080"],
    }
    assert (services["mail"]["environment"]["PORT"], services["mail"]["environment"]["EVENT_SOURCE"]) == (
        "8080", "/queues/jobs",
    )  # fmt: skip
    assert services["mail"]["environment"]["JOBS_QUEUE"].endswith("/jobs")
    assert services["thumbs"]["command"][-4:] == ["-I", "/usr/local/bin/events.py", "serve", "thumbs"]
    assert [name for name, service in services.items() if "profiles" in service] == ["report"]


def test_the_readme_tells_how_to_post_each_event() -> None:
    readme = files_of(STARTED)["README.md"]
    commands = [line for line in readme.splitlines() if line.startswith("curl ")]
    assert [command.rpartition(" ")[2] for command in commands] == [
        f"http://127.0.0.1:{port}/events" for port in (8081, 8082, 8083)
    ]
    sent = [json.loads(command.partition("--data '")[2].partition("'")[0]) for command in commands]
    assert [each["source"] for each in sent] == ["/queues/jobs", "/buckets/files", "/schedules/nightly"]
    assert sent[1]["data"]["key"].startswith("in/")
    assert all({"specversion", "id", "type", "source"} <= each.keys() for each in sent)
    assert "curl" not in files_of(SHOP)["README.md"]


def test_the_last_port_is_not_passed() -> None:
    services = services_of("containers:\n  a: {port: 65535}\n  b: {port: 65535}\n")
    assert services["b"]["ports"] == ["127.0.0.1:1024:65535"]


@pytest.mark.parametrize(
    ("container", "context", "dockerfile"),
    [
        ("{port: 8000}", "../..", "deploy/docker/web.Dockerfile"),
        ("{build: {context: apps/web}, port: 8000}", "../../apps/web", "../../deploy/docker/web.Dockerfile"),
        ("{dockerfile: docker/Dockerfile, port: 8000}", "../..", "docker/Dockerfile"),
        ("{build: {dockerfile: docker/Dockerfile}, port: 8000}", "../..", "docker/Dockerfile"),
        ("{build: {dockerfile: api/ops/Dockerfile, context: api}, port: 8000}", "../../api", "ops/Dockerfile"),
    ],
)
def test_what_is_built_from_where(container: str, context: str, dockerfile: str) -> None:
    build = services_of(f"containers:\n  web: {container}\n")["web"]["build"]
    assert build == {"context": context, "dockerfile": dockerfile}


def test_a_container_may_have_the_name_of_a_database() -> None:
    services = services_of(
        "containers:\n  data: {port: 8000, connects_to: [data]}\nstorage: {databases: {data: {engine: mysql}}}\n"
    )
    assert set(services) == {"data", "data-local"}
    assert services["data"]["environment"]["DATA_HOST"] == "data-local"
    assert services["data-local"]["image"] == "mysql:8.4"
    assert services["data-local"]["volumes"] == ["data-local:/var/lib/mysql"]


@pytest.mark.parametrize(("version", "folder"), [("17", "/var/lib/postgresql/data"), ("18", "/var/lib/postgresql")])
def test_the_volume_is_where_this_version_of_postgres_wants_it(version: str, folder: str) -> None:
    database = f"{{version: '{version}'}}"
    services = services_of(f"containers:\n  web: {{port: 8000}}\nstorage: {{databases: {{db: {database}}}}}\n")
    assert services["db"]["image"] == f"postgres:{version}"
    assert services["db"]["volumes"] == [f"db:{folder}"]


def test_a_container_may_have_the_name_of_a_helper() -> None:
    services = services_of(
        "containers:\n  setup: {port: 8000, connects_to: [queues:publish]}\nstorage: {queues: {queues: {}}}\n"
    )
    assert set(services) == {"setup", "queues", "setup-local"}
    assert services["setup"]["depends_on"] == {"setup-local": {"condition": "service_completed_successfully"}}


@pytest.mark.parametrize(("key", "value"), [("environment", "text"), ("secrets", "token")])
def test_a_variable_that_is_set_already(key: str, value: str) -> None:
    found = problems_of(
        f"containers:\n  web: {{port: 8000, {key}: {{PORT: {value}}}}}\nsecurity: {{secrets: {{token: {{}}}}}}\n"
    )
    assert [(problem.code, problem.path) for problem in found] == [("conflict", ("containers", "web", key, "PORT"))]


def test_the_same_spec_gives_the_same_bytes() -> None:
    assert files_of(SHOP) == files_of(SHOP)


def test_compose_accepts_it_and_reads_the_same_values(require: Require, tmp_path: Path) -> None:
    compose = require("compose")
    folder = tmp_path / "deploy" / "docker"
    folder.mkdir(parents=True)
    for name, text in files_of(SHOP).items():
        (folder / name).write_text(text)
    environment = {**os.environ, "STRIPE": "sk-1", "less": "wrong", "PRICE": "wrong"}
    command: list[str | Path] = [
        compose,
        "--file",
        folder / "compose.yaml",
        "--profile",
        "*",
        "config",
        "--format",
        "json",
    ]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    services = yaml.safe_load(run.stdout)["services"]
    assert services["worker"]["build"]["context"] == str(tmp_path / "work")
    assert services["web"]["build"]["context"] == str(tmp_path)
    assert services["web"]["environment"]["STRIPE_KEY"] == "sk-1"
    # Written out again, `$` is doubled again.
    assert services["web"]["environment"]["PRICE"].replace("$$", "$") == "5 $ or ${less}"
    assert "wrong" not in run.stdout
