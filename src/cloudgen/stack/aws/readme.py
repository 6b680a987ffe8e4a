"""What the output's README and deploy.sh say: which commands to run, what was decided, and what differs on AWS."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws import platforms, storage
from cloudgen.stack.aws.bootstrap import Image
from cloudgen.stack.aws.changes import changes
from cloudgen.stack.aws.notes import notes
from cloudgen.stack.aws.parity import TITLE, parity
from cloudgen.stack.aws.parts import AwsParts
from cloudgen.stack.aws.platforms import PLATFORMS
from cloudgen.stack.aws.storage import KINDS
from cloudgen.stack.flowchart import Flowchart
from cloudgen.stack.mermaid import mermaid
from cloudgen.stack.parity import differences
from cloudgen.stack.readme import Example, File, Size, container_size, entries, files, hand_over
from cloudgen.stack.readme import Readme as CommonReadme
from cloudgen.stack.text import Markdown, ShellText
from cloudgen.stack.workload import MOMENTS, Step

BEFORE = (
    File("versions.tf", None, "versions of Terraform and the provider; where the state lives"),
    File("providers.tf", None, "region, account, tags of every resource"),
    File("variables.tf", "variables", "what you give to Terraform"),
    File("outputs.tf", None, "what Terraform tells you"),
    File("network.tf", None, "VPC, subnets, NAT, endpoints, flow logs"),
    File("load_balancer.tf", "load_balancer", "load balancer, listeners, routing, web application firewall"),
    File("dns.tf", "dns", "DNS records and the certificate"),
)
AFTER = (
    File("secrets.tf", "secrets", "secrets, without their values"),
    File("kms.tf", "key", "the key that encrypts everything"),
    File("iam.tf", None, "roles and permissions"),
    File("monitoring.tf", None, "alarms, who is told, dashboard"),
    File("bootstrap/", "bootstrap", "applied first, once: where state and images are kept"),
    File("account/", "audit", "applied second, once for an account: the audit trail, and what is told of it"),
    File("deploy.sh", None, "runs everything in order"),
    File("architecture.svg", None, "the picture above, for wikis and slides"),
)
"""The files that neither a platform nor a kind of storage brings: name, what it depends on, and what it is for."""

PARTIAL = ' -backend-config="bucket=$(terraform -chdir=bootstrap output -raw state_bucket)"'
"""How `terraform init` is told the bucket of the state, where its name is not known before bootstrap/ is applied."""


@dataclass(frozen=True)
class Readme(CommonReadme):
    """What README.md.j2 and deploy.sh.j2 need beside the stack itself."""

    export_secrets: bool
    """Whether one of the commands hands the values of secrets to Terraform."""
    images: tuple[Image, ...]
    """The images to build."""
    backend_option: ShellText
    """What deploy.sh tells `terraform init` of the state's bucket, where its name is not known while rendering."""
    notes: tuple[Markdown, ...]
    """What to know before the first apply."""
    changes: tuple[Markdown, ...]
    """A paragraph for each kind of edit that does not simply apply in place."""
    example: Example
    restart: Markdown
    """How to make workloads read a changed password."""
    asked: tuple[Step, ...]
    """What deploy.sh needs to run a command that somebody asks for."""
    before: tuple[Step, ...]
    """What deploy.sh runs before `terraform apply`."""
    steps: tuple[Step, ...]
    """What deploy.sh runs for the platforms, after `terraform apply`."""
    tools: tuple[str, ...]
    """The programs that these steps take."""
    before_destroy: tuple[Markdown, ...]
    """What has to run before `terraform destroy`."""
    first_state: bool
    """Whether bootstrap/ keeps its state in a file until its bucket is there."""
    init: Markdown
    account_init: Markdown
    """How the module of the audit trail is initialised, where there is one."""

    @property
    def generated_images(self) -> tuple[Image, ...]:
        """Those whose Dockerfile cloudgen writes."""
        return tuple(image for image in self.images if image.origin == "generated")

    @property
    def own_images(self) -> tuple[Image, ...]:
        """Those that bring their Dockerfile."""
        return tuple(image for image in self.images if image.origin == "source")


