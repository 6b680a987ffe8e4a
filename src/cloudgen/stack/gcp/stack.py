"""The whole stack of a deployment on Google Cloud, and how it is put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from cloudgen.dataclass import dataclass
from cloudgen.errors import Problem, SpecError
from cloudgen.spec.deployment import Deployment
from cloudgen.stack.base import Address
from cloudgen.stack.clashes import check_clashes
from cloudgen.stack.commands import check_commands
from cloudgen.stack.flowchart import Flowchart
from cloudgen.stack.gcp.agents import ServiceAgent
from cloudgen.stack.gcp.apis import Apis, apis
from cloudgen.stack.gcp.audit import Audit, audit
from cloudgen.stack.gcp.bootstrap import Backend, Bootstrap, Repository, backend, bootstrap
from cloudgen.stack.gcp.bucket import Bucket, buckets
from cloudgen.stack.gcp.cache import Cache, caches
from cloudgen.stack.gcp.database import Database, databases
from cloudgen.stack.gcp.diagram import diagram
from cloudgen.stack.gcp.dns import Dns, dns
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import ServiceAccount
from cloudgen.stack.gcp.jobs import Jobs, jobs
from cloudgen.stack.gcp.kms import Key, key
from cloudgen.stack.gcp.load_balancer import LoadBalancer, load_balancer
from cloudgen.stack.gcp.monitoring import Monitoring, monitoring
from cloudgen.stack.gcp.network import Network, network
from cloudgen.stack.gcp.outputs import outputs
from cloudgen.stack.gcp.queue import Queue, queues
from cloudgen.stack.gcp.readme import Readme, readme
from cloudgen.stack.gcp.resource import Resource
from cloudgen.stack.gcp.secrets import Secret, secrets
from cloudgen.stack.gcp.services import Service, service
from cloudgen.stack.gcp.summary import summary
from cloudgen.stack.gcp.support import check_names, tell_parity
from cloudgen.stack.gcp.workloads import Workload, workload
from cloudgen.stack.naming import labels
from cloudgen.stack.outputs import Output
from cloudgen.stack.summary import SummaryRow
from cloudgen.stack.variables import TerraformVariable, variables


@dataclass(frozen=True)
class GcpStack:
    """Everything that the templates of Google Cloud read."""

    deployment: Deployment
    project: str
    region: str
    protected: bool
    backend: Backend | None
    apis: Apis
    key: Key | None
    network: Network
    load_balancer: LoadBalancer | None
    dns: Dns | None
    services: tuple[Service, ...]
    jobs: Jobs | None
    databases: tuple[Database, ...]
    buckets: tuple[Bucket, ...]
    caches: tuple[Cache, ...]
    queues: tuple[Queue, ...]
    secrets: tuple[Secret, ...]
    accounts: tuple[ServiceAccount, ...]
    monitoring: Monitoring
    bootstrap: Bootstrap | None
    audit: Audit | None
    variables: tuple[TerraformVariable, ...]
    outputs: tuple[Output, ...]
    warnings: tuple[Problem, ...]

    @property
    def target(self) -> str:
        """The target's name in the registry."""
        return "gcp"

    @property
    def prefix(self) -> str:
        """What every resource name begins with."""
        return self.deployment.prefix

    @property
    def labels(self) -> Mapping[str, str]:
        """Labels of every resource."""
        return labels(self.deployment)

    @property
    def workloads(self) -> tuple[Workload, ...]:
        """Every container."""
        return (
            *(service.workload for service in self.services),
            *(job.workload for job in (self.jobs.jobs if self.jobs else ())),
        )

    @property
    def needs_number(self) -> bool:
        """Whether anything is granted to a service agent whose name is made of the project's number."""
        return bool(self.queues) or any(not agent.looked_up for agent in self.agents)

    @property
    def agents(self) -> tuple[ServiceAgent, ...]:
        """The service agents that encrypt with the customer's key, in order of name; they have to exist before."""
        return tuple(ServiceAgent(name) for name in self.key.agents) if self.key else ()

    @property
    def images(self) -> tuple[Repository, ...]:
        """The images that are built from this project, with the repositories they are pushed to."""
        return self.bootstrap.repositories if self.bootstrap else ()

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Everything that containers connect to."""
        return (*self.databases, *self.buckets, *self.caches, *self.queues)

    @cached_property
    def diagram(self) -> Flowchart:
        """The picture of all this."""
        return diagram(self)

    @cached_property
    def readme(self) -> Readme:
        """What the output's README says about all the rest."""
        return readme(self)

    @cached_property
    def summary(self) -> Sequence[SummaryRow]:
        """What Google Cloud makes of each part of the spec."""
        return tuple(summary(self))

    @property
    def next_commands(self) -> Sequence[str]:
        """What to run next, in the output folder."""
        return self.readme.next_commands


