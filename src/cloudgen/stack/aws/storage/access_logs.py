"""The bucket that takes the access logs of the load balancer and of the other buckets."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.stack.aws.bootstrap import STATE, state_bucket_name
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.storage.private_bucket import StoredIn, bucket_name
from cloudgen.stack.base import Address, Ref, Template, join, label

ACCESS_LOGS = "access-logs"
AUDIT = "audit"


@dataclass(frozen=True)
class LogSource:
    """A bucket whose access logs are written, as the policy names it."""

    objects: Template
    """Where its logs lie."""
    buckets: tuple[Ref | Template, ...]
    accounts: tuple[str | Ref, ...]


@dataclass(frozen=True)
class LoggedElsewhere:
    """A bucket of another module, which is made before there is a place for its logs."""

    bucket: str | Template
    prefix: str


@dataclass(frozen=True)
class AccessLogs(StoredIn):
    """The bucket of access logs. Load balancers write to buckets with S3's own encryption only."""

    bucket_name: Template
    force_destroy: bool
    retention_days: int
    load_balancer: bool
    """Whether the load balancer writes here, too."""
    load_balancer_objects: Template
    load_balancer_arns: tuple[Template, ...]
    sources: tuple[LogSource, ...]
    state: LoggedElsewhere | None
    """The bucket of the state, made by bootstrap/."""
    audit: LoggedElsewhere | None
    """The bucket of the audit trail, made by account/."""

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The bucket, and what makes other modules' buckets write here."""
        logged = (("state", self.state), ("audit", self.audit))
        others = (Address("aws_s3_bucket_logging", name) for name, bucket in logged if bucket)
        return (*super().blocks, *others)


def access_logs(foundation: Foundation) -> AccessLogs | None:
    """Decide the bucket of access logs; None where nothing writes any."""
    deployment, account = foundation.deployment, foundation.account
    load_balancer = deployment.load_balancer is not None and bool(deployment.routes)
    if not load_balancer and not deployment.storage.buckets:
        return None
    logs = Address("aws_s3_bucket", label(ACCESS_LOGS))
    logged: dict[str, Ref | Template] = {
        name: Address("aws_s3_bucket", label(name)).arn for name in deployment.storage.buckets
    }
    elsewhere = _elsewhere(foundation)
    for name, other in elsewhere.items():
        parts = other.bucket.parts if isinstance(other.bucket, Template) else (other.bucket,)
        logged[name] = join(f"arn:{account.partition}:s3:::", *parts)
    return AccessLogs(
        label=label(ACCESS_LOGS),
        bucket_name=bucket_name(foundation, ACCESS_LOGS),
        force_destroy=not deployment.security.deletion_protection,
        retention_days=foundation.log_retention,
        load_balancer=load_balancer,
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
        load_balancer_objects=join(logs.arn, "/load-balancer/AWSLogs/", account.id, "/*"),
        load_balancer_arns=(account.arn("elasticloadbalancing", "loadbalancer/*"),),
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
        sources=tuple(
            LogSource(join(logs.arn, f"/{log_prefix(name)}*"), (bucket,), (account.id,))
            for name, bucket in logged.items()
        ),
        state=elsewhere.get(STATE),
        audit=elsewhere.get(AUDIT),
    )


def _elsewhere(foundation: Foundation) -> dict[str, LoggedElsewhere]:
    """Return the buckets of other modules, by name."""
    deployment, found = foundation.deployment, {}
    if deployment.state.backend == "remote":
        found[STATE] = LoggedElsewhere(state_bucket_name(foundation), log_prefix(STATE))
    if deployment.monitoring.audit:
        found[AUDIT] = LoggedElsewhere(bucket_name(foundation, AUDIT), log_prefix(AUDIT))
    return found


def log_prefix(name: str) -> str:
    """Where the access logs of a bucket lie."""
    return f"s3/{name}/"
