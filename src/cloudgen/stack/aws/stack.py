"""The whole stack of a deployment on AWS, and how it is put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cloudgen.errors import Problem, SpecError
from cloudgen.spec.deployment import Deployment
from cloudgen.stack.aws.account import Account, account
from cloudgen.stack.aws.bootstrap import Bootstrap
from cloudgen.stack.aws.bucket import AccessLogs, Bucket
from cloudgen.stack.aws.cache import Cache
from cloudgen.stack.aws.database import Database
from cloudgen.stack.aws.dns import Dns
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Role, Trust
from cloudgen.stack.aws.jobs import Jobs
from cloudgen.stack.aws.kms import Key
from cloudgen.stack.aws.load_balancer import LoadBalancer
from cloudgen.stack.aws.monitoring import Monitoring
from cloudgen.stack.aws.network import Network
from cloudgen.stack.aws.outputs import Output
from cloudgen.stack.aws.queue import Queue
from cloudgen.stack.aws.readme import Readme
from cloudgen.stack.aws.secrets import Secret
from cloudgen.stack.aws.services import Service
from cloudgen.stack.aws.support import check_names, check_reach, refuse_unsupported
from cloudgen.stack.aws.tasks import Task
from cloudgen.stack.aws.variables import TerraformVariable


@dataclass(frozen=True)
class Backend:
    """Where the root module keeps its state: a bucket of S3, with a lock file beside the state."""

    bucket: str | None
    """None when the account id, which is a part of the name, is known to terraform only."""
    key: str

    @property
    def partial(self) -> bool:
        """Whether `terraform init` has to be told the bucket."""
        return self.bucket is None


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
    variables: tuple[TerraformVariable, ...]
    outputs: tuple[Output, ...]
    readme: Readme
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
        """Tags of every resource: the spec's labels, and those that bills and searches are grouped by."""
        return {
            "application": self.deployment.name,
            "environment": self.deployment.environment,
            "managed-by": "terraform",
            **self.deployment.labels,
        }

    @property
    def allowed_accounts(self) -> tuple[object, ...]:
        """The accounts that terraform may work on."""
        return (self.account.id,)

    @property
    def trusts(self) -> tuple[Trust, ...]:
        """Who may assume the roles, each once."""
        return tuple(dict.fromkeys(role.trust for role in self.roles))

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Every task definition."""
        return (
            *(service.task for service in self.services),
            *(job.task for job in (self.jobs.jobs if self.jobs else ())),
        )

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
    refuse_unsupported(foundation)
    check_reach(foundation)
    check_names(foundation)
    if foundation.problems.errors:
        raise SpecError(foundation.problems.errors)
    stack = _assemble(foundation, target)
    if foundation.problems.errors:
        raise SpecError(foundation.problems.errors)
    return stack
