"""The global external Application Load Balancer: address, backends, routes, proxies and Cloud Armor."""

from __future__ import annotations

from collections.abc import Mapping

from cloudgen.dataclass import dataclass
from cloudgen.spec.deployment import Deployment
from cloudgen.stack.aliases import aliases
from cloudgen.stack.base import Address, label
from cloudgen.stack.entrance import beside_default, default_container, is_https, patterns
from cloudgen.stack.exempt import exempt_paths
from cloudgen.stack.gcp.addresses import (
    BALANCER_ADDRESS,
    FIREWALL_POLICY,
    FORWARDING,
    HTTP_PROXY,
    HTTPS_PROXY,
    REDIRECT,
    SSL_POLICY,
    URL_MAP,
    backend,
)
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.logs import Origin
from cloudgen.stack.gcp.platforms.workload import EndpointGroup, Entry
from cloudgen.stack.naming import fit

LIMIT = 63
"""Characters of a name in Compute Engine. https://cloud.google.com/compute/docs/naming-resources."""


@dataclass(frozen=True)
class Backend:
    """One workload, as the load balancer sees it: a backend service."""

    container: str
    label: str
    name: str
    entry: Entry

    @property
    def address(self) -> Address:
        """The backend service's address."""
        return backend(self.label)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The backend service, and its health check."""
        return (self.address, *((self.check,) if self.check else ()))

    @property
    def group(self) -> EndpointGroup | None:
        """The endpoint group that is made for it, where what runs it has no addresses."""
        return self.entry.serverless

    @property
    def rate(self) -> float | None:
        """Requests a second that are the full load of an instance; None where something else tells its load."""
        return self.entry.serving.rate if self.entry.serving else None

    @property
    def check(self) -> Address | None:
        """The load balancer's own health check; None where the platform asks by itself."""
        return Address("google_compute_health_check", self.label) if self.entry.check else None


@dataclass(frozen=True)
class PathRule:
    """Requests that go elsewhere than to the default backend."""

    paths: tuple[str, ...]
    backend: Address


@dataclass(frozen=True)
class Redirected:
    """Further names, and the domain that they redirect to."""

    domain: str
    hosts: tuple[str, ...]


LONGEST_EXPRESSION = 1024
"""Characters of a regular expression in a rule of Cloud Armor: https://cloud.google.com/armor/quotas"""

SEARCHED = (
    (1010, "SQL injection", "sqli"),
    (1020, "Cross-site scripting", "xss"),
    (1030, "Reading files of the server", "lfi"),
    (1040, "Running commands on the server", "rce"),
)
"""Priority, what is searched for, and the rules for it: https://cloud.google.com/armor/docs/waf-rules"""


@dataclass(frozen=True)
class Search:
    """A rule of the policy that refuses requests in which it finds an attack."""

    priority: int
    description: str
    expression: str


