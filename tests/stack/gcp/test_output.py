"""Rules that Google's servers enforce and no schema knows, checked on the rendered HCL.

checkov has no rule for Cloud Run v2, backend services, URL maps and worker pools, so these are our own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cloudgen.render import render
from cloudgen.stack.gcp.stack import build
from rig.parts.gcp import make_foundation
from rig.trees.hcl import resources

SPEC = """
storage: {databases: {db: {}}}
security: {secrets: {api-key: {}}}
containers:
  web: {port: 8000, secrets: {API_KEY: api-key}, connects_to: [db]}
  api: {port: 8080, environment: {GREETING: 'Grüße ${name} %{x} "quoted"'}}
  inner: {port: 9000}
  worker: {command: [python, -m, worker]}
  nightly: {command: [python, -m, report], schedule: {cron: "0 2 * * *"}}
load_balancer: {domain: shop.example.com, routes: [{path: /, container: web}, {path: /api, container: api}]}
"""
TEMPLATES = ("apis", "dns", "iam", "jobs", "load_balancer", "network", "services")

Block = dict[str, Any]


def _render(spec: str, name: str) -> str:
    """Render one file of the root module."""
    files = {file.path: file.text for file in render(build(make_foundation(spec).deployment))}
    return files[f"{name}.tf"]


@pytest.fixture(scope="module")
def blocks() -> list[tuple[str, str, Block]]:
    """Type, label and body of every resource."""
    return [found for name in TEMPLATES for found in _resources(_render(SPEC, name))]


def _resources(text: str) -> Iterator[tuple[str, str, Block]]:
    return ((found.type, found.label, found.body) for found in resources("", text))


def _of(blocks: list[tuple[str, str, Block]], *types: str) -> dict[str, Block]:
    found = {f"{type_}.{label}": body for type_, label, body in blocks if type_ in types}
    assert found, types
    return found


RUNNING = ("google_cloud_run_v2_service", "google_cloud_run_v2_worker_pool", "google_cloud_run_v2_job")


def _templates(blocks: list[tuple[str, str, Block]]) -> Iterator[Block]:
    """The revision template of everything that runs."""
    for address, body in _of(blocks, *RUNNING).items():
        template = body["template"][0]
        yield template["template"][0] if "_job." in address else template


def test_addresses_are_unique(blocks: list[tuple[str, str, Block]]) -> None:
    addresses = [(type_, label) for type_, label, _ in blocks]
    assert len(addresses) == len(set(addresses))


def test_the_load_balancing_scheme_is_always_stated(blocks: list[tuple[str, str, Block]]) -> None:
    """Its default differs between google 7 and 8, and a live load balancer refuses the change."""
    for body in _of(blocks, "google_compute_backend_service", "google_compute_global_forwarding_rule").values():
        assert body["load_balancing_scheme"] == "EXTERNAL_MANAGED"


@pytest.mark.parametrize("argument", ["timeout_sec", "health_checks", "port_name", "session_affinity"])
def test_serverless_backends_lack_what_google_refuses(blocks: list[tuple[str, str, Block]], argument: str) -> None:
    for body in _of(blocks, "google_compute_backend_service").values():
        assert argument not in body


def test_serverless_groups_lack_a_balancing_mode(blocks: list[tuple[str, str, Block]]) -> None:
    for body in _of(blocks, "google_compute_backend_service").values():
        (backend,) = body["backend"]
        assert set(backend) == {"group"}


def test_every_backend_is_logged_and_behind_the_firewall(blocks: list[tuple[str, str, Block]]) -> None:
    for body in _of(blocks, "google_compute_backend_service").values():
        assert body["log_config"][0]["enable"] is True
        assert "google_compute_security_policy.main.id" in body["security_policy"]


def test_backends_and_groups_can_be_let_go_of_first(blocks: list[tuple[str, str, Block]]) -> None:
    types = ("google_compute_backend_service", "google_compute_region_network_endpoint_group")
    for body in _of(blocks, *types).values():
        assert body["lifecycle"][0]["create_before_destroy"] is True


def test_path_rules_have_a_star_at_the_end_only(blocks: list[tuple[str, str, Block]]) -> None:
    """https://cloud.google.com/load-balancing/docs/url-map-concepts#pm-constraints."""
    (matcher,) = _of(blocks, "google_compute_url_map")["google_compute_url_map.main"]["path_matcher"]
    for rule in matcher["path_rule"]:
        for path in rule["paths"]:
            assert path.startswith("/")
            assert "*" not in path.removesuffix("/*")


