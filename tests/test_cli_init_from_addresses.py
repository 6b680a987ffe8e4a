"""`init --from compose.yaml`: addresses of stores are asked of them, and commands say what compose would hand on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from cloudgen import cli

COMPOSE = """services:
  web:
    build: .
    command: gunicorn shop.wsgi --bind 0.0.0.0:${PORT:-8000} --workers ${WORKERS}
    ports: ["8000:8000"]
    healthcheck: {test: ["CMD", "curl", "-f", "http://localhost:8000/up"]}
    environment:
      REDIS_URL: redis://redis:6379/1
      CELERY_BROKER_URL: redis://redis:6379/0
      PGHOST: db
      PGPORT: 5432
      PGUSER: shop
      PGPASSWORD: hunter2
      PGDATABASE: shop
      DATABASE_URL: postgres://shop:hunter2@db/shop
      S3_ENDPOINT_URL: http://minio:9000
      MAIL: smtp://mail:1025
      MOTTO: "more than a db or redis"
      PRICE: "5$$"
  worker:
    build: .
    command: sh -c "celery -A shop worker -c $$CONCURRENCY"
    environment: [POSTGRES_PASSWORD=x, CONCURRENCY=4]
  db: {image: "postgres:16"}
  redis: {image: "redis:7"}
  minio: {image: "minio/minio"}
  mail: {image: "mailhog/mailhog"}
"""


@pytest.fixture
def imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The containers of the spec, with what was told under `told`."""
    monkeypatch.chdir(tmp_path)
    Path("compose.yaml").write_text(COMPOSE)
    assert cli.run(["init", "--no-input", "--from", "compose.yaml"]) == 0
    told = capsys.readouterr().err
    assert cli.run(["validate"]) == 0
    return {**yaml.safe_load(Path("cloudgen.yaml").read_text())["containers"], "told": told}


def test_addresses_of_stores_are_asked_of_them(imported: dict[str, Any]) -> None:
    """`redis` and `db` are names that only the network of compose knows."""
    found = imported["web"]["environment"]
    assert found["REDIS_URL"] == {"from": "redis.url", "query": {"db": "1"}}
    assert found["CELERY_BROKER_URL"] == {"from": "redis.url"}
    parts = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password", "PGDATABASE": "name"}
    assert {key: found[key] for key in parts} == {key: {"from": f"db.{part}"} for key, part in parts.items()}
    assert "PGPASSWORD" not in imported["web"]["secrets"]
    assert {*imported["web"]["connects_to"]} >= {"db", "redis"}


def test_what_is_no_address_of_a_store_stays(imported: dict[str, Any]) -> None:
    found = imported["web"]["environment"]
    assert (found["MOTTO"], found["PRICE"]) == ("more than a db or redis", "5$")
    assert imported["web"]["secrets"] == {"DATABASE_URL": "database-url"}


def test_the_endpoint_of_a_bucket_and_other_services_are_told(imported: dict[str, Any]) -> None:
    assert "S3_ENDPOINT_URL" not in imported["web"]["environment"]
    assert "S3_ENDPOINT_URL is the address of minio" in imported["told"]
    assert "MAIL names the host mail, which no cloud knows" in imported["told"]


def test_what_is_asked_of_a_store_connects_to_it(imported: dict[str, Any]) -> None:
    assert imported["worker"]["environment"]["POSTGRES_PASSWORD"] == {"from": "db.password"}
    assert imported["worker"]["connects_to"] == ["db"]


def test_commands_say_what_compose_hands_on(imported: dict[str, Any]) -> None:
    """Compose turns `$$` into a dollar, and fills in what stands alone before it starts anything."""
    assert imported["worker"]["command"] == ["sh", "-c", "celery -A shop worker -c $CONCURRENCY"]
    assert imported["web"]["command"] == [
        "sh",
        "-c",
        "exec gunicorn shop.wsgi --bind 0.0.0.0:8000 --workers ${WORKERS}",
    ]
