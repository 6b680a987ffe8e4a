"""The whole stack of a deployment on Google Cloud, and how it is put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain

from cloudgen.errors import Problem, SpecError
from cloudgen.spec.deployment import Deployment
from cloudgen.stack.clashes import check_clashes
from cloudgen.stack.closed_ports import check_closed_ports
from cloudgen.stack.commands import check_commands
from cloudgen.stack.egress import check_egress
from cloudgen.stack.entrance import tell_entrance
from cloudgen.stack.flowchart import Flowchart
from cloudgen.stack.gcp.account_module import audit
from cloudgen.stack.gcp.apis import apis
from cloudgen.stack.gcp.bootstrap import backend, bootstrap
from cloudgen.stack.gcp.diagram import diagram
from cloudgen.stack.gcp.entrance.dns import dns
from cloudgen.stack.gcp.entrance.load_balancer import load_balancer
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import ServiceAccount
from cloudgen.stack.gcp.kms import key
from cloudgen.stack.gcp.limits import KEPT, LIMITS
from cloudgen.stack.gcp.monitoring import monitoring
from cloudgen.stack.gcp.network.network import network
from cloudgen.stack.gcp.outputs import outputs
from cloudgen.stack.gcp.parts import GcpParts
from cloudgen.stack.gcp.platforms import PLATFORMS, module
from cloudgen.stack.gcp.platforms.workload import Around, Ground, Workload, running_first
from cloudgen.stack.gcp.readme import Readme, readme
from cloudgen.stack.gcp.refusals import tell_parity
from cloudgen.stack.gcp.regions import check_region
from cloudgen.stack.gcp.secrets import Secret, secrets
from cloudgen.stack.gcp.storage import KINDS, storage
from cloudgen.stack.gcp.storage.resource import Resource
from cloudgen.stack.gcp.summary import summary
from cloudgen.stack.kinds import OnePerKind
from cloudgen.stack.limits import check_limits
from cloudgen.stack.order import in_field_order
from cloudgen.stack.sharing import images
from cloudgen.stack.summary import SummaryRow
from cloudgen.stack.variables import variables
from cloudgen.stack.workload import Wanted, refuse_missing_kinds, refuse_missing_platforms, wanted


class GcpStack(GcpParts):
    """Everything that the templates of Google Cloud read: the parts, and what is said of them."""

    @cached_property
    def diagram(self) -> Flowchart:
        """The picture of all this."""
        return diagram(self)

    @cached_property
    def readme(self) -> Readme:
        """What the output's README says about all the rest."""
        return readme(self, self.diagram)

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
    check_region(foundation)
    check_commands(foundation.deployment, foundation.problems)
    check_closed_ports(foundation.deployment, foundation.problems, foundation.deployment.containers)
    check_egress(
        foundation.deployment,
        foundation.problems,
        # https://cloud.google.com/compute/docs/tutorials/sending-mail
        "Google Cloud blocks port 25 to the internet",
    )
    check_limits(LIMITS, KEPT, foundation.deployment, foundation.problems)
    stack = _assemble(foundation)
    check_clashes(stack.named, foundation.problems, stack.owned)
    if foundation.problems.errors:
        raise SpecError(foundation.problems.errors)
    return stack


def _assemble(foundation: Foundation) -> GcpStack:
    deployment = foundation.deployment
    stored = storage(foundation)
    resources = {resource.name: resource for resource in stored}
    around = Around(resources, {secret.name: secret for secret in secrets(foundation)})
    tell_entrance(deployment, foundation.problems, "nobody outside")
    domain = dns(foundation)
    containers = refuse_missing_platforms(PLATFORMS, wanted(deployment), "gcp", foundation.problems)
    containers = refuse_missing_kinds(KINDS, deployment, containers, "gcp", foundation.problems)
    workloads = [module(each.platform).workload(foundation, each, around) for each in containers]
    for each in containers:
        module(each.platform).tell(each, foundation.problems)
    grounds = _grounds(foundation, containers, workloads)
    balancer = load_balancer(foundation, {each.name: each.entry for each in workloads if each.entry})
    net = network(
        foundation,
        workloads,
        list(grounds.values()),
        private_services=any(resource.place == "peered" for resource in stored),
    )
    accounts = _accounts(workloads, *(ground.accounts for ground in grounds.values()))
    watch = monitoring(foundation, balancer, workloads, list(grounds.values()), list(resources.values()), net)
    things: list[Resource | Secret] = [*resources.values(), *around.secrets.values()]
    encryption = key(foundation, [agent for thing in (*things, *grounds.values()) for agent in thing.agents])
    parts = [part for part in (net, balancer, domain, encryption, watch, *things) if part]
    return GcpStack(
        deployment=deployment,
        project=foundation.project,
        region=foundation.region,
        protected=foundation.protected,
        backend=backend(foundation, "root"),
        apis=apis(["iam", *_needed(containers), *(name for part in parts for name in part.apis)]),
        key=encryption,
        network=net,
        load_balancer=balancer,
        dns=domain,
        workloads=running_first(workloads),
        platforms=OnePerKind({**grounds}, tuple(PLATFORMS)),
        storage=stored,
        secrets=tuple(around.secrets.values()),
        accounts=accounts,
        monitoring=watch,
        bootstrap=bootstrap(foundation, workloads),
        audit=audit(foundation),
        variables=variables(
            tuple(dict.fromkeys(images(deployment).values())),
            list(deployment.security.secrets),
        ),
        outputs=tuple(outputs(balancer, domain, list(grounds.values()), tuple(resources.values()))),
        warnings=in_field_order(foundation.problems.warnings, deployment),
    )


def _needed(containers: Sequence[Wanted]) -> Iterator[str]:
    """The APIs of the platforms in use."""
    for platform in PLATFORMS:
        on_it = [each for each in containers if each.platform == platform]
        yield from module(platform).needs(on_it) if on_it else ()


def _grounds(foundation: Foundation, containers: Sequence[Wanted], workloads: Sequence[Workload]) -> dict[str, Ground]:
    """What the workloads of each platform in use share, in the order of the registry."""
    found: dict[str, Ground] = {}
    for platform in PLATFORMS:
        on_it = [one for one, each in zip(workloads, containers, strict=True) if each.platform == platform]
        if on_it:
            found[platform] = module(platform).ground(foundation, on_it)
    return found


def _accounts(workloads: Sequence[Workload], *others: Iterable[ServiceAccount]) -> tuple[ServiceAccount, ...]:
    """Every service account once: of the containers, of what starts them, and of the platforms themselves."""
    starters = (each.identity.starter for each in workloads if each.identity.starter)
    found = (*(each.identity.own for each in workloads), *starters, *chain.from_iterable(others))
    return tuple(dict.fromkeys(found))
