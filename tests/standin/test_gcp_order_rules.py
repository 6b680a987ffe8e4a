"""Every rule of order accepts its good example in its cloud, and refuses the bad ones."""

from __future__ import annotations

import pytest

from rig.standin.cloud import Cloud
from rig.standin.configuration import Configuration
from rig.standin.gcp.deletion import deletion_refused
from rig.standin.gcp.rules import ORDER_RULES, out_of_order, silent_failures
from rig.standin.rule_cases import Case, cloud_of, put, read_cases, resource

CASES = read_cases("gcp", "order")
AGENT = "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
ACCOUNT = "shop-web@acme-shop.iam.gserviceaccount.com"


def names(found: Configuration, cloud: Cloud) -> list[tuple[str, str]]:
    """Return (rule, path) of everything that a resource breaks in a cloud."""
    return [
        (violation.summary.split("]")[0].lstrip("["), ".".join(map(str, violation.path)))
        for violation in out_of_order(found, cloud)
    ]


def test_every_rule_has_a_case() -> None:
    assert {rule.name for rule in ORDER_RULES} == set(CASES)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_good(case: Case) -> None:
    found = names(resource(case.type, case.good), cloud_of(case.cloud))
    assert case.rule not in [name for name, _ in found]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_bad(case: Case) -> None:
    assert case.bad
    for bad in case.bad:
        there = tuple(thing for thing in case.cloud if not set(thing) & set(bad.without))
        found = names(resource(case.type, bad.config), cloud_of(there))
        assert (case.rule, bad.at) in found, f"{bad.config} without {bad.without} gives {found}"


def test_a_worker_reads_its_secrets_as_a_service_does() -> None:
    case = CASES["secret-readable"]
    found = names(resource("google_cloud_run_v2_worker_pool", case.good), cloud_of(case.cloud[:-1]))
    assert ("secret-readable", case.bad[0].at) in found


def dead_letter_cloud(*, publisher: bool = True, subscriber: bool = True, reader: bool = True) -> Cloud:
    cloud = Cloud()
    put(cloud, "google_pubsub_topic", {"name": "jobs"})
    put(cloud, "google_pubsub_topic", {"name": "dead"})
    policy = {"dead_letter_topic": "projects/acme-shop/topics/dead", "max_delivery_attempts": 5}
    jobs = {"name": "jobs", "topic": "projects/acme-shop/topics/jobs", "dead_letter_policy": policy}
    put(cloud, "google_pubsub_subscription", jobs)
    if reader:
        put(cloud, "google_pubsub_subscription", {"name": "dead", "topic": "projects/acme-shop/topics/dead"})
    if publisher:
        grant = {"topic": "dead", "role": "roles/pubsub.publisher", "member": AGENT}
        put(cloud, "google_pubsub_topic_iam_member", grant)
    if subscriber:
        grant = {"subscription": "jobs", "role": "roles/pubsub.subscriber", "member": AGENT}
        put(cloud, "google_pubsub_subscription_iam_member", grant)
    return cloud


def test_dead_letters() -> None:
    assert silent_failures(dead_letter_cloud()) == []
    for missing in ("publisher", "subscriber", "reader"):
        found = silent_failures(dead_letter_cloud(**{missing: False}))
        assert len(found) == 1, missing
        assert "[dead-letters]" in found[0]


def test_a_sink_may_write() -> None:
    cloud = Cloud()
    put(cloud, "google_storage_bucket", {"name": "acme-logs"})
    put(cloud, "google_logging_project_sink", {"name": "audit", "destination": "storage.googleapis.com/acme-logs"})
    assert "[sink-writer]" in silent_failures(cloud)[0]
    writer = "serviceAccount:service-123456789012@gcp-sa-logging.iam.gserviceaccount.com"
    grant = {"bucket": "acme-logs", "role": "roles/storage.objectCreator", "member": writer}
    put(cloud, "google_storage_bucket_iam_member", grant)
    assert silent_failures(cloud) == []


def test_what_the_default_bucket_leaves_out_is_kept() -> None:
    cloud = Cloud()
    whole = 'log_id("cloudaudit.googleapis.com/data_access")'
    put(cloud, "google_logging_project_exclusion", {"name": "audit", "filter": whole})
    assert "[excluded-logs]" in silent_failures(cloud)[0]
    bucket = "logging.googleapis.com/projects/acme-shop/locations/europe-west1/buckets/audit"
    sink = {"name": "audit", "destination": bucket, "filter": f'log_id("syslog") OR {whole}'}
    put(cloud, "google_logging_project_sink", {**sink, "filter": f"{whole} AND severity = ERROR"})
    assert "[excluded-logs]" in silent_failures(cloud)[0]
    put(cloud, "google_logging_project_sink", sink)
    assert silent_failures(cloud) == []
    put(cloud, "google_logging_project_sink", {**sink, "disabled": True})
    assert "[excluded-logs]" in silent_failures(cloud)[0]


def test_a_locked_log_bucket_stays() -> None:
    bucket = {"bucket_id": "audit", "location": "europe-west1", "project": "acme-shop"}
    assert deletion_refused(resource("google_logging_project_bucket_config", bucket), Cloud()) == []
    found = deletion_refused(resource("google_logging_project_bucket_config", {**bucket, "locked": True}), Cloud())
    assert "[locked]" in found[0].summary


