"""The whole stack of a deployment on AWS, and how it is put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain

from cloudgen.dataclass import dataclass
from cloudgen.errors import Problem, SpecError
from cloudgen.spec.deployment import Deployment
from cloudgen.stack.aws.account import Account, account
from cloudgen.stack.aws.audit import Audit, audit
from cloudgen.stack.aws.bootstrap import Backend, Bootstrap, Repository, backend, bootstrap
from cloudgen.stack.aws.bucket import AccessLogs, Bucket, access_logs, buckets
from cloudgen.stack.aws.cache import Cache, caches
from cloudgen.stack.aws.database import Database, databases
from cloudgen.stack.aws.diagram import diagram
from cloudgen.stack.aws.dns import Dns, dns
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Role, Trust
from cloudgen.stack.aws.jobs import Jobs, jobs
from cloudgen.stack.aws.kms import Key, key
from cloudgen.stack.aws.load_balancer import GROUP as LOAD_BALANCER_GROUP
from cloudgen.stack.aws.load_balancer import LoadBalancer, load_balancer
from cloudgen.stack.aws.monitoring import Monitoring, monitoring
from cloudgen.stack.aws.network import Network, network
from cloudgen.stack.aws.outputs import outputs
from cloudgen.stack.aws.queue import Queue, queues
from cloudgen.stack.aws.readme import Readme, readme
from cloudgen.stack.aws.resource import Resource
from cloudgen.stack.aws.secrets import Secret, secrets
from cloudgen.stack.aws.security_groups import group_address
from cloudgen.stack.aws.services import Service, service
from cloudgen.stack.aws.summary import summary
from cloudgen.stack.aws.support import check_names, check_reach, tell_parity
from cloudgen.stack.aws.target import AwsTarget
from cloudgen.stack.aws.tasks import Task, task
from cloudgen.stack.base import Address
from cloudgen.stack.clashes import check_clashes
from cloudgen.stack.commands import check_commands
from cloudgen.stack.flowchart import Flowchart
from cloudgen.stack.naming import labels
from cloudgen.stack.outputs import Output
from cloudgen.stack.summary import SummaryRow
from cloudgen.stack.variables import TerraformVariable, variables


@dataclass(frozen=True)
class AwsStack:
    """Everything that the templates of AWS read."""

    deployment: Deployment
    account: Account
    backend: Backend | None
    key: Key | None
    network: Network
    load_balancer: LoadBalancer | None
    dns: Dns | None
    services: tuple[Service, ...]
    jobs: Jobs | None
    databases: tuple[Database, ...]
    buckets: tuple[Bucket, ...]
    access_logs: AccessLogs | None
    caches: tuple[Cache, ...]
    queues: tuple[Queue, ...]
    secrets: tuple[Secret, ...]
    roles: tuple[Role, ...]
    monitoring: Monitoring
    bootstrap: Bootstrap | None
    audit: Audit | None
    variables: tuple[TerraformVariable, ...]
    outputs: tuple[Output, ...]
    short_logs: bool
    """Whether logs are kept for less than a year."""
    warnings: tuple[Problem, ...]

    @property
    def target(self) -> str:
        """The target's name in the registry."""
        return "aws"

    @property
    def prefix(self) -> str:
        """What every resource name begins with."""
        return self.deployment.prefix

    @property
    def tags(self) -> Mapping[str, str]:
        """Tags of every resource."""
        return labels(self.deployment)

    @property
    def allowed_accounts(self) -> tuple[object, ...]:
        """The accounts that terraform may work on."""
        return (self.account.id,)

    @property
    def trusts(self) -> tuple[Trust, ...]:
        """Who may assume the roles, each once."""
        return tuple(dict.fromkeys(role.trust for role in self.roles))

    @property
    def images(self) -> tuple[Repository, ...]:
        """The images that are built from this project, with the repositories they are pushed to."""
        return self.bootstrap.repositories if self.bootstrap else ()

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Every task definition."""
        return (
            *(service.task for service in self.services),
            *(job.task for job in (self.jobs.jobs if self.jobs else ())),
        )

    @cached_property
    def diagram(self) -> Flowchart:
        """The picture of all this."""
        return diagram(self)

    @cached_property
    def readme(self) -> Readme:
        """What the output's README says about all this."""
        return readme(self)

    @cached_property
    def summary(self) -> Sequence[SummaryRow]:
        """What AWS makes of each part of the spec."""
        return tuple(summary(self))

    @property
    def next_commands(self) -> Sequence[str]:
        """What to run next, in the output folder."""
        return self.readme.next_commands