def test_rules_of_the_firewall_have_distinct_priorities_and_end_with_the_default(
    blocks: list[tuple[str, str, Block]],
) -> None:
    (policy,) = _of(blocks, "google_compute_security_policy").values()
    priorities = [rule["priority"] for rule in policy["rule"]]
    assert priorities == sorted(set(priorities))
    assert priorities[-1] == 2147483647
    limit = next(rule for rule in policy["rule"] if rule["action"] == "throttle")
    # A request that conforms to the limit is let in by it, so nothing that should look at it may come later.
    assert [rule["action"] for rule in policy["rule"] if rule["priority"] > limit["priority"]] == ["allow"]
    # https://cloud.google.com/armor/docs/rate-limiting-overview
    (threshold,) = limit["rate_limit_options"][0]["rate_limit_threshold"]
    assert threshold["interval_sec"] in {10, 30, 60, 120, 180, 240, 270, 300, 600, 900, 1200, 1800, 2700, 3600}
    assert threshold["count"] <= 10000


def test_https_is_modern_and_has_a_certificate(blocks: list[tuple[str, str, Block]]) -> None:
    (policy,) = _of(blocks, "google_compute_ssl_policy").values()
    assert (policy["profile"], policy["min_tls_version"]) == ("MODERN", "TLS_1_2")
    (proxy,) = _of(blocks, "google_compute_target_https_proxy").values()
    assert "google_compute_ssl_policy.main" in proxy["ssl_policy"]
    assert proxy["certificate_map"].startswith("//certificatemanager.googleapis.com/")


def test_http_redirects(blocks: list[tuple[str, str, Block]]) -> None:
    (proxy,) = _of(blocks, "google_compute_target_http_proxy").values()
    assert "google_compute_url_map.redirect" in proxy["url_map"]


def test_names_of_dns_end_with_a_dot(blocks: list[tuple[str, str, Block]]) -> None:
    records = _of(blocks, "google_dns_record_set")
    assert records["google_dns_record_set.main"]["name"] == "shop.example.com."


def test_nobody_gets_around_the_load_balancer(blocks: list[tuple[str, str, Block]]) -> None:
    services = _of(blocks, "google_cloud_run_v2_service")
    for label in ("web", "api"):
        body = services[f"google_cloud_run_v2_service.{label}"]
        assert body["ingress"] == "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
        assert body["default_uri_disabled"] is True
        assert body["invoker_iam_disabled"] is True
    inner = services["google_cloud_run_v2_service.inner"]
    assert inner["ingress"] == "INGRESS_TRAFFIC_INTERNAL_ONLY"
    assert "invoker_iam_disabled" not in inner


def test_everything_that_runs_has_an_account_of_its_own(blocks: list[tuple[str, str, Block]]) -> None:
    # The job beside what runs always has the account of its container.
    own = [(type_, label, body) for type_, label, body in blocks if not label.endswith("_run")]
    accounts = [template["service_account"] for template in _templates(own)]
    assert all("google_service_account." in account for account in accounts)
    assert len(accounts) == len(set(accounts))


def test_deletion_protection_is_always_stated(blocks: list[tuple[str, str, Block]]) -> None:
    """The provider's default is true, which makes terraform destroy fail where nobody asked for protection.

    Cloud Run holds no data, so it is never protected: what failed to start has to be replaced.
    """
    for body in _of(blocks, *RUNNING).values():
        assert body["deletion_protection"] is False
    unprotected = _render(f"{SPEC}\nenvironment: development\n", "services")
    found = [body for type_, _, body in _resources(unprotected) if type_ in RUNNING]
    assert found
    assert all(body["deletion_protection"] is False for body in found)


def test_all_traffic_goes_through_the_network_with_a_tag(blocks: list[tuple[str, str, Block]]) -> None:
    for template in _templates(blocks):
        (access,) = template["vpc_access"]
        assert access["egress"] == "ALL_TRAFFIC"
        (interface,) = access["network_interfaces"]
        assert len(interface["tags"]) == 1


def test_cpu_between_requests_is_always_stated(blocks: list[tuple[str, str, Block]]) -> None:
    """Where `resources` is written and `cpu_idle` is not, Cloud Run takes the CPU away between requests."""
    for body in _of(blocks, "google_cloud_run_v2_service").values():
        assert body["template"][0]["containers"][0]["resources"][0]["cpu_idle"] is False


