"""Pools of machines that the cluster runs tasks on: a capacity provider over an Auto Scaling group each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cloudgen.dataclass import dataclass
from cloudgen.spec.compute import Architecture, Capacity, Platform
from cloudgen.stack.aws.alarms import Alarm, Metric
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Role, role, role_name
from cloudgen.stack.aws.network.network import ENDPOINTS_GROUP, Network
from cloudgen.stack.aws.network.security_groups import Rule, SecurityGroup
from cloudgen.stack.aws.platforms.containers.agent import grants, settings
from cloudgen.stack.aws.platforms.containers.machines import (
    RESERVED,
    chosen_machine,
    fitting,
    most_machines,
    slots,
)
from cloudgen.stack.aws.platforms.containers.names import CLUSTER
from cloudgen.stack.aws.platforms.groups import session
from cloudgen.stack.aws.sizes import MachineType
from cloudgen.stack.base import Address, Pair, Template, label, pairs
from cloudgen.stack.held import Held
from cloudgen.stack.naming import labels
from cloudgen.stack.workload import Wanted, wanted

MACHINES: tuple[Capacity, ...] = ("instances", "spot_instances")
"""The kinds of capacity that are machines of the user's own."""
DISK = 40
"""GiB of a machine's disk: the system, and the images of several tasks with what these write."""
BOOT = 120
"""Seconds until a machine has joined the cluster."""
SURGE = 150
"""Percent of the machines that there may be while some are replaced; never are fewer than 100 in service."""
IMAGES = "/aws/service/ecs/optimized-ami/amazon-linux-2023/"
"""Where AWS tells the newest image of Amazon Linux 2023 with Docker and the agent of ECS.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html
"""


