"""Rules of the output that let it survive edits and failed starts, over every golden tree, each with its defects.

The lives of `tests/updates` play edits; these rules hold for what no row of that table names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[2] / "golden"
CASES = sorted(path.parent.name for path in GOLDEN.glob("*/gcp"))
RESOURCE = re.compile(r'^resource "(\w+)" "([\w-]+)" \{\n(.*?)^\}', re.M | re.S)
REFERENCE = re.compile(r"\b((?:google_\w+|time_sleep|random_id|terraform_data)\.[\w-]+)")
CREATED_FIRST = "create_before_destroy = true"
MAY_BE_CREATED_FIRST = (
    "google_compute_region_instance_template.",
    "google_certificate_manager_",
    "google_compute_backend_service.",
    "google_compute_region_network_endpoint_group.",
    "google_compute_security_policy.",
    "google_compute_url_map.redirect",
    "google_dns_managed_zone.",
    "google_dns_record_set.authorization",
    "google_kms_crypto_key",
    "google_kms_key_ring.",
    "google_monitoring_",
    "google_project_service.",
    "time_sleep.",
)
"""What has no name of its own, a name that goes with what replaces it, or nothing that replaces it."""
MACHINES = ("google_compute_region_instance_template.", "google_compute_region_instance_group_manager.")
USED_BY_MACHINES = (
    "google_artifact_registry_repository_iam_member.",
    "google_compute_firewall.",
    "google_compute_global_address.",
    "google_compute_health_check.",
    "google_compute_network.",
    "google_compute_region_instance_group_manager.",
    "google_compute_router",
    "google_compute_subnetwork.",
    "google_project_iam_member.",
    "google_pubsub_",
    "google_secret_manager_secret",
    "google_service_account.",
    "google_service_networking_connection.",
    "google_sql_",
    "google_storage_bucket",
    "random_id.",
    "terraform_data.",
)
"""What an instance template or a group depends on, and no edit replaces by one of the same name: edits that would are
refused (networking.cidr, location of a bucket, security.encryption), and servers and groups have names that change with
what replaces them. The table of edits plays them.
"""
HOLDS_DATA = (
    "google_artifact_registry_repository.",
    "google_dns_managed_zone.",
    "google_kms_crypto_key.",
    "google_logging_project_bucket_config.",
)
RUNS = ("google_cloud_run_v2_service.", "google_cloud_run_v2_worker_pool.", "google_cloud_run_v2_job.")
ENCRYPTS = re.compile(r"kms_key(_name)?\s+= |encryption_key_name|default_kms_key_name")

Tree = Mapping[str, str]
"""Path -> text of the rendered Terraform of one tree."""


def _tree(case: str) -> dict[str, str]:
    folder = GOLDEN / case / "gcp"
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.tf")}


def _modules(tree: Tree) -> Iterator[dict[str, str]]:
    """The bodies of resources by address, module by module."""
    for name in ("bootstrap", "account", "."):
        text = "".join(text for path, text in tree.items() if str(Path(path).parent) == name)
        yield {f"{kind}.{label}": body for kind, label, body in RESOURCE.findall(text)}


def _upstream(bodies: Mapping[str, str], address: str) -> set[str]:
    """Everything that a resource depends on."""
    found: set[str] = set()
    waiting = [address]
    while waiting:
        for other in REFERENCE.findall(bodies[waiting.pop()]):
            if other in bodies and other not in found:
                found.add(other)
                waiting.append(other)
    return found


def created_first(tree: Tree) -> Iterator[str]:
    """Terraform creates first whatever something that is created first depends on: never what has a fixed name."""
    for bodies in _modules(tree):
        for address, body in bodies.items():
            if CREATED_FIRST in body:
                reached = {address, *_upstream(bodies, address)}
                used = USED_BY_MACHINES if any(one.startswith(MACHINES) for one in reached) else ()
                yield from sorted(one for one in reached if not one.startswith((*MAY_BE_CREATED_FIRST, *used)))


def protected_in_the_state(tree: Tree) -> Iterator[str]:
    """What holds data says whether it may be deleted, where the state keeps it."""
    for bodies in _modules(tree):
        for address, body in bodies.items():
            wanted = address.startswith(HOLDS_DATA) or address == "google_storage_bucket.state"
            if wanted and not re.search(r'deletion_policy\s+= "(PREVENT|DELETE)"', body):
                yield address


def runs_unprotected(tree: Tree) -> Iterator[str]:
    """What runs containers holds no data: what failed to start can be replaced, what is not wanted removed."""
    for bodies in _modules(tree):
        for address, body in bodies.items():
            if address.startswith(RUNS) and "deletion_protection = false" not in body:
                yield address


def grants_are_awaited(tree: Tree) -> Iterator[str]:
    """Whatever encrypts, and whatever runs with grants, waits until Google knows the grants everywhere."""
    for bodies in _modules(tree):
        for address, body in bodies.items():
            encrypts = bool(ENCRYPTS.search(body)) and "time_sleep.key" not in _upstream(bodies, address)
            reads = "secret_key_ref" in body and "time_sleep.grants" not in _upstream(bodies, address)
            if (encrypts or reads) and "_iam_member." not in address:
                yield address


def in_use_goes_last(tree: Tree) -> Iterator[str]:
    """What Google does not delete while something names it is deleted after that has let go of it."""
    in_use = (
        "google_compute_url_map.redirect",
        "google_compute_security_policy.",
        "google_compute_backend_service.",
        "google_compute_region_network_endpoint_group.",
        "google_monitoring_notification_channel.",
    )
    for bodies in _modules(tree):
        for address, body in bodies.items():
            if address.startswith(in_use) and CREATED_FIRST not in body:
                yield address
        check = bodies.get("google_monitoring_uptime_check_config.main")
        policy = bodies.get("google_monitoring_alert_policy.uptime", "")
        if check is not None and CREATED_FIRST not in check and "replace_triggered_by" not in policy:
            yield "google_monitoring_uptime_check_config.main"


def routes_lead_to_what_runs(tree: Tree) -> Iterator[str]:
    """The endpoint group names its service as text, so the routes wait for the service."""
    for bodies in _modules(tree):
        if "google_compute_url_map.main" in bodies:
            upstream = _upstream(bodies, "google_compute_url_map.main")
            groups = [one for one in bodies if one.startswith("google_compute_region_network_endpoint_group.")]
            services = (f"google_cloud_run_v2_service.{one.rpartition('.')[2]}" for one in groups)
            yield from (service for service in services if service not in upstream)


def replaced_values_stay(tree: Tree) -> Iterator[str]:
    """A secret's old value is read by what still runs."""
    for bodies in _modules(tree):
        for address, body in bodies.items():
            if address.startswith("google_secret_manager_secret_version.") and '"ABANDON"' not in body:
                yield address


