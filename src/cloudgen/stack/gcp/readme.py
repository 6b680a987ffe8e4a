"""What the output's README and deploy.sh say: what to run, what was decided, and what differs on Google Cloud."""

from __future__ import annotations

from collections.abc import Iterator

from cloudgen.dataclass import dataclass
from cloudgen.stack.flowchart import Flowchart
from cloudgen.stack.gcp.agents import LOGS, LOOKED_UP_BY, STORAGE, ServiceAgent
from cloudgen.stack.gcp.apis import BEFORE_TERRAFORM
from cloudgen.stack.gcp.bootstrap import REGISTRY_AGENT, Repository
from cloudgen.stack.gcp.parity import TITLE, parity
from cloudgen.stack.gcp.parts import GcpParts
from cloudgen.stack.gcp.platforms import PLATFORMS
from cloudgen.stack.gcp.platforms import module as platform
from cloudgen.stack.gcp.storage import module as storage_kind
from cloudgen.stack.mermaid import mermaid
from cloudgen.stack.parity import differences
from cloudgen.stack.readme import File, Size, container_size, entries, files, hand_over
from cloudgen.stack.readme import Readme as CommonReadme
from cloudgen.stack.text import Markdown
from cloudgen.stack.workload import MOMENTS, Step

FILES = (
    File("versions.tf", None, "versions of Terraform and the providers; where the state lives"),
    File("providers.tf", None, "project, region, labels of every resource"),
    File("variables.tf", "variables", "what you give to Terraform"),
    File("outputs.tf", None, "what Terraform tells you"),
    File("apis.tf", None, "the APIs of Google Cloud that are switched on"),
    File("network.tf", None, "VPC, subnetwork, NAT, private addresses of databases, firewall rules"),
    File("load_balancer.tf", "load_balancer", "load balancer, routes, Cloud Armor"),
    File("dns.tf", "dns", "DNS records and the certificate"),
)
"""The files before those of platforms and storage: the attribute of the stack that each depends on, and its purpose."""
LAST = (
    File("secrets.tf", "secrets", "secrets, without their values"),
    File("kms.tf", "key", "the key that encrypts everything"),
    File("iam.tf", None, "service accounts and permissions"),
    File("monitoring.tf", None, "alert policies, who is told, dashboard, how long logs are kept"),
    File("bootstrap/", "bootstrap", "applied first, once: where state and images are kept"),
    File("account/", "audit", "applied second, once for a project: the audit trail, and what is told of it"),
    File("deploy.sh", None, "runs everything in order"),
    File("architecture.svg", None, "the picture above, for wikis and slides"),
)
"""The files after them."""


@dataclass(frozen=True)
class Readme(CommonReadme):
    """What README.md.j2 and deploy.sh.j2 need beside the stack itself."""

    services: tuple[str, ...]
    """The APIs to switch on before Terraform can work."""
    agents: tuple[str, ...]
    """The services whose agents gcloud has to make: Terraform grants them something, and cannot make them."""
    images: tuple[Repository, ...]
    """The images to build."""
    registry: str | None
    """The host name of the registry that takes them."""
    asked: tuple[Step, ...]
    """What deploy.sh needs to run a command that somebody asks for."""
    before: tuple[Step, ...]
    """What deploy.sh runs before `terraform apply`."""
    steps: tuple[Step, ...]
    """What deploy.sh runs when everything is applied."""
    tools: tuple[str, ...]
    """The programs that these steps take."""
    before_destroy: tuple[Markdown, ...]
    """What to run before `terraform destroy`."""
    keeps_addresses: tuple[Markdown, ...]
    """Why the network cannot be destroyed at once."""
    recover_bootstrap: tuple[Markdown, ...]
    """How to use the names again that bootstrap/ leaves behind, and to make its bucket, which the next needs."""
    recover_account: tuple[Markdown, ...]
    """How to use the names again that account/ leaves behind."""
    recover: tuple[Markdown, ...]
    """How to use the names again that the root module leaves behind."""

    take_over_record: tuple[Markdown, ...]
    """How to take over a record of the domain that is there already; nothing where the zone is new."""
    first_state: bool
    """Whether bootstrap/ keeps its state in a file until its bucket is there."""
    revisions: tuple[str, ...]
    """The names of Cloud Run services whose newest revision has to be ready."""
    has_revisions: bool
    """Whether anything that always runs has revisions, worker pools included."""
    last_words: str
    """Which logs tell why a container did not start: in the query language of Cloud Logging."""

    @property
    def generated_images(self) -> tuple[Repository, ...]:
        """The images of Dockerfiles that cloudgen renders."""
        return tuple(image for image in self.images if image.origin == "generated")

    @property
    def own_images(self) -> tuple[Repository, ...]:
        """The images of Dockerfiles that lie in the source."""
        return tuple(image for image in self.images if image.origin != "generated")

    @property
    def agents_list(self) -> Markdown:
        """The services whose agents gcloud makes, in one line."""
        return Markdown(", ".join(f"`{service}`" for service in self.agents))


