"""The network: three tiers of subnets, the way out, endpoints for AWS's own services, and flow logs.

Public subnets hold the load balancer and NAT gateways, private ones the containers, isolated ones the databases.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence

from cloudgen.dataclass import dataclass
from cloudgen.spec.networking import Egress
from cloudgen.stack.aws.addresses import NETWORK
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Grant, Role, role
from cloudgen.stack.aws.network.security_groups import Rule, SecurityGroup
from cloudgen.stack.aws.network.zones import zones
from cloudgen.stack.aws.target import AwsTarget
from cloudgen.stack.base import Address, Ref, Template, join, label

ENDPOINTS_GROUP = Address("aws_security_group", "endpoints")
PUBLIC, PRIVATE, ISOLATED = (Address("aws_subnet", tier) for tier in ("public", "private", "isolated"))
"""The subnets of each tier, one in each zone."""
PRIVATE_TABLES = Address("aws_route_table", "private")
"""The route tables of the private subnets, one in each zone: each leads to a NAT gateway."""
ISOLATED_TABLE = Address("aws_route_table", "isolated")
S3_ENDPOINT = Address("aws_vpc_endpoint", "s3")
PRIVATE_INTERNET = Address("aws_route", "private_internet")
FLOW_LOGS = Address("aws_cloudwatch_log_group", "flow_logs")


@dataclass(frozen=True)
class InterfaceEndpoint:
    """An interface endpoint: a private address, in every zone, of one of AWS's own services."""

    label: str
    service_name: str
    name: str


@dataclass(frozen=True)
class FlowLogs:
    """A record of every connection in the network, kept in CloudWatch Logs."""

    log_group: str
    retention: int
    role: Role


@dataclass(frozen=True)
class Network:
    """The network, rendered by network.tf. Subnets map zone to range; an empty mapping is a tier that nothing needs."""

    name: str
    cidr: str
    zones: tuple[str, ...]
    public: Mapping[str, str]
    private: Mapping[str, str]
    isolated: Mapping[str, str]
    nat_zones: tuple[str, ...]
    """The zones that hold a NAT gateway."""
    nat_routes: Mapping[str, str]
    """For each zone, the zone of the NAT gateway that its containers use."""
    endpoints: tuple[InterfaceEndpoint, ...]
    security_groups: tuple[SecurityGroup, ...]
    flow_logs: FlowLogs | None
    region: str

    @property
    def address(self) -> Address:
        """The VPC's address."""
        return NETWORK

    @property
    def endpoints_group(self) -> Address:
        """The security group of the interface endpoints."""
        return ENDPOINTS_GROUP

    @property
    def public_subnets(self) -> Ref:
        """The subnets of load balancer and NAT gateways."""
        return _ids("subnet", PUBLIC)

    @property
    def private_subnets(self) -> Ref:
        """The subnets of the containers."""
        return _ids("subnet", PRIVATE)

    @property
    def has_nat(self) -> bool:
        """Whether containers reach the internet."""
        return bool(self.nat_zones)

    def _in_zone(self, tier: str) -> Template:
        return join(f"{self.name}-{tier}-", Ref("each.key"))

    @property
    def public_name(self) -> Template:
        """The name of a public subnet."""
        return self._in_zone("public")

    @property
    def private_name(self) -> Template:
        """The name of a private subnet and of its route table."""
        return self._in_zone("private")

    @property
    def isolated_name(self) -> Template:
        """The name of an isolated subnet."""
        return self._in_zone("isolated")

    @property
    def nat_name(self) -> Template:
        """The name of a NAT gateway and of its address."""
        return self._in_zone("nat")

    @property
    def public_table_name(self) -> str:
        """The name of the public route table."""
        return f"{self.name}-public"

    @property
    def isolated_table_name(self) -> str:
        """The name of the isolated route table."""
        return f"{self.name}-isolated"

    @property
    def s3_endpoint_name(self) -> str:
        """The name of the S3 endpoint."""
        return f"{self.name}-s3"

    @property
    def s3_service_name(self) -> str:
        """The name of the S3 gateway endpoint's service."""
        return f"com.amazonaws.{self.region}.s3"

    @property
    def s3_route_tables(self) -> Ref:
        """The route tables from which S3 is reached through the gateway endpoint."""
        private = _ids("table", PRIVATE_TABLES)
        return Ref(f"concat({private}, [{ISOLATED_TABLE.id}])") if self.isolated else private

    @property
    def isolated_subnet_ids(self) -> Ref:
        """The subnets of the databases."""
        return _ids("subnet", ISOLATED)

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Every block of network.tf."""
        tiers = [name for name in ("public", "private", "isolated") if getattr(self, name)]
        found = [NETWORK, Address("aws_default_security_group", "main")]
        for tier in tiers:
            found += [Address(f"aws_{kind}", tier) for kind in ("subnet", "route_table", "route_table_association")]
        if self.public:
            found += [Address("aws_internet_gateway", "main"), Address("aws_route", "public_internet")]
        if self.has_nat:
            found += [Address("aws_eip", "nat"), Address("aws_nat_gateway", "main"), PRIVATE_INTERNET]
        found += [Address("aws_vpc_endpoint", name) for name in ("s3", *(one.label for one in self.endpoints))]
        found += [address for group in self.security_groups for address in group.addresses]
        if self.flow_logs:
            found += [FLOW_LOGS, Address("aws_flow_log", "main")]
        return tuple(found)

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that the network needs."""
        return (self.flow_logs.role,) if self.flow_logs else ()

    def egress(self, owner: str, ways: Sequence[Egress] = ()) -> tuple[Rule, ...]:
        """The way out of a container: HTTPS to the internet, or only to AWS's own services where there is no NAT.

        `ways` are those that the spec adds.
        """
        name = label(owner)
        added = tuple(Rule(f"{name}_out_{way.label}", f"{owner} to {way.title}", way.port, cidr=way.to) for way in ways)
        if self.has_nat:
            return (Rule(f"{name}_to_internet", f"{owner} to the internet, HTTPS only", 443, cidr="0.0.0.0/0"), *added)
        prefix_list = S3_ENDPOINT.prefix_list_id
        return (
            Rule(f"{name}_to_endpoints", f"{owner} to AWS services", 443, peer=ENDPOINTS_GROUP),
            Rule(f"{name}_to_s3", f"{owner} to S3", 443, prefix_list=prefix_list),
            *added,
        )

    def way_out(self, owner: str) -> tuple[Address, ...]:
        """Dependencies of every workload, created before it and destroyed after it: by these it pulls its image.

        They are the routes to the NAT gateways, or the endpoints where there is no NAT.
        """
        if self.has_nat:
            return (PRIVATE_INTERNET,)
        endpoints = [Address("aws_vpc_endpoint", name) for name in ("s3", *(one.label for one in self.endpoints))]
        admitted = [Address("aws_vpc_security_group_ingress_rule", f"endpoints_from_{label(owner)}")]
        return (*endpoints, *(admitted if self.endpoints else ()))