def another_engine_is_another_server(tree: Tree) -> Iterator[str]:
    """Cloud SQL refuses to change the engine in place: the server's name changes with the engine."""
    for bodies in _modules(tree):
        for address in (one for one in bodies if one.startswith("google_sql_database_instance.")):
            label = address.rpartition(".")[2]
            if f"replace_triggered_by = [terraform_data.{label}_engine]" not in bodies.get(f"random_id.{label}", ""):
                yield address


def grants_name_what_they_are_on(tree: Tree) -> Iterator[str]:
    """A new job has no grants: its name stays, so the grant refers to its id, which does not."""
    for bodies in _modules(tree):
        for address, body in bodies.items():
            if address.startswith("google_cloud_run_v2_job_iam_member.") and not re.search(r"name\s+= \S+\.id\n", body):
                yield address


Rule = Callable[[Tree], Iterator[str]]
RULES: tuple[Rule, ...] = (
    created_first,
    protected_in_the_state,
    runs_unprotected,
    grants_are_awaited,
    in_use_goes_last,
    routes_lead_to_what_runs,
    replaced_values_stay,
    another_engine_is_another_server,
    grants_name_what_they_are_on,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("case", CASES)
def test_a_golden_tree_keeps_the_rule(case: str, rule: Rule) -> None:
    assert list(rule(_tree(case))) == []


SECRET = 'resource "google_secret_manager_secret_version" "stripe_key" {\n'
FIRST = "  lifecycle {\n    create_before_destroy = true\n  }\n"
DEFECTS: tuple[tuple[Rule, str, str, str, str], ...] = (
    (created_first, "load_balancer.tf", 'service = "shop-prod-web"', "service = google_cloud_run_v2_service.web.name",
     "google_cloud_run_v2_service.web"),
    (created_first, "secrets.tf", SECRET, SECRET + FIRST, "google_secret_manager_secret.stripe_key"),
    (created_first, "queue.tf", 'resource "google_pubsub_subscription" "jobs" {\n',
     f'resource "google_pubsub_subscription" "jobs" {{\n{FIRST}', "google_pubsub_topic.jobs"),
    (created_first, "load_balancer.tf", "  depends_on = [time_sleep.apis]\n\n  # A policy in use",
     "  depends_on = [google_compute_network.main]\n\n  # A policy in use", "google_compute_network.main"),
    (protected_in_the_state, "kms.tf", '  deletion_policy            = "PREVENT"\n', "", "google_kms_crypto_key.main"),
    (protected_in_the_state, "bootstrap/kms.tf", '  deletion_policy            = "PREVENT"\n', "",
     "google_kms_crypto_key.main"),
    (protected_in_the_state, "bootstrap/registry.tf", '  deletion_policy = "PREVENT"\n', "",
     "google_artifact_registry_repository.main"),
    (protected_in_the_state, "bootstrap/state.tf",
     '  deletion_policy = "PREVENT"\n', "", "google_storage_bucket.state"),
    (protected_in_the_state, "account/audit.tf", '  deletion_policy = "PREVENT"\n', "",
     "google_logging_project_bucket_config.main"),
    (runs_unprotected, "services.tf", "deletion_protection = false", "deletion_protection = true",
     "google_cloud_run_v2_service.web"),
    (runs_unprotected, "jobs.tf", "deletion_protection = false", "deletion_protection = true",
     "google_cloud_run_v2_job.nightly"),
    (grants_are_awaited, "bucket.tf", "time_sleep.key", "google_kms_crypto_key_iam_member.storage",
     "google_storage_bucket.assets"),
    (grants_are_awaited, "bootstrap/registry.tf", "time_sleep.key",
     "google_kms_crypto_key_iam_member.artifact_registry", "google_artifact_registry_repository.main"),
    (grants_are_awaited, "services.tf", "time_sleep.grants",
     "google_secret_manager_secret_iam_member.web_stripe_key_secret_accessor", "google_cloud_run_v2_service.web"),
    (in_use_goes_last, "load_balancer.tf", FIRST, "", "google_compute_url_map.redirect"),
    (in_use_goes_last, "monitoring.tf", FIRST, "",
     "google_monitoring_notification_channel.email_ops_example_com_af3c"),
    (routes_lead_to_what_runs, "load_balancer.tf", "  depends_on = [google_cloud_run_v2_service.web]\n", "",
     "google_cloud_run_v2_service.web"),
    (another_engine_is_another_server, "database.tf", "replace_triggered_by = [terraform_data.orders_db_engine]", "",
     "google_sql_database_instance.orders_db"),
    (grants_name_what_they_are_on, "iam.tf", "_v2_job.nightly.id", "_v2_job.nightly.name",
     "google_cloud_run_v2_job_iam_member.nightly_scheduler_nightly_invoker"),
    (replaced_values_stay, "secrets.tf", '"ABANDON"', '"DELETE"', "google_secret_manager_secret_version.stripe_key"),
)  # fmt: skip


@pytest.mark.parametrize(("rule", "path", "old", "new", "caught"), DEFECTS)
def test_a_deliberate_defect_is_caught(rule: Rule, path: str, old: str, new: str, caught: str) -> None:
    tree = _tree("reference")
    assert old in tree[path]
    assert caught in list(rule({**tree, path: tree[path].replace(old, new)}))
