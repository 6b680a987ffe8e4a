"""The parts that all builders share: APIs, service agents, grants, and what is refused."""

from __future__ import annotations

import pytest

from cloudgen.errors import SpecError
from cloudgen.stack.base import Address, Ref, join
from cloudgen.stack.gcp.addresses import KEY_READY
from cloudgen.stack.gcp.agents import DOMAINS, SERVICES, ServiceAgent, key_members, key_ready
from cloudgen.stack.gcp.apis import apis
from cloudgen.stack.gcp.iam import Grant, on_key, on_subscription, on_topic
from cloudgen.stack.gcp.refusals import tell_parity
from cloudgen.stack.gcp.stack import build
from rig.parts.gcp import make_foundation, told


def test_every_api_once_in_order_and_named_in_the_trigger_of_the_wait() -> None:
    decided = apis(["run", "compute", "run"])
    assert [api.service for api in decided.all] == ["compute.googleapis.com", "run.googleapis.com"]
    assert decided.names == "compute,run"
    assert [str(address) for address in decided.addresses] == [
        "google_project_service.compute",
        "google_project_service.run",
    ]


def test_agents_are_named_by_the_project_s_number_except_the_one_of_storage() -> None:
    number = Ref("data.google_project.current.number")
    queue = ServiceAgent("queue")
    assert queue.member == join("serviceAccount:", "service-", number, "@gcp-sa-pubsub.iam.gserviceaccount.com")
    assert (queue.service, queue.looked_up) == ("pubsub.googleapis.com", False)
    storage = ServiceAgent("storage")
    assert storage.member == join(
        "serviceAccount:", Ref("data.google_storage_project_service_account.current.email_address")
    )
    assert (storage.service, storage.looked_up) == (None, True)
    machines = ServiceAgent("machines")
    assert machines.member == join("serviceAccount:", "service-", number, "@compute-system.iam.gserviceaccount.com")
    assert (machines.service, machines.looked_up) == (None, False)
    assert set(SERVICES) == set(DOMAINS) - {"machines"}


def test_whoever_encrypts_waits_for_the_grant_on_the_key() -> None:
    members = key_members(["storage", "queue", "queue", "artifact-registry"])
    assert [member.label for member in members] == ["artifact_registry", "queue", "storage"]
    assert {member.grant.role for member in members} == {"roles/cloudkms.cryptoKeyEncrypterDecrypter"}
    foundation = make_foundation("containers: {web: {port: 80}}")
    assert key_ready(foundation) == (KEY_READY,)
    assert foundation.key == Ref("google_kms_crypto_key.main.id")
    own = make_foundation("containers: {web: {port: 80}}\nsecurity: {encryption: provider_managed}")
    assert key_ready(own) == ()
    assert own.key is None


@pytest.mark.parametrize(
    ("grant", "slug", "type_"),
    [
        (
            Grant("roles/pubsub.publisher", on_topic(Address("t", "jobs"))),
            "publisher",
            "google_pubsub_topic_iam_member",
        ),
        (
            Grant("roles/pubsub.subscriber", on_subscription(Address("s", "jobs"))),
            "subscriber",
            "google_pubsub_subscription_iam_member",
        ),
        (
            Grant("roles/cloudkms.cryptoKeyEncrypterDecrypter", on_key(Address("k", "main"))),
            "crypto_key_encrypter_decrypter",
            "google_kms_crypto_key_iam_member",
        ),
    ],
)
def test_grants_are_additive_members_on_one_thing(grant: Grant, slug: str, type_: str) -> None:
    assert (grant.slug, grant.scope.type) == (slug, type_)
    assert grant.scope.type.endswith("_iam_member")
    assert len(grant.scope.arguments) == 1


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("containers: {web: {port: 80, platform: kubernetes}}", "containers.web.platform"),
        ("compute: {platform: kubernetes}\ncontainers: {web: {port: 80}}", "compute.platform"),
        ("containers: {web: {port: 80, capacity: instances}}", "containers.web.capacity"),
        ("compute: {capacity: instances}\ncontainers: {web: {port: 80}}", "compute.capacity"),
        (
            "storage: {buckets: {a: {}}}\ncontainers: {web: {trigger: {bucket: a}, platform: virtual_machines}}",
            "containers.web.trigger",
        ),
        (
            "containers: {web: {port: 80}}\nsecurity: {continuous_deployment: {github: acme/shop}}",
            "security.continuous_deployment",
        ),
    ],
)
def test_what_is_not_rendered_is_an_error_at_its_line(body: str, path: str) -> None:
    foundation = make_foundation(body)
    tell_parity(foundation)
    assert told(foundation) == [("unsupported", path)]
    assert foundation.problems.errors


def test_spot_is_not_refused() -> None:
    foundation = make_foundation("containers: {web: {port: 80, capacity: spot}}")
    tell_parity(foundation)
    assert not foundation.problems.errors
    (warning,) = foundation.problems.warnings
    assert (warning.code, warning.path) == ("ignored", ("containers", "web", "capacity"))


def test_a_name_is_refused_where_two_blocks_would_have_it_and_nowhere_else() -> None:
    job = "nightly: {command: [python, -m, report], schedule: {cron: '0 2 * * *'}}"
    with pytest.raises(SpecError) as failure:
        build(make_foundation(f"containers: {{nightly-scheduler: {{port: 80}}, {job}}}").deployment)
    assert [(each.code, each.path) for each in failure.value.problems] == [
        ("reserved-name", ("containers", "nightly-scheduler"))
    ]
    assert "nightly_scheduler" in failure.value.problems[0].message
    alone = build(make_foundation("containers: {nightly-scheduler: {port: 80}}").deployment)
    assert [each.name for each in alone.workloads] == ["nightly-scheduler"]


def test_log_retention_in_days() -> None:
    foundation = make_foundation("containers: {web: {port: 80}}\nmonitoring: {logs: {retention: 45d}}")
    assert foundation.log_retention == 45
