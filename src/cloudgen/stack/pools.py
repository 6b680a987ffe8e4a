"""Whether a database takes the connections that everything which uses it may open, told on every cloud alike."""

from __future__ import annotations

from cloudgen.spec.containers import Container
from cloudgen.spec.deployment import Deployment
from cloudgen.stack.base import Problems

POOL = 5
"""Connections of an instance of a container: what a pool of SQLAlchemy keeps for one process.

https://docs.sqlalchemy.org/en/20/core/pooling.html#sqlalchemy.pool.QueuePool
"""


def tell_connections(deployment: Deployment, problems: Problems, name: str, most: int) -> None:
    """Warn where a database refuses connections before its containers have scaled out; it takes `most` at once."""
    users = [
        container
        for container in deployment.containers.values()
        if any(connection.name == name for connection in container.connects_to)
    ]
    instances = sum(_instances(deployment, container) for container in users)
    if instances * POOL > most:
        problems.warning(
            "too-few-connections",
            f"database `{name}` takes about {most} connections; {instances} instances with a pool of {POOL} open "
            f"{instances * POOL}",
            ("storage", "databases", name, "size"),
            "use a larger size, a smaller scaling.max, or a smaller pool in the application",
        )


def _instances(deployment: Deployment, container: Container) -> int:
    """How many instances there may be; a job or a function counts as one."""
    return deployment.scaling_of(container).max if container.kind in {"service", "worker"} else 1
