"""The ground of platform `containers`: the ECS cluster, its services, and what reports that a job failed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.alarms import Alarm
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Role
from cloudgen.stack.aws.network.security_groups import SecurityGroup
from cloudgen.stack.aws.platforms.containers.commands import commands, release_output
from cloudgen.stack.aws.platforms.containers.jobs import FailedJobs, Job, failed_jobs
from cloudgen.stack.aws.platforms.containers.names import CAPACITY_PROVIDERS, CLUSTER
from cloudgen.stack.aws.platforms.containers.pools import Pool
from cloudgen.stack.aws.platforms.containers.services import Service
from cloudgen.stack.aws.platforms.containers.settling import (
    TASK_DEFINITIONS,
    FailedDeployments,
    failed_deployments,
    settle,
)
from cloudgen.stack.aws.platforms.containers.telling import about
from cloudgen.stack.aws.platforms.groups import FailedMachines, autoscaling_role, failed_machines
from cloudgen.stack.aws.platforms.workload import Workload
from cloudgen.stack.base import Address, Ref, Template
from cloudgen.stack.held import Held
from cloudgen.stack.outputs import Output
from cloudgen.stack.readme import Example, File
from cloudgen.stack.text import Markdown
from cloudgen.stack.workload import Step

FILES = (
    File("services.tf", "platforms.containers", "ECS cluster, services, scaling"),
    File("instances.tf", "platforms.containers.pools", "machines of the cluster, and how many of them there are"),
    File("jobs.tf", "platforms.containers.jobs", "scheduled tasks"),
)


@dataclass(frozen=True)
class Cluster:
    """The cluster and what runs in it, rendered by services.tf, jobs.tf and instances.tf."""

    name: str
    services: tuple[Service, ...]
    jobs: tuple[Job, ...]
    failed: FailedJobs | None
    failed_deployments: FailedDeployments | None
    pools: tuple[Pool, ...]
    failed_machines: FailedMachines | None
    title: str
    """What its tasks run on."""
    alarms: tuple[Alarm, ...]
    key_users: tuple[Template, ...]
    steps: tuple[Step, ...]
    address: Address = CLUSTER
    steps_before_destroy: tuple[Step, ...] = ()
    costs: tuple[str, ...] = ("the tasks",)
    left_behind: tuple[str, ...] = ("the old and new revisions of task definitions, which cost nothing",)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The cluster with its machines, and the rules that report what failed."""
        reported = [each.blocks for each in (self.failed, self.failed_deployments, self.failed_machines) if each]
        machines = (*(pool.image for pool in self.images), *chain.from_iterable(pool.blocks for pool in self.pools))
        return (CLUSTER, CAPACITY_PROVIDERS, *machines, *chain.from_iterable(reported))

    @property
    def providers(self) -> tuple[str | Ref, ...]:
        """All capacity that the cluster may use."""
        return ("FARGATE", "FARGATE_SPOT", *(pool.address.name for pool in self.pools))

    @property
    def images(self) -> tuple[Pool, ...]:
        """One pool of each architecture: both pools of an architecture share the image of the system."""
        return tuple({pool.image: pool for pool in self.pools}.values())

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles of its machines."""
        return tuple(pool.role for pool in self.pools)

    @property
    def security_groups(self) -> tuple[SecurityGroup, ...]:
        """Who its machines are in the network."""
        return tuple(chain.from_iterable(pool.security_groups for pool in self.pools))

    @property
    def held(self) -> tuple[Held, ...]:
        """Its machines, which stay until no task runs there."""
        return tuple(pool.held for pool in self.pools)

    @property
    def publishes(self) -> bool:
        """Whether EventBridge publishes to the topic of the alarms: that a job or a deployment failed."""
        return any((self.failed, self.failed_deployments, self.failed_machines))

    @property
    def outputs(self) -> tuple[Output, ...]:
        """The cluster, and its services by label."""
        names = {service.label: service.address.name for service in self.services}
        cluster = Output("cluster", "Name of the ECS cluster", CLUSTER.name)
        if not names:
            return (cluster,)
        revisions = {service.name: service.task.address.arn for service in self.services}
        releases = release_output(self.services)
        return (
            cluster,
            Output("services", "Names of the ECS services", names),
            Output(TASK_DEFINITIONS, "The revision that each service was told to run", revisions),
            *((releases,) if releases else ()),
        )

    @property
    def example(self) -> Example:
        """Change the cluster."""
        return Example("services_override.tf", Markdown(f'resource "{CLUSTER.type}" "{CLUSTER.label}"'))

    @property
    def changes(self) -> tuple[Markdown, ...]:
        """What holds for machines, and that schedules write the limits, so that Terraform leaves them alone."""
        names = [each.name for each in self.services if each.scaling and each.scaling.schedules]
        machines = about(self.name, self.pools)
        if not names:
            return machines
        return (
            *machines,
            Markdown(
                f"Schedules write the least and the most tasks of {' and '.join(names)}, so Terraform leaves both "
                "alone once they exist. Another `min` or `max` in the spec is in force after: "
                "`aws application-autoscaling register-scalable-target --service-namespace ecs "
                "--scalable-dimension ecs:service:DesiredCount "
                f"--resource-id service/{self.name}/<name> --min-capacity <min> --max-capacity <max>`."
            ),
        )

    @property
    def restart(self) -> Markdown:
        """How to make the containers read a changed password."""
        command = f"aws ecs update-service --cluster {self.name} --service <name> --force-new-deployment"
        return Markdown(f"`{command}` for each service that connects")


def ground(foundation: Foundation, workloads: Sequence[Workload]) -> Cluster:
    """Decide the cluster for these services and jobs."""
    jobs = tuple(each for each in workloads if isinstance(each, Job))
    services = tuple(each for each in workloads if isinstance(each, Service))
    names = [each.name for each in services]
    tasks = [*(each.task for each in services), *(each.task for each in jobs)]
    found = tasks[0].pools
    kinds = [name for name, used in (("Fargate", not all(task.pool for task in tasks)), ("EC2", found)) if used]
    return Cluster(
        pools=found,
        failed_machines=failed_machines(foundation, "instances", [pool.group for pool in found]) if found else None,
        title=" and ".join(kinds),
        alarms=tuple(pool.alarm(foundation) for pool in found),
        key_users=(autoscaling_role(foundation),) if found else (),
        name=foundation.prefix,
        services=services,
        failed_deployments=failed_deployments(foundation, names),
        steps=(*commands(foundation.prefix, services), *settle(foundation.prefix, names)),
        jobs=jobs,
        failed=failed_jobs(foundation, jobs),
    )
