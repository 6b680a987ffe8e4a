"""The Application Load Balancer: listeners, target groups, routing rules and the web application firewall."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from cloudgen.dataclass import dataclass
from cloudgen.spec.load_balancer import Route
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.security_groups import Rule, SecurityGroup, group_address
from cloudgen.stack.base import Address, Ref, label
from cloudgen.stack.naming import fit

GROUP = Address("aws_security_group", "load_balancer")
LEAST_TIMEOUT = 2
"""Seconds that a health check may take, at least.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
"""


@dataclass(frozen=True)
class TargetGroup:
    """The tasks of one service, as the load balancer sees them. Times are in seconds."""

    container: str
    label: str
    name: str
    name_prefix: str
    port: int
    path: str
    interval: int
    timeout: int
    by_rule: bool
    """Whether only rules lead to it: it is not where requests go that no rule takes."""

    @property
    def address(self) -> Address:
        """The target group's address."""
        return Address("aws_lb_target_group", self.label)


@dataclass(frozen=True)
class ListenerRule:
    """Requests that go elsewhere than the listener's default: path patterns, and the priority among the rules."""

    label: str
    priority: int
    patterns: tuple[str, ...]
    target: Address


@dataclass(frozen=True)
class Firewall:
    """The web ACL in front of the load balancer, with its log group."""

    name: str
    log_group: str
    retention: int


@dataclass(frozen=True)
class LoadBalancer:
    """The public entrance, rendered by load_balancer.tf."""

    name: str
    deletion_protection: bool
    security_groups: tuple[SecurityGroup, ...]
    target_groups: tuple[TargetGroup, ...]
    default_target: Address
    rules: tuple[ListenerRule, ...]
    https: bool
    firewall: Firewall | None

    @property
    def listener(self) -> Address:
        """The listener that serves: a target group can be used by a service only once it hangs on one."""
        return Address("aws_lb_listener", "https" if self.https else "http")

    @property
    def listener_arn(self) -> Ref:
        """The ARN of the listener that serves."""
        return self.listener.arn

    def target_of(self, container: str) -> TargetGroup | None:
        """The target group of a container, if a route leads to it."""
        return next((group for group in self.target_groups if group.container == container), None)

    def before(self, container: str) -> tuple[Address, ...]:
        """What has to exist before the container's service: everything that ties its target group to the balancer.

        ECS refuses a target group "that does not have an associated load balancer".
        """
        group = self.target_of(container)
        if group is None:
            return ()
        rules = (Address("aws_lb_listener_rule", rule.label) for rule in self.rules if rule.target == group.address)
        return (self.listener, *rules)


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
    routed = [route.container for route in deployment.routes]
    default = next(route for route in deployment.routes if route.path == "/")
    groups = {
        name: _target_group(foundation, name, by_rule=name != default.container) for name in dict.fromkeys(routed)
    }
    others = [route for route in deployment.routes if route.path != "/"]
    labels = _rule_labels(others)
    return LoadBalancer(
        # 32 characters is the limit of a load balancer's name.
        name=fit(foundation.prefix, 32),
        deletion_protection=deployment.security.deletion_protection,
        security_groups=(_security_group(foundation, tuple(groups.values()), https=https),),
        target_groups=tuple(groups.values()),
        default_target=groups[default.container].address,
        rules=tuple(
            ListenerRule(
                label=labels[index],
                priority=10 * (index + 1),
                patterns=tuple(dict.fromkeys((route.path.rstrip("/"), f"{route.path.rstrip('/')}/*"))),
                target=groups[route.container].address,
            )
            for index, route in enumerate(others)
        ),
        https=https,
        firewall=Firewall(foundation.prefix, f"aws-waf-logs-{foundation.prefix}", foundation.log_retention)
        if spec.waf
        else None,
    )


def _rule_labels(routes: Sequence[Route]) -> list[str]:
    """What the routes' rules are called: container and path, and a hash where the path's signs leave two the same."""
    found: list[str] = []
    for route in routes:
        name = label(f"{route.container}{_slug(route.path)}")
        digest = hashlib.sha256(f"{route.container} {route.path}".encode()).hexdigest()[:4]
        found.append(f"{name}_{digest}" if name in found else name)
    return found


def _slug(path: str) -> str:
    return "".join(character if character.isalnum() else "_" for character in path.rstrip("/"))


def _target_group(foundation: Foundation, name: str, *, by_rule: bool) -> TargetGroup:
    container = foundation.deployment.containers[name]
    check = container.health_check
    if check.timeout < LEAST_TIMEOUT:
        foundation.problems.warning(
            "approximated",
            f"container `{name}`: the load balancer gives a check {LEAST_TIMEOUT} seconds at least",
            ("containers", name, "health_check", "timeout"),
        )
    # Six characters is the limit of a target group's name prefix; AWS completes it, so that a replacement can exist
    # beside the old one.
    return TargetGroup(
        container=name,
        label=label(name),
        name=f"{foundation.prefix}-{name}",
        name_prefix=f"{name[:5].rstrip('-')}-",
        port=container.port or 80,
        path=check.path,
        interval=check.interval,
        timeout=max(check.timeout, LEAST_TIMEOUT),
        by_rule=by_rule,
    )


def _security_group(foundation: Foundation, groups: tuple[TargetGroup, ...], *, https: bool) -> SecurityGroup:
    http = "Visitors, HTTP; answered with a redirect to HTTPS" if https else "Visitors, HTTP"
    ingress = [Rule("load_balancer_http", http, 80, cidr="0.0.0.0/0")]
    if https:
        ingress.append(Rule("load_balancer_https", "Visitors, HTTPS", 443, cidr="0.0.0.0/0"))
    egress = [
        Rule(
            f"load_balancer_to_{group.label}",
            f"load balancer to {group.container}",
            group.port,
            peer=group_address(group.container),
        )
        for group in groups
    ]
    return SecurityGroup(
        "load_balancer", f"{foundation.prefix}-lb-", "Public load balancer", tuple(ingress), tuple(egress)
    )


def _warn_unreachable(foundation: Foundation) -> None:
    for name, container in foundation.deployment.containers.items():
        if container.kind == "service":
            foundation.problems.warning(
                "unreachable",
                f"container `{name}` has a port, but without a load balancer nothing can reach it",
                ("containers", name, "port"),
                "add the section load_balancer, or remove the port to make it a worker",
            )
