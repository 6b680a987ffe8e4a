"""What services, worker pools and jobs have in common: identity, environment, images."""

from __future__ import annotations

import pytest

from cloudgen.stack.base import Address, Ref
from cloudgen.stack.gcp.addresses import GRANTS_READY
from cloudgen.stack.gcp.cloud_run.images import registry
from rig.parts.gcp import Thing, make_foundation, make_runs, told

SHOP = """
storage: {buckets: {assets: {}, logs: {}}}
security: {secrets: {stripe-key: {}, unused: {}}}
containers:
  web:
    port: 8000
    size: medium
    environment: {LOG_LEVEL: info}
    secrets: {STRIPE_KEY: stripe-key, SECOND_KEY: stripe-key}
    connects_to: [assets:read, logs:write]
  worker: {size: medium, command: [python, -m, shop.worker]}
"""


def test_a_container_may_do_what_it_connects_to_and_nothing_else() -> None:
    parts = make_runs(make_foundation(SHOP), [Thing("assets"), Thing("logs")])
    members = parts["web"].account.members
    assert [(str(member.address), member.grant.role) for member in members] == [
        ("google_storage_bucket_iam_member.web_assets_object_viewer", "roles/storage.objectViewer"),
        ("google_storage_bucket_iam_member.web_logs_object_user", "roles/storage.objectUser"),
        (
            "google_secret_manager_secret_iam_member.web_stripe_key_secret_accessor",
            "roles/secretmanager.secretAccessor",
        ),
    ]
    assert {str(member.member) for member in members} == {"google_service_account.web.member"}
    assert parts["worker"].account.members == ()


def test_a_container_waits_for_its_permissions_and_for_the_values_of_its_secrets() -> None:
    part = make_runs(make_foundation(SHOP), [Thing("assets"), Thing("logs")])["web"]
    assert part.account.ready
    assert GRANTS_READY in part.before
    assert Address("google_secret_manager_secret_version", "stripe_key") in part.before
    assert len(part.before) == len(set(part.before))


def test_environment_in_the_order_of_connections_then_the_spec_s_own() -> None:
    parts = make_runs(make_foundation(SHOP), [Thing("assets"), Thing("logs")])
    web = parts["web"]
    assert [variable.name for variable in web.environment] == ["ASSETS_BUCKET", "LOGS_BUCKET", "LOGS_USER", "LOG_LEVEL"]
    assert [(secret.name, str(secret.version)) for secret in web.secrets] == [
        ("STRIPE_KEY", "google_secret_manager_secret_version.stripe_key.version"),
        ("SECOND_KEY", "google_secret_manager_secret_version.stripe_key.version"),
    ]
    assert parts["worker"].environment == ()


def test_a_resource_that_is_named_twice_is_told_once() -> None:
    foundation = make_foundation(
        "storage: {buckets: {assets: {}}}\n"
        "containers: {web: {port: 80, size: medium, connects_to: [assets:read, assets:write]}}"
    )
    part = make_runs(foundation, [Thing("assets")])["web"]
    assert [variable.name for variable in part.environment] == ["ASSETS_BUCKET", "ASSETS_USER"]
    assert len(part.account.members) == 2


@pytest.mark.parametrize(
    ("container", "path"),
    [
        ("port: 80, environment: {PORT: '80'}", "containers.web.environment.PORT"),
        ("port: 80, environment: {K_SERVICE: web}", "containers.web.environment.K_SERVICE"),
        # Of the job beside it, which runs its commands.
        ("port: 80, environment: {CLOUD_RUN_TASK_INDEX: '1'}", "containers.web.environment.CLOUD_RUN_TASK_INDEX"),
        ("environment: {CLOUD_RUN_EXECUTION: x}", "containers.web.environment.CLOUD_RUN_EXECUTION"),
        (
            "schedule: {cron: '0 2 * * *'}, environment: {CLOUD_RUN_JOB: web}",
            "containers.web.environment.CLOUD_RUN_JOB",
        ),
        ("connects_to: [assets], environment: {ASSETS_BUCKET: x}", "containers.web.environment.ASSETS_BUCKET"),
    ],
)
def test_what_cloud_run_or_a_connection_sets_cannot_be_set(container: str, path: str) -> None:
    foundation = make_foundation(
        f"storage: {{buckets: {{assets: {{}}}}}}\ncontainers: {{web: {{size: medium, {container}}}}}"
    )
    make_runs(foundation, [Thing("assets")])
    assert told(foundation) == [("conflict", path)]


