"""The stand-in for hashicorp/google under the real Terraform: good trees live and die, bad ones are told why."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from rig.standin.breaking import break_next
from rig.standin.life import live
from rig.standin.trees import golden_trees, variables_for
from rig.standin.workspace import Setup, TerraformError, Workspace
from rig.tools.toolbox import Require

pytestmark = pytest.mark.terraform
STANDIN = Path(__file__).parents[1] / "rig" / "standin"
EXAMPLES = STANDIN / "gcp" / "examples"

HEAD = """terraform {
  required_providers {
    google = {
      source = "hashicorp/google"
    }
  }
}

provider "google" {
  project = "acme-shop"
  region  = "europe-west1"
}

resource "google_project_service" "storage" {
  service = "storage.googleapis.com"
}
"""


@pytest.fixture(autouse=True)
def needs_terraform(require: Require) -> None:
    require("terraform")


def changed(tmp_path: Path, example: str, *changes: tuple[str, str]) -> Path:
    """Copy an example and change its text; each change must hit exactly once."""
    folder = tmp_path / "changed"
    shutil.copytree(EXAMPLES / example, folder)
    text = (folder / "main.tf").read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, f"{text.count(old)} times: {old}"
        text = text.replace(old, new)
    (folder / "main.tf").write_text(text, encoding="utf-8")
    return folder


def refusal(folder: Path) -> str:
    """Run a cycle that must fail, and return what Terraform said, on one line."""
    with pytest.raises(TerraformError) as caught:
        live(folder, variables=variables_for(folder))
    return " ".join(caught.value.output.split())


@pytest.mark.parametrize(("example", "schema"), [("services", "8"), ("services", "7"), ("machines", "8")])
def test_good_trees_live_and_die(example: str, schema: str) -> None:
    report = live(EXAMPLES / example, schema, variables_for(EXAMPLES / example))
    addresses = {change["address"] for change in report.plan["resource_changes"]}
    assert {"google_compute_network.main", "time_sleep.apis"} <= addresses
    assert report.resources["google_compute_backend_service"] == 1
    assert set(report.plans) == {"bootstrap", "."} if example == "services" else {"."}


def test_aws_on_the_schema_of_its_sixth_version() -> None:
    report = live(STANDIN / "aws" / "example")
    assert report.resources["aws_route53_record"] == 2


def test_a_plan_names_each_broken_rule_and_where(tmp_path: Path) -> None:
    folder = changed(
        tmp_path,
        "services",
        ('tier                        = "db-custom-2-7680"', 'tier                        = "db-perf-optimized-N-2"'),
        ("ack_deadline_seconds       = 120", "ack_deadline_seconds       = 601"),
        ("interval_sec = 300", "interval_sec = 90"),
        ('period       = "60s"', 'period       = "30s"'),
        ('account_id = "shop-production-sched"', 'account_id = "shop-production-continuous-deploy"'),
    )
    said = refusal(folder)
    for rule, where in {
        "sql-tier": "settings[0].tier",
        "pubsub-ack-deadline": "ack_deadline_seconds",
        "armor-rate-limit": "rate_limit_options[0].rate_limit_threshold[0].interval_sec",
        "uptime-times": "period",
        "service-account-id": "account_id",
    }.items():
        assert f"[{rule}]" in said
        assert where in said
    assert "with google_sql_database_instance.orders, on main.tf line" in said


def test_an_argument_that_the_schema_does_not_have(tmp_path: Path) -> None:
    folder = changed(tmp_path, "services", ("sample_rate = 1\n", "sampel_rate = 1\n"))
    assert "Unsupported argument" in refusal(folder)


def test_an_argument_with_a_value_that_is_none_of_the_possible_ones(tmp_path: Path) -> None:
    folder = changed(
        tmp_path, "services", ("INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER", "INGRESS_TRAFFIC_INTERNAL_BALANCER")
    )
    assert "expected ingress to be one of" in refusal(folder)


def test_a_secret_that_may_not_be_read(tmp_path: Path) -> None:
    folder = changed(tmp_path, "services", ("roles/secretmanager.secretAccessor", "roles/secretmanager.viewer"))
    said = refusal(folder)
    assert "[secret-readable]" in said
    assert "template[0].containers[0].env[1].value_source[0].secret_key_ref[0].secret" in said


def test_an_order_that_is_luck(tmp_path: Path) -> None:
    """The grant may well be there first; the next time it may not."""
    wanted = "[google_secret_manager_secret_iam_member.web, google_secret_manager_secret_version.stripe]"
    folder = changed(tmp_path, "services", (wanted, "[google_secret_manager_secret_version.stripe]"))
    said = refusal(folder)
    assert "[lucky-order] google_cloud_run_v2_service.web needs" in said or "[secret-readable]" in said
    assert "google_secret_manager_secret_iam_member.web" in said or "Permission denied on secret" in said


def test_a_secret_whose_value_was_forgotten() -> None:
    """The first plan does not know; Google refuses it, and the container that reads it does not start."""
    tree = golden_trees("gcp")["two-containers"]
    with pytest.raises(TerraformError, match=r"\[secret-payload\]") as caught:
        live(tree, variables={**variables_for(tree), "secret_values": {}})
    assert caught.value.step.startswith("apply")


def test_a_serverless_backend_with_a_timeout(tmp_path: Path) -> None:
    scheme = 'load_balancing_scheme = "EXTERNAL_MANAGED"\n  protocol              = "HTTPS"'
    folder = changed(tmp_path, "services", (scheme, f"{scheme}\n  timeout_sec           = 30"))
    assert "[serverless-backend]" in refusal(folder)


def test_dead_letters_that_nobody_may_move(tmp_path: Path) -> None:
    folder = changed(tmp_path, "services", ('role   = "roles/pubsub.publisher"', 'role   = "roles/pubsub.viewer"'))
    assert "[dead-letters]" in refusal(folder)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A root module with one bucket, applied."""
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "main.tf").write_text(f"{HEAD}\n{bucket('acme-assets', 'shop')}", encoding="utf-8")
    setup = Setup.make(tmp_path / "setup")
    made = Workspace.copy(tmp_path / "source", tmp_path / "work", setup)
    made.init()
    # The API is on already, as in a project that is in use.
    made.run("apply", "-input=false", "-auto-approve", "-no-color", "-target=google_project_service.storage")
    made.run("apply", "-input=false", "-auto-approve", "-no-color")
    return made


