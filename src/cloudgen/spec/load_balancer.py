"""Section `load_balancer`: the public entrance."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from cloudgen.spec.types import Boolean, Domain, Name, StrictModel, UrlPath, invalid


def _below_the_root(path: str) -> str:
    if not path.strip("/"):
        raise invalid("bad-value", "/ excepts everything", "name the path of what is refused, or write waf: false")
    return path.rstrip("/")


Exempt = Annotated[UrlPath, AfterValidator(_below_the_root)]
"""A path of a URL other than /, with all that is below it."""


MOST_ALIASES = 5
"""Names that one rule of a load balancer holds on every cloud."""


def _no_wildcard(name: object) -> object:
    if isinstance(name, str) and "*" in name:
        raise invalid("bad-value", "is a wildcard", "write each name that is to redirect, such as www.example.com")
    return name


Alias = Annotated[Domain, BeforeValidator(_no_wildcard)]
"""A domain that is one name, not all names of a kind."""


class Route(StrictModel):
    """Requests whose path starts with `path` go to `container`."""

    path: UrlPath = Field(description="Path prefix; the longest prefix that fits wins.")
    container: Name = Field(description="The container that answers; it needs a port.")


REGISTRIES = frozenset(
    ("ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "govt", "ltd", "me", "mil", "ne", "net", "nom", "or", "org")
)
"""Second-level domains of countries that people register names below. https://publicsuffix.org/list/."""
COUNTRY = 2
"""Letters of a country's top-level domain."""
SHORT = 3
"""Letters of a second-level domain up to which it may be one of those, too."""
ALL_THE_WORLD = frozenset(("ai", "cc", "co", "fm", "gg", "io", "sh", "to", "tv"))
"""Countries whose domains everybody uses, and that have no other short ones below them."""


class LoadBalancer(StrictModel):
    """The public entrance. Without this section nothing is reachable from outside."""

    domain: Domain | None = Field(
        None, description="The name that users type. Without it: plain HTTP on the load balancer's own name."
    )
    aliases: list[Alias] = Field(
        [],
        description="Further names of the load balancer, such as www.example.com. Each redirects to the domain (301), "
        "with path and query as they are. The DNS zone of the domain holds them.",
        max_length=MOST_ALIASES,
    )
    dns_zone: Domain | None = Field(
        None,
        description="The DNS zone that holds the domain. Default: the domain without its first label, unless what is "
        "left belongs to a registry, such as co.uk.",
    )
    create_zone: Boolean = Field(
        False,
        description="Make the DNS zone. Its name servers must then be entered at the registrar before HTTPS works.",
    )
    tls: Literal["managed", "none"] = Field(
        "managed",
        description="managed: a certificate that the cloud issues and renews, and HTTP redirects to HTTPS; "
        "none: plain HTTP.",
    )
    waf: Boolean = Field(
        True,
        description="A web application firewall before the load balancer. Profiles: development false, others true.",
    )
    waf_exceptions: list[Exempt] = Field(
        [],
        description="Paths below which what is sent is not searched for attacks, such as uploads and prompts, "
        "which may look like some. Known holes, bad addresses and the limit per address still count.",
        max_length=8,
    )
    routes: list[Route] | None = Field(
        None, description="Which container answers which path. Default: / to the only one with a port."
    )

    @model_validator(mode="after")
    def _zone_holds_domain(self) -> LoadBalancer:
        if self.dns_zone and not self.domain:
            raise invalid("missing-key", "dns_zone needs a domain", "add domain: shop.example.com, for example")
        if self.create_zone and not self.domain:
            raise invalid("missing-key", "create_zone needs a domain", "add domain: shop.example.com, for example")
        if self.aliases and not self.domain:
            raise invalid("missing-key", "aliases need a domain to redirect to", "add domain: example.com, for example")
        if self.domain and self.dns_zone and not lies_in(self.domain, self.dns_zone):
            raise invalid("conflict", "the domain does not lie in the dns_zone", "make dns_zone the end of domain")
        if self.domain and not self.dns_zone and is_unclear(self.domain):
            _, _, parent = self.domain.partition(".")
            raise invalid(
                "missing-key",
                f"it is not clear whether {parent} is your zone, or a registry that {self.domain} is registered at",
                f"add dns_zone: {parent} or dns_zone: {self.domain}",
            )
        return self

    @property
    def zone(self) -> str | None:
        """The DNS zone that holds the domain, stated or derived; None without a domain."""
        return self.dns_zone if self.domain is None else zone_of(self.domain, self.dns_zone)


def zone_of(domain: str, stated: str | None) -> str:
    """The DNS zone that holds a domain: the stated one, or the domain without its first label."""
    _, _, parent = domain.partition(".")
    return stated or (parent if "." in parent and not is_registry(parent) else domain)


def lies_in(domain: str, zone: str) -> bool:
    """Whether a zone can hold the records of a domain."""
    return f".{domain}".endswith(f".{zone}")


def is_registry(domain: str) -> bool:
    """Whether names are registered directly below a domain: `co.uk`."""
    second, _, top = domain.partition(".")
    return second in REGISTRIES and len(top) == COUNTRY


def is_unclear(domain: str) -> bool:
    """Whether names may be registered directly below a domain's parent: `plc.uk` or `ab.de`."""
    second, _, top = domain.partition(".")[2].partition(".")
    national = len(top) == COUNTRY and top not in ALL_THE_WORLD
    return national and len(second) <= SHORT and second not in REGISTRIES
