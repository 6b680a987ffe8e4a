"""The output's README: its picture shows what the stack has, and its tables what the output has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from cloudgen.render.templates import find_folder
from cloudgen.render.tree import render
from cloudgen.stack.aws.diagram import diagram
from cloudgen.stack.aws.readme import known_files
from cloudgen.stack.aws.stack import AwsStack, build
from cloudgen.stack.flowchart import Edge
from cloudgen.stack.mermaid import mermaid
from rig.parts.aws import HEAD, make_foundation

EVERYTHING = """
containers:
  web:
    port: 8000
    connects_to: [orders-db, assets, sessions, "jobs:publish"]
    secrets: {STRIPE_KEY: stripe-key}
  end: {command: [python, -m, worker], connects_to: [orders-db, "jobs:consume"]}
  nightly: {command: [python, -m, nightly], schedule: {cron: "0 2 * * *", retries: 2}}
load_balancer: {domain: shop.example.com, create_zone: true, routes: [{path: /, container: web}]}
storage:
  databases: {orders-db: {}}
  buckets: {assets: {}}
  caches: {sessions: {}}
  queues: {jobs: {}}
security: {secrets: {stripe-key: {}}}
monitoring: {alerts: {email: [ops@example.com]}}
"""
PREBUILT = """
state: {backend: local}
containers: {web: {port: 80, image: "nginx:1.29"}}
load_balancer: {}
"""
AUDITED = "monitoring: {audit: true}\n"
LITTLE = """
environment: development
containers: {worker: {command: [python, -m, worker]}}
"""


def _stack(body: str, head: str = HEAD) -> AwsStack:
    return build(make_foundation(body, head).deployment)


def _files(stack: AwsStack) -> dict[str, str]:
    return {file.path: file.text for file in render(stack)}


def test_picture_shows_what_the_stack_has() -> None:
    stack = _stack(EVERYTHING)
    keys = {node.key for node in diagram(stack).nodes}
    storage = {part.name for part in stack.storage}
    assert keys == {
        *(f"container:{each.name}" for each in stack.workloads),
        *(f"storage:{name}" for name in storage),
        *(f"secret:{secret.name}" for secret in stack.secrets),
        "visitors",
        "load-balancer",
        "nat",
        "internet",
        "scheduler",
        "alerts",
    }
    assert {name.removeprefix("container:") for name in keys if name.startswith("container:")} == {
        "web",
        "end",
        "nightly",
    }


def test_picture_shows_nothing_else() -> None:
    assert {node.key for node in diagram(_stack(LITTLE)).nodes} == {"container:worker", "nat", "internet", "alerts"}


def test_picture_connects_as_the_spec_does() -> None:
    edges = set(diagram(_stack(EVERYTHING)).edges)
    assert Edge("container:web", "storage:jobs", "publish") in edges
    assert Edge("container:end", "storage:jobs", "consume") in edges
    assert Edge("load-balancer", "container:web") in edges
    assert Edge("scheduler", "container:nightly") in edges
    assert Edge("container:web", "secret:stripe-key") in edges
    assert Edge("load-balancer", "container:end") not in edges


def test_picture_is_mermaid_that_no_name_can_break() -> None:
    """`end` is a word of Mermaid: ids are generated, labels are quoted."""
    text = mermaid(diagram(_stack(EVERYTHING)))
    lines = text.split("\n")
    declared = set(re.findall(r'^ +(n\d+)\["[^"\[\]]*"\]:::\w+$', text, re.MULTILINE))
    used = set(re.findall(r"^  (n\d+) .*--> n\d+$", text, re.MULTILINE))
    assert lines[0] == "flowchart LR"
    assert used <= declared
    assert len(declared) == len(diagram(_stack(EVERYTHING)).nodes)
    assert sum(line.strip() == "end" for line in lines) == sum(line.startswith("  subgraph ") for line in lines)
    styles = [line for line in lines if line.startswith("  classDef ")]
    assert len(styles) == len({line.split()[1] for line in styles})


@pytest.mark.parametrize("body", [EVERYTHING, PREBUILT, LITTLE, AUDITED + PREBUILT, AUDITED + LITTLE])
def test_every_file_of_the_output_is_explained(body: str) -> None:
    stack = _stack(body)
    written = {re.sub(r"/.*", "/", path) for path in _files(stack)} - {"README.md"}
    assert {entry.name for entry in stack.readme.files} == written


def test_conditions_are_those_of_the_manifest() -> None:
    manifest: Any = yaml.safe_load(Path(find_folder(), "aws", "manifest.yaml").read_text(encoding="utf-8"))
    entries = [entry for entry in manifest["files"] if "for_each" not in entry and "/" not in entry["output"]]
    wanted = {entry["output"]: entry.get("when") for entry in entries}
    wanted.pop("README.md")
    explained = {file.name: file.needs for file in known_files() if not file.name.endswith("/")}
    assert explained == wanted


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (EVERYTHING, ['export TF_VAR_secret_values=\'{"stripe-key": "…"}\'', "./deploy.sh"]),
        (PREBUILT, ["terraform init", "terraform apply"]),
        (LITTLE, ["./deploy.sh"]),
        (AUDITED + LITTLE, ["./deploy.sh"]),
        (
            AUDITED + PREBUILT,
            [
                "terraform -chdir=account init",
                "terraform -chdir=account apply",
                "terraform init",
                "terraform apply",
            ],
        ),
    ],
)
def test_commands(body: str, expected: list[str]) -> None:
    stack = _stack(body)
    assert list(stack.next_commands) == expected
    text = _files(stack)["README.md"]
    assert "\n".join(expected) in text


def test_partial_backend_is_told_its_bucket() -> None:
    head = HEAD.replace(', account: "111122223333"', "")
    assert _stack(EVERYTHING, head).readme.backend_option
    assert "-backend-config=" in _files(_stack(EVERYTHING, head))["README.md"]
    assert not _stack(EVERYTHING).readme.backend_option
    assert "-backend-config=" not in _files(_stack(EVERYTHING))["README.md"]


def test_the_audit_trail_is_explained() -> None:
    stack = _stack(EVERYTHING.replace("monitoring: {", "monitoring: {audit: true, "))
    text = _files(stack)["README.md"]
    assert stack.audit is not None
    assert stack.audit.alarms is not None
    section = text.split("## Audit trail")[1].split("## Destroy")[0]
    for said in (
        "in one environment only of those that share an account",
        "write `audit: false`",
        "for 365 days",
        "--log-group-name /aws/cloudtrail/shop-prod",
        *(event.title for event in stack.audit.alarms.events),
    ):
        assert said in section
    last = [text.index(f"\nterraform {folder}destroy\n") for folder in ("", "-chdir=account ", "-chdir=bootstrap ")]
    assert last == sorted(last)
    assert "`audit_log_group`" in text.split("## Inputs and outputs")[1].split("## Files")[0]
    assert any(one.startswith("the audit trail and its record") for one in stack.readme.left_behind)
    assert "audit" in {node.key for node in diagram(stack).nodes}


def test_without_an_audit_trail_nothing_is_said_of_one() -> None:
    assert "account/" not in "".join(_files(_stack(EVERYTHING)).values())


def test_nobody_is_told_of_the_audit_trail() -> None:
    text = _files(_stack(AUDITED + LITTLE))["README.md"]
    assert "Nobody is told of anything in it" in text


@pytest.mark.parametrize(
    ("head", "end"),
    [
        (HEAD, "`"),
        (HEAD.replace(', account: "111122223333"', ""), ' -backend-config="bucket=$(terraform -chdir=bootstrap'),
    ],
)
def test_how_the_audit_trail_is_initialised(head: str, end: str) -> None:
    text = _files(_stack(AUDITED + LITTLE.replace("environment: development", ""), head))["README.md"]
    assert f"`terraform -chdir=account init{end}" in text


def test_differences_name_the_values_used() -> None:
    differences = " ".join(_stack(EVERYTHING).readme.differences)
    assert "3600 seconds" in differences
    assert "monitoring.alerts.database_disk (80%) is approximated on AWS: RDS reports free bytes" in differences


def test_nothing_is_told_twice() -> None:
    readme = _stack(EVERYTHING + "scaling: {requests_per_instance: 50}\n").readme
    for said in ("3000 requests a minute", "retries"):
        assert " ".join(readme.warnings).count(said) == 1
        assert said not in " ".join(readme.differences)


def test_warnings_stand_in_the_readme() -> None:
    stack = _stack(EVERYTHING)
    assert stack.readme.warnings == tuple(problem.message for problem in stack.warnings)
    assert "retries repeat only the start" in _files(stack)["README.md"]


def test_sizes_are_named() -> None:
    sizes = {size.name: size for size in _stack(EVERYTHING).readme.sizes}
    assert set(sizes) == {"web", "end", "nightly", "orders-db", "sessions"}
    assert "db.t4g.small" in sizes["orders-db"].given
    assert "cache.t4g.small" in sizes["sessions"].given


def test_tables_have_rows_of_one_length() -> None:
    for line in _files(_stack(EVERYTHING))["README.md"].split("\n"):
        if line.startswith("|"):
            assert line.endswith("|")
    assert "\n\n\n" not in _files(_stack(EVERYTHING))["README.md"]
