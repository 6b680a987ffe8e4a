"""The network: ranges that never move, the way out, and which endpoints there are."""

from __future__ import annotations

import ipaddress

import pytest

from cloudgen.stack.aws.network.network import Network, network
from cloudgen.stack.aws.network.zones import zones
from cloudgen.stack.base import Address
from rig.parts.aws import HEAD, WEB, make_foundation

PEERS = [("web", Address("aws_security_group", "web"))]


def _network(networking: str, *, data: bool = True, more: str = "", head: str = HEAD) -> Network:
    foundation = make_foundation(f"{WEB}\nnetworking: {networking}\n{more}", head)
    return network(foundation, foundation.deployment.targets.get("aws"), ["ecr.api", "logs"], PEERS, data=data)


@pytest.mark.parametrize("cidr", ["10.20.0.0/16", "172.16.0.0/17", "192.168.0.0/18", "10.0.32.0/19"])
def test_subnets_lie_in_the_range_and_apart(cidr: str) -> None:
    net = _network(f"{{cidr: {cidr}, zones: 3}}", more="load_balancer: {}")
    subnets = [ipaddress.ip_network(text) for tier in (net.public, net.private, net.isolated) for text in tier.values()]
    assert len(subnets) == 9
    assert all(subnet.subnet_of(ipaddress.ip_network(cidr)) for subnet in subnets)  # type: ignore[arg-type]
    assert not any(one.overlaps(other) for one in subnets for other in subnets if one is not other)
    # A load balancer wants a /27 or larger.
    assert all(subnet.prefixlen <= 27 for subnet in subnets)


def test_one_more_zone_moves_no_subnet() -> None:
    two, three = _network("{zones: 2}"), _network("{zones: 3}")
    for tier in ("private", "isolated"):
        assert dict(getattr(two, tier)).items() <= dict(getattr(three, tier)).items()


@pytest.mark.parametrize(
    ("nat", "gateways", "routes"),
    [
        ("none", (), {}),
        ("single", ("eu-west-1a",), {"eu-west-1a": "eu-west-1a", "eu-west-1b": "eu-west-1a"}),
        ("per_zone", ("eu-west-1a", "eu-west-1b"), {"eu-west-1a": "eu-west-1a", "eu-west-1b": "eu-west-1b"}),
    ],
)
def test_nat(nat: str, gateways: tuple[str, ...], routes: dict[str, str]) -> None:
    net = _network(f"{{zones: 2, nat: {nat}}}")
    assert net.nat_zones == gateways
    assert net.nat_routes == routes
    assert net.has_nat == bool(gateways)


def test_tiers_that_nothing_needs_do_not_exist() -> None:
    net = _network("{nat: none}", data=False)
    assert not net.public
    assert not net.isolated
    assert net.private


def test_without_nat_only_aws_is_in_reach() -> None:
    rules = _network("{nat: none}").egress("web")
    assert [rule.cidr for rule in rules] == [None, None]
    assert {str(rule.peer or rule.prefix_list) for rule in rules} == {
        "aws_security_group.endpoints",
        "aws_vpc_endpoint.s3.prefix_list_id",
    }


def test_with_nat_only_https_leaves() -> None:
    (rule,) = _network("{nat: single}").egress("web")
    assert (rule.cidr, rule.port) == ("0.0.0.0/0", 443)


def test_endpoints_are_made_only_when_asked_for() -> None:
    assert [endpoint.label for endpoint in _network("{private_endpoints: true}").endpoints] == ["ecr_api", "logs"]
    assert not _network("{private_endpoints: false}").endpoints
    assert not _network("{private_endpoints: false}").security_groups


def test_flow_logs_bring_their_role() -> None:
    assert [role.label for role in _network("{flow_logs: true}").roles] == ["flow_logs"]
    assert not _network("{flow_logs: false}").roles


@pytest.mark.parametrize(
    ("region", "expected"),
    [("eu-west-1", "abc"), ("ap-northeast-1", "acd"), ("ca-central-1", "abd"), ("us-east-1", "abc")],
)
def test_zones_of_a_region(region: str, expected: str) -> None:
    foundation = make_foundation(WEB, f"version: 1\nname: shop\ntargets: {{aws: {{region: {region}}}}}\n")
    assert zones(foundation, foundation.deployment.targets.get("aws")) == tuple(
        f"{region}{letter}" for letter in expected
    )
    assert not foundation.problems.found


def test_stated_zones_are_used_in_their_order() -> None:
    head = "version: 1\nname: shop\ntargets: {aws: {region: eu-west-1, zones: [eu-west-1c, eu-west-1a]}}\n"
    foundation = make_foundation(f"{WEB}\nnetworking: {{zones: 3}}", head)
    assert zones(foundation, foundation.deployment.targets.get("aws")) == ("eu-west-1c", "eu-west-1a")
    assert [problem.code for problem in foundation.problems.warnings] == ["fewer-zones"]
