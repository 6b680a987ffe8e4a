"""How Pub/Sub starts what a trigger names: a subscription that pushes each message to its Cloud Run service.

https://cloud.google.com/pubsub/docs/push
"""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.spec.deployment import Deployment
from cloudgen.stack import functions
from cloudgen.stack.base import Address, Ref, Template, join, label
from cloudgen.stack.gcp.addresses import may_start, run_service

STARTER = "-trigger"
"""How the account ends by which Pub/Sub calls what a trigger starts."""
CLOCK = "-scheduler"
"""How that of Cloud Scheduler ends: it is called as that of a job."""


@dataclass(frozen=True)
class Push:
    """Where events are sent, and as whom."""

    service: Address
    account: Address
    before: tuple[Address, ...]
    """The account may call the service: a call that is refused counts as a delivery."""

    @property
    def endpoint(self) -> Template:
        """The address at run.app: by any other, Cloud Run takes Pub/Sub for a stranger.

        https://cloud.google.com/run/docs/securing/ingress#settings
        """
        return join(self.service.uri, functions.PATH)

    @property
    def audience(self) -> Ref:
        """For whom the tokens are.

        https://cloud.google.com/run/docs/triggering/pubsub-triggers
        """
        return self.service.uri


def push(container: str, ending: str = STARTER) -> Push:
    """Decide how messages reach a container; `ending` is that of the account which calls it."""
    account = Address("google_service_account", label(container + ending))
    return Push(run_service(container), account, (may_start(container),))


def started_by(deployment: Deployment, queue: str) -> str | None:
    """The container that a queue starts, whether it runs always or not; None where it starts none."""
    for name, container in deployment.containers.items():
        if container.trigger is not None and container.trigger.queue == queue:
            return name
    return None


def comes_back(deployment: Deployment, queue: str) -> bool:
    """Whether a message of a queue may lead to another one there: its function publishes, and that one's, and so on."""
    seen: set[str] = set()
    found = [queue]
    while found:
        function = started_by(deployment, found.pop())
        if function is None or function in seen:
            continue
        seen.add(function)
        sent = [each.name for each in deployment.containers[function].connects_to if each.verb == "publish"]
        if queue in sent:
            return True
        found += sent
    return False
