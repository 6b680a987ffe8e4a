"""The domain: its zone, its certificate, and the records that lead to the load balancer."""

from __future__ import annotations

import hashlib

from cloudgen.dataclass import dataclass
from cloudgen.stack.aliases import Alias, aliases
from cloudgen.stack.base import Address, Ref, Template, join
from cloudgen.stack.gcp.addresses import (
    APIS_READY,
    AUTHORIZATION,
    CERTIFICATE,
    CERTIFICATE_MAP,
    CERTIFICATE_MAP_ENTRY,
    PROOF,
    RECORD,
    ZONE,
    ZONES,
)
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.naming import fit

LIMIT = 63
"""Characters of a name in Certificate Manager and in Cloud DNS.

https://cloud.google.com/certificate-manager/docs/reference/certificate-manager/rest
"""


@dataclass(frozen=True)
class Proof:
    """The record that proves that a name is ours, as Certificate Manager asks for it."""

    address: Address
    authorization: Address

    @property
    def name(self) -> Ref:
        """Its name."""
        return self._record("name")

    @property
    def type(self) -> Ref:
        """Its type."""
        return self._record("type")

    @property
    def data(self) -> Ref:
        """What it says."""
        return self._record("data")

    def _record(self, attribute: str) -> Ref:
        return Ref(f"{self.authorization}.dns_resource_record[0].{attribute}")


@dataclass(frozen=True)
class Name:
    """The domain or an alias: its record, and its own certificate.

    With a certificate for each name, another alias leaves the domain's as it is. Google does not say when a new one is
    issued, so that a certificate of all names would leave the domain without one for minutes.
    """

    domain: str
    resource: str
    """What its certificate is called, and what proves the name: another name, another one."""
    alias: Alias | None = None

    @property
    def record_name(self) -> str:
        """The name as Cloud DNS writes it."""
        return f"{self.domain}."

    @property
    def record(self) -> Address:
        """The record that leads to the load balancer."""
        return self._address(RECORD)

    @property
    def authorization(self) -> Address:
        """By which Google asks for a proof that the name is ours."""
        return self._address(AUTHORIZATION)

    @property
    def proof(self) -> Proof:
        """The record that Google looks for."""
        address = Address(PROOF.type, f"{PROOF.label}_{self.alias.label}") if self.alias else PROOF
        return Proof(address, self.authorization)

    @property
    def certificate(self) -> Address:
        """The certificate."""
        return self._address(CERTIFICATE)

    @property
    def entry(self) -> Address:
        """What says for which host the certificate answers."""
        return self._address(CERTIFICATE_MAP_ENTRY)

    @property
    def record_after(self) -> tuple[Address, ...]:
        """The record that comes, and goes, before this one: a name can be the domain first and an alias next."""
        return (RECORD,) if self.alias else ()

    @property
    def authorization_after(self) -> tuple[Address, ...]:
        """The same for what asks for the proof. The domain's waits for its API only."""
        return (AUTHORIZATION,) if self.alias else (APIS_READY,)

    @property
    def proof_after(self) -> tuple[Address, ...]:
        """The same for what proves it."""
        return (PROOF,) if self.alias else ()

    @property
    def entry_after(self) -> tuple[Address, ...]:
        """The same for the entry of the map."""
        return (CERTIFICATE_MAP_ENTRY,) if self.alias else ()

    @property
    def proven(self) -> tuple[Address, ...]:
        """What has to exist before the certificate can be asked for."""
        return (self.proof.address,)

    @property
    def certificate_blocks(self) -> tuple[Address, ...]:
        """What proves the name and answers for it."""
        return (self.authorization, self.proof.address, self.certificate, self.entry)

    @property
    def renamed(self) -> bool:
        """Whether its blocks can be about another name later: an alias has blocks of its own."""
        return self.alias is None

    def _address(self, main: Address) -> Address:
        return Address(main.type, self.alias.labelled) if self.alias else main


