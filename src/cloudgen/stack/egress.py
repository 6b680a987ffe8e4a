"""A rule of every cloud: a way out is not open anyway, and leads somewhere."""

from __future__ import annotations

from cloudgen.spec.deployment import Deployment
from cloudgen.stack.base import Problems

HTTPS = 443
SMTP = 25


def check_egress(deployment: Deployment, problems: Problems, smtp: str) -> None:
    """Record a problem for each way out that is open anyway, or that leads nowhere.

    `smtp` says what the cloud does about port 25 to the internet.
    """
    for name, container in deployment.containers.items():
        for index, way in enumerate(container.egress):
            place = ("containers", name, "egress", index)
            if way.port == HTTPS:
                problems.error(
                    "conflict", f"port {HTTPS} is open for every container", (*place, "port"), "remove the entry"
                )
            elif way.is_public and deployment.networking.nat == "none":
                problems.error(
                    "conflict",
                    f"without NAT container `{name}` reaches nothing on the internet",
                    place,
                    "set networking.nat to single or per_zone, or name a private range",
                )
            elif way.is_public and way.port == SMTP:
                problems.warning("blocked-port", smtp, (*place, "port"), "send mail to port 587 or 465")
