"""Routes, HTTPS and the firewall of the load balancer; the domain."""

from __future__ import annotations

from cloudgen.stack.base import Address, Ref
from cloudgen.stack.entrance import tell_entrance
from cloudgen.stack.gcp.entrance.dns import dns
from cloudgen.stack.gcp.entrance.load_balancer import LoadBalancer, load_balancer
from cloudgen.stack.gcp.foundation import Foundation
from rig.parts.gcp import make_entries, make_foundation, told

TWO = """
containers: {site: {port: 8000}, api: {port: 8080}}
load_balancer:
  domain: shop.example.com
  routes: [{path: /, container: site}, {path: /api, container: api}, {path: /api/v2/, container: api}]
"""


def _balancer(foundation: Foundation) -> LoadBalancer | None:
    tell_entrance(foundation.deployment, foundation.problems, "nobody outside")
    problems = list(foundation.problems.found)
    decided = load_balancer(foundation, make_entries(foundation))
    foundation.problems.found[:] = problems
    return decided


def test_routes_become_paths_with_everything_below_them() -> None:
    decided = _balancer(make_foundation(TWO))
    assert decided is not None
    assert decided.default_backend == Address("google_compute_backend_service", "site")
    assert {(rule.paths, rule.backend.label) for rule in decided.rules} == {
        (("/api", "/api/*"), "api"),
        (("/api/v2", "/api/v2/*"), "api"),
    }
    assert [backend.container for backend in decided.backends] == ["api", "site"]


def test_the_same_path_rule_is_never_twice() -> None:
    decided = _balancer(make_foundation(TWO))
    assert decided is not None
    paths = [path for rule in decided.rules for path in rule.paths]
    assert len(paths) == len(set(paths))


def test_https_takes_a_domain_and_tls() -> None:
    for body, https, code in (
        ("{domain: shop.example.com}", True, []),
        ("{}", False, [("plain-http", "load_balancer")]),
        ("{domain: shop.example.com, tls: none}", False, [("plain-http", "load_balancer.tls")]),
    ):
        foundation = make_foundation(f"containers: {{web: {{port: 8000}}}}\nload_balancer: {body}")
        decided = _balancer(foundation)
        assert decided is not None
        assert decided.https is https
        assert told(foundation) == code


def test_firewall_only_where_it_is_wanted() -> None:
    for waf, name in (("true", "shop-prod"), ("false", None)):
        decided = _balancer(make_foundation(f"containers: {{web: {{port: 80}}}}\nload_balancer: {{waf: {waf}}}"))
        assert decided is not None
        assert decided.firewall == name


def test_a_service_without_a_load_balancer_is_told() -> None:
    foundation = make_foundation("containers: {web: {port: 8000}, worker: {}}")
    assert _balancer(foundation) is None
    assert told(foundation) == [("unreachable", "containers.web.port")]


def test_an_existing_zone_is_found_and_a_new_one_told() -> None:
    found = dns(make_foundation("containers: {web: {port: 80}}\nload_balancer: {domain: shop.example.com}"))
    assert found is not None
    assert (found.zone_domain, found.main.record_name, found.zone_name) == (
        "example.com.",
        "shop.example.com.",
        Ref("local.zone"),
    )
    foundation = make_foundation(
        "containers: {web: {port: 80}}\nload_balancer: {domain: example.org, create_zone: true}"
    )
    made = dns(foundation)
    assert made is not None
    assert (made.zone_domain, made.zone_name) == ("example.org.", Ref("google_dns_managed_zone.main.name"))
    assert told(foundation) == [("delegate-zone", "load_balancer.create_zone")]


def test_no_domain_no_records() -> None:
    assert dns(make_foundation("containers: {web: {port: 80}}\nload_balancer: {}")) is None


def test_no_certificate_without_tls() -> None:
    decided = dns(make_foundation("containers: {web: {port: 80}}\nload_balancer: {domain: a.example.com, tls: none}"))
    assert decided is not None
    assert decided.certificate is False
