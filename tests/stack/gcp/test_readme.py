"""The output's README: its picture shows what the stack has, and its tables what the output has."""

from __future__ import annotations

import re

import pytest

from cloudgen.render.tree import render
from cloudgen.stack.gcp.diagram import diagram
from cloudgen.stack.gcp.readme import FILES
from cloudgen.stack.gcp.stack import GcpStack, build
from rig.parts.gcp import make_foundation

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
AUDITED = EVERYTHING.replace("monitoring: {", "monitoring: {audit: true, ")
PREBUILT = """
state: {backend: local}
containers: {web: {port: 80, image: "nginx:1.29"}}
load_balancer: {}
"""
LITTLE = """
environment: development
containers: {worker: {command: [python, -m, worker]}}
"""


def _stack(body: str) -> GcpStack:
    return build(make_foundation(body).deployment)


def _files(stack: GcpStack) -> dict[str, str]:
    return {file.path: file.text for file in render(stack)}


def test_picture_shows_what_the_stack_has() -> None:
    stack = _stack(EVERYTHING)
    keys = {node.key for node in diagram(stack).nodes}
    storage = {
        part.name
        for parts in (stack.storage.databases, stack.storage.buckets, stack.storage.caches, stack.storage.queues)
        for part in parts
    }
    assert keys == {
        *(f"container:{name}" for name in stack.deployment.containers),
        *(f"storage:{name}" for name in storage),
        "secret:stripe-key",
        *("visitors", "internet", "load-balancer", "nat", "scheduler", "alerts"),
    }
    edges = {(edge.start, edge.end) for edge in diagram(stack).edges}
    assert ("container:end", "storage:jobs") in edges
    assert all({edge.start, edge.end} <= keys for edge in diagram(stack).edges)


@pytest.mark.parametrize("body", [EVERYTHING, AUDITED, PREBUILT, LITTLE])
def test_the_table_of_files_is_the_list_of_files(body: str) -> None:
    stack = _stack(body)
    folders = {path if "/" not in path else f"{path.partition('/')[0]}/" for path in _files(stack)}
    assert {entry.name for entry in stack.readme.files} == folders - {"README.md"}
    assert len({file.name for file in FILES}) == len(FILES)


@pytest.mark.parametrize("body", [EVERYTHING, AUDITED, PREBUILT, LITTLE])
def test_it_names_every_variable_and_output(body: str) -> None:
    files = _files(_stack(body))
    for path, word in (("variables.tf", "variable"), ("outputs.tf", "output"), ("account/outputs.tf", "output")):
        for name in re.findall(rf'^{word} "(\w+)"', files.get(path, ""), re.M):
            assert f"| `{name}` |" in files["README.md"]


def test_commands() -> None:
    assert _stack(EVERYTHING).next_commands == (
        """export TF_VAR_secret_values='{"stripe-key": "…"}'""",
        "./deploy.sh",
    )
    assert _stack(PREBUILT).next_commands == ("./deploy.sh",)


def test_agents_and_apis_that_terraform_cannot_make() -> None:
    everything = _stack(EVERYTHING).readme
    assert everything.agents == tuple(
        f"{name}.googleapis.com" for name in ("artifactregistry", "memorystore", "pubsub", "secretmanager", "sqladmin")
    )
    assert {"cloudresourcemanager.googleapis.com", "serviceusage.googleapis.com"} < set(everything.services)
    assert {"storage.googleapis.com", "logging.googleapis.com"} < set(everything.services)
    assert _stack(LITTLE).readme.agents == ()


def test_how_to_destroy_and_to_come_back() -> None:
    text = _files(_stack(EVERYTHING))["README.md"]
    assert "Deletion protection is on." in text
    assert "gcloud compute networks peerings delete servicenetworking-googleapis-com" in text
    ring = "projects/acme-shop/locations/europe-west1/keyRings/shop-prod"
    assert f"terraform import google_kms_key_ring.main {ring}\n" in text
    assert f"terraform -chdir=bootstrap import google_kms_key_ring.main {ring}-bootstrap\n" in text
    assert "gcloud logging buckets undelete shop-prod --location europe-west1 --project acme-shop\n" in text
    assert "terraform apply -replace=google_secret_manager_secret_version.orders_db_password\n" in text
    little = _files(_stack(LITTLE))["README.md"]
    assert "Deletion protection is on." not in little
    assert "terraform import" not in little
    assert "gcloud logging buckets undelete" in little
    assert "peerings" not in little


