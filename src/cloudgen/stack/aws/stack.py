"""The whole stack of a deployment on AWS, and how it is put together. Start reading at `_assemble`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain

from cloudgen.dataclass import dataclass, fields
from cloudgen.errors import Problem, SpecError
from cloudgen.spec.deployment import Deployment
from cloudgen.stack.aws.account_module import audit
from cloudgen.stack.aws.arns import account
from cloudgen.stack.aws.bootstrap import backend, bootstrap
from cloudgen.stack.aws.diagram import diagram
from cloudgen.stack.aws.entrance.dns import dns
from cloudgen.stack.aws.entrance.load_balancer import load_balancer
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Role
from cloudgen.stack.aws.kms import key
from cloudgen.stack.aws.limits import KEPT, LIMITS
from cloudgen.stack.aws.monitoring import monitoring
from cloudgen.stack.aws.network.nat_alarms import nat_alarms
from cloudgen.stack.aws.network.network import network
from cloudgen.stack.aws.outputs import outputs
from cloudgen.stack.aws.parts import AwsParts
from cloudgen.stack.aws.platforms import PLATFORMS, module
from cloudgen.stack.aws.platforms.workload import Around, Ground, Workload
from cloudgen.stack.aws.readme import Readme, readme
from cloudgen.stack.aws.refusals import check_names, check_reach, check_region, tell_parity
from cloudgen.stack.aws.scheduler import scheduler
from cloudgen.stack.aws.secrets import secrets
from cloudgen.stack.aws.storage import KINDS, storage
from cloudgen.stack.aws.storage.access_logs import access_logs
from cloudgen.stack.aws.storage.resource import Resource
from cloudgen.stack.aws.summary import summary
from cloudgen.stack.aws.target import AwsTarget
from cloudgen.stack.clashes import check_clashes
from cloudgen.stack.closed_ports import check_closed_ports
from cloudgen.stack.commands import check_commands
from cloudgen.stack.egress import check_egress
from cloudgen.stack.flowchart import Flowchart
from cloudgen.stack.kinds import OnePerKind
from cloudgen.stack.limits import check_limits
from cloudgen.stack.order import in_field_order
from cloudgen.stack.sharing import images
from cloudgen.stack.summary import SummaryRow
from cloudgen.stack.variables import variables
from cloudgen.stack.workload import Wanted, refuse_missing_kinds, refuse_missing_platforms, wanted


@dataclass(frozen=True)
class AwsStack(AwsParts):
    """Everything that the templates of AWS read: the parts, and what is said about them."""

    @cached_property
    def diagram(self) -> Flowchart:
        """The picture of all this."""
        return diagram(self)

    @cached_property
    def readme(self) -> Readme:
        """What the output's README says about all this."""
        return readme(self, self.diagram)

    @cached_property
    def summary(self) -> Sequence[SummaryRow]:
        """What AWS makes of each part of the spec."""
        return tuple(summary(self))

    @property
    def next_commands(self) -> Sequence[str]:
        """What to run next, in the output folder."""
        return self.readme.commands


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
    check_region(foundation)
    check_names(foundation)
    tell_parity(foundation)
    check_commands(foundation.deployment, foundation.problems)
    check_egress(
        foundation.deployment,
        foundation.problems,
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-resource-limits.html#port-25-throttle
        "AWS blocks port 25 to the internet until it lifts that for your account, on request",
    )
    check_limits(LIMITS, KEPT, foundation.deployment, foundation.problems)
    parts = _assemble(foundation, target)
    check_clashes(parts.named, foundation.problems, parts.owned)
    if foundation.problems.errors:
        raise SpecError(foundation.problems.errors)
    return AwsStack(**{name: getattr(parts, name) for name in fields(parts)})


