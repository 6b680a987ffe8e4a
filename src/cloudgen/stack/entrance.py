"""What every cloud tells about the way in: who is reached by nobody, and what travels in the clear."""

from __future__ import annotations

from collections.abc import Container

from cloudgen.errors import SpecPath
from cloudgen.spec.deployment import Deployment
from cloudgen.spec.load_balancer import Route
from cloudgen.stack.base import Problems


def is_https(deployment: Deployment) -> bool:
    """Whether the load balancer serves HTTPS."""
    spec = deployment.load_balancer
    return spec is not None and spec.domain is not None and spec.tls == "managed"


def default_container(deployment: Deployment) -> str:
    """The container that takes the requests that no other route takes. A load balancer with routes has one."""
    return next(route.container for route in deployment.routes if _is_default(route))


def beside_default(deployment: Deployment) -> tuple[Route, ...]:
    """The routes that need a rule: all but the one that takes what no rule takes."""
    return tuple(route for route in deployment.routes if not _is_default(route))


def patterns(route: Route) -> tuple[str, str]:
    """The paths of a route as load balancers match them, with everything below: `/api/` is `/api` and `/api/*`."""
    bare = route.path.rstrip("/")
    return (bare, f"{bare}/*")


def _is_default(route: Route) -> bool:
    return route.path == "/"


def tell_entrance(deployment: Deployment, problems: Problems, nobody: str) -> None:
    """Warn where no container is reached from outside, or only in the clear. `nobody` says who reaches none then."""
    spec = deployment.load_balancer
    reached = {route.container for route in deployment.routes}
    if reached:
        _without_a_route(deployment, problems, reached, nobody)
    if spec is None or not reached:
        _unreachable(deployment, problems, nobody)
    elif spec.domain is None:
        _plain(problems, ("load_balancer",), "set load_balancer.domain")
    elif not is_https(deployment):
        _plain(problems, ("load_balancer", "tls"), "set load_balancer.tls to managed")


def _plain(problems: Problems, path: SpecPath, hint: str) -> None:
    problems.warning("plain-http", "without HTTPS all requests travel in the clear", path, hint)


def _without_a_route(deployment: Deployment, problems: Problems, reached: Container[str], nobody: str) -> None:
    for name, container in deployment.containers.items():
        if container.kind == "service" and name not in reached:
            problems.warning(
                "unreachable",
                f"no route leads to container `{name}`: {nobody} can reach it",
                ("containers", name, "port"),
                "add a route to load_balancer.routes, or remove the port to make it a worker",
            )


def _unreachable(deployment: Deployment, problems: Problems, nobody: str) -> None:
    for name, container in deployment.containers.items():
        if container.kind == "service":
            problems.warning(
                "unreachable",
                f"container `{name}` has a port, but without a load balancer {nobody} can reach it",
                ("containers", name, "port"),
                "add the section load_balancer, or remove the port to make it a worker",
            )
