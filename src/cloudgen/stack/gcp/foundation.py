"""What every part of the stack is built on: the deployment, the project, the key, and the problems so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass, field
from cloudgen.spec.units import DAY
from cloudgen.stack.base import Address, Problems, Ref, Template, join
from cloudgen.stack.gcp.addresses import KEY

if TYPE_CHECKING:
    from cloudgen.spec.deployment import Deployment

PROJECT = Address("data.google_project", "current")
PROJECT_NUMBER = PROJECT.number
"""The project's number, which the names of Google's service agents are made of."""


@dataclass(frozen=True)
class Foundation:
    """Passed to each builder of a part."""

    deployment: Deployment
    project: str
    """The project's id."""
    region: str
    problems: Problems = field(default_factory=Problems)

    @property
    def prefix(self) -> str:
        """What every resource name begins with: `shop-prod`."""
        return self.deployment.prefix

    @property
    def protected(self) -> bool:
        """Whether Terraform refuses to destroy what holds data or serves users."""
        return self.deployment.security.deletion_protection

    @property
    def customer_key(self) -> bool:
        """Whether data is encrypted with a key of the customer's own."""
        return self.deployment.security.encryption == "customer_managed"

    @property
    def key(self) -> Ref | None:
        """The id of the customer's key, or None where Google's own keys encrypt."""
        return KEY.id if self.customer_key else None

    @property
    def log_retention(self) -> int:
        """Days that logs are kept: Cloud Logging offers every number from 1 to 3650.

        https://cloud.google.com/logging/docs/buckets#custom-retention
        """
        return self.deployment.monitoring.logs.retention // DAY

    def resource_name(self, *parts: str | Ref) -> Template:
        """A name below the project: `resource_name("/topics/", topic.name)` is `projects/acme-shop/topics/…`."""
        return join(f"projects/{self.project}", *parts)