@dataclass(frozen=True)
class Dns:
    """The domain and its aliases, rendered by dns.tf."""

    main: Name
    """The domain."""
    aliases: tuple[Name, ...]
    zone: str
    create_zone: bool
    certificate: bool
    name: str
    """What the certificate map is called."""
    zone_id: str
    """What a zone that is made here is called: another domain, another name."""

    @property
    def names(self) -> tuple[Name, ...]:
        """The domain, and its aliases."""
        return (self.main, *self.aliases)

    @property
    def domain(self) -> str:
        """The name that users type."""
        return self.main.domain

    @property
    def certified_apart(self) -> bool:
        """Whether there are several certificates, one for each name."""
        return self.certificate and bool(self.aliases)

    @property
    def new_first(self) -> bool:
        """Whether another domain gets its certificate before the old one goes.

        Not beside aliases: what is there for a name has to go before it comes for the name in another role.
        """
        return not self.aliases

    @property
    def blocks(self) -> tuple[Address, ...]:
        """Zone, records and certificates."""
        proofs = (block for name in self.names for block in name.certificate_blocks)
        certificate = (CERTIFICATE_MAP, *proofs) if self.certificate else ()
        return (ZONE if self.create_zone else ZONES, *(name.record for name in self.names), *certificate)

    @property
    def apis(self) -> tuple[str, ...]:
        """The API of Cloud DNS."""
        return ("dns",)

    @property
    def zones(self) -> Ref:
        """The zones of the project, where the zone exists already."""
        return ZONES.managed_zones

    @property
    def map(self) -> Address:
        """Which certificate answers for which host."""
        return CERTIFICATE_MAP

    @property
    def certificate_map(self) -> Template:
        """The map, as a proxy names it."""
        return join("//certificatemanager.googleapis.com/", CERTIFICATE_MAP.id)

    @property
    def certificate_ready(self) -> tuple[Address, ...]:
        """What has to exist before the proxy has a certificate to answer with."""
        return tuple(name.entry for name in self.names)

    @property
    def zone_name(self) -> Ref:
        """The name of the zone in Cloud DNS, made here or found by its domain."""
        return ZONE.name if self.create_zone else Ref("local.zone")

    @property
    def zone_domain(self) -> str:
        """The zone's domain as Cloud DNS writes it, with a dot at the end."""
        return f"{self.zone}."

    @property
    def missing(self) -> str:
        """What Terraform says when the zone does not exist."""
        return f"The project has no public zone {self.zone} in Cloud DNS, or more than one."


def dns(foundation: Foundation) -> Dns | None:
    """Decide the records; None without a domain."""
    spec = foundation.deployment.load_balancer
    if spec is None or spec.domain is None or spec.zone is None:
        return None
    if spec.create_zone:
        foundation.problems.warning(
            "delegate-zone",
            f"the new zone {spec.zone} has to be delegated before its certificate can be issued",
            ("load_balancer", "create_zone"),
            "enter the output name_servers at the registrar",
        )
    return Dns(
        main=_name(foundation, spec.domain),
        aliases=tuple(_name(foundation, alias.name, alias) for alias in aliases(foundation.deployment)),
        zone=spec.zone,
        create_zone=spec.create_zone,
        certificate=spec.tls == "managed",
        name=fit(foundation.prefix, LIMIT),
        zone_id=_hashed(foundation, spec.zone),
    )


def _name(foundation: Foundation, domain: str, alias: Alias | None = None) -> Name:
    return Name(domain, _hashed(foundation, domain), alias)


def _hashed(foundation: Foundation, domain: str) -> str:
    # 63 characters, of which eight are a hyphen and the hash.
    return f"{fit(foundation.prefix, LIMIT - 8)}-{_hash(domain)}"


def _hash(domain: str) -> str:
    """Seven characters that tell domains apart."""
    return hashlib.sha256(domain.encode()).hexdigest()[:7]
