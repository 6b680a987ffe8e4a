"""A function: an image in Lambda, with published versions, and an alias that everything calls."""

from __future__ import annotations

from collections.abc import Mapping

from cloudgen.dataclass import dataclass
from cloudgen.spec.containers import Kind
from cloudgen.stack.aws.addresses import security_group, target_group
from cloudgen.stack.aws.alarms import Alarm, Metric
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Role
from cloudgen.stack.aws.images import image
from cloudgen.stack.aws.network.security_groups import SecurityGroup
from cloudgen.stack.aws.platforms.connections import Connections, connections
from cloudgen.stack.aws.platforms.functions import events, watching
from cloudgen.stack.aws.platforms.functions.environment import variables
from cloudgen.stack.aws.platforms.functions.events import Failed, Messages
from cloudgen.stack.aws.platforms.functions.hardware import memory
from cloudgen.stack.aws.platforms.functions.images import check_image
from cloudgen.stack.aws.platforms.functions.permissions import function_role, joins_network, network_group
from cloudgen.stack.aws.platforms.workload import Around, Entry, Identity, LogGroup
from cloudgen.stack.aws.scheduler import Schedule
from cloudgen.stack.aws.sizes import LAMBDA_VCPU
from cloudgen.stack.base import Address, Ref, Template, label
from cloudgen.stack.functions import HAND_OVER, refuse_foreign_image, refuse_idle, source, tell_loop
from cloudgen.stack.naming import fit
from cloudgen.stack.summary import SummaryRow, duration_text, size_text
from cloudgen.stack.workload import Given, Wanted

ALIAS = "live"
"""The name of the alias that everything calls."""
REPOSITORY_POLICY = Address("aws_ecr_repository_policy", "functions")
"""What lets Lambda pull the images that deploy.sh pushes."""


@dataclass(frozen=True)
class Permission:
    """Who may invoke a function beside roles: the load balancer, or a bucket of this account."""

    label: str
    statement: str
    principal: str
    source: Ref
    account: str | Ref | None
    """The account of the source, where its ARN does not have it."""

    @property
    def address(self) -> Address:
        """The permission's address."""
        return Address("aws_lambda_permission", self.label)