def readme(stack: GcpParts, chart: Flowchart) -> Readme:
    """Collect what the README says."""
    agents = tuple(sorted(_agents(stack)))
    registry = stack.bootstrap.registry if stack.bootstrap else None
    asked, before, after = (tuple(step for step in stack.steps if step.moment == moment) for moment in MOMENTS)
    return Readme(
        diagram=mermaid(chart),
        commands=tuple(_commands(stack)),
        services=tuple(sorted({*BEFORE_TERRAFORM, *_looked_up(stack), *agents})),
        agents=agents,
        images=stack.bootstrap.repositories if stack.bootstrap else (),
        registry=registry.host if registry else None,
        zone=stack.dns.zone if stack.dns and stack.dns.create_zone else None,
        files=files(
            (
                *FILES,
                *(file for name in PLATFORMS for file in platform(name).FILES),
                *(storage_kind(kind).FILE for kind in stack.storage.kinds),
                *LAST,
            ),
            stack,
        ),
        variables=entries(stack.variables),
        outputs=entries(stack.outputs),
        account_outputs=entries(stack.audit.outputs if stack.audit else ()),
        sizes=tuple(_sizes(stack)),
        differences=tuple(_differences(stack)),
        warnings=tuple(problem.message for problem in stack.warnings),
        left_behind=tuple(_left_behind(stack)),
        asked=asked,
        before=before,
        steps=after,
        tools=tuple(dict.fromkeys(tool for step in stack.steps for tool in step.tools)),
        before_destroy=tuple(Markdown(command) for step in stack.steps_before_destroy for command in step.commands),
        keeps_addresses=tuple(dict.fromkeys(each.keeps_addresses for each in stack.grounds if each.keeps_addresses)),
        recover_bootstrap=tuple(_recover_bootstrap(stack)),
        recover_account=tuple(_recover_account(stack)),
        recover=tuple(_recover(stack)),
        take_over_record=tuple(_take_over_record(stack)),
        first_state=stack.bootstrap is not None and stack.bootstrap.backend is not None,
        revisions=tuple(name for ground in stack.grounds for name in ground.revisions or ()),
        has_revisions=any(ground.revisions is not None for ground in stack.grounds),
        last_words=_last_words(stack),
    )


def _last_words(stack: GcpParts) -> str:
    found = list(dict.fromkeys(ground.last_words for ground in stack.grounds))
    return " OR ".join(f"({each})" for each in found) if len(found) > 1 else "".join(found)


def _agents(stack: GcpParts) -> set[str]:
    """The services whose agents get a grant: on the key, and those of queues on topics and subscriptions."""
    names = {agent.name for agent in stack.granted_agents}
    if stack.key:
        names |= set(stack.key.agents)
        if stack.bootstrap and stack.bootstrap.registry:
            names.add(REGISTRY_AGENT)
    return {service for name in names if (service := ServiceAgent(name).service)}


def _looked_up(stack: GcpParts) -> Iterator[str]:
    """The APIs that tell Terraform, while it plans, the addresses of the agents that gcloud does not make."""
    for agent in (STORAGE, LOGS):
        if ServiceAgent(agent) in (*stack.agents, *stack.granted_agents):
            yield LOOKED_UP_BY[agent]
    if stack.bootstrap and stack.bootstrap.key and stack.bootstrap.key.storage:
        yield LOOKED_UP_BY[STORAGE]


def _commands(stack: GcpParts) -> Iterator[Markdown]:
    if stack.secrets:
        yield hand_over([secret.name for secret in stack.secrets])
    yield Markdown("./deploy.sh")


def _sizes(stack: GcpParts) -> Iterator[Size]:
    deployment = stack.deployment
    for part in stack.workloads:
        vcpu, memory = deployment.vcpu_and_memory(deployment.containers[part.name])
        yield container_size(part.name, vcpu, memory, part.given.size)
    yield from (resource.size for resource in stack.storage if resource.size)


