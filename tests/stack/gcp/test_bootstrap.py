"""The bootstrap module: what is in it, and what it needs."""

from __future__ import annotations

from cloudgen.stack.gcp.bootstrap import Bootstrap, bootstrap, state_bucket_name
from rig.parts.gcp import HEAD, make_foundation, make_workloads

SHOP = """
containers:
  web: {port: 8000, build: {context: app}}
  my-worker: {dockerfile: docker/worker.Dockerfile, architecture: arm64}
  cache: {image: "nginx:1.29"}
"""


def _bootstrap(body: str) -> Bootstrap | None:
    foundation = make_foundation(body)
    return bootstrap(foundation, list(make_workloads(foundation).values()))


def test_state_registry_and_key() -> None:
    decided = _bootstrap(SHOP)
    assert decided is not None
    assert decided.state is not None
    assert decided.registry is not None
    assert decided.key is not None
    assert [api.name for api in decided.apis.all] == ["artifactregistry", "cloudkms", "storage"]
    assert (decided.state.name, decided.state.protected) == ("shop-prod-state-acme-shop", True)
    assert decided.registry.path == "europe-west1-docker.pkg.dev/acme-shop/shop-prod"
    assert [member.label for member in decided.key.members] == ["artifact_registry", "storage"]
    assert (decided.key.ring_name, decided.key.storage, decided.key.number) == ("shop-prod-bootstrap", True, True)
    assert [str(address) for address in decided.registry.before_registry] == ["time_sleep.key"]


def test_images_are_built_for_what_cloud_run_runs() -> None:
    decided = _bootstrap(SHOP)
    assert decided is not None
    web, worker = decided.repositories
    path = "europe-west1-docker.pkg.dev/acme-shop/shop-prod"
    assert (web.name, web.origin, web.dockerfile, web.context) == (f"{path}/web", "generated", "web.Dockerfile", "app")
    assert (worker.name, worker.origin, worker.dockerfile) == (
        f"{path}/my-worker",
        "source",
        "docker/worker.Dockerfile",
    )
    assert web.platform == worker.platform == "linux/amd64"
    assert list(decided.repository_urls) == ["web", "my-worker"]


def test_only_what_is_needed() -> None:
    local = _bootstrap(f"state: {{backend: local}}\n{SHOP}")
    assert local is not None
    assert local.state is None
    assert local.key is not None
    assert (local.key.storage, [member.label for member in local.key.members]) == (False, ["artifact_registry"])
    prebuilt = "containers: {web: {port: 80, image: 'nginx:1.29'}}\n"
    remote = _bootstrap(f"{prebuilt}security: {{encryption: provider_managed}}")
    assert remote is not None
    assert (remote.registry, remote.repositories, remote.key, remote.key_id) == (None, (), None, None)
    assert [api.name for api in remote.apis.all] == ["storage"]
    assert _bootstrap(f"state: {{backend: local}}\n{prebuilt}") is None


def test_the_longest_state_bucket_fits() -> None:
    head = HEAD.replace("name: shop", "name: a23456789012345\nenvironment: staging")
    foundation = make_foundation("containers: {web: {port: 80}}", head)
    assert len(state_bucket_name(foundation)) <= 63
