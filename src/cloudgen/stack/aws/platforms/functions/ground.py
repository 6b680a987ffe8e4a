"""The ground of platform `functions`: who pulls the images, and what the buckets tell."""

from __future__ import annotations

from collections.abc import Sequence

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.alarms import Alarm
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Role
from cloudgen.stack.aws.network.security_groups import SecurityGroup
from cloudgen.stack.aws.platforms.functions.events import Notification, Notified, notifications
from cloudgen.stack.aws.platforms.functions.function import REPOSITORY_POLICY, Function
from cloudgen.stack.aws.platforms.workload import Workload
from cloudgen.stack.base import Address, Template
from cloudgen.stack.held import Held
from cloudgen.stack.outputs import Output
from cloudgen.stack.readme import Example, File
from cloudgen.stack.text import Markdown
from cloudgen.stack.workload import Step, wanted

FILES = (File("functions.tf", "platforms.functions", "functions of Lambda, and what starts them"),)


@dataclass(frozen=True)
class Puller:
    """The policy of the repository that lets Lambda pull the images of functions."""

    repository: str
    """The name of the repository, which bootstrap/ makes."""
    functions: Template
    """For which functions Lambda may."""
    address: Address = REPOSITORY_POLICY

    @property
    def document(self) -> Address:
        """The policy document."""
        return Address("data.aws_iam_policy_document", "functions_repository")

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The policy and its document."""
        return (self.document, self.address)


@dataclass(frozen=True)
class Functions:
    """All functions, rendered by functions.tf."""

    functions: tuple[Function, ...]
    notifications: tuple[Notification, ...]
    puller: Puller | None
    schedule_group: bool
    """Whether the group of the schedules stands here: nothing else is started by the clock."""
    title: str = "Lambda"
    roles: tuple[Role, ...] = ()
    security_groups: tuple[SecurityGroup, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    publishes: bool = False
    costs: tuple[str, ...] = ()
    left_behind: tuple[str, ...] = ()
    key_users: tuple[Template, ...] = ()
    held: tuple[Held, ...] = ()
    steps: tuple[Step, ...] = ()
    steps_before_destroy: tuple[Step, ...] = ()

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The policy of the repository, and what the buckets tell."""
        return (*(self.puller.blocks if self.puller else ()), *(each.address for each in self.notifications))

    @property
    def outputs(self) -> tuple[Output, ...]:
        """The functions."""
        names = {each.name: each.address.function_name for each in self.functions}
        return (Output("functions", "Names of the Lambda functions", names),)

    @property
    def example(self) -> Example:
        """Change a function."""
        function = self.functions[0].address
        return Example("functions_override.tf", Markdown(f'resource "{function.type}" "{function.label}"'))

    @property
    def changes(self) -> tuple[Markdown, ...]:
        """How versions come and go."""
        return (
            Markdown(
                "Each change of a function publishes a version, and the alias `live` leads to the newest. Back to an "
                "older one, until the next `terraform apply`: `aws lambda update-alias --function-name <name> "
                "--name live --function-version <number>`; `aws lambda list-versions-by-function` has the numbers."
            ),
            Markdown(
                "How many run at once is reserved for each function: `scaling.max`. AWS keeps 100 of an account's "
                "concurrent executions free, and a new account has 10 in all: ask for more first, by the quota "
                "`Concurrent executions` of Lambda."
            ),
            Markdown(
                "A new instance answers when its server listens. Before the server starts, the start script fetches "
                "the secrets: one request to Secrets Manager for each, one after the other. Where events or the clock "
                "start a function, a part of the image takes them beside the server: in a measurement it added 0.2 "
                "seconds to the start at most, and held 13 MiB of the function's memory."
            ),
        )

    @property
    def restart(self) -> Markdown:
        """How to make functions read a changed password."""
        command = "aws lambda update-function-configuration --function-name <name> --description restart"
        return Markdown(
            f"`{command}` for each function that connects, then `terraform apply`: it takes that back in a new version"
        )


def ground(foundation: Foundation, workloads: Sequence[Workload]) -> Functions:
    """Decide what these functions share."""
    functions = tuple(each for each in workloads if isinstance(each, Function))
    own = {each.name for each in functions}
    clocked = {each.name for each in wanted(foundation.deployment) if each.spec.schedule}
    told = [
        (each.bucket, Notified(each.name, each.alias, each.permission.address, each.prefix))
        for each in functions
        if each.bucket and each.permission
    ]
    return Functions(
        functions=functions,
        notifications=notifications(foundation, told),
        puller=_puller(foundation) if any(each.pulls for each in functions) else None,
        schedule_group=bool(clocked) and clocked <= own,
    )


def _puller(foundation: Foundation) -> Puller:
    """https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions."""
    account = foundation.account
    return Puller(foundation.prefix, account.arn("lambda", f"function:{foundation.prefix}-*"))