def _differences(stack: GcpParts) -> Iterator[str]:
    """What the spec says in neutral words, and Google Cloud does in its own way, as far as no warning says it."""
    yield from differences(parity(), TITLE, stack.deployment)
    networking = stack.deployment.networking
    if stack.load_balancer:
        yield "The load balancer serves the whole world from one address; the containers run in one region."
    if not networking.private_endpoints:
        yield "Google's own services are reached from private addresses in any case: that costs nothing."
    if stack.storage.queues:
        yield (
            "A queue is a topic for whoever publishes and a subscription for whoever consumes: each container is told "
            "the one that it needs."
        )
    if (stack.storage.buckets or stack.storage.file_systems) and not stack.audit:
        yield (
            "Who read or wrote objects of a bucket is recorded only if you turn data access audit logs on for "
            "Cloud Storage in the project."
        )
    for part in stack.workloads:
        yield from part.differences
    if stack.key:
        # https://cloud.google.com/error-reporting/docs/grouping-errors
        yield "Error Reporting shows nothing: it does not read logs that a key of your own encrypts."
    else:
        yield "Data is encrypted with keys of Google's own."


def _left_behind(stack: GcpParts) -> Iterator[str]:
    """What exists after `terraform destroy` in the root module, with deletion protection off as it then is."""
    if stack.key:
        yield (
            f"the key ring {stack.key.ring_name} with its key, whose names stay taken for ever; what the key encrypted "
            "is lost after 30 days unless you restore the key's versions before"
        )
    yield from dict.fromkeys(item for resource in stack.storage for item in resource.left_behind)
    yield f"the log bucket {stack.monitoring.logs.name}, for a week in which it can be restored"
    if stack.dns and stack.dns.create_zone:
        yield "the delegation of the zone, at your registrar"
    if stack.audit:
        yield "the audit trail of the project, made by account/"
    if stack.bootstrap and stack.bootstrap.state:
        yield "the bucket with the state, made by bootstrap/"
    if stack.bootstrap and stack.bootstrap.repositories:
        yield "the images, in the registry made by bootstrap/"
    yield "the APIs, which stay switched on for others in the project"


def _recover_bootstrap(stack: GcpParts) -> Iterator[Markdown]:
    if not stack.bootstrap or not stack.bootstrap.key:
        return
    terraform = "terraform -chdir=bootstrap"
    if stack.bootstrap.backend:
        # Its bucket went with the rest; deploy.sh moves the state into the new one.
        yield Markdown("printf 'terraform {\\n  backend \"local\" {}\\n}\\n' >bootstrap/first_run_override.tf")
    yield Markdown(f"{terraform} init")
    yield from _take_over_key(terraform, stack, stack.bootstrap.key.ring_name)
    if stack.bootstrap.backend is None:
        yield Markdown(f"{terraform} apply")


def _recover_account(stack: GcpParts) -> Iterator[Markdown]:
    if stack.audit is None:
        return
    if stack.audit.key:
        terraform = "terraform -chdir=account"
        yield Markdown(f"{terraform} init")
        yield from _take_over_key(terraform, stack, stack.audit.key.ring_name)
    yield _restore_logs(stack, stack.audit.name)


def _recover(stack: GcpParts) -> Iterator[Markdown]:
    if stack.key:
        yield Markdown("terraform init")
        yield from _take_over_key("terraform", stack, stack.key.ring_name)
    yield _restore_logs(stack, stack.monitoring.logs.name)


def _take_over_record(stack: GcpParts) -> Iterator[Markdown]:
    """https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/dns_record_set#import."""
    if stack.dns is None or stack.dns.create_zone:
        return
    zones = f"gcloud dns managed-zones list --project {stack.project}"
    yield Markdown(
        f"zone=$({zones} --filter='dnsName={stack.dns.zone_domain} visibility=public' --format='value(name)')"
    )
    for name in stack.dns.names:
        yield Markdown(f'terraform import {name.record} "{stack.project}/$zone/{name.record_name}/A"')


def _restore_logs(stack: GcpParts, bucket: str) -> Markdown:
    """A log bucket that was deleted can neither be made nor changed, for a week.

    https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.locations.buckets/patch
    """
    return Markdown(f"gcloud logging buckets undelete {bucket} --location {stack.region} --project {stack.project}")


def _take_over_key(terraform: str, stack: GcpParts, ring_name: str) -> Iterator[Markdown]:
    """https://cloud.google.com/kms/docs/object-hierarchy#lifetime."""
    ring = f"projects/{stack.project}/locations/{stack.region}/keyRings/{ring_name}"
    key = f"{ring}/cryptoKeys/data"
    yield Markdown(f"{terraform} import google_kms_key_ring.main {ring}")
    yield Markdown(f"{terraform} import google_kms_crypto_key.main {key}")
    yield Markdown(f"gcloud kms keys versions create --primary --key {key}")
