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
from cloudgen.stack.aws.platforms.containers.services import Service
from cloudgen.stack.aws.platforms.containers.settling import (
    TASK_DEFINITIONS,
    FailedDeployments,
    failed_deployments,
    settle,
)
from cloudgen.stack.aws.platforms.workload import Workload
from cloudgen.stack.base import Address
from cloudgen.stack.outputs import Output
from cloudgen.stack.readme import Example, File
from cloudgen.stack.text import Markdown
from cloudgen.stack.workload import Step

FILES = (
    File("services.tf", "platforms.containers", "ECS cluster, services, scaling"),
    File("jobs.tf", "platforms.containers.jobs", "scheduled tasks"),
)


@dataclass(frozen=True)
class Cluster:
    """The cluster and what runs in it, rendered by services.tf and jobs.tf."""

    name: str
    services: tuple[Service, ...]
    jobs: tuple[Job, ...]
    failed: FailedJobs | None
    failed_deployments: FailedDeployments | None
    steps: tuple[Step, ...]
    title: str = "Fargate"
    address: Address = CLUSTER
    roles: tuple[Role, ...] = ()
    security_groups: tuple[SecurityGroup, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    steps_before_destroy: tuple[Step, ...] = ()

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The cluster, and the rules that report failed jobs and deployments."""
        reported = [each.blocks for each in (self.failed, self.failed_deployments) if each]
        return (CLUSTER, CAPACITY_PROVIDERS, *chain.from_iterable(reported))

    @property
    def publishes(self) -> bool:
        """Whether EventBridge publishes to the topic of the alarms: that a job or a deployment failed."""
        return self.failed is not None or self.failed_deployments is not None

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
        """Schedules write the limits of a service, so that Terraform leaves them alone."""
        names = [each.name for each in self.services if each.scaling and each.scaling.schedules]
        if not names:
            return ()
        return (
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
    return Cluster(
        name=foundation.prefix,
        services=services,
        failed_deployments=failed_deployments(foundation, names),
        steps=(*commands(foundation.prefix, services), *settle(foundation.prefix, names)),
        jobs=jobs,
        failed=failed_jobs(foundation, jobs),
    )
