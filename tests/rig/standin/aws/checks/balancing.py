"""Load balancers, their certificates, and the firewall before them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from rig.standin.cloud import Cloud
from rig.standin.configuration import Configuration
from rig.standin.violation import Violation

UNITS = {
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesAdminProtectionRuleSet": 100,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesSQLiRuleSet": 200,
    "AWSManagedRulesLinuxRuleSet": 200,
    "AWSManagedRulesUnixRuleSet": 100,
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesAnonymousIpList": 50,
}
"""Capacity units of AWS's own groups of rules."""
MOST_UNITS = 5000
MOST_CONDITIONS = 5


def health_check(resource: Configuration) -> Iterator[Violation]:
    """A health check gives up before the next one, and asks within bounds."""
    for block in resource.blocks("health_check"):
        interval, timeout = block.get("interval"), block.get("timeout")
        if interval is not None and timeout is not None and int(timeout) >= int(interval):
            yield Violation(block.at("timeout"), f"{timeout} seconds are not less than the interval of {interval}")
        for name, low, high in (
            ("interval", 5, 300),
            ("timeout", 2, 120),
            ("healthy_threshold", 2, 10),
            ("unhealthy_threshold", 2, 10),
        ):
            value = block.get(name)
            if value is not None and not low <= int(value) <= high:
                yield Violation(block.at(name), f"{value} is not between {low} and {high}")
        path = block.get("path")
        if path is not None and not re.fullmatch(r"/\S{0,1023}", path):
            yield Violation(block.at("path"), f"{path!r} is not a path of at most 1024 characters")
        codes = re.findall(r"\d+", str(block.get("matcher", "")))
        if any(not 200 <= int(code) <= 499 for code in codes):
            yield Violation(block.at("matcher"), "is not between 200 and 499")


def encrypted(resource: Configuration) -> Iterator[Violation]:
    """A listener has a certificate if it speaks TLS, and only then."""
    if resource.has_unknown("protocol") or resource.get("protocol") is None:
        return
    tls = resource.get("protocol") in ("HTTPS", "TLS")
    for name in ("certificate_arn", "ssl_policy"):
        if resource.is_set(name) and not tls:
            yield Violation(resource.at(name), f"is for HTTPS, not for {resource.get('protocol')}")
    if tls and not resource.is_set("certificate_arn"):
        yield Violation(resource.at("certificate_arn"), "A certificate must be specified for HTTPS listeners")


def conditions(resource: Configuration) -> Iterator[Violation]:
    """A rule has a priority, and at most five values to compare with, of plain signs."""
    priority = resource.get("priority")
    if priority is not None and not 1 <= int(priority) <= 50000:
        yield Violation(resource.at("priority"), f"{priority} is not between 1 and 50000")
    values = [
        (path, value)
        for kind in ("path_pattern", "host_header", "http_header", "source_ip", "http_request_method")
        for path, found in resource.find(f"condition.{kind}.values")
        for value in found
    ]
    if len(values) > MOST_CONDITIONS:
        yield Violation(values[0][0], f"{len(values)} values are more than {MOST_CONDITIONS}")
    for path, value in values:
        if isinstance(value, str) and not re.fullmatch(r"[\w.$/~\"'@:+*?&-]{1,128}", value):
            yield Violation(path, f"{value!r} is not at most 128 plain signs")


def firewall_rules(resource: Configuration) -> Iterator[Violation]:
    """The rules of a firewall have priorities of their own, are not too dear, and limit from 10 requests on."""
    rules = list(resource.blocks("rule"))
    for priority, times in Counter(rule.get("priority") for rule in rules).items():
        if times > 1 and priority is not None:
            yield Violation(resource.at("rule"), f"{times} rules have the priority {priority}")
    groups = [name for _, name in resource.find("rule.statement.managed_rule_group_statement.name")]
    if (units := sum(UNITS.get(name, 0) for name in groups)) > MOST_UNITS:
        yield Violation(resource.at("rule"), f"the rules cost {units} units, more than {MOST_UNITS}")
    for rule in rules:
        group = rule.is_set("statement.managed_rule_group_statement")
        # An empty block, as in `none {}`, counts.
        if group and not rule.values.get("override_action"):
            yield Violation((*rule.path, "override_action"), "is what a group of rules has for an action")
        if not group and not rule.values.get("action"):
            yield Violation((*rule.path, "action"), "is missing")
    for path, limit in resource.find("rule.statement.rate_based_statement.limit"):
        if not 10 <= int(limit) <= 2_000_000_000:
            yield Violation(path, f"{limit} is not between 10 and 2,000,000,000")


def firewall_log(resource: Configuration) -> Iterator[Violation]:
    """A firewall writes only to what has a name for that."""
    for path, destinations in resource.find("log_destination_configs"):
        for arn in destinations:
            if isinstance(arn, str) and not re.search(r"(:log-group:|:::|:deliverystream/)aws-waf-logs-", arn):
                yield Violation(path, f"the name in {arn} does not begin with aws-waf-logs-")


def logs_accepted(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A load balancer that is to log writes a first object at once: the bucket's policy must let it."""
    for logs in resource.blocks("access_logs"):
        if logs.get("enabled") is not True:
            continue
        policies = [
            policy
            for policy in cloud.all("aws_s3_bucket_policy")
            if policy.get("bucket") == logs.get("bucket") and "elasticloadbalancing" in str(policy.get("policy"))
        ]
        if policies:
            cloud.rely(*policies)
        else:
            yield Violation(logs.at("bucket"), "Access Denied for bucket: no policy lets load balancers write here")


def certificate_issued(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A listener takes a certificate only when it is issued; one that we do not make is."""
    for path, arn in resource.find("certificate_arn"):
        made = any(thing.get("arn") == arn for thing in cloud.all("aws_acm_certificate"))
        proofs = [thing for thing in cloud.all("aws_acm_certificate_validation") if thing.get("certificate_arn") == arn]
        if proofs:
            cloud.rely(*proofs)
        elif made:
            yield Violation(path, "UnsupportedCertificate: it is not issued yet")


def record_proves(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A certificate is issued when the records that prove the domain are there."""
    certificate = next(
        (one for one in cloud.all("aws_acm_certificate") if one.get("arn") == resource.get("certificate_arn")), None
    )
    records = cloud.all("aws_route53_record")
    for option in (certificate.get("domain_validation_options") or []) if certificate else []:
        wanted = str(option.get("resource_record_name")).rstrip(".")
        found = [record for record in records if str(record.get("name")).rstrip(".") == wanted]
        if found:
            cloud.rely(*found)
        else:
            yield Violation(resource.at("certificate_arn"), f"there is no record {wanted} yet")