def _assemble(foundation: Foundation, target: AwsTarget) -> AwsParts:
    """Decide part by part. A part that cannot be decided records a problem, so that one run reports them all."""
    deployment = foundation.deployment
    problems = foundation.problems
    containers = refuse_missing_platforms(PLATFORMS, wanted(deployment), "aws", problems)
    containers = refuse_missing_kinds(KINDS, deployment, containers, "aws", problems)
    stored = storage(foundation)
    resources = tuple(stored)
    secret_parts = {secret.name: secret for secret in secrets(foundation)}
    peers = [(each.name, peer) for each in containers if (peer := module(each.platform).peer(each)) is not None]
    check_reach(foundation, [name for name, _ in peers])
    check_closed_ports(deployment, problems, [name for name, _ in peers])
    net = network(
        foundation,
        target,
        _endpoints(containers, deployment, resources) if peers else (),
        peers,
        data=any(resource.endpoint for resource in resources),
    )
    around = Around(net, {resource.name: resource for resource in resources}, secret_parts)
    workloads = tuple(module(each.platform).workload(foundation, each, around) for each in containers)
    grounds = _grounds(foundation, containers, workloads)
    schedules = [workload.schedule for workload in workloads if workload.schedule]
    clock = scheduler(foundation, schedules)
    entries = {workload.name: workload.entry for workload in workloads if workload.entry}
    balancer = load_balancer(foundation, entries)
    domain = dns(foundation)
    running = {each.name for each in containers if each.runs_always}
    return AwsParts(
        deployment=deployment,
        account=foundation.account,
        backend=backend(foundation),
        key=key(foundation, (user for ground in grounds for user in ground.key_users)),
        network=net,
        load_balancer=balancer,
        dns=domain,
        workloads=tuple(sorted(workloads, key=lambda workload: workload.name not in running)),
        platforms=grounds,
        scheduler=clock,
        storage=stored,
        access_logs=access_logs(foundation),
        secrets=tuple(secret_parts.values()),
        roles=_distinct(
            *(workload.identity.roles for workload in workloads),
            (schedule.role for schedule in schedules),
            *(ground.roles for ground in grounds),
            *(resource.roles for resource in resources),
            net.roles,
        ),
        monitoring=monitoring(
            foundation,
            balancer,
            workloads,
            tuple(grounds),
            clock,
            resources,
            (*nat_alarms(net), *(domain.alarms if domain else ())),
        ),
        bootstrap=bootstrap(foundation),
        audit=audit(foundation),
        variables=variables(
            tuple(dict.fromkeys(images(deployment).values())),
            list(deployment.security.secrets),
        ),
        outputs=tuple(outputs(balancer, domain, grounds, resources)),
        short_logs=foundation.log_retention < 365,
        warnings=in_field_order(foundation.problems.warnings, deployment),
    )


def _grounds(foundation: Foundation, containers: Sequence[Wanted], workloads: Sequence[Workload]) -> OnePerKind[Ground]:
    """The ground of each platform that is in use."""
    found: dict[str, Ground] = {}
    for name in PLATFORMS:
        own = [made for each, made in zip(containers, workloads, strict=True) if each.platform == name]
        if own:
            found[name] = module(name).ground(foundation, own)
    return OnePerKind(found, tuple(PLATFORMS))


def _distinct(*roles: Iterable[Role]) -> tuple[Role, ...]:
    """All roles, each once: databases share one."""
    found: dict[str, list[Role]] = {}
    for each in chain.from_iterable(roles):
        alike = found.setdefault(each.label, [])
        if each not in alike:
            alike.append(each)
    return tuple(chain.from_iterable(found.values()))


def _endpoints(containers: Sequence[Wanted], deployment: Deployment, resources: Sequence[Resource]) -> tuple[str, ...]:
    """The interface endpoints that the workloads need, each once: for their platforms, secrets and resources."""
    needed: list[str] = []
    for name in PLATFORMS:
        own = [each for each in containers if each.platform == name]
        needed += module(name).needs(own) if own else ()
    if deployment.security.secrets or any(resource.secrets for resource in resources):
        needed.append("secretsmanager")
    return tuple(dict.fromkeys([*needed, *(name for resource in resources for name in resource.vpc_endpoints)]))
