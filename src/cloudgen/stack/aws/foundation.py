"""What every part of the stack is built on: the deployment, the account, the key, and the problems so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass, field
from cloudgen.spec.units import DAY
from cloudgen.stack.aws.addresses import KEY
from cloudgen.stack.base import Problems, Ref

if TYPE_CHECKING:
    from cloudgen.spec.deployment import Deployment
    from cloudgen.stack.aws.arns import Account


@dataclass(frozen=True)
class Foundation:
    """Passed to each builder of a part."""

    deployment: Deployment
    account: Account
    problems: Problems = field(default_factory=Problems)

    @property
    def prefix(self) -> str:
        """What every resource name begins with: `shop-prod`."""
        return self.deployment.prefix

    @property
    def customer_key(self) -> bool:
        """Whether data is encrypted with a key of the customer's own."""
        return self.deployment.security.encryption == "customer_managed"

    @property
    def key(self) -> Ref | None:
        """The ARN of the customer's key, or None where AWS's own keys encrypt."""
        return KEY.arn if self.customer_key else None

    @property
    def log_retention(self) -> int:
        """Days that logs are kept: the least number that CloudWatch offers and that is not below the spec's.

        https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
        """
        days = self.deployment.monitoring.logs.retention // DAY
        return next((offered for offered in RETENTION_DAYS if offered >= days), RETENTION_DAYS[-1])


RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip
