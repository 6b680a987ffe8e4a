"""Further names of the load balancer, on every cloud: by the name alone, each redirects, each has its certificate."""

from __future__ import annotations

from cloudgen.stack.aliases import aliases
from cloudgen.stack.aws.stack import build as build_aws
from cloudgen.stack.gcp.stack import build as build_gcp
from rig.parts import aws, gcp

BODY = """
containers: {{web: {{port: 8000}}}}
load_balancer: {{domain: example.com, aliases: [{}]{}}}
"""
BOTH = "www.example.com, old-shop.example.com"


def _body(names: str, more: str = "") -> str:
    return BODY.format(names, more)


def test_labels_follow_from_the_name_alone() -> None:
    deployment = aws.make_foundation(_body("a-b.example.com, a.b.example.com, www.example.com")).deployment
    named = {alias.name: alias.label for alias in aliases(deployment)}
    assert list(named) == sorted(named)
    assert named["a.b.example.com"] == "a_b_example_com"
    assert named["www.example.com"] == "www_example_com"
    assert named["a-b.example.com"].startswith("a_b_example_com_")
    assert len(set(named.values())) == len(named)


def test_their_order_in_the_spec_means_nothing() -> None:
    turned = ", ".join(reversed(BOTH.split(", ")))
    for make, build in ((aws.make_foundation, build_aws), (gcp.make_foundation, build_gcp)):
        first, second = (build(make(_body(names)).deployment) for names in (BOTH, turned))
        assert first.load_balancer == second.load_balancer
        assert first.dns == second.dns


def test_on_aws_one_rule_comes_before_those_of_the_paths() -> None:
    stack = build_aws(aws.make_foundation(_body(BOTH)).deployment)
    assert stack.load_balancer is not None
    redirect = stack.load_balancer.redirect
    assert redirect is not None
    assert (redirect.priority, redirect.domain) == (1, "example.com")
    assert redirect.hosts == ("old-shop.example.com", "www.example.com")
    shown = {str(address) for address in stack.load_balancer.blocks if "certificate" in address.type}
    assert "aws_lb_listener_certificate.alias_www_example_com" in shown
    assert len(shown) == 2


def test_each_certificate_is_watched_on_aws() -> None:
    stack = build_aws(aws.make_foundation(_body(BOTH)).deployment)
    assert stack.dns is not None
    watched = [alarm for alarm in stack.monitoring.alarms if alarm.label.startswith("certificate")]
    assert watched == list(stack.dns.alarms)
    assert len({alarm.name for alarm in watched}) == 3


def test_on_google_the_map_has_an_entry_for_each_name() -> None:
    stack = build_gcp(gcp.make_foundation(_body(BOTH)).deployment)
    assert stack.dns is not None
    assert len({name.resource for name in stack.dns.names}) == 3
    assert [str(address).rpartition(".")[2] for address in stack.dns.certificate_ready] == [
        "main",
        *(alias.labelled for alias in aliases(stack.deployment)),
    ]
    assert not stack.dns.new_first


def test_the_domain_keeps_its_names_beside_aliases() -> None:
    alone, beside = (
        build_gcp(gcp.make_foundation(f"containers: {{web: {{port: 80}}}}\nload_balancer: {body}").deployment).dns
        for body in ("{domain: example.com}", "{domain: example.com, aliases: [www.example.com]}")
    )
    assert alone is not None
    assert beside is not None
    assert alone.main == beside.main
    assert alone.new_first


def test_plain_http_redirects_without_certificates() -> None:
    on_aws = build_aws(aws.make_foundation(_body(BOTH, ", tls: none")).deployment)
    on_google = build_gcp(gcp.make_foundation(_body(BOTH, ", tls: none")).deployment)
    for parts in ((on_aws.dns, on_aws.load_balancer), (on_google.dns, on_google.load_balancer)):
        _plain({str(address) for part in parts if part for address in part.blocks})


def _plain(blocks: set[str]) -> None:
    assert not [block for block in blocks if "certificate" in block]
    assert [block for block in blocks if ".alias_www_example_com" in block]


def test_a_name_that_no_rule_compares_with_is_refused_on_aws() -> None:
    name = f"{'a' * 60}.{'b' * 60}.example.com"
    assert aws.refused(aws.make_foundation(_body(name, ", tls: none"))) == [
        ("domain-too-long", "load_balancer.aliases.0")
    ]