def _ids(one: str, blocks: Address) -> Ref:
    """The ids of all that a block with `for_each` makes; `one` is what the expression calls each of them."""
    return Ref(f"[for {one} in {blocks} : {one}.id]")


def network(
    foundation: Foundation,
    target: AwsTarget,
    services: Sequence[str],
    peers: Sequence[tuple[str, Address]],
    *,
    data: bool,
) -> Network:
    """Decide the network.

    `services` are the interface endpoints that the containers need, `peers` the containers in the network with their
    security groups: without one, nobody would use NAT. `data` says whether anything lives in the isolated tier.
    """
    spec = foundation.deployment.networking
    prefix = foundation.prefix
    chosen = zones(foundation, target)
    public, private, isolated = _subnets(foundation, chosen)
    nat_zones = {"none": (), "single": chosen[:1], "per_zone": chosen}[spec.nat] if peers else ()
    endpoints = _endpoints(prefix, target.region, services) if spec.private_endpoints else ()
    return Network(
        name=prefix,
        cidr=spec.cidr,
        zones=chosen,
        public=public if nat_zones or foundation.deployment.load_balancer else {},
        private=private,
        isolated=isolated if data else {},
        nat_zones=nat_zones,
        nat_routes={zone: zone if zone in nat_zones else nat_zones[0] for zone in chosen} if nat_zones else {},
        endpoints=endpoints,
        security_groups=(_endpoints_group(prefix, peers),) if endpoints else (),
        flow_logs=_flow_logs(foundation) if spec.flow_logs else None,
        region=target.region,
    )


def _subnets(
    foundation: Foundation, chosen: tuple[str, ...]
) -> tuple[Mapping[str, str], Mapping[str, str], Mapping[str, str]]:
    """Cut the range so that one more zone never moves the others.

    Of 16 equal blocks the first holds the public (0 to 7) and isolated (8 to 15) subnets, the next ones a private
    subnet each; the rest stays free. A load balancer wants a /27 or larger, so the range can be a /19 at the least,
    and a VPC a /16 at the most.
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
    """
    whole = ipaddress.IPv4Network(foundation.deployment.networking.cidr)
    if not 16 <= whole.prefixlen <= 19:
        foundation.problems.error(
            "unfit-range",
            "a VPC with three tiers of subnets needs a range from /16 to /19",
            ("networking", "cidr"),
            "write a range such as 10.20.0.0/16",
        )
        return {}, {}, {}
    blocks = list(whole.subnets(prefixlen_diff=4))
    small = list(blocks[0].subnets(prefixlen_diff=4))
    return (
        {zone: str(small[index]) for index, zone in enumerate(chosen)},
        {zone: str(blocks[index + 1]) for index, zone in enumerate(chosen)},
        {zone: str(small[index + 8]) for index, zone in enumerate(chosen)},
    )


def _endpoints(prefix: str, region: str, services: Sequence[str]) -> tuple[InterfaceEndpoint, ...]:
    return tuple(
        InterfaceEndpoint(
            service.replace(".", "_").replace("-", "_"), f"com.amazonaws.{region}.{service}", f"{prefix}-{service}"
        )
        for service in services
    )


def _endpoints_group(prefix: str, peers: Sequence[tuple[str, Address]]) -> SecurityGroup:
    return SecurityGroup(
        label="endpoints",
        name_prefix=f"{prefix}-endpoints-",
        description="Interface endpoints of AWS services",
        ingress=tuple(
            Rule(f"endpoints_from_{label(name)}", f"{name} to AWS services", 443, peer=group) for name, group in peers
        ),
    )


def _flow_logs(foundation: Foundation) -> FlowLogs:
    name = f"/{foundation.prefix}/flow-logs"
    actions = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
    writer = role(
        foundation.account,
        foundation.prefix,
        "flow-logs",
        "Writes the flow logs of the network",
        "vpc-flow-logs.amazonaws.com",
        [Grant("WriteFlowLogs", actions, [join(FLOW_LOGS.arn, ":*")])],
        source_arn=foundation.account.arn("ec2", "vpc-flow-log/*"),
    )
    return FlowLogs(name, foundation.log_retention, writer)