@dataclass(frozen=True)
class LoadBalancer:
    """The public entrance, rendered by load_balancer.tf."""

    name: str
    backends: tuple[Backend, ...]
    default: Backend
    """What takes the requests that no rule leads elsewhere."""
    rules: tuple[PathRule, ...]
    redirected: Redirected | None
    https: bool
    firewall: str | None
    """The name of the Cloud Armor policy, or None without one."""
    searches: tuple[Search, ...]
    """What its rules search requests for."""

    @property
    def address(self) -> Address:
        """Its IPv4 address."""
        return BALANCER_ADDRESS

    @property
    def url_map(self) -> Address:
        """The routes."""
        return URL_MAP

    @property
    def redirect(self) -> Address:
        """What answers plain HTTP with a redirect."""
        return REDIRECT

    @property
    def policy(self) -> Address:
        """The Cloud Armor policy."""
        return FIREWALL_POLICY

    @property
    def tls(self) -> Address:
        """Which versions of TLS and which ciphers it speaks."""
        return SSL_POLICY

    @property
    def http_proxy(self) -> Address:
        """What takes plain HTTP."""
        return HTTP_PROXY

    @property
    def https_proxy(self) -> Address:
        """What takes HTTPS."""
        return HTTPS_PROXY

    @property
    def https_name(self) -> str:
        """The name of what serves HTTPS."""
        return f"{self.name}-https"

    @property
    def http_name(self) -> str:
        """The name of what answers on port 80."""
        return f"{self.name}-http"

    @property
    def default_backend(self) -> Address:
        """The backend service of the default."""
        return self.default.address

    @property
    def before_routes(self) -> tuple[Address, ...]:
        """What has to run before the routes may lead to it, beside the backend services."""
        return tuple(address for each in self.backends for address in each.entry.before_routes)

    @property
    def serverless(self) -> bool:
        """Whether nothing behind it has an address of its own."""
        return all(each.group for each in self.backends)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Address, backends, routes, proxies and firewall."""
        https = (SSL_POLICY, HTTPS_PROXY, FORWARDING["https"], REDIRECT) if self.https else ()
        return (
            BALANCER_ADDRESS,
            *(block for each in self.backends for block in each.blocks),
            URL_MAP,
            *https,
            HTTP_PROXY,
            FORWARDING["http"],
            *((FIREWALL_POLICY,) if self.firewall else ()),
        )

    @property
    def apis(self) -> tuple[str, ...]:
        """The API of its certificate."""
        return ("certificatemanager",) if self.https else ()

    @property
    def logs(self) -> tuple[Origin, ...]:
        """The log of requests."""
        return (Origin("http_load_balancer", "url_map_name", self.name),)


def load_balancer(foundation: Foundation, entries: Mapping[str, Entry]) -> LoadBalancer | None:
    """Decide the load balancer; None where the spec has no such section. `entries` has what the routes lead to."""
    deployment = foundation.deployment
    spec = deployment.load_balancer
    if spec is None or not deployment.routes:
        return None
    default = default_container(deployment)
    if default not in entries:
        return None  # It is refused, and so is the spec.
    routes = [route for route in beside_default(deployment) if route.container in entries]
    prefix = foundation.prefix
    backends = {
        name: _backend(prefix, entries[name])
        for name in dict.fromkeys(route.container for route in deployment.routes)
        if name in entries
    }
    return LoadBalancer(
        name=prefix,
        backends=tuple(backends.values()),
        default=backends[default],
        # The longest path that fits wins, in whatever order they stand.
        # https://cloud.google.com/load-balancing/docs/url-map-concepts#longest-path
        rules=tuple(PathRule(patterns(route), backends[route.container].address) for route in routes),
        redirected=_redirected(deployment),
        https=is_https(deployment),
        firewall=prefix if spec.waf else None,
        searches=_searches(exempt_paths(spec.waf_exceptions, LONGEST_EXPRESSION, "Cloud Armor", foundation.problems)),
    )


def _redirected(deployment: Deployment) -> Redirected | None:
    spec, others = deployment.load_balancer, aliases(deployment)
    if spec is None or spec.domain is None or not others:
        return None
    return Redirected(spec.domain, tuple(alias.name for alias in others))


def _searches(exempt: str | None) -> tuple[Search, ...]:
    # Decoded, and with no .. in it: /uploads/../login is none of the paths that are left out.
    outside = (
        f" && (request.path.urlDecode().contains('..') || !request.path.urlDecode().matches('{exempt}'))"
        if exempt
        else ""
    )
    return tuple(
        Search(priority, description, f"evaluatePreconfiguredWaf('{rules}-v422-stable', {{'sensitivity': 1}}){outside}")
        for priority, description, rules in SEARCHED
    )


def _backend(prefix: str, entry: Entry) -> Backend:
    name = f"{entry.container}-{entry.suffix}" if entry.suffix else entry.container
    return Backend(entry.container, label(name), fit(f"{prefix}-{name}", LIMIT), entry)
