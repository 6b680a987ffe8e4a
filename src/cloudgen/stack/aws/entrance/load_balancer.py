"""The Application Load Balancer: listeners, target groups, routing rules and the web application firewall."""

from __future__ import annotations

from collections.abc import Mapping

from cloudgen.dataclass import dataclass
from cloudgen.spec.deployment import Deployment
from cloudgen.stack.aliases import Alias, aliases
from cloudgen.stack.aws.addresses import (
    ACCESS_LOGS_POLICY,
    BALANCER,
    BALANCER_GROUP,
    CERTIFICATE,
    PUBLIC_INTERNET,
    target_group,
)
from cloudgen.stack.aws.entrance.routes import check_rules, listener, rule_label, rule_priority
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.network.security_groups import Rule, SecurityGroup
from cloudgen.stack.aws.platforms.workload import Entry
from cloudgen.stack.base import Address, label
from cloudgen.stack.entrance import beside_default, default_container, is_https, patterns, tell_entrance
from cloudgen.stack.exempt import exempt_paths
from cloudgen.stack.naming import fit


@dataclass(frozen=True)
class TargetGroup:
    """The instances of one workload, as the load balancer sees them."""

    entry: Entry
    label: str
    name: str
    name_prefix: str
    by_rule: bool
    """Whether only rules lead to it: it is not where requests go that no rule takes."""

    @property
    def address(self) -> Address:
        """The target group's address."""
        return target_group(self.entry.container)

    @property
    def by_address(self) -> bool:
        """Whether targets register by address, each with its port."""
        return self.entry.target_type == "ip"

    @property
    def invoked(self) -> bool:
        """Whether the load balancer invokes its target, instead of connecting to it: it has neither port nor check."""
        return self.entry.target_type == "lambda"

    @property
    def port(self) -> int:
        """The port of targets that register without one. AWS replaces a group whose port changes."""
        return 80 if self.by_address else self.entry.port


@dataclass(frozen=True)
class ListenerRule:
    """Requests that go elsewhere than the listener's default: path patterns, and the priority among the rules."""

    label: str
    priority: int
    patterns: tuple[str, ...]
    target: Address
    before: tuple[Address, ...]
    """What has to exist before it leads anybody there."""


@dataclass(frozen=True)
class Redirect:
    """The rule by which further names redirect to the domain. It comes before those of the paths, from 47 on."""

    domain: str
    aliases: tuple[Alias, ...]
    certificates: tuple[Address, ...]
    """Certificates that the HTTPS listener shows beside the domain's, once they are validated."""
    priority: int = 1

    @property
    def hosts(self) -> tuple[str, ...]:
        """The further names."""
        return tuple(alias.name for alias in self.aliases)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The rule, and what shows the certificates."""
        return (
            Address("aws_lb_listener_rule", "aliases"),
            *(Address("aws_lb_listener_certificate", each.label) for each in self.certificates),
        )


LONGEST_EXPRESSION = 512
"""Characters of a regular expression in AWS WAF: https://docs.aws.amazon.com/waf/latest/developerguide/limits.html"""


