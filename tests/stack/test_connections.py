"""`environment: {DATABASE_URL: {from: orders-db.url}}`: the same on every target, and whole once the container runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import yaml

from cloudgen.errors import Problem, SpecError
from cloudgen.pipeline import build, read_spec
from cloudgen.render import render
from cloudgen.spec.environment import PARTS

SPEC = """
version: 1
name: shop
targets: {aws: {region: eu-west-1}, gcp: {region: europe-west1, project: acme-shop}}
containers:
  web:
    port: 8000
    SOURCE
    connects_to: [orders-db, legacy-db, sessions, assets, "jobs:publish"]
    environment: {ENVIRONMENT}
storage:
  databases: {orders-db: {}, legacy-db: {engine: mysql}}
  caches: {sessions: {}}
  buckets: {assets: {}}
  queues: {jobs: {}}
"""
HOSTILE = (
    "plain",
    "a@b:c/d?e#f",
    "100%25 {ORDERS_DB_PASSWORD} ${HOME} $(id) `id`",
    "'\";|&<>\\",
    "pässwörd ✓ 🔑",
    " leading and trailing ",
    "+%2B+ tab\tand\nnewline",
    "~_-.!*()[]{}^=,",
)
READ = "import json, os; print(json.dumps(dict(os.environ)))"


def _rendered(folder: Path, target: str, environment: str, source: str = "build: {}") -> dict[str, str]:
    text = SPEC.replace("SOURCE", source).replace("ENVIRONMENT", environment)
    (folder / "cloudgen.yaml").write_text(text, encoding="utf-8")
    return {file.path: file.text for file in render(build(read_spec(str(folder / "cloudgen.yaml")), target))}


def _problems(folder: Path, target: str, environment: str, source: str = "build: {}") -> list[Problem]:
    with pytest.raises(SpecError) as caught:
        _rendered(folder, target, environment, source)
    return list(caught.value.problems)


def _composed(folder: Path, environment: str) -> dict[str, str]:
    files = _rendered(folder, "docker", environment)
    values: dict[str, str] = yaml.safe_load(files["compose.yaml"])["services"]["web"]["environment"]
    return values


def _started(folder: Path, environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """Run the start script that stands in the Dockerfile, as its ENTRYPOINT does."""
    dockerfile = _rendered(folder, "docker", "U: {from: orders-db.url}")["web.Dockerfile"]
    written = re.search(r"^RUN (printf .*?)>/usr/local/bin/start.py$", dockerfile, re.MULTILINE | re.DOTALL)
    assert written is not None
    subprocess.run(["sh", "-c", f"{written[1]} >start.py"], cwd=folder, check=True)
    return subprocess.run(
        [sys.executable, "-I", str(folder / "start.py"), *command],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def _told(folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    run = _started(folder, environment, sys.executable, "-c", READ)
    assert run.returncode == 0, run.stderr
    seen: dict[str, Any] = json.loads(run.stdout)
    return seen


@pytest.mark.parametrize("password", HOSTILE)
def test_a_url_is_whole_when_the_command_runs(password: str, tmp_path: Path) -> None:
    """Whatever the password: the URL takes itself apart into what it was made of, as libraries do."""
    environment = _composed(tmp_path, "DATABASE_URL: {from: orders-db.url}, OLD: {from: legacy-db.url}")
    told = _told(tmp_path, {**environment, "ORDERS_DB_PASSWORD": password, "LEGACY_DB_PASSWORD": password[::-1]})
    url, old = urlsplit(told["DATABASE_URL"]), urlsplit(told["OLD"])
    assert (url.scheme, url.hostname, url.port, url.path) == ("postgresql", "orders-db", 5432, "/orders_db")
    assert (old.scheme, old.hostname, old.port, old.path) == ("mysql", "legacy-db", 3306, "/legacy_db")
    assert unquote(url.password or "") == password
    assert unquote(old.password or "") == password[::-1]
    assert unquote(url.username or "") == "app"
    assert parse_qs(url.query) == {"sslmode": ["disable"]}
    assert told["ORDERS_DB_PASSWORD"] == password
    assert "INCOMPLETE_URLS" not in told


def test_bytes_that_are_no_text_are_quoted_too(tmp_path: Path) -> None:
    password = b"\xff\xfe/x".decode(errors="surrogateescape")
    told = _told(
        tmp_path, {"U": "a://app:{DB_PASSWORD}@h/d", "DB_PASSWORD": password, "INCOMPLETE_URLS": "U", "V": "{X}"}
    )
    assert told["U"] == "a://app:%FF%FE%2Fx@h/d"
    assert told["V"] == "{X}", "what is not named stays as it is"


def test_the_script_says_what_is_wrong(tmp_path: Path) -> None:
    missing = _started(tmp_path, {"U": "a://{DB_PASSWORD}@h", "INCOMPLETE_URLS": "U"}, "true")
    assert (missing.returncode, missing.stderr.count("\n")) == (1, 1)
    assert "U cannot be completed: there is no variable 'DB_PASSWORD'" in missing.stderr
    unknown = _started(tmp_path, {}, "no-such-program")
    assert (unknown.returncode, unknown.stderr) == (
        127,
        "start.py: cannot run no-such-program: No such file or directory\n",
    )
    assert _started(tmp_path, {}, str(tmp_path)).returncode == 126
    assert _started(tmp_path, {}).stderr == "start.py: there is no command to run\n"
    assert _started(tmp_path, {}, "sh", "-c", "exit 7").returncode == 7


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("from: orders-db.url", "postgresql://app:{ORDERS_DB_PASSWORD}@orders-db:5432/orders_db?sslmode=disable"),
        (
            "from: orders-db.url, scheme: postgresql+asyncpg",
            "postgresql+asyncpg://app:{ORDERS_DB_PASSWORD}@orders-db:5432/orders_db?ssl=disable",
        ),
        (
            "from: orders-db.url, scheme: postgresql+pg8000",
            "postgresql+pg8000://app:{ORDERS_DB_PASSWORD}@orders-db:5432/orders_db",
        ),
        (
            'from: orders-db.url, query: {application_name: "a b&c{X}"}',
            "postgresql://app:{ORDERS_DB_PASSWORD}@orders-db:5432/orders_db?application_name=a%20b%26c%7BX%7D",
        ),
        ("from: orders-db.url, query: {}", "postgresql://app:{ORDERS_DB_PASSWORD}@orders-db:5432/orders_db"),
        (
            "from: legacy-db.url, scheme: mysql+pymysql",
            "mysql+pymysql://app:{LEGACY_DB_PASSWORD}@legacy-db:3306/legacy_db",
        ),
        ("from: sessions.url", "redis://sessions:6379/0"),
        ("from: sessions.url, query: {db: '2'}", "redis://sessions:6379/0?db=2"),
    ],
)
def test_urls_as_libraries_want_them(reference: str, url: str, tmp_path: Path) -> None:
    assert _composed(tmp_path, f"U: {{{reference}}}")["U"] == url


PORTABLE = [
    f"{name}.{part}"
    for name, kind in {
        "orders-db": "databases", "legacy-db": "databases", "sessions": "caches", "assets": "buckets", "jobs": "queues",
    }.items()
    for part in PARTS[kind]
    if part != "arn" and (kind, part) != ("queues", "url")
]  # fmt: skip


@pytest.mark.parametrize("target", ["aws", "gcp", "docker"])
@pytest.mark.parametrize("origin", PORTABLE)
def test_every_part_is_told_on_every_target(target: str, origin: str, tmp_path: Path) -> None:
    files = _rendered(tmp_path, target, f"MY_NAME: {{from: {origin}}}")
    text = files["compose.yaml" if target == "docker" else "services.tf"]
    assert re.search(r"\bMY_NAME\b", text)


@pytest.mark.parametrize("target", ["aws", "docker"])
@pytest.mark.parametrize("origin", ["jobs.url", "jobs.arn", "assets.arn"])
def test_parts_that_one_cloud_has(target: str, origin: str, tmp_path: Path) -> None:
    files = _rendered(tmp_path, target, f"MY_NAME: {{from: {origin}}}")
    assert "MY_NAME" in files["compose.yaml" if target == "docker" else "services.tf"]
    (problem,) = _problems(tmp_path, "gcp", f"MY_NAME: {{from: {origin}}}")
    assert (problem.code, problem.path) == ("unsupported", ("containers", "web", "environment", "MY_NAME", "from"))
    assert problem.hint is not None
    assert "which is there on every cloud" in problem.hint


@pytest.mark.parametrize("target", ["aws", "gcp", "docker"])
@pytest.mark.parametrize("source", ['image: "docker.io/acme/web:1"', "dockerfile: Dockerfile"])
def test_an_image_of_ones_own_cannot_complete_a_url(target: str, source: str, tmp_path: Path) -> None:
    (problem,) = _problems(tmp_path, target, "A: {from: orders-db.url}", source)
    assert (problem.code, problem.path) == ("unsupported", ("containers", "web", "environment", "A", "from"))
    assert problem.hint is not None
    assert "{from: orders-db.password}" in problem.hint
    _rendered(tmp_path, target, "A: {from: orders-db.password}, B: {from: sessions.url}", source)


@pytest.mark.parametrize("target", ["aws", "gcp"])
def test_no_password_stands_in_what_is_rendered(target: str, tmp_path: Path) -> None:
    """The platform reads the password itself; the url has a place for it."""
    files = _rendered(tmp_path, target, "DATABASE_URL: {from: orders-db.url}, PGPASSWORD: {from: orders-db.password}")
    text = files["services.tf"]
    assert "postgresql://app:{ORDERS_DB_PASSWORD}@${" in text
    after = text[text.index('"PGPASSWORD"') :][:200]
    assert re.search(r"valueFrom = .*:password::|secret_key_ref", after)


def test_without_such_a_url_the_image_is_as_before(tmp_path: Path) -> None:
    plain = _rendered(tmp_path, "docker", "A: {from: orders-db.host}, B: {from: sessions.url}")["web.Dockerfile"]
    assert "ENTRYPOINT" not in plain
    assert "start.py" not in plain
    assert _problems(tmp_path, "docker", "INCOMPLETE_URLS: x")[0].code == "conflict"