def build(deployment: Deployment) -> AwsStack:
    """Decide everything; raises `SpecError` with every problem when the spec asks for what AWS cannot do."""
    target = deployment.targets.get("aws")
    if target is None:
        problem = Problem(
            "missing-key",
            "the spec does not say where it runs on aws",
            ("targets",),
            hint="add targets: {aws: {region: eu-west-1}}",
        )
        raise SpecError([problem])
    foundation = Foundation(deployment, account(target))
    tell_parity(foundation)
    check_reach(foundation)
    check_names(foundation)
    check_commands(foundation.deployment, foundation.problems)
    stack = _assemble(foundation, target)
    if foundation.problems.errors:
        raise SpecError(foundation.problems.errors)
    return stack


def _assemble(foundation: Foundation, target: AwsTarget) -> AwsStack:
    deployment = foundation.deployment
    database_parts, cache_parts = databases(foundation), caches(foundation)
    bucket_parts, queue_parts = buckets(foundation), queues(foundation)
    storage: tuple[Resource, ...] = (*database_parts, *bucket_parts, *cache_parts, *queue_parts)
    resources = {resource.name: resource for resource in storage}
    secret_parts = {secret.name: secret for secret in secrets(foundation)}
    net = network(
        foundation,
        target,
        _endpoint_services(deployment, storage),
        [(name, group_address(name)) for name in deployment.containers],
        data=bool(database_parts or cache_parts),
    )
    balancer = load_balancer(foundation)
    domain = dns(foundation)
    tasks = {
        name: task(foundation, name, container, net, resources, secret_parts, _entrance(balancer, name))
        for name, container in deployment.containers.items()
    }
    running = tuple(
        service(foundation, deployment.containers[name], part, balancer)
        for name, part in tasks.items()
        if part.kind != "job"
    )
    scheduled = jobs(foundation, list(tasks.values()))
    watching = monitoring(foundation, balancer, running, scheduled, storage)
    groups = chain.from_iterable(
        part.security_groups for part in (net, balancer, *tasks.values(), *database_parts, *cache_parts) if part
    )
    check_clashes(
        [
            *(address for group in groups for address in group.addresses),
            *(Address("aws_cloudwatch_metric_alarm", alarm.label) for alarm in watching.alarms),
        ],
        foundation.problems,
    )
    own_roles = chain.from_iterable((part.execution_role, part.task_role) for part in tasks.values())
    return AwsStack(
        deployment=deployment,
        account=foundation.account,
        backend=backend(foundation),
        key=key(foundation),
        network=net,
        load_balancer=balancer,
        dns=domain,
        services=running,
        jobs=scheduled,
        databases=database_parts,
        buckets=bucket_parts,
        access_logs=access_logs(foundation),
        caches=cache_parts,
        queues=queue_parts,
        secrets=tuple(secret_parts.values()),
        roles=_distinct(
            own_roles,
            scheduled.roles if scheduled else (),
            chain.from_iterable(database.roles for database in database_parts),
            net.roles,
        ),
        monitoring=watching,
        bootstrap=bootstrap(foundation),
        audit=audit(foundation),
        variables=variables(
            [name for name, container in deployment.containers.items() if container.image is None],
            list(deployment.security.secrets),
        ),
        outputs=tuple(outputs(balancer, domain, running, storage)),
        short_logs=foundation.log_retention < 365,
        warnings=foundation.problems.warnings,
    )


def _distinct(*roles: Iterable[Role]) -> tuple[Role, ...]:
    """All roles, each once: databases share one."""
    return tuple({role.label: role for role in chain.from_iterable(roles)}.values())


def _entrance(balancer: LoadBalancer | None, name: str) -> Address | None:
    """The security group that may reach a container's port."""
    return LOAD_BALANCER_GROUP if balancer and balancer.target_of(name) else None


def _endpoint_services(deployment: Deployment, resources: Sequence[Resource]) -> tuple[str, ...]:
    """The interface endpoints that the containers need, each once: images, logs, and what the resources ask for."""
    needed = ["ecr.api", "ecr.dkr", "logs"]
    if deployment.security.secrets or any(resource.secrets for resource in resources):
        needed.append("secretsmanager")
    return tuple(dict.fromkeys([*needed, *(name for resource in resources for name in resource.vpc_endpoints)]))