def test_a_worker_may_set_a_port_of_its_own() -> None:
    foundation = make_foundation("containers: {web: {size: medium, environment: {PORT: '80'}}}")
    make_runs(foundation)
    assert told(foundation) == []


def test_service_account_ids_have_6_to_30_characters() -> None:
    head = "version: 1\nname: {}\nenvironment: {}\ntargets: {{gcp: {{region: europe-west1, project: acme-shop}}}}\n"
    for name, environment in (("ab", "development"), ("abcdefghijklmno", "staging")):
        foundation = make_foundation(
            f"containers: {{{'w' * 24}: {{size: medium}}, {'w' * 23}x: {{size: medium}}, a: {{size: medium}}}}",
            head.format(name, environment),
        )
        ids = [part.account.account_id for part in make_runs(foundation).values()]
        assert len(set(ids)) == 3
        assert all(6 <= len(text) <= 30 for text in ids)


@pytest.mark.parametrize(
    ("image", "host", "reachable"),
    [
        ("nginx:1.29", "docker.io", True),
        ("library/nginx", "docker.io", True),
        ("docker.io/library/nginx", "docker.io", True),
        ("ghcr.io/acme/docs:1", "ghcr.io", True),
        ("europe-west1-docker.pkg.dev/acme-shop/r/web:1", "europe-west1-docker.pkg.dev", True),
        ("eu.gcr.io/p/web:1", "eu.gcr.io", True),
        ("quay.io/acme/web:1", "quay.io", False),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1", "111122223333.dkr.ecr.eu-west-1.amazonaws.com", False),
        ("registry.example.com:5000/web:1", "registry.example.com:5000", False),
    ],
)
def test_registries_that_cloud_run_pulls_from(image: str, host: str, reachable: bool) -> None:
    assert registry(image) == host
    foundation = make_foundation(f"containers: {{web: {{port: 80, size: medium, image: '{image}'}}}}")
    assert make_runs(foundation)["web"].image == image
    assert told(foundation) == ([] if reachable else [("out-of-reach", "containers.web.image")])


def test_an_image_that_is_built_comes_from_a_variable() -> None:
    part = make_runs(make_foundation("containers: {web: {port: 80, size: medium}}"))["web"]
    assert part.image == Ref("var.images.web")


@pytest.mark.parametrize(
    ("container", "problem", "severity"),
    [
        ("architecture: arm64", ("approximated", "containers.web.architecture"), "warning"),
        ("architecture: arm64, image: 'nginx:1'", ("unsupported", "containers.web.architecture"), "error"),
        ("capacity: spot", ("ignored", "containers.web.capacity"), "warning"),
        ("read_only: true", ("ignored", "containers.web.read_only"), "warning"),
        ("user: 1000, image: 'nginx:1'", ("ignored", "containers.web.user"), "warning"),
    ],
)
def test_what_cloud_run_does_another_way_is_told(container: str, problem: tuple[str, str], severity: str) -> None:
    foundation = make_foundation(f"containers: {{web: {{size: medium, {container}}}}}")
    make_runs(foundation)
    assert told(foundation) == [problem]
    assert foundation.problems.found[0].severity == severity


def test_what_a_profile_or_the_dockerfile_settles_is_not_told() -> None:
    foundation = make_foundation("containers: {web: {size: medium, user: 1000, read_only: false}}")
    make_runs(foundation)
    assert told(foundation) == []
