"""Our own rules where checkov is blind hold in every golden tree of Google Cloud, and each one catches its defect."""

from __future__ import annotations

from functools import cache

import pytest

from cloudgen.pipeline import read_spec
from cloudgen.spec.deployment import Deployment
from scanners import blind_spots
from scanners.blind_spots import RULES, Rule, Tree
from support.golden import golden_cases
from support.hcl import read_tree, resources

CASES = {case.name: case for case in golden_cases("gcp")}


@cache
def _deployment(case: str) -> Deployment:
    return read_spec(str(CASES[case].spec)).deployment


@cache
def _golden(case: str) -> Tree:
    texts = read_tree(CASES[case].tree("gcp"))
    found = tuple(resource for file, text in texts.items() for resource in resources(file, text))
    return Tree(found, _deployment(case))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("case", CASES)
def test_rule_holds(case: str, rule: Rule) -> None:
    assert _golden(case).resources
    assert not list(rule(_golden(case)))


NEW_BINDING = 'resource "google_project_iam_binding" "x" {\n  role    = "roles/editor"\n  members = []\n}\n'
PROJECT_READER = (
    'resource "google_project_iam_member" "x" {\n  role   = "roles/secretmanager.secretAccessor"\n'
    '  member = "user:x"\n}\n'
)

# Rule, case, file, what stands there, what would be wrong there.
DEFECTS = (
    ("ingress", "reference", "services.tf", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER", "INGRESS_TRAFFIC_ALL"),
    ("ingress", "reference", "services.tf", "default_uri_disabled = true", "default_uri_disabled = false"),
    ("ingress", "no-balancer", "services.tf", "INGRESS_TRAFFIC_INTERNAL_ONLY", "INGRESS_TRAFFIC_ALL"),
    ("identity", "reference", "services.tf", "google_service_account.web.email", "null"),
    ("identity", "reference", "services.tf", "google_service_account.worker.email", "google_service_account.web.email"),
    ("identity", "reference", "jobs.tf", "google_service_account.nightly.email", '"default"'),
    ("processor", "reference", "services.tf", "cpu_idle          = false", ""),
    ("scheme", "reference", "load_balancer.tf", 'load_balancing_scheme = "EXTERNAL_MANAGED"', ""),
    ("scheme", "reference", "load_balancer.tf", '= "EXTERNAL_MANAGED"', '= "EXTERNAL"'),
    ("firewall", "reference", "load_balancer.tf", "security_policy       = google_compute_security_policy.main.id", ""),
    ("encryption_in_transit", "reference", "load_balancer.tf", '"TLS_1_2"', '"TLS_1_0"'),
    ("encryption_in_transit", "reference", "load_balancer.tf", "= google_compute_ssl_policy.main.id", "= null"),
    ("encryption_in_transit", "reference", "load_balancer.tf", 'port_range            = "443"', 'port_range = "8443"'),
    (
        "encryption_in_transit",
        "reference",
        "load_balancer.tf",
        "google_compute_url_map.redirect.id",
        "google_compute_url_map.main.id",
    ),
    ("readers_of_secrets", "reference", "iam.tf", "secretmanager.secretAccessor", "secretmanager.admin"),
    ("readers_of_secrets", "reference", "iam.tf", "", PROJECT_READER),
    ("encryption_of_secrets", "reference", "secrets.tf", "google_kms_crypto_key.main.id", "null"),
    ("encryption_of_secrets", "reference", "secrets.tf", "user_managed {", "auto {"),
    ("additive_grants", "reference", "iam.tf", "", NEW_BINDING),
    ("additive_grants", "reference", "iam.tf", "_bucket_iam_member", "_bucket_iam_binding"),
    ("additive_grants", "reference", "iam.tf", "google_service_account.web.member", '"allUsers"'),
    ("caches", "reference", "cache.tf", "google_kms_crypto_key.main.id", "null"),
    ("caches", "reference", "cache.tf", "google_memorystore_instance", "google_redis_instance"),
    ("caches", "reference", "cache.tf", "deletion_protection_enabled = true", ""),
    ("caches", "reference", "cache.tf", "network    = google_compute_network.main.id", 'network    = "default"'),
    ("private_buckets", "reference", "bucket.tf", '= "enforced"', '= "inherited"'),
    ("private_buckets", "reference", "bootstrap/state.tf", "uniform_bucket_level_access = true", ""),
)


@pytest.mark.parametrize(("rule", "case", "file", "old", "new"), DEFECTS)
def test_rule_catches(rule: str, case: str, file: str, old: str, new: str) -> None:
    text = (CASES[case].tree("gcp") / file).read_text(encoding="utf-8")
    assert old in text
    wrong = text.replace(old, new) if old else text + new
    check: Rule = getattr(blind_spots, rule)
    others = (resource for resource in _golden(case).resources if resource.file != file)
    assert list(check(Tree((*others, *resources(file, wrong)), _deployment(case))))


def test_every_rule_has_a_defect() -> None:
    assert {rule.__name__ for rule in RULES} == {defect[0] for defect in DEFECTS}