@dataclass(frozen=True)
class Function:
    """A container as a function, rendered by functions.tf. Times are in seconds, memory in MB."""

    name: str
    label: str
    kind: Kind
    function_name: str
    description: str
    image: str | Ref
    command: tuple[str, ...]
    architecture: str
    memory: int
    timeout: int
    concurrency: int
    variables: Mapping[str, str | Ref | Template]
    log_group: str
    log_retention: int
    role: Role
    security_groups: tuple[SecurityGroup, ...]
    before: tuple[Address, ...]
    alarms: tuple[Alarm, ...]
    entry: Entry | None
    permission: Permission | None
    messages: Messages | None
    failed: Failed | None
    bucket: str | None
    """The bucket, by its name in the spec, that starts it."""
    prefix: str | None
    """The beginning of the keys of the objects that do; None for all."""
    schedule: Schedule | None
    input: str
    """What EventBridge Scheduler sends, where the clock starts it."""
    pulls: bool
    """Whether its image is one that deploy.sh pushes."""
    alias_name: str = ALIAS

    @property
    def address(self) -> Address:
        """The function's address."""
        return Address("aws_lambda_function", self.label)

    @property
    def alias(self) -> Address:
        """The address of the alias."""
        return Address("aws_lambda_alias", self.label)

    @property
    def attachment(self) -> Address:
        """What puts it into its target group."""
        return Address("aws_lb_target_group_attachment", self.label)

    @property
    def retried(self) -> Address:
        """How often an event is tried again that nobody waits for."""
        return Address("aws_lambda_function_event_invoke_config", self.label)

    @property
    def log(self) -> Address:
        """The log group's address."""
        return Address("aws_cloudwatch_log_group", self.label)

    @property
    def group(self) -> Address | None:
        """The security group's address; None outside of the network."""
        return security_group(self.name) if self.security_groups else None

    @property
    def answers_visitors(self) -> bool:
        """Whether somebody waits for what it answers."""
        return self.kind == "service"

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of _function.tf.j2."""
        found = [self.log, self.address, self.alias]
        found += [address for group in self.security_groups for address in group.addresses]
        found += [self.attachment] if self.entry else []
        found += [self.permission.address] if self.permission else []
        found += [self.messages.address] if self.messages else []
        found += [*self.failed.blocks, self.retried] if self.failed else []
        found += [self.schedule.address] if self.schedule else []
        return tuple(found)

    @property
    def identity(self) -> Identity:
        """One role: Lambda starts it with the role that its code has."""
        return Identity(own=self.role)

    @property
    def roles(self) -> tuple[Role, ...]:
        """That role, and the one by which the clock starts it."""
        return (self.role, self.schedule.role) if self.schedule else (self.role,)

    @property
    def logs(self) -> tuple[LogGroup, ...]:
        """Its log."""
        return (LogGroup(self.log, self.log_retention),)

    @property
    def graphs(self) -> Mapping[str, Metric]:
        """How many run, how long, and how many fail."""
        return watching.graphs(self.address)

    @property
    def differences(self) -> tuple[str, ...]:
        """What a function does in its own way."""
        found = [
            f"{self.name} is a function: Lambda starts it for what comes, at most {self.concurrency} at once, as a "
            "user of its own. The file system is read-only but for /tmp. The code has the function's role, so it may "
            "write its own log and read its own secrets once more.",
        ]
        if self.entry:
            found.append(
                f"A request to {self.name}, and its answer, have 1 MB at most, and {self.timeout} seconds. There are "
                "no WebSockets, and an answer is sent when it is complete."
            )
        if not self.security_groups:
            found.append(f"{self.name} runs outside of the network, and reaches the whole internet.")
        return tuple(found)

    @property
    def given(self) -> Given:
        """Its size, and what starts it."""
        size = size_text(round(self.memory / LAMBDA_VCPU, 2), self.memory)
        values = {"size": f"{self.memory} MiB", "runs on": "Lambda", "timeout": duration_text(self.timeout)}
        if self.schedule:
            values["schedule"] = f"{self.schedule.expression} {self.schedule.timezone}"
        row = SummaryRow("containers", self.name, self.address.type, values)
        scaling = SummaryRow("scaling", self.name, self.address.type, {"instances": f"0 to {self.concurrency}"})
        return Given(f"Lambda: {size}, {self.architecture}", (self.kind, f"{self.memory} MiB"), row, scaling)


def function(foundation: Foundation, wanted: Wanted, around: Around) -> Function:
    """Decide the function of a container."""
    name, trigger = wanted.name, wanted.spec.trigger
    refuse_idle(wanted, foundation.problems)
    refuse_foreign_image(wanted, foundation.problems)
    tell_loop(wanted, foundation.problems)
    check_image(foundation, wanted)
    links = connections(wanted, around)
    own, log = label(name), Address("aws_cloudwatch_log_group", label(name))
    # 64 characters is the limit of a function's name.
    function_name = fit(f"{foundation.prefix}-{name}", 64)
    failed = events.failed_events(foundation, wanted)
    role = function_role(foundation, wanted, links, function_name, log, failed.address if failed else None)
    groups = network_group(foundation, wanted, links)
    permission = _permission(foundation, wanted)
    return Function(
        name=name,
        label=own,
        kind=wanted.kind,
        function_name=function_name,
        description=f"Container {name}",
        image=image(wanted),
        command=_command(wanted),
        architecture={"amd64": "x86_64", "arm64": "arm64"}[wanted.architecture],
        memory=memory(foundation, wanted),
        timeout=events.timeout(foundation, wanted),
        concurrency=wanted.scaling.max,
        variables=variables(foundation, wanted, links, around.secrets),
        log_group=f"/{foundation.prefix}/{name}",
        log_retention=foundation.log_retention,
        role=role,
        security_groups=groups,
        before=_before(wanted, links, role, groups),
        alarms=(
            *watching.alarms(foundation, wanted, Address("aws_lambda_function", own)),
            *((failed.alarm,) if failed else ()),
        ),
        entry=_entry(wanted) if wanted.routed else None,
        permission=permission,
        messages=events.messages(foundation, wanted),
        failed=failed,
        bucket=trigger.bucket if trigger else None,
        prefix=trigger.prefix if trigger else None,
        schedule=events.started_by_clock(foundation, wanted, Address("aws_lambda_alias", own)),
        input=events.clock_input(wanted),
        pulls=wanted.spec.image is None,
    )


def _command(wanted: Wanted) -> tuple[str, ...]:
    """What runs instead of the image's own command; events go through a part of the image."""
    if not wanted.spec.command:
        return ()
    return (*(() if source(wanted) is None else HAND_OVER), *wanted.spec.command)


def _before(wanted: Wanted, links: Connections, role: Role, groups: tuple[SecurityGroup, ...]) -> tuple[Address, ...]:
    """What has to exist before Lambda takes the function: it looks at image and role, and code may start at once."""
    rules = [address for group in groups for address in group.egress_addresses]
    pulled = (REPOSITORY_POLICY,) if wanted.spec.image is None else ()
    return links.before(*rules, *pulled, role.policy, inside=joins_network(wanted))


def _entry(wanted: Wanted) -> Entry:
    """How the load balancer reaches it: by invoking the alias. There is neither address nor check."""
    check = wanted.spec.health_check
    return Entry(
        container=wanted.name,
        target_type="lambda",
        port=wanted.spec.port or 0,
        path=check.path,
        success=check.success,
        interval=check.interval,
        timeout=check.timeout,
        peer=None,
        member="function",
        before=(Address("aws_lb_target_group_attachment", label(wanted.name)),),
    )


def _permission(foundation: Foundation, wanted: Wanted) -> Permission | None:
    """Who invokes it by its resource policy; queue and clock do it with roles.

    The ARN of a bucket does not say whose it is: once it is gone, anybody can make one of that name.
    https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
    """
    trigger, own = wanted.spec.trigger, label(wanted.name)
    if wanted.routed:
        principal = "elasticloadbalancing.amazonaws.com"
        return Permission(own, "load-balancer", principal, target_group(wanted.name).arn, None)
    if trigger is not None and trigger.bucket is not None:
        bucket = Address("aws_s3_bucket", label(trigger.bucket))
        return Permission(own, "bucket", "s3.amazonaws.com", bucket.arn, foundation.account.id)
    return None
