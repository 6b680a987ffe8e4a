"""Machines of Compute Engine: which type, what they are told, how many, and what is refused."""

from __future__ import annotations

import pytest

from cloudgen.errors import Problem, SpecError
from cloudgen.spec.compute import SIZES
from cloudgen.stack.gcp.platforms.virtual_machines.ground import Machines
from cloudgen.stack.gcp.platforms.virtual_machines.machine import Machine
from cloudgen.stack.gcp.regions import AXION
from cloudgen.stack.gcp.sizes import SYSTEM_MEMORY, machine_type
from cloudgen.stack.gcp.stack import GcpStack, build
from rig.parts.gcp import HEAD, make_foundation

ON_MACHINES = "compute: {platform: virtual_machines}\n"
SERVICE = """
containers: {web: {port: 8000, scaling: {%s}}}
load_balancer: {domain: shop.example.com}
"""
WORKER = """
containers: {worker: {command: [run], connects_to: ["jobs:consume"], scaling: {%s}}}
storage: {queues: {jobs: {}}}
"""


def stack(body: str, head: str = HEAD) -> GcpStack:
    return build(make_foundation(f"{ON_MACHINES}{body}", head).deployment)


def machine(body: str, head: str = HEAD) -> Machine:
    """The machines of the only container."""
    (found,) = stack(body, head).workloads
    assert isinstance(found, Machine)
    return found


def refused(body: str, head: str = HEAD) -> list[Problem]:
    """The problems for which the stack is refused."""
    with pytest.raises(SpecError) as failure:
        stack(body, head)
    return [problem for problem in failure.value.problems if problem.severity == "error"]


def codes(body: str) -> set[tuple[str, tuple[str | int, ...]]]:
    return {(problem.code, problem.path) for problem in stack(body).warnings if problem.path[0] == "containers"}


@pytest.mark.parametrize(
    ("architecture", "vcpu", "memory", "name"),
    [
        ("amd64", *SIZES["xsmall"], "e2-micro"),
        ("amd64", *SIZES["small"], "e2-small"),
        ("amd64", *SIZES["medium"], "e2-medium"),
        ("amd64", *SIZES["large"], "e2-standard-2"),
        ("amd64", *SIZES["xlarge"], "e2-standard-4"),
        ("amd64", *SIZES["2xlarge"], "e2-standard-8"),
        ("amd64", 0.25, 600, "e2-small"),
        ("amd64", 2, 9000, "e2-highmem-2"),
        ("amd64", 4, 2048, "e2-highcpu-4"),
        ("arm64", *SIZES["xsmall"], "c4a-highcpu-1"),
        ("arm64", *SIZES["medium"], "c4a-standard-1"),
        ("arm64", *SIZES["large"], "c4a-standard-2"),
        ("arm64", 72, 500_000, "c4a-highmem-72"),
        ("amd64", 64, 4096, None),
    ],
)
def test_the_smallest_machine_that_fits_is_taken(architecture: str, vcpu: float, memory: int, name: str | None) -> None:
    found = machine_type(architecture, vcpu, memory)
    assert (found.name if found else None) == name
    assert found is None or (found.vcpu >= vcpu and found.memory >= memory + SYSTEM_MEMORY)


def test_a_machine_with_more_vcpu_is_told_and_one_that_fits_is_not() -> None:
    odd = "containers: {worker: {command: [run], cpu: 0.5, memory: 3Gi}}"
    assert ("rounded-size", ("containers", "worker", "cpu")) in codes(odd)
    assert machine(odd).hardware.machine.name == "e2-medium"
    assert not codes("containers: {worker: {command: [run], size: large}}")


def test_what_is_larger_than_any_machine_is_refused() -> None:
    (problem,) = refused("containers: {worker: {command: [run], cpu: 64, memory: 64Gi}}")
    assert (problem.code, problem.path) == ("no-such-size", ("containers", "worker", "cpu"))


def test_arm64_is_axion_in_the_zones_that_have_it() -> None:
    found = machine("containers: {worker: {command: [run], architecture: arm64}}").hardware
    assert (found.disk, found.image.rpartition("/")[2]) == ("hyperdisk-balanced", "cos-arm64-stable")
    assert found.zones == ("europe-west1-b", "europe-west1-c", "europe-west1-d")
    assert len(found.zones) == 3
    assert all(len(letters) == 3 for letters in AXION.values())
    assert machine("containers: {worker: {command: [run]}}").hardware.zones == ()


def test_arm64_is_refused_where_the_region_has_none_with_the_nearest_that_have() -> None:
    head = HEAD.replace("europe-west1", "europe-west9")
    assert head != HEAD
    (problem,) = refused("containers: {web: {command: [run], architecture: arm64}}", head)
    assert problem.path == ("containers", "web", "architecture")
    assert "europe-west1, europe-west3, europe-west4" in str(problem.hint)


