"""Machines that tasks of ECS share: which pools there are, which machines they have, and what is told."""

from __future__ import annotations

import gzip
import json
from importlib.resources import files

import pytest

from cloudgen.spec.compute import SIZES
from cloudgen.stack.aws.platforms.containers.ground import Cluster
from cloudgen.stack.aws.platforms.containers.machines import FEWER, INTERFACES, chosen_machine, fitting, slots
from cloudgen.stack.aws.platforms.containers.pools import Pool
from cloudgen.stack.aws.regions import REGIONS
from cloudgen.stack.aws.sizes import EC2
from cloudgen.stack.aws.stack import AwsStack, build
from cloudgen.stack.workload import wanted
from rig.parts.aws import HEAD, make_foundation, refused

PRIVATE = "networking: {nat: none, private_endpoints: true}\n"


def stack(body: str, head: str = HEAD) -> AwsStack:
    return build(make_foundation(body, head).deployment)


def ground(found: AwsStack) -> Cluster:
    assert isinstance(found.platforms.containers, Cluster)
    return found.platforms.containers


def cluster(body: str, head: str = HEAD) -> Cluster:
    return ground(stack(body, head))


def pool(body: str, head: str = HEAD) -> Pool:
    (found,) = cluster(body, head).pools
    return found


def test_the_table_of_interfaces_is_that_of_ec2() -> None:
    """Beside the documentation: what moto recorded of DescribeInstanceTypes."""
    moto = pytest.importorskip("moto")
    text = files(moto).joinpath("ec2/resources/instance_types.json.gz").read_bytes()
    recorded = json.loads(gzip.decompress(text))
    types = [
        f"{family}.{size}"
        for series in EC2.values()
        for each in series
        for family in each.families
        for size in each.sizes
    ]
    assert len(types) > 60
    for name in types:
        wanted = recorded[name]["NetworkInfo"]["MaximumNetworkInterfaces"]
        assert FEWER.get(name, INTERFACES[name.partition(".")[2]]) == wanted, name


@pytest.mark.parametrize("architecture", ["amd64", "arm64"])
@pytest.mark.parametrize("size", SIZES)
def test_the_successor_of_a_task_fits_beside_it_in_every_region(size: str, architecture: str) -> None:
    text = f"containers: {{web: {{image: x, size: {size}, capacity: instances, architecture: {architecture}}}}}"
    members = wanted(make_foundation(text).deployment)
    for region in REGIONS:
        found = chosen_machine(region, members)
        assert found is not None
        assert min(fitting(found, members[0]), slots(found.names)) >= 2, region
        assert all(slots([name]) == slots(found.names) for name in found.names)


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("size: xsmall", "t3.small"),
        ("size: small", "t3.medium"),
        ("size: medium", "m7i.large"),
        ("size: large", "m7i.xlarge"),
        ("cpu: 0.5, memory: 6Gi", "r7i.large"),
        # Its predecessor is gone when it starts.
        ("size: large, replicas: exactly_one", "m7i.large"),
        # There is no machine for two of them.
        ("cpu: 48, memory: 200Gi", "m7i.16xlarge"),
    ],
)
def test_the_smallest_machine_that_does(stated: str, name: str) -> None:
    text = f"containers: {{worker: {{image: x, capacity: instances, {stated}}}}}"
    assert pool(text).type.name == name


def test_the_largest_task_decides_for_all() -> None:
    text = "compute: {capacity: instances}\ncontainers: {a: {image: x, size: xsmall}, b: {image: x, size: large}}"
    assert pool(text).type.name == "m7i.xlarge"


def test_a_pool_for_each_kind_and_architecture() -> None:
    found = cluster(
        """
compute: {capacity: instances}
containers:
  a: {image: x}
  b: {image: x, architecture: arm64}
  c: {image: x, capacity: spot_instances}
  d: {image: x, capacity: spot}
  e: {image: x, capacity: serverless}
"""
    )
    assert [each.label for each in found.pools] == ["instances_amd64", "instances_arm64", "spot_instances_amd64"]
    assert [pool.architecture for pool in found.images] == ["amd64", "arm64"]
    assert found.title == "Fargate and EC2"
    assert len(found.providers) == 5