def test_the_balancer_may_call() -> None:
    cloud = Cloud()
    put(cloud, "google_cloud_run_v2_service", {"name": "web", "location": "europe-west1"})
    put(cloud, "google_compute_region_network_endpoint_group", {"name": "web", "cloud_run": {"service": "web"}})
    assert "[callers]" in silent_failures(cloud)[0]
    grant = {"name": "web", "location": "europe-west1", "role": "roles/run.invoker", "member": "allUsers"}
    put(cloud, "google_cloud_run_v2_service_iam_member", grant)
    assert silent_failures(cloud) == []


def test_a_schedule_may_run_its_job() -> None:
    cloud = Cloud()
    put(cloud, "google_cloud_run_v2_job", {"name": "nightly", "location": "europe-west1"})
    uri = "https://run.googleapis.com/v2/projects/acme-shop/locations/europe-west1/jobs/nightly:run"
    target = {"uri": uri, "oauth_token": {"service_account_email": ACCOUNT}}
    put(cloud, "google_cloud_scheduler_job", {"name": "nightly", "http_target": target})
    assert "[callers]" in silent_failures(cloud)[0]
    grant = {"name": "nightly", "role": "roles/run.invoker", "member": f"serviceAccount:{ACCOUNT}"}
    put(cloud, "google_cloud_run_v2_job_iam_member", {**grant, "location": "europe-west1"})
    assert silent_failures(cloud) == []


def test_a_push_may_call() -> None:
    cloud = Cloud()
    put(cloud, "google_cloud_run_v2_service", {"name": "web", "location": "europe-west1"})
    uri = cloud.all("google_cloud_run_v2_service")[0].get("uri")
    push = {"push_endpoint": f"{uri}/jobs", "oidc_token": {"service_account_email": ACCOUNT}}
    put(cloud, "google_pubsub_subscription", {"name": "jobs", "topic": "jobs", "push_config": push})
    assert "[callers]" in silent_failures(cloud)[0]
    grant = {"project": "acme-shop", "role": "roles/run.invoker", "member": f"serviceAccount:{ACCOUNT}"}
    put(cloud, "google_project_iam_member", grant)
    assert silent_failures(cloud) == []


def test_a_database_user_may_log_in() -> None:
    cloud = Cloud()
    user = {"name": "shop-web@acme-shop.iam", "instance": "orders", "type": "CLOUD_IAM_SERVICE_ACCOUNT"}
    put(cloud, "google_sql_user", user)
    assert "[database-login]" in silent_failures(cloud)[0]
    grant = {"project": "acme-shop", "role": "roles/cloudsql.instanceUser", "member": f"serviceAccount:{ACCOUNT}"}
    put(cloud, "google_project_iam_member", grant)
    assert silent_failures(cloud) == []


@pytest.mark.parametrize(
    ("values", "refused"),
    [({}, True), ({"deletion_protection": True}, True), ({"deletion_protection": False}, False)],
)
def test_protected_resources_stay(values: dict[str, bool], *, refused: bool) -> None:
    found = deletion_refused(resource("google_cloud_run_v2_service", values), Cloud())
    assert bool(found) is refused


def test_what_others_refer_to_stays() -> None:
    cloud = Cloud()
    put(cloud, "google_compute_network", {"name": "main"})
    put(cloud, "google_compute_subnetwork", {"name": "a", "network": "projects/acme-shop/global/networks/main"})
    network = cloud.all("google_compute_network")[0]
    found = deletion_refused(Configuration(network.type, network.values, "acme-shop"), cloud)
    assert "resourceInUseByAnotherResource" in found[0].message
    cloud.remove("google_compute_subnetwork", cloud.all("google_compute_subnetwork")[0].id)
    assert deletion_refused(Configuration(network.type, network.values, "acme-shop"), cloud) == []


def test_a_schedule_may_call_its_service() -> None:
    cloud = Cloud()
    put(cloud, "google_cloud_run_v2_service", {"name": "nightly", "location": "europe-west1"})
    uri = cloud.all("google_cloud_run_v2_service")[0].get("uri")
    target = {"uri": f"{uri}/events", "oidc_token": {"service_account_email": ACCOUNT, "audience": uri}}
    put(cloud, "google_cloud_scheduler_job", {"name": "nightly", "http_target": target})
    assert "[callers]" in silent_failures(cloud)[0]
    grant = {"name": "nightly", "role": "roles/run.invoker", "member": f"serviceAccount:{ACCOUNT}"}
    put(cloud, "google_cloud_run_v2_service_iam_member", {**grant, "location": "europe-west1"})
    assert silent_failures(cloud) == []


def test_what_is_called_has_an_address() -> None:
    cloud = Cloud()
    service = {"name": "mail", "location": "europe-west1", "invoker_iam_disabled": True}
    put(cloud, "google_cloud_run_v2_service", {**service, "default_uri_disabled": True})
    uri = cloud.all("google_cloud_run_v2_service")[0].get("uri")
    push = {"push_endpoint": f"{uri}/events", "oidc_token": {"service_account_email": ACCOUNT}}
    put(cloud, "google_pubsub_subscription", {"name": "jobs", "topic": "jobs", "push_config": push})
    grant = {"project": "acme-shop", "role": "roles/run.invoker", "member": f"serviceAccount:{ACCOUNT}"}
    put(cloud, "google_project_iam_member", grant)
    (found,) = silent_failures(cloud)
    assert "[called-address]" in found
