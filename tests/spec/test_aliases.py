"""Further names of the load balancer: what is an alias, and which zone holds it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from cloudgen.spec.load_balancer import MOST_ALIASES, LoadBalancer
from cloudgen.spec.references import check


def _told(domain: str, *aliases: str, zone: str | None = None) -> list[tuple[str, str | None]]:
    balancer = {"domain": domain, "aliases": list(aliases), **({"dns_zone": zone} if zone else {})}
    data = {"containers": {"web": {"port": "8000"}}, "load_balancer": balancer}
    return [(problem.code, problem.hint) for problem in check(data)]


@pytest.mark.parametrize(
    ("domain", "alias", "zone"),
    [
        ("example.com", "www.example.com", None),
        ("www.example.com", "example.com", None),
        ("acme.co.uk", "www.acme.co.uk", None),
        ("shop.example.com", "example.com", None),
        ("a.shop.example.com", "example.com", "example.com"),
        ("acme.plc.uk", "www.acme.plc.uk", "acme.plc.uk"),
    ],
)
def test_a_name_in_the_zone_of_the_domain_is_an_alias(domain: str, alias: str, zone: str | None) -> None:
    assert _told(domain, alias, zone=zone) == []
    assert LoadBalancer(domain=domain, aliases=[alias], dns_zone=zone).aliases == [alias]


@pytest.mark.parametrize(
    ("domain", "alias", "zone", "hint"),
    [
        ("a.shop.example.com", "example.com", None, "write dns_zone: example.com, if that zone holds both"),
        ("shop.example.com", "www.example.com", "shop.example.com", "write dns_zone: example.com, if that zone"),
        ("example.com", "example.net", None, "let it redirect where it is registered"),
        ("acme.co.uk", "acme-shop.co.uk", None, "let it redirect where it is registered"),
        ("example.com", "notexample.com", None, "let it redirect where it is registered"),
    ],
)
def test_a_name_elsewhere_is_refused_with_the_zone_that_may_hold_both(
    domain: str, alias: str, zone: str | None, hint: str
) -> None:
    ((code, said),) = _told(domain, alias, zone=zone)
    assert code == "conflict"
    assert said is not None
    assert said.startswith(hint)


def test_a_zone_that_is_not_clear_is_told_once() -> None:
    assert _told("acme.plc.uk", "www.acme.plc.uk") == []
    with pytest.raises(ValidationError, match="it is not clear whether"):
        LoadBalancer(domain="acme.plc.uk", aliases=["www.acme.plc.uk"])


def test_five_names_are_the_most() -> None:
    names = [f"{letter}.example.com" for letter in "abcdef"]
    assert LoadBalancer(domain="example.com", aliases=names[:MOST_ALIASES]).aliases == names[:MOST_ALIASES]
    with pytest.raises(ValidationError):
        LoadBalancer(domain="example.com", aliases=names)


def test_an_alias_needs_a_domain() -> None:
    with pytest.raises(ValidationError, match="aliases need a domain"):
        LoadBalancer(aliases=["www.example.com"])
