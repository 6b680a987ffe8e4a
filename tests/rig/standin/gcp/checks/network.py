"""What the network and managed instance groups refuse."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from rig.standin.configuration import Configuration
from rig.standin.shapes import conflicts, every, exactly_one
from rig.standin.violation import Violation

firewall_shape = every(exactly_one("allow", "deny"))
firewall_targets = every(
    conflicts("target_tags", "target_service_accounts"),
    conflicts("source_tags", "source_service_accounts"),
    conflicts("source_tags", "target_service_accounts"),
    conflicts("source_service_accounts", "target_tags"),
)


def firewall_direction(resource: Configuration) -> Iterator[Violation]:
    """Ingress has sources, egress has destinations."""
    if resource.has_unknown("direction"):
        return
    direction = resource.get("direction", "INGRESS")
    sources = [name for name in ("source_ranges", "source_tags", "source_service_accounts") if resource.is_set(name)]
    if direction == "INGRESS" and not sources:
        yield Violation(resource.at("source_ranges"), "an INGRESS rule needs sources")
    if direction == "INGRESS" and resource.is_set("destination_ranges") and not sources:
        yield Violation(resource.at("destination_ranges"), "is for EGRESS")
    if direction == "EGRESS" and sources:
        yield Violation(resource.at(sources[0]), "is for INGRESS")


def address_range(resource: Configuration) -> Iterator[Violation]:
    """A subnet's range is a network of 8 to 29 bits."""
    for name in ("ip_cidr_range", "secondary_ip_range.ip_cidr_range"):
        for path, value in resource.find(name):
            try:
                network = ipaddress.ip_network(value)
            except ValueError as error:
                yield Violation(path, str(error))
                continue
            if not 4 <= network.prefixlen <= 29:
                yield Violation(path, f"{value}: a prefix between /4 and /29 is needed")


def proxy_only_logs(resource: Configuration) -> Iterator[Violation]:
    """Proxy-only subnets have no flow logs."""
    if resource.get("purpose") in ("REGIONAL_MANAGED_PROXY", "GLOBAL_MANAGED_PROXY") and resource.is_set("log_config"):
        yield Violation(resource.at("log_config"), "a proxy-only subnet has no flow logs")


def nat_mapping(resource: Configuration) -> Iterator[Violation]:
    """Dynamic ports and endpoint-independent mapping exclude each other; a list of subnets is not empty."""
    dynamic, independent = "enable_dynamic_port_allocation", "enable_endpoint_independent_mapping"
    if resource.get(dynamic) and resource.get(independent):
        yield Violation(resource.at(independent), f"excludes {dynamic}")
    ranges = resource.get("source_subnetwork_ip_ranges_to_nat")
    if ranges is not None and (ranges == "LIST_OF_SUBNETWORKS") != resource.is_set("subnetwork"):
        yield Violation(resource.at("subnetwork"), "goes with LIST_OF_SUBNETWORKS, and only with it")
    for name in ("min_ports_per_vm", "max_ports_per_vm"):
        for path, value in resource.find(name):
            if resource.get(dynamic) and value & (value - 1):
                yield Violation(path, f"{value} is not a power of two, which dynamic allocation needs")


def reserved_range(resource: Configuration) -> Iterator[Violation]:
    """A range for private services is internal, and its size is given."""
    if resource.get("purpose") != "VPC_PEERING":
        return
    for name in ("network", "prefix_length"):
        if not resource.is_set(name):
            yield Violation(resource.at(name), "is needed for purpose VPC_PEERING")
    if resource.get("address_type") != "INTERNAL":
        yield Violation(resource.at("address_type"), "must be INTERNAL for purpose VPC_PEERING")


def update_policy(resource: Configuration) -> Iterator[Violation]:
    """A regional group replaces zone by zone: surge and unavailable are 0 or at least the number of zones."""
    zones = len(resource.get("distribution_policy_zones", [])) or 3
    for policy in resource.blocks("update_policy"):
        surge, unavailable = policy.get("max_surge_fixed"), policy.get("max_unavailable_fixed")
        percent = policy.is_set("max_surge_percent") or policy.is_set("max_unavailable_percent")
        for name, value in (("max_surge_fixed", surge), ("max_unavailable_fixed", unavailable)):
            if value and value < zones:
                yield Violation(policy.at(name), f"{value} must be 0 or at least {zones}, the number of zones")
        if surge == 0 and unavailable == 0 and not percent:
            yield Violation(policy.at("max_surge_fixed"), "max_surge and max_unavailable cannot both be 0")
        if policy.get("replacement_method") == "RECREATE" and (surge or not (unavailable or percent)):
            yield Violation(policy.at("max_surge_fixed"), "RECREATE needs max_surge 0 and some unavailable instances")


def autoscaler(resource: Configuration) -> Iterator[Violation]:
    """Targets are a share, and schedules last at least five minutes."""
    for name in ("cpu_utilization.target", "load_balancing_utilization.target"):
        for path, value in resource.find(f"autoscaling_policy.{name}"):
            if not 0 < value <= 1:
                yield Violation(path, f"{value} is not above 0 and at most 1")
    for path, value in resource.find("autoscaling_policy.scaling_schedules.duration_sec"):
        if value < 300:
            yield Violation(path, f"{value} is below 300 seconds")
    for policy in resource.blocks("autoscaling_policy"):
        if policy.get("min_replicas", 0) > policy.get("max_replicas", 0):
            yield Violation(policy.at("min_replicas"), "is above max_replicas")


def autopilot(resource: Configuration) -> Iterator[Violation]:
    """Autopilot manages nodes itself; Standard needs a first pool or leave to remove it."""
    if resource.has_unknown("enable_autopilot"):
        return
    if resource.get("enable_autopilot"):
        for name in ("remove_default_node_pool", "node_pool", "network_policy.enabled", "initial_node_count"):
            if resource.is_set(name):
                yield Violation(resource.at(name), "conflicts with enable_autopilot")
    elif not resource.is_set("initial_node_count") and not resource.is_set("node_pool"):
        yield Violation(resource.at("initial_node_count"), "a cluster needs nodes: initial_node_count or node_pool")