def test_a_user_without_a_number_is_the_images_own() -> None:
    assert machine("containers: {web: {command: [run]}}").metadata["container-user"] == "10001"
    assert machine("containers: {web: {command: [run], user: 7}}").metadata["container-user"] == "7"
    assert "container-user" not in machine('containers: {web: {image: "nginx:1.29"}}').metadata


def test_no_secret_stands_in_the_metadata_but_its_name() -> None:
    found = machine("containers: {web: {command: [run], secrets: {KEY: key}}}\nsecurity: {secrets: {key: {}}}")
    assert "google_secret_manager_secret_version.key.version" in str(found.metadata["secret-KEY"])


@pytest.mark.parametrize("name", ["DOCKER_HOST", "PATH", "UID", "LD_PRELOAD"])
def test_a_secret_cannot_be_what_starts_the_container_by(name: str) -> None:
    security = "security: {secrets: {key: {}}}"
    body = f"containers: {{web: {{command: [run], secrets: {{{name}: key}}}}}}\n{security}"
    assert ("reserved-name", ("containers", "web", "secrets", name)) in {(p.code, p.path) for p in refused(body)}


def test_a_name_longer_than_a_key_of_metadata_is_refused() -> None:
    name = "X" * 119
    (problem,) = refused(f"containers: {{web: {{command: [run], environment: {{{name}: a}}}}}}")
    assert problem.code == "over-limit"


@pytest.mark.parametrize(
    ("image", "repositories"),
    [
        (None, [("europe-west1", "shop-prod")]),
        ("us-docker.pkg.dev/acme-shop/tools/web:1", [("us", "tools")]),
        ("us-docker.pkg.dev/others/tools/web:1", []),
        ("nginx:1.29", []),
    ],
)
def test_the_account_reads_the_repository_of_its_image(image: str | None, repositories: list[tuple[str, str]]) -> None:
    stated = f'image: "{image}"' if image else "command: [run]"
    grants = machine(f"containers: {{web: {{{stated}}}}}").account.grants
    found = [
        tuple(argument.value for argument in grant.scope.arguments if str(argument.name) in ("location", "repository"))
        for grant in grants
        if grant.role == "roles/artifactregistry.reader"
    ]
    assert found == repositories


def test_a_service_scales_by_the_share_of_a_full_load() -> None:
    found = machine(SERVICE % "requests_per_instance: 40, min: 2, max: 5")
    assert found.entry is not None
    assert found.entry.serving is not None
    assert (found.entry.serving.rate, found.scaling.serving) == (50, 0.8)
    assert (found.scaling.min, found.scaling.max, found.scaling.cpu) == (2, 5, 0.6)


def test_a_worker_scales_by_messages_down_to_none() -> None:
    found = machine(WORKER % "min: 0, max: 4, messages_per_instance: 20").scaling
    assert found.messages is not None
    assert (found.min, found.max, found.messages.each, found.cpu) == (0, 4, 20, None)
    assert "google_pubsub_subscription.jobs.name" in str(found.messages.filter)


def test_where_cpu_counts_too_one_machine_has_to_run() -> None:
    body = WORKER % "min: 0, max: 4, messages_per_instance: 20, cpu: 50%"
    assert (machine(body).scaling.min, machine(body).scaling.cpu) == (1, 0.5)
    assert ("approximated", ("containers", "worker", "scaling", "min")) in codes(body)


def test_a_fixed_number_has_no_autoscaler() -> None:
    found = machine(WORKER % "min: 2, max: 2")
    assert not found.scaling.automatic
    assert found.autoscaler not in found.blocks


def test_machines_are_healed_later_than_they_are_left_out() -> None:
    found = machine("containers: {web: {port: 8000, health_check: {interval: 60s}}}\nload_balancer: {}")
    assert found.healing is not None
    assert found.healing.interval * found.healing.failures > 60 * 3
    assert machine("containers: {worker: {command: [run]}}").healing is None


def test_a_job_is_refused_at_its_schedule() -> None:
    problems = refused('containers: {nightly: {command: [run], schedule: {cron: "0 2 * * *"}}}')
    assert [problem.path for problem in problems] == [("containers", "nightly", "schedule")]
    assert "platform: containers" in str(problems[0].hint)


def test_the_customers_key_encrypts_disks_where_there_is_one() -> None:
    own = stack("containers: {worker: {command: [run]}}\nsecurity: {encryption: customer_managed}")
    assert own.key is not None
    assert "machines" in own.key.agents
    googles = stack("containers: {worker: {command: [run]}}\nsecurity: {encryption: provider_managed}")
    (ground,) = googles.grounds
    assert isinstance(ground, Machines)
    assert ground.agents == ()
