"""The DNS zone that a domain lies in, where the spec does not state it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from cloudgen.spec.load_balancer import LoadBalancer


@pytest.mark.parametrize(
    ("domain", "zone"),
    [
        ("shop.example.com", "example.com"),
        ("example.com", "example.com"),
        ("a.shop.example.com", "shop.example.com"),
        ("acme.co.uk", "acme.co.uk"),
        ("shop.acme.co.uk", "acme.co.uk"),
        ("acme.com.au", "acme.com.au"),
        ("acme.gob.mx", "acme.gob.mx"),
        ("acme.or.jp", "acme.or.jp"),
        ("www.acme.de", "acme.de"),
        ("app.abc.io", "abc.io"),
        ("acme.com.co", "acme.com.co"),
        ("www.ab.com", "ab.com"),
        ("ab.de", "ab.de"),
    ],
)
def test_the_zone_of_a_domain(domain: str, zone: str) -> None:
    assert LoadBalancer(domain=domain).zone == zone


@pytest.mark.parametrize("domain", ["acme.plc.uk", "acme.id.au", "shop.ab.de", "acme.k12.tr"])
def test_where_a_registry_and_a_zone_look_alike_it_has_to_be_stated(domain: str) -> None:
    with pytest.raises(ValidationError, match="it is not clear whether"):
        LoadBalancer(domain=domain)
    assert LoadBalancer(domain=domain, dns_zone=domain).zone == domain
    parent = domain.partition(".")[2]
    assert LoadBalancer(domain=domain, dns_zone=parent).zone == parent