def test_a_pool_stays_while_compute_asks_for_it() -> None:
    """So that the last container can leave it, with the machines that it had."""
    before = pool("compute: {capacity: instances}\ncontainers: {web: {image: x, size: medium}}")
    after = pool("compute: {capacity: instances}\ncontainers: {web: {image: x, size: medium, capacity: serverless}}")
    assert (after.type, after.most) == (before.type, before.most)
    assert not cluster("containers: {web: {image: x}}").pools


def test_containers_on_other_platforms_belong_to_no_pool() -> None:
    body = """
compute: {capacity: instances, platform: virtual_machines}
containers: {web: {image: x}, lone: {image: x, platform: containers, capacity: spot_instances}}
"""
    assert [[each.name for each in pool.members] for pool in cluster(body).pools] == [["lone"], ["lone"]]


@pytest.mark.parametrize(("most", "machines"), [("max: 4", 3 + 4), ("max: 9", 3 + 9)])
def test_there_are_machines_for_a_deployment_of_everything(most: str, machines: int) -> None:
    """Two tasks of a small service share a machine, and a deployment doubles them; a zone may have one half empty."""
    assert pool(f"containers: {{web: {{image: x, capacity: instances, scaling: {{{most}}}}}}}").most == machines


def test_few_interfaces_are_told_where_machines_stay_half_empty() -> None:
    body = "compute: {capacity: instances}\ncontainers: {a: {image: x, size: xsmall}, b: {image: x, size: xlarge}}"
    (warning,) = [each for each in stack(body).warnings if each.code == "few-interfaces"]
    assert warning.path == ("compute", "capacity")
    assert "network interfaces for 3 tasks" in warning.message
    alike = "compute: {capacity: instances}\ncontainers: {a: {image: x, size: medium}, b: {image: x, size: medium}}"
    assert not [each for each in stack(alike).warnings if each.code == "few-interfaces"]


def test_interfaces_and_machines_are_told_to_everybody() -> None:
    found = stack("containers: {web: {image: x, capacity: instances}}")
    told = " ".join(str(each) for each in ground(found).changes)
    assert "2 tasks on t3.medium" in told
    assert "awsvpcTrunking" in told
    (row,) = [row for row in found.summary if row.part == "containers"]
    assert "t3.medium on demand, at most 2 tasks a machine" in row.values["runs on"]


def test_a_private_network_lets_machines_reach_ecs() -> None:
    found = stack(f"{PRIVATE}containers: {{web: {{build: {{context: .}}, command: [run], capacity: instances}}}}")
    names = {each.label for each in found.network.endpoints}
    assert names >= {"ecs", "ecs_agent", "ecs_telemetry", "ssm", "ssmmessages"}
    (own,) = ground(found).pools
    assert own.admitted is not None
    assert own.admitted.peer == own.security_group
    assert any(each.label == "endpoints_from_instances_amd64" for each in own.before)


def test_a_cluster_without_machines_needs_none_of_that() -> None:
    found = stack(f"{PRIVATE}containers: {{web: {{build: {{context: .}}, command: [run]}}}}")
    assert not {each.label for each in found.network.endpoints} & {"ecs", "ecs_agent", "ssm"}


def test_commands_run_where_their_container_does() -> None:
    body = """
compute: {capacity: instances}
containers:
  web: {image: x, release: [migrate]}
  other: {image: x, capacity: serverless}
"""
    text = "\n".join(str(line) for step in cluster(body).steps for line in step.commands)
    assert "    web) echo instances-amd64-shop-prod ;;" in text
    assert "other) echo" not in text
    plain = "containers: {web: {image: x, release: [migrate]}}"
    fargate = "\n".join(str(line) for step in cluster(plain).steps for line in step.commands)
    assert "--capacity-provider-strategy capacityProvider=FARGATE,weight=1 " in fargate
    assert "provider()" not in fargate


@pytest.mark.parametrize("name", ["aws-shop", "ecs-shop", "fargate"])
def test_no_capacity_provider_has_a_name_of_awss_own(name: str) -> None:
    body = "containers: {web: {image: x, capacity: instances}}"
    assert pool(body, HEAD.replace("name: shop", f"name: {name}")).name == f"instances-amd64-{name}-prod"


def test_a_container_that_is_called_like_the_machines_is_refused() -> None:
    found = refused(make_foundation("containers: {instances-amd64: {image: x, capacity: instances}}"))
    assert ("reserved-name", "containers.instances-amd64") in found
