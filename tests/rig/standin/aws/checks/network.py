"""Address ranges, zones, gateways, endpoints, and rules of security groups."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from rig.standin.cloud import Cloud, Thing
from rig.standin.configuration import Configuration
from rig.standin.violation import Violation

SOURCES = ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id")


def _range(text: object) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(str(text))
    except ValueError:
        return None


def range_size(resource: Configuration) -> Iterator[Violation]:
    """A range of a VPC or subnet has a size between /16 and /28."""
    for path, text in resource.find("cidr_block"):
        found = _range(text)
        if found is None or not 16 <= found.prefixlen <= 28:
            yield Violation(path, f"{text} is not a range between /16 and /28")


def one_source(resource: Configuration) -> Iterator[Violation]:
    """A rule of a security group is about one source, and about ports in order."""
    given = [name for name in SOURCES if resource.is_set(name)]
    if len(given) != 1:
        yield Violation(resource.at((given or list(SOURCES))[0]), f"exactly one of {', '.join(SOURCES)} is needed")
    first, last = resource.get("from_port"), resource.get("to_port")
    if str(resource.get("ip_protocol")) == "-1" and (first, last) != (None, None):
        yield Violation(resource.at("from_port"), "all protocols have no ports")
    elif first is not None and last is not None and int(first) > int(last):
        yield Violation(resource.at("from_port"), f"{first} is above to_port {last}")


def endpoint_kind(resource: Configuration) -> Iterator[Violation]:
    """A gateway endpoint stands in route tables, an interface endpoint in subnets with security groups."""
    if resource.has_unknown("vpc_endpoint_type"):
        return
    interface = resource.get("vpc_endpoint_type") == "Interface"
    for name in ("subnet_ids", "security_group_ids", "private_dns_enabled"):
        if resource.is_set(name) and not interface:
            yield Violation(resource.at(name), "is for interface endpoints")
    if interface and resource.is_set("route_table_ids"):
        yield Violation(resource.at("route_table_ids"), "is for gateway endpoints")


def flow_log(resource: Configuration) -> Iterator[Violation]:
    """A flow log collects for a minute or ten, and has a role to write to CloudWatch with."""
    interval = resource.get("max_aggregation_interval", 600)
    if int(interval) not in (60, 600):
        yield Violation(resource.at("max_aggregation_interval"), f"{interval} is neither 60 nor 600 seconds")
    where = resource.get("log_destination_type", "cloud-watch-logs")
    if where == "cloud-watch-logs" and not resource.is_set("iam_role_arn"):
        yield Violation(resource.at("iam_role_arn"), "is needed for CloudWatch")


def _by_id(cloud: Cloud, resource_type: str, identity: object) -> Thing | None:
    return next((thing for thing in cloud.all(resource_type) if thing.id == identity), None)


def subnet_fits(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A subnet lies within its network, beside the others."""
    network, mine = _by_id(cloud, "aws_vpc", resource.get("vpc_id")), _range(resource.get("cidr_block"))
    if network is None or mine is None:
        return
    whole = _range(network.get("cidr_block"))
    if whole is None or not mine.subnet_of(whole):
        yield Violation(resource.at("cidr_block"), f"InvalidSubnet.Range: {mine} is not within {whole}")
    for other in cloud.all("aws_subnet"):
        theirs = _range(other.get("cidr_block"))
        if other.get("vpc_id") == network.id and theirs != mine and theirs is not None and theirs.overlaps(mine):
            yield Violation(resource.at("cidr_block"), f"InvalidSubnet.Conflict: {mine} overlaps {theirs}")


def two_zones(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """Databases and load balancers want subnets in two zones, and load balancers one in each."""
    for name in ("subnet_ids", "subnets"):
        for path, subnets in resource.find(name):
            found = [_by_id(cloud, "aws_subnet", subnet) for subnet in subnets]
            zones = [thing.get("availability_zone") for thing in found if thing]
            if len(zones) < len(subnets):
                # Not ours, or not known yet.
                continue
            if len(set(zones)) < 2:
                yield Violation(path, f"the subnets are in {len(set(zones))} zone, not in two")
            elif resource.type == "aws_lb" and len(set(zones)) < len(zones):
                yield Violation(path, "two subnets are in the same zone")


def way_out(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A NAT gateway is made in a network that has an internet gateway."""
    if resource.get("connectivity_type") == "private":
        return
    subnet = _by_id(cloud, "aws_subnet", resource.get("subnet_id"))
    if subnet is None:
        return
    gateways = [thing for thing in cloud.all("aws_internet_gateway") if thing.get("vpc_id") == subnet.get("vpc_id")]
    if gateways:
        cloud.rely(*gateways)
    else:
        yield Violation(resource.at("subnet_id"), "Gateway.NotAttached: the network has no internet gateway")


def balancer_way_out(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A public load balancer is made in a network that has an internet gateway."""
    if resource.get("internal"):
        return
    subnets = [_by_id(cloud, "aws_subnet", identity) for identity in resource.get("subnets") or []]
    networks = {subnet.get("vpc_id") for subnet in subnets if subnet is not None}
    gateways = [thing for thing in cloud.all("aws_internet_gateway") if thing.get("vpc_id") in networks]
    if gateways:
        cloud.rely(*gateways)
    elif networks:
        yield Violation(resource.at("subnets"), "InvalidSubnet: VPC has no internet gateway")


def private_names(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """Private names of an endpoint need a network that resolves names; each service has them once."""
    network = _by_id(cloud, "aws_vpc", resource.get("vpc_id"))
    if network is None or resource.get("private_dns_enabled") is not True:
        return
    for name in ("enable_dns_support", "enable_dns_hostnames"):
        if network.get(name) is False:
            yield Violation(resource.at("private_dns_enabled"), f"{name} of the network is false")