def bucket(name: str, team: str) -> str:
    """Return HCL of a bucket."""
    return f"""resource "google_storage_bucket" "assets" {{
  name     = "{name}"
  location = "europe-west1"
  labels   = {{ team = "{team}" }}
}}
"""


@pytest.mark.parametrize(
    ("name", "team", "actions"),
    [("acme-assets", "orders", ["update"]), ("acme-pictures", "shop", ["delete", "create"])],
)
def test_what_changes_in_place_and_what_replaces(
    workspace: Workspace, name: str, team: str, actions: list[str]
) -> None:
    (workspace.folder / "main.tf").write_text(f"{HEAD}\n{bucket(name, team)}", encoding="utf-8")
    changes = {item["address"]: item["change"]["actions"] for item in workspace.plan()["resource_changes"]}
    assert changes == {"google_project_service.storage": ["no-op"], "google_storage_bucket.assets": actions}


def test_a_name_that_is_taken(workspace: Workspace, tmp_path: Path) -> None:
    """A second root module with a state of its own wants the same bucket."""
    other = Workspace.copy(tmp_path / "source", tmp_path / "other", workspace.setup)
    other.init()
    with pytest.raises(TerraformError, match=r"\[already-exists\] a name is taken"):
        other.run("apply", "-input=false", "-auto-approve", "-no-color")


def planned(workspace: Workspace) -> dict[str, tuple[str, set[str]]]:
    """Return what a plan does to each resource, and what it replaces it for."""
    return {
        item["address"]: (
            "/".join(item["change"]["actions"]),
            {".".join(map(str, path)) for path in item["change"].get("replace_paths", [])},
        )
        for item in workspace.plan()["resource_changes"]
        if item["change"]["actions"] != ["no-op"]
    }


@pytest.fixture
def secret(tmp_path: Path) -> Workspace:
    """A root module with a secret, its blocks and a sleep, applied."""
    text = """resource "google_secret_manager_secret" "key" {
  secret_id  = "shop-key"
  depends_on = [time_sleep.apis]

  replication {
    user_managed {
      replicas {
        location = "europe-west1"
      }
    }
  }
}

resource "google_project_service" "secrets" {
  service = "secretmanager.googleapis.com"
}

resource "time_sleep" "apis" {
  create_duration = "60s"
  triggers        = { apis = google_project_service.secrets.service }
}
"""
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "main.tf").write_text(f"{HEAD}\n{text}", encoding="utf-8")
    made = Workspace.copy(tmp_path / "source", tmp_path / "work", Setup.make(tmp_path / "setup"))
    made.init()
    made.apply()
    return made


REPLICAS = "replication.0.user_managed.0.replicas"
SECRET, SLEEP = "google_secret_manager_secret.key", "time_sleep.apis"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            'location = "europe-west1"',
            'location = "europe-west4"',
            {SECRET: ("delete/create", {f"{REPLICAS}.0.location"})},
        ),
        (
            "      replicas {\n",
            '      replicas {\n        location = "europe-west4"\n      }\n      replicas {\n',
            {SECRET: ("delete/create", {f"{REPLICAS}.0.location", f"{REPLICAS}.1.location", REPLICAS})},
        ),
        ("secrets.service }", 'secrets.service, more = "1" }', {SLEEP: ("delete/create", {"triggers"})}),
        ('create_duration = "60s"', 'create_duration = "30s"', {SLEEP: ("update", set())}),
    ],
    ids=["location", "number", "triggers", "duration"],
)
def test_a_change_in_a_block_by_number_and_of_triggers(
    secret: Workspace, old: str, new: str, expected: dict[str, tuple[str, set[str]]]
) -> None:
    file = secret.folder / "main.tf"
    text = re.sub(" +", " ", file.read_text(encoding="utf-8"))
    old, new = (re.sub(" +", " ", one) for one in (old, new))
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    assert planned(secret) == expected


def test_a_create_that_fails_by_half_is_tainted_and_healed(workspace: Workspace) -> None:
    """Terraform makes it anew: destroy first, for the name is fixed."""
    break_next(workspace.setup.cloud, "google_storage_bucket")
    other = (
        bucket("acme-pictures", "shop")
        .replace('"assets"', '"pictures"')
        .replace("labels", "force_destroy = true\n  labels")
    )
    (workspace.folder / "more.tf").write_text(other, encoding="utf-8")
    with pytest.raises(TerraformError, match=r"\[half-made\]"):
        workspace.apply()
    assert planned(workspace) == {"google_storage_bucket.pictures": ("delete/create", set())}
    workspace.apply()
    assert planned(workspace) == {}


def test_a_bucket_that_holds_something_stays(workspace: Workspace) -> None:
    with pytest.raises(TerraformError, match=r"\[not-empty\]"):
        workspace.destroy()
