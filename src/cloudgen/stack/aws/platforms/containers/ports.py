"""Ports that a task cannot listen on."""

from __future__ import annotations

from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.contract import IMAGE_USER
from cloudgen.stack.workload import Wanted

LOWEST_PORT = 1024
"""The first port of everybody: ip_unprivileged_port_start of Linux."""


def tell_low_port(foundation: Foundation, wanted: Wanted) -> None:
    """Warn of a port for root alone. Fargate keeps that rule of Linux, and gives no way to change it.

    https://github.com/aws/containers-roadmap/issues/1721. Whom an image of the user's runs as is not known here.
    """
    container = wanted.spec
    if container.port is None or container.port >= LOWEST_PORT:
        return
    if container.built or container.user is not None:
        foundation.problems.warning(
            "out-of-range",
            f"`{wanted.name}` runs as user {container.user or IMAGE_USER}, and on Fargate port {container.port} "
            "is for root alone",
            wanted.at("port"),
            f"use a port from {LOWEST_PORT} on, such as 8000: what the load balancer answers on stays the same",
        )
