"""A rule of every target: what cloudgen builds has something to run."""

from __future__ import annotations

from cloudgen.spec.deployment import Deployment
from cloudgen.stack.base import Problems


def check_commands(deployment: Deployment, problems: Problems) -> None:
    """Record a problem for every worker and job without a command, where the image brings none of its own."""
    for name, container in deployment.containers.items():
        if container.kind in {"worker", "job"} and container.built and container.command is None:
            problems.error(
                "missing-key",
                f"container `{name}` has neither a port to serve the application on nor a command to run",
                ("containers", name),
                "add a command, such as [python, -m, package.module], or a port",
            )
