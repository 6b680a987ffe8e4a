"""The global external Application Load Balancer: address, backends, routes, proxies and Cloud Armor."""

from __future__ import annotations

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address, label
from cloudgen.stack.gcp.addresses import backend, run_service
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.naming import fit

LIMIT = 63
"""Characters of a name in Compute Engine. https://cloud.google.com/compute/docs/naming-resources."""


@dataclass(frozen=True)
class Backend:
    """One service, as the load balancer sees it: a serverless network endpoint group and its backend service."""

    container: str
    label: str
    name: str

    @property
    def address(self) -> Address:
        """The backend service's address."""
        return backend(self.container)

    @property
    def group(self) -> Address:
        """The network endpoint group's address."""
        return Address("google_compute_region_network_endpoint_group", self.label)

    @property
    def service(self) -> Address:
        """The Cloud Run service."""
        return run_service(self.container)


@dataclass(frozen=True)
class PathRule:
    """Requests that go elsewhere than to the default backend."""

    paths: tuple[str, ...]
    backend: Address


@dataclass(frozen=True)
class LoadBalancer:
    """The public entrance, rendered by load_balancer.tf."""

    name: str
    backends: tuple[Backend, ...]
    default_backend: Address
    rules: tuple[PathRule, ...]
    https: bool
    firewall: str | None
    """The name of the Cloud Armor policy, or None without one."""

    @property
    def https_name(self) -> str:
        """The name of what serves HTTPS."""
        return f"{self.name}-https"

    @property
    def http_name(self) -> str:
        """The name of what answers on port 80."""
        return f"{self.name}-http"

    def leads_to(self, container: str) -> bool:
        """Whether a route leads to the container."""
        return any(candidate.container == container for candidate in self.backends)


def load_balancer(foundation: Foundation) -> LoadBalancer | None:
    """Decide the load balancer; None where the spec has no such section."""
    deployment = foundation.deployment
    spec = deployment.load_balancer
    if spec is None or not deployment.routes:
        _warn_unreachable(foundation)
        return None
    https = spec.domain is not None and spec.tls == "managed"
    if not https:
        hint = "set load_balancer.domain" if spec.domain is None else "set load_balancer.tls to managed"
        path = ("load_balancer",) if spec.domain is None else ("load_balancer", "tls")
        foundation.problems.warning("plain-http", "without HTTPS all requests travel in the clear", path, hint)
    prefix = foundation.prefix
    routed = dict.fromkeys(route.container for route in deployment.routes)
    default = next(route for route in deployment.routes if route.path == "/")
    return LoadBalancer(
        name=prefix,
        backends=tuple(Backend(name, label(name), fit(f"{prefix}-{name}", LIMIT)) for name in routed),
        default_backend=backend(default.container),
        # The longest path that fits wins, in whatever order they stand.
        # https://cloud.google.com/load-balancing/docs/url-map-concepts#longest-path
        rules=tuple(
            PathRule(_paths(route.path), backend(route.container)) for route in deployment.routes if route.path != "/"
        ),
        https=https,
        firewall=prefix if spec.waf else None,
    )


def _paths(path: str) -> tuple[str, ...]:
    """A path with everything below it: `/api/` is `/api` and `/api/*`."""
    bare = path.rstrip("/")
    return (bare, f"{bare}/*")


def _warn_unreachable(foundation: Foundation) -> None:
    for name, container in foundation.deployment.containers.items():
        if container.kind == "service":
            foundation.problems.warning(
                "unreachable",
                f"container `{name}` has a port, but without a load balancer nobody outside can reach it",
                ("containers", name, "port"),
                "add the section load_balancer, or remove the port to make it a worker",
            )
