"""What the global external Application Load Balancer and Certificate Manager refuse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rig.standin.configuration import Configuration
from rig.standin.shapes import conflicts, every, exactly_one, together, within
from rig.standin.violation import Violation

LAST_PRIORITY = 2147483647
INTERVALS = (10, 30, 60, 120, 180, 240, 270, 300, 600, 900, 1200, 1800, 2700, 3600)
CERTIFICATE_MAP = "//certificatemanager.googleapis.com/projects/"

url_map_default = every(
    exactly_one("default_service", "default_url_redirect", "default_route_action.weighted_backend_services"),
    within(
        "path_matcher",
        exactly_one("default_service", "default_url_redirect", "default_route_action.weighted_backend_services"),
        conflicts("path_rule", "route_rules"),
    ),
)
certificate_kind = every(
    exactly_one("managed", "self_managed"),
    within("managed", conflicts("dns_authorizations", "issuance_config")),
)
map_entry = exactly_one("hostname", "matcher")
https_certificates = exactly_one("ssl_certificates", "certificate_map", "certificate_manager_certificates")
health_check_kind = exactly_one(
    "http_health_check",
    "https_health_check",
    "http2_health_check",
    "tcp_health_check",
    "ssl_health_check",
    "grpc_health_check",
    "grpc_tls_health_check",
)
iap = within("iap", together("oauth2_client_id", "oauth2_client_secret"))


def scheme(resource: Configuration) -> Iterator[Violation]:
    """The default changed between provider 7 (EXTERNAL) and 8 (EXTERNAL_MANAGED)."""
    if not resource.is_set("load_balancing_scheme"):
        yield Violation(resource.at("load_balancing_scheme"), "its default differs between provider 7 and 8: say it")


def path_matchers(resource: Configuration) -> Iterator[Violation]:
    """Each host rule names a path matcher of the map, and each matcher is named."""
    defined = {name for _, name in resource.find("path_matcher.name")}
    named = {name for _, name in resource.find("host_rule.path_matcher")}
    for path, name in resource.find("host_rule.path_matcher"):
        if name not in defined:
            yield Violation(path, f"there is no path_matcher {name!r}")
    for path, name in resource.find("path_matcher.name"):
        if name not in named:
            yield Violation(path, f"no host_rule leads to {name!r}")
    for path, paths in resource.find("path_matcher.path_rule.paths"):
        for item in paths:
            if not item.startswith("/") or "*" in item.removesuffix("/*"):
                yield Violation(path, f"{item!r} must begin with / and may have * only after the last /")


def redirect(resource: Configuration) -> Iterator[Violation]:
    """A redirect names one new path at most."""
    for name in ("default_url_redirect", "path_matcher.default_url_redirect"):
        yield from within(name, conflicts("path_redirect", "prefix_redirect"))(resource)


def certificate_map_address(resource: Configuration) -> Iterator[Violation]:
    """The proxy wants the map's full resource name with its service."""
    for path, value in resource.find("certificate_map"):
        if not value.startswith(CERTIFICATE_MAP):
            yield Violation(path, f"{value!r} does not begin with {CERTIFICATE_MAP}")


def default_rule(resource: Configuration) -> Iterator[Violation]:
    """A policy ends with the rule of the lowest priority, which matches everything; priorities are unique."""
    rules = list(resource.blocks("rule"))
    if not rules or resource.has_unknown("rule.priority"):
        return
    priorities = Counter(rule.get("priority") for rule in rules)
    for rule in rules:
        if priorities[rule.get("priority")] > 1:
            yield Violation(rule.path, f"priority {rule.get('priority')} is used twice")
    last = [rule for rule in rules if rule.get("priority") == LAST_PRIORITY]
    if not last:
        yield Violation(resource.at("rule"), f"there is no default rule with priority {LAST_PRIORITY}")
    for rule in last:
        if rule.get("match.config.src_ip_ranges", ["*"]) != ["*"]:
            yield Violation(rule.path, "the default rule must match every address: src_ip_ranges = ['*']")


def rule_match(resource: Configuration) -> Iterator[Violation]:
    """A rule matches by addresses (with `versioned_expr`) or by an expression."""
    for match in resource.blocks("rule.match"):
        yield from exactly_one("versioned_expr", "expr")(match)
        yield from together("versioned_expr", "config")(match)
        for path, ranges in match.find("config.src_ip_ranges"):
            if len(ranges) > 10:
                yield Violation(path, f"{len(ranges)} ranges; at most 10 are allowed in a rule")


def rate_limit(resource: Configuration) -> Iterator[Violation]:
    """Throttling needs options, with one of the known intervals; other actions have none."""
    for rule in resource.blocks("rule"):
        if rule.has_unknown("action"):
            continue
        limited = rule.get("action") in ("throttle", "rate_based_ban")
        if limited != rule.is_set("rate_limit_options"):
            yield Violation(rule.at("rate_limit_options"), f"action {rule.get('action')} with or without limits")
        for name in ("rate_limit_threshold", "ban_threshold"):
            for path, value in rule.find(f"rate_limit_options.{name}.interval_sec"):
                if value not in INTERVALS:
                    yield Violation(path, f"{value} is not one of {', '.join(map(str, INTERVALS))}")


def wildcard_needs_dns(resource: Configuration) -> Iterator[Violation]:
    """A wildcard can be proven through DNS only."""
    for managed in resource.blocks("managed"):
        names = managed.get("domains", [])
        if any(str(name).startswith("*.") for name in names) and not managed.is_set("dns_authorizations"):
            yield Violation(managed.at("dns_authorizations"), "a wildcard domain needs a DNS authorization")


def health_check_times(resource: Configuration) -> Iterator[Violation]:
    """A check is answered before the next one starts."""
    interval, timeout = resource.get("check_interval_sec", 5), resource.get("timeout_sec", 5)
    if timeout > interval:
        yield Violation(resource.at("timeout_sec"), f"{timeout} is above check_interval_sec = {interval}")


def serverless_group(resource: Configuration) -> Iterator[Violation]:
    """A serverless group stands for exactly one product, and has no network or subnetwork."""
    if resource.get("network_endpoint_type", "SERVERLESS") != "SERVERLESS":
        return
    yield from exactly_one("cloud_run", "cloud_function", "app_engine", "psc_target_service")(resource)
    for run in resource.blocks("cloud_run"):
        yield from exactly_one("service", "url_mask")(run) if not run.is_set("tag") else ()