def readme(stack: AwsParts, picture: Flowchart) -> Readme:
    """Collect what the README says."""
    partial = stack.backend is not None and stack.backend.partial
    grounds = tuple(stack.platforms)
    steps = tuple(chain.from_iterable(ground.steps for ground in grounds))
    asked, before, after = (tuple(step for step in steps if step.moment == moment) for moment in MOMENTS)
    last = chain.from_iterable(step.commands for ground in grounds for step in ground.steps_before_destroy)
    return Readme(
        notes=tuple(notes(stack)),
        changes=tuple(changes(stack)),
        example=grounds[0].example,
        restart=Markdown(", and ".join(ground.restart for ground in grounds)),
        asked=asked,
        before=before,
        steps=after,
        tools=tuple(dict.fromkeys(tool for step in steps for tool in step.tools)),
        before_destroy=tuple(map(Markdown, last)),
        diagram=mermaid(picture),
        commands=tuple(_commands(stack)),
        export_secrets=bool(stack.secrets),
        images=stack.images,
        backend_option=ShellText(' -backend-config="bucket=$state_bucket"' if partial else ""),
        first_state=stack.bootstrap is not None and stack.bootstrap.backend is not None,
        init=_init(partial=partial),
        account_init=_init(" -chdir=account", partial=partial),
        zone=stack.dns.zone if stack.dns and stack.dns.create_zone else None,
        files=files(known_files(), stack),
        variables=entries(stack.variables),
        outputs=entries(stack.outputs),
        account_outputs=entries(stack.audit.outputs if stack.audit else ()),
        sizes=tuple(_sizes(stack)),
        differences=tuple(_differences(stack)),
        warnings=tuple(problem.message for problem in stack.warnings),
        left_behind=tuple(_left_behind(stack)),
    )


def _init(folder: str = "", *, partial: bool = False) -> Markdown:
    return Markdown(f"terraform{folder} init{PARTIAL if partial else ''}")


def _commands(stack: AwsParts) -> Iterator[Markdown]:
    if stack.secrets:
        yield hand_over([secret.name for secret in stack.secrets])
    if stack.bootstrap or any(step.moment == "before" for ground in stack.platforms for step in ground.steps):
        yield Markdown("./deploy.sh")
    else:
        if stack.audit:
            # Without bootstrap/ there is no bucket for the state.
            yield _init(" -chdir=account")
            yield Markdown("terraform -chdir=account apply")
        yield Markdown("terraform init")
        yield Markdown("terraform apply")


def known_files() -> Iterator[File]:
    """Every file of the output, in the order in which one reads them."""
    yield from BEFORE
    for name in PLATFORMS:
        yield from platforms.module(name).FILES
    for kind in KINDS:
        yield storage.module(kind).FILE
    yield from AFTER


def _sizes(stack: AwsParts) -> Iterator[Size]:
    deployment = stack.deployment
    for workload in stack.workloads:
        vcpu, memory = deployment.vcpu_and_memory(deployment.containers[workload.name])
        yield container_size(workload.name, vcpu, memory, workload.given.size)
    for resource in stack.storage:
        if resource.size:
            yield resource.size


def _differences(stack: AwsParts) -> Iterator[str]:
    """What the spec says in neutral words, and AWS does in its own way, as far as no warning says it."""
    yield from differences(parity(), TITLE, stack.deployment)
    region = stack.account.region
    if stack.load_balancer:
        yield f"The load balancer serves from one region, {region}, and closes connections after a minute of silence."
    for workload in stack.workloads:
        yield from workload.differences
    if stack.audit:
        yield (
            "The audit trail has the calls that manage resources, in every region. It does not have who read, wrote or "
            "deleted objects of buckets, its own included, of which old versions stay; AWS Config notes settings, in "
            "this region only, and no rule judges them."
        )
    if not stack.key:
        yield "Data is encrypted with keys of AWS's own; the topic of the alarms is not encrypted, as alarms demand."


def _left_behind(stack: AwsParts) -> Iterator[str]:
    """What exists after `terraform destroy` in the root module, with deletion protection off as it then is."""
    if stack.key:
        yield (
            f"the key {stack.key.alias}, for at least a week; unless you cancel its deletion, "
            "snapshots of your own that it encrypted are lost then"
        )
    if stack.dns and stack.dns.create_zone:
        yield "the delegation of the zone, at your registrar"
    if stack.audit:
        later = f"; the key {stack.audit.key.alias} stays for at least a week after these" if stack.audit.key else ""
        yield f"the audit trail and its record, made by account/{later}"
    if stack.bootstrap and stack.bootstrap.state:
        yield "the bucket with the state, made by bootstrap/"
    if stack.images:
        yield "the images, in the repository made by bootstrap/"
    for ground in stack.platforms:
        yield from ground.left_behind
    if stack.storage.databases:
        yield "the parameter groups of the databases, which cost nothing"
    if stack.storage.file_systems:
        yield "the backups of kept folders, in the vault of EFS, for 35 days"