@dataclass(frozen=True)
class Pool:
    """Machines of one architecture, on demand or spot, rendered by instances.tf."""

    label: str
    name: str
    """The capacity provider's name. It begins with no word of AWS's own, whatever the deployment is called."""
    group_name: str
    profile_name: str
    capacity: Capacity
    architecture: Architecture
    type: MachineType
    most: int
    """The most machines; there are none where there is no task."""
    settings: tuple[str | Template, ...]
    tags: Mapping[str, str]
    role: Role
    security_groups: tuple[SecurityGroup, ...]
    admitted: Rule | None
    """The rule by which AWS's services in the network let its machines in."""
    before: tuple[Address, ...]
    members: tuple[Wanted, ...]
    disk: int = DISK
    warmup: int = BOOT
    surge: int = SURGE

    @property
    def spot(self) -> bool:
        """Whether AWS may take the machines back."""
        return self.capacity == "spot_instances"

    @property
    def address(self) -> Address:
        """The capacity provider's address."""
        return Address("aws_ecs_capacity_provider", self.label)

    @property
    def group(self) -> Address:
        """The Auto Scaling group's address."""
        return Address("aws_autoscaling_group", self.label)

    @property
    def template(self) -> Address:
        """The launch template's address."""
        return Address("aws_launch_template", self.label)

    @property
    def profile(self) -> Address:
        """The instance profile's address."""
        return Address("aws_iam_instance_profile", self.label)

    @property
    def security_group(self) -> Address:
        """The security group's address."""
        return self.security_groups[0].address

    @property
    def endpoints(self) -> Address:
        """The security group of AWS's services in the network."""
        return ENDPOINTS_GROUP

    @property
    def image(self) -> Address:
        """The image of the operating system, which both pools of an architecture share."""
        return Address("data.aws_ssm_parameter", f"ecs_{self.architecture}")

    @property
    def parameter(self) -> str:
        """Where AWS tells which image that is."""
        return f"{IMAGES}{'arm64/' if self.architecture == 'arm64' else ''}recommended/image_id"

    @property
    def tag_list(self) -> tuple[Pair, ...]:
        """Its tags, one by one."""
        return pairs(self.tags)

    @property
    def slots(self) -> int:
        """How many tasks have a network interface on one machine."""
        return slots(self.type.names)

    @property
    def price(self) -> str:
        """How its machines are paid."""
        return "spot" if self.spot else "on demand"

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block that it renders, but its role, its image and its alarm."""
        rules = (address for group in self.security_groups for address in group.addresses)
        let_in = () if self.admitted is None else (Address("aws_vpc_security_group_ingress_rule", self.admitted.label),)
        return (*rules, *let_in, self.profile, self.template, self.group, self.address)

    @property
    def reservation(self) -> Metric:
        """How many of its machines are needed, in percent of those that there are.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-auto-scaling.html
        """
        dimensions = {"ClusterName": CLUSTER.name, "CapacityProviderName": self.address.name}
        return Metric("AWS/ECS/ManagedScaling", "CapacityProviderReservation", "Average", dimensions)

    @property
    def held(self) -> Held:
        """What goes with it: AWS takes no capacity provider from a cluster while tasks run on it."""
        architecture = "" if self.architecture == "amd64" else f", architecture: {self.architecture}"
        return Held(
            ("compute", "capacity"),
            f"pool of machines {self.label}",
            "the machines below tasks that move only afterwards, which AWS refuses: the pool stays with "
            f"compute: {{capacity: {self.capacity}{architecture}}}, and can go once no task runs there",
            called=f"compute.capacity.{self.label}",
        )

    def alarm(self, foundation: Foundation) -> Alarm:
        """Tasks that wait for machines which do not come: EC2 has none, or the group has as many as it may have."""
        return Alarm(
            label=f"{self.label}_reservation",
            name=f"{foundation.prefix}-{self.label.replace('_', '-')}-reservation",
            description=f"Tasks have waited for machines of {self.name} for 15 minutes",
            metric=self.reservation,
            comparison="GreaterThanThreshold",
            threshold=100,
            evaluation_periods=15,
            datapoints_to_alarm=15,
        )


def pools(foundation: Foundation, network: Network, platform: Platform) -> tuple[Pool, ...]:
    """Decide the pools of a cluster: those that containers of its platform ask for, and that of `compute`.

    So `compute.capacity` keeps a pool whose last container moves to other capacity.
    """
    compute = foundation.deployment.compute
    if compute.capacity not in MACHINES and not any(
        each.capacity in MACHINES for each in foundation.deployment.containers.values()
    ):
        return ()
    containers = [each for each in wanted(foundation.deployment) if each.platform == platform]
    return tuple(
        _pool(foundation, network, capacity, architecture, members)
        for capacity in MACHINES
        for architecture, members in _members(containers, capacity, compute.capacity, compute.architecture or "amd64")
    )


def _members(
    containers: Iterable[Wanted], capacity: Capacity, kept: Capacity | None, of: Architecture
) -> Iterator[tuple[Architecture, tuple[Wanted, ...]]]:
    """Yield each architecture of a kind of capacity with its containers; `kept` and `of` are those of `compute`.

    A pool that is kept has the machines that it would have with all containers, so that nothing changes below tasks.
    """
    by: dict[Architecture, list[Wanted]] = {}
    for each in containers:
        by.setdefault(each.architecture, []).append(each)
    for architecture, found in by.items():
        own = [each for each in found if each.capacity == capacity]
        if own or (kept, of) == (capacity, architecture):
            yield architecture, tuple(own or found)


def _pool(
    foundation: Foundation,
    network: Network,
    capacity: Capacity,
    architecture: Architecture,
    members: tuple[Wanted, ...],
) -> Pool:
    word = f"{capacity.replace('_', '-')}-{architecture}"
    prefix = foundation.prefix
    machine = chosen_machine(foundation.account.region, members) or MachineType(("m5.large",), 2, 8, None)
    own = role(
        foundation.account,
        prefix,
        f"{word}-machine",
        "Machines of the cluster: join it. What containers may do stands in the roles of their tasks",
        "ec2.amazonaws.com",
        [*grants(foundation), *session(foundation)],
        # EC2 gives a role to machines of its own account only, and says on whose behalf to nobody.
        bound=False,
    )
    group = SecurityGroup(label(word), f"{prefix}-{word}-", "Machines of the cluster", egress=network.egress(word))
    admitted = Rule(f"endpoints_from_{label(word)}", f"{word} to AWS services", 443, peer=group.address)
    let_in = Address("aws_vpc_security_group_ingress_rule", admitted.label)
    before = [*network.way_out(word), *((let_in,) if network.endpoints else ()), *group.egress_addresses, own.policy]
    return Pool(
        label=label(word),
        name=f"{word}-{prefix}",
        group_name=f"{prefix}-{word}",
        profile_name=role_name(foundation.account, f"{prefix}-{word}-machine"),
        capacity=capacity,
        architecture=architecture,
        type=machine,
        most=most_machines(machine, members, len(network.zones)),
        settings=settings(spot=capacity == "spot_instances"),
        tags={"Name": f"{prefix}-{word}", **labels(foundation.deployment)},
        role=own,
        security_groups=(group,),
        admitted=admitted if network.endpoints else None,
        before=tuple(dict.fromkeys(before)),
        members=members,
    )


def pool_of(foundation: Foundation, found: Iterable[Pool], container: Wanted) -> Pool | None:
    """The pool that a container runs on; None for Fargate. What its tasks cannot have is an error at its size."""
    key = (container.capacity, container.architecture)
    pool = next((each for each in found if (each.capacity, each.architecture) == key), None)
    if pool is None:
        return None
    if fitting(pool.type, container) < 1:
        foundation.problems.error(
            "no-such-size",
            f"EC2 has no machine for tasks with {container.vcpu:g} vCPU and {container.memory} MiB",
            container.size_at,
            f"the largest has 64 vCPU and 512 GiB, of which {RESERVED} MiB and a little more are the system's",
        )
    elif container.name == pool.members[0].name:
        _tell_interfaces(foundation, pool)
    return pool


def _tell_interfaces(foundation: Foundation, pool: Pool) -> None:
    """Warn where machines stay half empty, because each task takes a network interface of its own."""
    smallest = max(pool.members, key=lambda each: fitting(pool.type, each))
    room = fitting(pool.type, smallest)
    if room >= 2 * pool.slots:
        foundation.problems.warning(
            "few-interfaces",
            f"container `{smallest.name}`: a machine of type {pool.type.name} has network interfaces for "
            f"{pool.slots} tasks, and CPU and memory for {room} of its size",
            smallest.at("capacity"),
            "give the containers on machines sizes that are alike, or let ECS share interfaces (ENI trunking): "
            "README.md of the output says how",
        )