def test_only_services_have_ports_probes_and_requests(blocks: list[tuple[str, str, Block]]) -> None:
    for address, body in _of(blocks, *RUNNING).items():
        template = body["template"][0]["template"][0] if "_job." in address else body["template"][0]
        served = {"ports", "startup_probe", "liveness_probe"}
        assert (served & set(template["containers"][0])) == (served if "_service." in address else set())


def test_no_variable_is_one_that_cloud_run_sets(blocks: list[tuple[str, str, Block]]) -> None:
    for template in _templates(blocks):
        names = [variable["name"] for variable in template["containers"][0].get("env", [])]
        assert len(names) == len(set(names))
        assert not {"PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION"} & set(names)


def test_secrets_are_read_by_version(blocks: list[tuple[str, str, Block]]) -> None:
    web = _of(blocks, "google_cloud_run_v2_service")["google_cloud_run_v2_service.web"]
    (secret,) = [
        variable["value_source"][0]["secret_key_ref"][0]
        for variable in web["template"][0]["containers"][0]["env"]
        if variable["name"] == "API_KEY"
    ]
    assert "google_secret_manager_secret_version.api_key.version" in secret["version"]
    # The right to read it comes first, otherwise the first revision fails.
    assert any("time_sleep.grants" in item for item in web["depends_on"])
    wait = _of(blocks, "time_sleep")["time_sleep.grants"]
    assert any("secret_iam_member.web_api_key_secret_accessor" in item for item in wait["depends_on"])


def test_text_of_the_spec_stays_text(blocks: list[tuple[str, str, Block]]) -> None:
    text = _render(SPEC, "services")
    assert r'value = "Grüße $${name} %%{x} \"quoted\""' in text


def test_jobs_are_started_by_their_own_account_with_an_oauth_token(blocks: list[tuple[str, str, Block]]) -> None:
    """Google's own APIs refuse an OIDC token, which is for Cloud Run's addresses."""
    (body,) = _of(blocks, "google_cloud_scheduler_job").values()
    (target,) = body["http_target"]
    assert "oidc_token" not in target
    assert "google_service_account.nightly_scheduler.email" in target["oauth_token"][0]["service_account_email"]
    assert any("google_cloud_run_v2_job_iam_member" in item for item in body["depends_on"])
    assert 15 <= int(body["attempt_deadline"].removesuffix("s")) <= 1800
    assert 0 <= body["retry_config"][0]["retry_count"] <= 5


def test_nat_leaves_other_subnetworks_alone(blocks: list[tuple[str, str, Block]]) -> None:
    (nat,) = _of(blocks, "google_compute_router_nat").values()
    assert nat["source_subnetwork_ip_ranges_to_nat"] == "LIST_OF_SUBNETWORKS"
    # The two exclude each other.
    assert (nat["enable_dynamic_port_allocation"], nat["enable_endpoint_independent_mapping"]) == (True, False)


def test_the_peering_is_left_behind(blocks: list[tuple[str, str, Block]]) -> None:
    """Google refuses to end it while it thinks that a deleted database still uses it."""
    (connection,) = _of(blocks, "google_service_networking_connection").values()
    assert connection["deletion_policy"] == "ABANDON"


def test_what_no_rule_allows_is_denied(blocks: list[tuple[str, str, Block]]) -> None:
    rules = _of(blocks, "google_compute_firewall")
    deny = rules.pop("google_compute_firewall.deny_egress")
    assert deny["deny"] == [{"protocol": "all"}]
    assert "target_tags" not in deny
    for body in rules.values():
        assert body["direction"] == deny["direction"] == "EGRESS"
        assert body["priority"] < deny["priority"] <= 65535
        assert body["target_tags"]


def test_apis_stay_on_and_everything_first_waits_for_them(blocks: list[tuple[str, str, Block]]) -> None:
    for body in _of(blocks, "google_project_service").values():
        assert body["disable_on_destroy"] is False
    first = (
        "google_compute_network",
        "google_compute_global_address",
        "google_compute_security_policy",
        "google_compute_ssl_policy",
        "google_certificate_manager_dns_authorization",
        "google_certificate_manager_certificate_map",
        "google_service_account",
    )
    for address, body in _of(blocks, *first).items():
        # The range for databases waits by way of its network.
        if "network" not in body:
            assert any("time_sleep.apis" in item for item in body["depends_on"]), address


def test_grants_only_add(blocks: list[tuple[str, str, Block]]) -> None:
    """A policy or a binding would take away what others were granted."""
    types = {type_ for type_, _, _ in blocks if "_iam_" in type_}
    assert types
    assert all(type_.endswith("_iam_member") for type_ in types)