def test_the_audit_trail() -> None:
    text = _files(_stack(AUDITED))["README.md"]
    steps = [text.index(f"`terraform {step}`") for step in ("-chdir=bootstrap apply", "-chdir=account apply", "apply")]
    assert steps == sorted(steps)
    assert "| `account/` |" in text
    assert "in one environment only of those that share a project" in text
    assert "gcloud logging read " in text
    assert "--bucket shop-prod-audit --location europe-west1 --view _AllLogs" in text
    assert "- The audit record was switched off or changed:" in text
    assert "`account/audit_override.tf`" in text
    assert "terraform destroy\nterraform -chdir=account destroy\n# The state of bootstrap/ lies in the bucket" in text
    assert "-migrate-state -force-copy\nterraform -chdir=bootstrap destroy\n" in text
    assert "- the audit trail of the project, made by account/\n" in text
    assert "Who read or wrote objects of a bucket" not in text
    ring = "projects/acme-shop/locations/europe-west1/keyRings/shop-prod-account"
    assert f"terraform -chdir=account import google_kms_key_ring.main {ring}\n" in text
    assert "gcloud logging buckets undelete shop-prod-audit --location europe-west1 --project acme-shop\n" in text
    assert "logging.googleapis.com" in _stack(AUDITED).readme.services
    without = _files(_stack(EVERYTHING))["README.md"]
    assert "account/" not in without
    assert "Who read or wrote objects of a bucket" in without


def test_the_audit_trail_that_nobody_is_told_of() -> None:
    stack = _stack(f"{PREBUILT}monitoring: {{audit: true}}\nsecurity: {{encryption: provider_managed}}\n")
    text = _files(stack)["README.md"]
    assert "Nobody is told of anything in it" in text
    assert "terraform destroy\nterraform -chdir=account destroy\n```" in text
    assert "gcloud logging buckets undelete shop-prod-audit " in text
    assert "-chdir=account import" not in text
    assert stack.next_commands == ("./deploy.sh",)


def test_costs_name_what_there_is_and_nothing_else() -> None:
    whole = _files(_stack(AUDITED))["README.md"].partition("## What it costs")[2].partition("\n## ")[0]
    for word in (
        "load balancer",
        "Cloud Armor",
        "Cloud NAT",
        "Databases",
        "Caches",
        "version of a key",
        "who read what",
    ):
        assert word in whole
    little = _files(_stack(PREBUILT + "security: {encryption: provider_managed}\n"))["README.md"]
    costs = little.partition("## What it costs")[2].partition("\n## ")[0]
    for word in ("Databases", "Caches", "version of a key", "who read what"):
        assert word not in costs
    assert "Alert policies" in costs


def test_the_domain_is_taken_over_where_its_zone_was_there_before() -> None:
    new, old = (
        _files(_stack(body))["README.md"] for body in (EVERYTHING, EVERYTHING.replace("create_zone: true, ", ""))
    )
    line = 'terraform import google_dns_record_set.main "acme-shop/$zone/shop.example.com./A"'
    assert line in old
    assert line not in new
    for text in (new, old):
        assert "`pki.goog`" in text
    assert "pki.goog" not in _files(_stack(PREBUILT))["README.md"]


def test_a_key_of_ones_own_switches_error_reporting_off_and_the_readme_says_so() -> None:
    told = "Error Reporting shows nothing"
    assert told in _files(_stack(EVERYTHING))["README.md"]
    assert (
        told
        not in _files(_stack(EVERYTHING.replace("security: {", "security: {encryption: provider_managed, ")))[
            "README.md"
        ]
    )