def build(deployment: Deployment) -> GcpStack:
    """Decide everything; raises `SpecError` with every problem when the spec asks for what Google Cloud cannot do."""
    target = deployment.targets.get("gcp")
    if target is None:
        problem = Problem(
            "missing-key",
            "the spec does not say where it runs on gcp",
            ("targets",),
            hint="add targets: {gcp: {region: europe-west1, project: acme-shop}}",
        )
        raise SpecError([problem])
    foundation = Foundation(deployment, target.project, target.region)
    tell_parity(foundation)
    check_names(foundation)
    check_commands(foundation.deployment, foundation.problems)
    if foundation.problems.errors:
        raise SpecError(foundation.problems.errors)
    stack = _assemble(foundation)
    if foundation.problems.errors:
        raise SpecError(foundation.problems.errors)
    return stack


def _assemble(foundation: Foundation) -> GcpStack:
    deployment = foundation.deployment
    parts = (databases(foundation), buckets(foundation), caches(foundation), queues(foundation))
    resources: dict[str, Resource] = {resource.name: resource for part in parts for resource in part}
    secret_parts = {secret.name: secret for secret in secrets(foundation)}
    balancer = load_balancer(foundation)
    domain = dns(foundation)
    workloads = {
        name: workload(foundation, name, container, resources, secret_parts)
        for name, container in deployment.containers.items()
    }
    running = tuple(
        service(foundation, deployment.containers[name], part, public=bool(balancer and balancer.leads_to(name)))
        for name, part in workloads.items()
        if part.kind != "job"
    )
    scheduled = jobs(foundation, tuple(part for part in workloads.values() if part.kind == "job"))
    rules = [rule for part in workloads.values() for rule in part.rules]
    accounts = (*(part.account for part in workloads.values()), *(scheduled.accounts if scheduled else ()))
    watch = monitoring(foundation, balancer, running, scheduled, tuple(resources.values()))
    check_clashes(
        [
            *(rule.address for rule in rules),
            *(member.address for account in accounts for member in account.members),
            *(Address("google_monitoring_alert_policy", alarm.label) for alarm in watch.alarms),
        ],
        foundation.problems,
    )
    things: list[Resource | Secret] = [*resources.values(), *secret_parts.values()]
    agents = [agent for thing in things for agent in thing.agents]
    return GcpStack(
        deployment=deployment,
        project=foundation.project,
        region=foundation.region,
        protected=foundation.protected,
        backend=backend(foundation, "root"),
        apis=apis(
            [
                *_api_names(foundation, balancer, domain, scheduled),
                *watch.apis,
                *(name for thing in things for name in thing.apis),
            ]
        ),
        key=key(foundation, agents),
        network=network(foundation, rules, private_services=bool(parts[0])),
        load_balancer=balancer,
        dns=domain,
        services=running,
        jobs=scheduled,
        databases=parts[0],
        buckets=parts[1],
        caches=parts[2],
        queues=parts[3],
        secrets=tuple(secret_parts.values()),
        accounts=accounts,
        monitoring=watch,
        bootstrap=bootstrap(foundation),
        audit=audit(foundation),
        variables=variables(
            [name for name, container in deployment.containers.items() if container.image is None],
            list(deployment.security.secrets),
        ),
        outputs=tuple(outputs(balancer, domain, running, tuple(resources.values()))),
        warnings=foundation.problems.warnings,
    )


def _api_names(
    foundation: Foundation, balancer: LoadBalancer | None, domain: Dns | None, scheduled: Jobs | None
) -> Iterator[str]:
    """The APIs of the parts that are decided here; resources, secrets and monitoring name their own."""
    yield from ("compute", "iam", "run")
    if balancer and balancer.https:
        yield "certificatemanager"
    if domain:
        yield "dns"
    if foundation.deployment.storage.databases:
        yield "servicenetworking"
    if scheduled:
        yield "cloudscheduler"
    if foundation.customer_key:
        yield "cloudkms"
