"""What the output's README says before the first apply: DNS, quotas, and what costs without a visitor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from cloudgen.stack.aws.entrance.dns import Name
from cloudgen.stack.aws.parts import AwsParts
from cloudgen.stack.text import Markdown


def notes(stack: AwsParts) -> Iterator[Markdown]:
    """Yield a paragraph for each thing to know before the first apply."""
    if stack.dns and not stack.dns.create_zone:
        yield Markdown(
            "An address record of the domain that exists already makes the first apply fail. Import it: "
            "`terraform import aws_route53_record.main <zone id>_<domain>_A`."
        )
    if stack.dns and stack.dns.aliases and not stack.dns.create_zone:
        yield Markdown(
            f"The same holds for {_listed(stack.dns.aliases)}. A CNAME record of such a name, which www often has, "
            "cannot be imported: delete it right before the first apply."
        )
    if stack.dns and stack.dns.certificate:
        yield Markdown(
            "The certificate is issued by Amazon. If the domain has CAA records, one of them must name `amazon.com`."
        )
    if costs := _costs(stack):
        yield Markdown(
            f"This costs money by the hour, without a visitor: {', '.join(costs)}. "
            "https://calculator.aws has the prices of your region."
        )
    if len(stack.network.nat_zones) > 1:
        yield Markdown(
            f"{len(stack.network.nat_zones)} of the five Elastic IP addresses that an account has in a region go to "
            "NAT gateways. Raise that quota before a second environment like this one."
        )


def _listed(names: Iterable[Name]) -> str:
    return ", ".join(f"{name.domain} (`{name.record}`)" for name in names)


def _costs(stack: AwsParts) -> list[str]:
    """What is billed by the hour. https://aws.amazon.com/vpc/pricing/ says so of addresses, too."""
    network, found = stack.network, []
    addresses = len(network.nat_zones) + (len(network.public) if stack.load_balancer else 0)
    if network.nat_zones:
        found.append(_number(len(network.nat_zones), "NAT gateway"))
    if network.endpoints:
        found.append(_number(len(network.endpoints) * len(network.zones), "interface endpoint"))
    if stack.load_balancer:
        found.append("the load balancer")
    if addresses:
        found.append(_number(addresses, "public address"))
    found += chain.from_iterable(ground.costs for ground in stack.platforms)
    found += [_number(len(stack.storage.databases), "database")] if stack.storage.databases else []
    found += [_number(len(stack.storage.caches), "cache")] if stack.storage.caches else []
    return found


def _number(count: int, what: str) -> str:
    plural = f"{what}es" if what.endswith("s") else f"{what}s"
    return f"{count} {what if count == 1 else plural}"
