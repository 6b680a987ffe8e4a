"""What Compute Engine, Cloud DNS and Certificate Manager add to a new resource."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from typing import Any

from rig.gcp.store import Store, number_of

Json = dict[str, Any]


def defaults(value: Json, **given: Any) -> None:
    """Set the fields that nobody set."""
    for name, item in given.items():
        value.setdefault(name, item)


def _subnetwork(store: Store, item: str, value: Json) -> None:
    hosts = ipaddress.ip_network(value["ipCidrRange"]).hosts()
    defaults(
        value,
        gatewayAddress=str(next(iter(hosts))),
        purpose="PRIVATE",
        stackType="IPV4_ONLY",
        privateIpv6GoogleAccess="DISABLE_GOOGLE_ACCESS",
    )


def _network(store: Store, item: str, value: Json) -> None:
    order = "AFTER_CLASSIC_FIREWALL"
    defaults(value, routingConfig={"routingMode": "REGIONAL"}, networkFirewallPolicyEnforcementOrder=order)


def _address(store: Store, item: str, value: Json) -> None:
    internal = value.get("addressType") == "INTERNAL"
    address = "10.200.0.0" if internal else f"34.1.2.{int(number_of(item)) % 250}"
    defaults(value, address=address, status="RESERVED", addressType="EXTERNAL")
    if not internal:
        defaults(value, networkTier="PREMIUM")


def _forwarding_rule(store: Store, item: str, value: Json) -> None:
    defaults(value, IPAddress="34.1.3.4", networkTier="PREMIUM", loadBalancingScheme="EXTERNAL")


def _backend_service(store: Store, item: str, value: Json) -> None:
    defaults(value, loadBalancingScheme="EXTERNAL", sessionAffinity="NONE", timeoutSec=30)


def _ssl_certificate(store: Store, item: str, value: Json) -> None:
    if "managed" in value:
        value["managed"].setdefault("status", "ACTIVE")


def _group_manager(store: Store, item: str, value: Json) -> None:
    group = item.replace("instanceGroupManagers", "instanceGroups")
    if not value.get("resourcePolicies"):
        # The provider sends a null for the one that it knows, whether it is wanted or not.
        value.pop("resourcePolicies", None)
    size = value.get("targetSize", 0)
    defaults(
        value,
        instanceGroup=f"https://www.googleapis.com{group}",
        status={"isStable": True, "versionTarget": {"isReached": True}},
        currentActions={"none": size},
        updatePolicy={"type": "OPPORTUNISTIC", "minimalAction": "REPLACE"},
    )
    ports = value.get("namedPorts", [])
    link = value["instanceGroup"]
    store.put("compute", group, {"name": value["name"], "selfLink": link, "size": size, "namedPorts": ports})


def _managed_zone(store: Store, item: str, value: Json) -> None:
    if value.get("visibility", "public") == "public":
        value.pop("privateVisibilityConfig", None)
    servers = [f"ns-cloud-a{at}.googledomains.com." for at in range(1, 5)]
    defaults(value, visibility="public", nameServers=servers)
    name = value["dnsName"]
    for kind, data in (
        ("NS", servers),
        ("SOA", [f"{servers[0]} cloud-dns-hostmaster.google.com. 1 21600 3600 259200 300"]),
    ):
        record = {"name": name, "type": kind, "ttl": 21600, "rrdatas": data, "kind": "dns#resourceRecordSet"}
        store.put("dns", f"{item}/rrsets/{name}/{kind}", record)


def _dns_authorization(store: Store, item: str, value: Json) -> None:
    target = f"{number_of(item)}.authorize.certificatemanager.goog."
    record = {"name": f"_acme-challenge.{value['domain']}.", "type": "CNAME", "data": target}
    defaults(value, type="FIXED_RECORD", dnsResourceRecord=record)


def _certificate(store: Store, item: str, value: Json) -> None:
    managed = value.get("managed")
    if managed is not None:
        managed.setdefault("state", "ACTIVE")
    defaults(value, scope="DEFAULT", sanDnsnames=(managed or {}).get("domains", []))


def _map_entry(store: Store, item: str, value: Json) -> None:
    value["state"] = "ACTIVE"


FILLS: Mapping[str, Callable[[Store, str, Json], None]] = {
    "Address": _address,
    "BackendService": _backend_service,
    "Certificate": _certificate,
    "CertificateMapEntry": _map_entry,
    "DnsAuthorization": _dns_authorization,
    "ForwardingRule": _forwarding_rule,
    "InstanceGroupManager": _group_manager,
    "ManagedZone": _managed_zone,
    "Network": _network,
    "SslCertificate": _ssl_certificate,
    "Subnetwork": _subnetwork,
}