@dataclass(frozen=True)
class Firewall:
    """The web ACL in front of the load balancer, with its log group."""

    name: str
    log_group: str
    retention: int
    exempt: str | None
    """Which paths the common rules do not look at, as a regular expression."""

    @property
    def log(self) -> Address:
        """The address of its log group."""
        return Address("aws_cloudwatch_log_group", "firewall")

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of _firewall.tf.j2."""
        kinds = ("web_acl", "web_acl_association", "web_acl_logging_configuration")
        return (*(Address(f"aws_wafv2_{kind}", "main") for kind in kinds), self.log)


@dataclass(frozen=True)
class LoadBalancer:
    """The public entrance, rendered by load_balancer.tf."""

    name: str
    deletion_protection: bool
    security_groups: tuple[SecurityGroup, ...]
    target_groups: tuple[TargetGroup, ...]
    default_target: Address
    before_serving: tuple[Address, ...]
    """What has to exist before the listener leads anybody to its default target."""
    rules: tuple[ListenerRule, ...]
    redirect: Redirect | None
    https: bool
    listener: Address
    """The listener that serves."""
    firewall: Firewall | None
    log_policy: Address
    """The policy by which the load balancer may write its log."""

    @property
    def address(self) -> Address:
        """The load balancer's address."""
        return BALANCER

    @property
    def before(self) -> tuple[Address, ...]:
        """What has to be there before AWS makes a public load balancer that writes a log."""
        return (PUBLIC_INTERNET, self.log_policy)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of load_balancer.tf."""
        listeners = ("http", "https") if self.https else ("http",)
        return (
            *(address for group in self.security_groups for address in group.addresses),
            BALANCER,
            *(group.address for group in self.target_groups),
            *(Address("aws_lb_listener", name) for name in listeners),
            *(Address("aws_lb_listener_rule", rule.label) for rule in self.rules),
            *(self.redirect.blocks if self.redirect else ()),
            *(self.firewall.blocks if self.firewall else ()),
        )

    @property
    def group(self) -> Address:
        """Its security group."""
        return BALANCER_GROUP

    @property
    def certificate(self) -> Address:
        """What it shows, where it serves HTTPS."""
        return CERTIFICATE


def load_balancer(foundation: Foundation, entries: Mapping[str, Entry]) -> LoadBalancer | None:
    """Decide the load balancer; None where the spec has no such section.

    `entries` are how each workload is reached, by container. A route without an entry leads to a container that
    cannot be built, which is an error already.
    """
    deployment = foundation.deployment
    spec = deployment.load_balancer
    tell_entrance(deployment, foundation.problems, "nothing")
    if spec is None or not deployment.routes:
        return None
    https = is_https(deployment)
    default = default_container(deployment)
    routed = dict.fromkeys(route.container for route in deployment.routes)
    if not check_rules(foundation) or not entries.keys() >= routed.keys():
        return None
    groups = tuple(_target_group(foundation, entries[name], by_rule=name != default) for name in routed)
    return LoadBalancer(
        # 32 characters is the limit of a load balancer's name.
        name=fit(foundation.prefix, 32),
        deletion_protection=deployment.security.deletion_protection,
        security_groups=(_security_group(foundation, groups, https=https),),
        target_groups=groups,
        default_target=target_group(default),
        before_serving=entries[default].before,
        rules=tuple(
            ListenerRule(
                label=rule_label(route.path),
                priority=rule_priority(route.path),
                patterns=patterns(route),
                target=target_group(route.container),
                before=entries[route.container].before,
            )
            for route in beside_default(deployment)
        ),
        redirect=_redirect(deployment, https=https),
        https=https,
        listener=listener(deployment),
        log_policy=ACCESS_LOGS_POLICY,
        firewall=Firewall(
            foundation.prefix,
            f"aws-waf-logs-{foundation.prefix}",
            foundation.log_retention,
            exempt_paths(spec.waf_exceptions, LONGEST_EXPRESSION, "AWS WAF", foundation.problems),
        )
        if spec.waf
        else None,
    )


def _redirect(deployment: Deployment, *, https: bool) -> Redirect | None:
    spec, others = deployment.load_balancer, aliases(deployment)
    if spec is None or spec.domain is None or not others:
        return None
    shown = (Address("aws_acm_certificate_validation", alias.labelled) for alias in others)
    return Redirect(spec.domain, others, tuple(shown) if https else ())


def _target_group(foundation: Foundation, entry: Entry, *, by_rule: bool) -> TargetGroup:
    # Six characters is the limit of a target group's name prefix; AWS completes it, so that a replacement can exist
    # beside the old one.
    name = entry.container
    return TargetGroup(
        entry=entry,
        label=label(name),
        name=f"{foundation.prefix}-{name}",
        name_prefix=f"{name[:5].rstrip('-')}-",
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
            f"load balancer to {group.entry.container}",
            None if group.by_address else group.entry.port,
            peer=group.entry.peer,
        )
        for group in groups
        if group.entry.peer is not None
    ]
    return SecurityGroup(
        "load_balancer", f"{foundation.prefix}-lb-", "Public load balancer", tuple(ingress), tuple(egress)
    )
