"""Ranges, NAT, and what containers may reach."""

from __future__ import annotations

import ipaddress
import re

import pytest

from cloudgen.stack.base import Address
from cloudgen.stack.gcp.network.network import network
from cloudgen.stack.gcp.storage.resource import Endpoint
from rig.parts.gcp import Thing, make_foundation, make_workloads, told

WEB = "containers: {web: {port: 8000, size: medium}}"


@pytest.mark.parametrize("cidr", ["10.0.0.0/8", "10.20.0.0/16", "192.168.4.0/22"])
def test_ranges_lie_in_the_spec_s_and_apart(cidr: str) -> None:
    decided = network(make_foundation(f"{WEB}\nnetworking: {{cidr: {cidr}}}"), (), (), private_services=True)
    whole, containers = ipaddress.ip_network(cidr), ipaddress.ip_network(decided.cidr)
    assert decided.services is not None
    services = ipaddress.ip_network(f"{decided.services.address}/{decided.services.prefix_length}")
    assert containers.subnet_of(whole)  # type: ignore[arg-type]
    assert services.subnet_of(whole)  # type: ignore[arg-type]
    assert not containers.overlaps(services)
    # Direct VPC egress wants a /26, private service access a /24 at the least.
    assert containers.prefixlen <= 26
    assert services.prefixlen <= 24


def test_a_range_that_is_too_small_is_an_error() -> None:
    foundation = make_foundation(f"{WEB}\nnetworking: {{cidr: 10.20.0.0/23}}")
    network(foundation, (), (), private_services=True)
    assert told(foundation) == [("unfit-range", "networking.cidr")]


@pytest.mark.parametrize(("nat", "expected"), [("none", False), ("single", True), ("per_zone", True)])
def test_nat(nat: str, expected: bool) -> None:
    foundation = make_foundation(f"{WEB}\nnetworking: {{nat: {nat}}}")
    assert network(foundation, (), (), private_services=False).nat is expected
    gateway = Address("google_compute_router_nat", "main")
    assert (gateway in make_workloads(foundation)["web"].run.before) is expected


def test_no_range_for_databases_without_databases() -> None:
    assert network(make_foundation(WEB), (), (), private_services=False).services is None


def test_a_container_is_let_out_to_what_it_connects_to_and_nothing_else() -> None:
    foundation = make_foundation(
        """
storage: {buckets: {db: {}, other: {}}}
containers:
  web: {port: 8000, size: medium, connects_to: [db, other]}
  idle: {size: medium}
"""
    )
    parts = make_workloads(
        foundation, [Thing("db", Endpoint(5432, ["10.20.192.0/18"], "PostgreSQL of db")), Thing("other")]
    )
    (rule,) = parts["web"].rules
    assert (rule.label, rule.ports, rule.ranges) == ("web_to_db", ("5432",), ("10.20.192.0/18",))
    assert rule.tags == parts["web"].run.tags == ("shop-prod-web",)
    assert rule.address in parts["web"].run.before
    assert parts["idle"].rules == ()
    decided = network(foundation, list(parts.values()), (), private_services=True)
    https, own = decided.rules
    assert (https.ports, https.tags) == (("443",), ("shop-prod-web", "shop-prod-idle"))
    assert own is rule


def test_names_fit_compute_engine() -> None:
    name, other = "a" * 24, "b" * 24
    foundation = make_foundation(
        f"storage: {{buckets: {{{other}: {{}}}}}}\ncontainers: {{{name}: {{size: medium, connects_to: [{other}]}}}}",
        "version: 1\nname: abcdefghijklmno\nenvironment: staging\n",
    )
    part = make_workloads(foundation, [Thing(other, Endpoint(5432, ["10.0.0.0/8"], "db"))])[name]
    decided = network(foundation, [part], (), private_services=True)
    assert decided.services is not None
    names = [decided.name, decided.subnetwork, decided.nat_name, decided.deny_name, decided.services.name]
    for text in [*names, *part.run.tags, *(rule.name for rule in decided.rules)]:
        assert re.fullmatch(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?", text), text
    # A name in Cloud Run has less than 50 characters.
    assert len(part.run.run_name) < 50


def test_the_range_that_cloud_sql_keeps_for_itself_is_refused() -> None:
    foundation = make_foundation("containers: {web: {port: 80}}\nnetworking: {cidr: 172.16.0.0/14}\n")
    network(foundation, [], [], private_services=True)
    (problem,) = [one for one in foundation.problems.errors if one.code == "reserved-range"]
    assert problem.path == ("networking", "cidr")
    fine = make_foundation("containers: {web: {port: 80}}\nnetworking: {cidr: 172.18.0.0/16}\n")
    network(fine, [], [], private_services=True)
    assert not fine.problems.errors
