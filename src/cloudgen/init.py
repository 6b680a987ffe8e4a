"""Writes the first spec of an application: commented, valid, and ready to render as it is."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass
from cloudgen.detect.project import DEFAULT_PYTHON
from cloudgen.errors import CloudgenError, OutputError, SpecError
from cloudgen.pipeline import SPEC_NAMES
from cloudgen.schema import schema_text
from cloudgen.spec.loader import loads
from cloudgen.spec.parse import parse
from cloudgen.stack import coordinate_models

if TYPE_CHECKING:
    from pathlib import Path

    from cloudgen.detect.application import Application

DEFAULT_AWS_REGION = "eu-west-1"
DEFAULT_GCP_REGION = "europe-west1"
DEFAULT_PORT = 8000
DEFAULT_HEALTH = "/healthz"
SCHEMA_FILE = "cloudgen.schema.json"

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./-]*(?::[A-Za-z0-9_.]+)?")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off"})


@dataclass(frozen=True)
class Answers:
    """What the user said on the command line; None where the application or a default decides."""

    name: str | None = None
    environment: str = "production"
    aws_region: str | None = None
    aws_account: str | None = None
    gcp_region: str | None = None
    gcp_project: str | None = None
    domain: str | None = None
    database: str | None = None
    bucket: bool | None = None
    port: int | None = None
    app: str | None = None
    python: str | None = None
    schema: bool = False


def write(folder: Path, application: Application, answers: Answers, *, force: bool) -> list[Path]:
    """Write cloudgen.yaml, and the schema where it is wanted; return the paths.

    Raises `OutputError` when a spec exists already (unless `force`) or cannot be written, `CloudgenError` when an
    answer is nothing that a spec can hold.
    """
    texts = {SPEC_NAMES[0]: spec_text(application, answers)}
    _check(texts[SPEC_NAMES[0]])
    if answers.schema:
        texts[SCHEMA_FILE] = schema_text()
    existing = [name for name in (*SPEC_NAMES, *texts) if os.path.lexists(folder / name)]
    if existing and not force:
        raise OutputError(f"{folder / existing[0]} exists already; --force overwrites it")
    paths = [folder / name for name in texts]
    try:
        for path, text in zip(paths, texts.values(), strict=True):
            if path.is_symlink():
                raise OutputError(f"{path} is a symbolic link; remove it first")
            path.write_text(text, "utf-8")
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {(error.strerror or 'unknown reason').lower()}") from error
    return paths


def _check(text: str) -> None:
    """Validate the spec before it is written, so that a wrong answer is told as such."""
    try:
        parse(loads(text), coordinate_models())
    except SpecError as error:
        told = "; ".join(f"{p.message}" + (f" ({p.hint})" if p.hint else "") for p in error.problems)
        raise CloudgenError(f"an answer does not fit the spec: {told}") from error


def spec_text(application: Application, answers: Answers) -> str:
    """Return the text of a spec, from what the user said, else what was found, else a default."""
    database = answers.database or application.database or "none"
    bucket = application.bucket if answers.bucket is None else answers.bucket
    stored = [
        name for name, wanted in (("db", database != "none"), ("cache", application.cache), ("files", bucket)) if wanted
    ]
    lines = [f"# yaml-language-server: $schema={SCHEMA_FILE}"] if answers.schema else []
    lines += [
        "# What this application needs, on any cloud. `cloudgen explain FIELD` tells what a key means and its default.",
        "version: 1",
        f"name: {_scalar(answers.name or application.name)}  # every resource name begins with it",
        f"environment: {_scalar(answers.environment)}  # development, staging or production: fills in what is left out",
        "",
        *_targets(answers),
        "",
        *_container(application, answers, stored),
        "",
        *_load_balancer(answers),
        *_storage(database, stored),
    ]
    return "\n".join(lines) + "\n"


def _targets(answers: Answers) -> list[str]:
    aws = {"region": answers.aws_region or DEFAULT_AWS_REGION}
    if answers.aws_account:
        aws["account"] = answers.aws_account
    lines = ["targets:", f"  aws: {_flow(aws)}"]
    if not answers.aws_account:
        lines[1] += '  # account: "111122223333" makes terraform refuse any other account'
    gcp = {"region": answers.gcp_region or DEFAULT_GCP_REGION, "project": answers.gcp_project or "my-project"}
    lines.append(f"  {'' if answers.gcp_project else '# '}gcp: {_flow(gcp)}")
    return lines


def _container(application: Application, answers: Answers, stored: list[str]) -> list[str]:
    python = answers.python or application.python or DEFAULT_PYTHON
    lines = [
        "containers:",
        "  web:",
        "    build:  # cloudgen writes the Dockerfile; `dockerfile:` or `image:` take its place",
        "      context: .",
        f"      python: {json.dumps(python)}",
        f"      package_manager: {_scalar(application.package_manager)}",
        f"      app: {_scalar(answers.app or application.app or 'main:app')}",
        f"      interface: {application.interface}  # asgi runs on uvicorn, wsgi on gunicorn",
    ]
    if application.libraries:
        lines.append(f"      packages: [{', '.join(application.libraries)}]  # Debian packages needed at run time")
    lines += [
        f"    port: {answers.port or application.port or DEFAULT_PORT}",
        "    health_check:",
        f"      path: {_scalar(application.health or DEFAULT_HEALTH)}  # answers 200 when the application works",
        "    size: small  # 0.5 vCPU, 1Gi",
    ]
    if stored:
        listed = ", ".join(stored)
        lines.append(f"    connects_to: [{listed}]  # network rule, permission and environment variables")
    return [*lines, "    # environment: {LOG_LEVEL: info}", "    # scaling: {min: 2, max: 10}"]


def _load_balancer(answers: Answers) -> list[str]:
    if answers.domain:
        return ["load_balancer:", f"  domain: {_scalar(answers.domain)}"]
    return [
        "load_balancer:  # without a domain: plain HTTP on the load balancer's own name",
        "  # domain: shop.example.com",
    ]


def _storage(database: str, stored: list[str]) -> list[str]:
    entries = {
        "db": ["  databases:", f"    db: {{engine: {_scalar(database)}, size: small}}"],
        "cache": ["  caches:", "    cache: {engine: valkey, size: small}"],
        "files": ["  buckets:", "    files: {versioning: true}"],
    }
    lines = [line for name in stored for line in entries[name]]
    return ["", "storage:", *lines] if lines else []


def _flow(entries: dict[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {_scalar(value)}" for key, value in entries.items()) + "}"


def _scalar(text: str) -> str:
    """Write a text so that YAML reads it as it is."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return json.dumps(text)
