"""Plausible, repeatable values for what a cloud would compute, by attribute name and then by type."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from rig.standin.encoding import is_unknown

NAMES = (
    "name",
    "bucket",
    "identifier",
    "cluster_identifier",
    "family",
    "alarm_name",
    "function_name",
    "dashboard_name",
    "replication_group_id",
    "cluster_id",
    "domain_name",
    "repository_id",
    "secret_id",
    "account_id",
    "instance_id",
    "bucket_id",
    "display_name",
)
"""Arguments that name a resource, the most specific first."""


def default_value(kind: Any) -> Any:
    """Return the empty value of a Terraform type, which is what most APIs give for what nobody set."""
    if isinstance(kind, str):
        return {"number": 0, "bool": False}.get(kind, "")
    if kind[0] == "object":
        return {name: default_value(inner) for name, inner in kind[1].items()}
    return {} if kind[0] == "map" else []


class Computed:
    """The computed values of one resource or data source that is being created or read."""

    def __init__(self, resource_type: str, known: dict[str, Any], provider: dict[str, Any], salt: str = "") -> None:
        """Take the attributes that are known, the provider's configuration, and a salt that parts identical twins."""
        self.type = resource_type
        self.known = {name: value for name, value in known.items() if not is_unknown(value)}
        self.provider = provider
        text = json.dumps(self.known, sort_keys=True, default=str)
        self.seed = hashlib.sha256(f"{resource_type}|{salt}|{text}".encode()).hexdigest()
        noun = resource_type.split("_", 1)[1].replace("_", "-")
        prefix = self.given("name_prefix")
        made = f"{prefix}{self.seed[:8]}" if prefix else f"{noun}-{self.seed[:8]}"
        named = ("name",) if prefix else NAMES
        self.name = next((given for given in map(self.given, named) if given), made)

    def given(self, name: str) -> str | None:
        """Return an attribute that is set to a text."""
        value = self.known.get(name)
        return value if isinstance(value, str) and value else None

    def hexadecimal(self, label: str, length: int = 17) -> str:
        """Return hexadecimal digits that depend on the resource and a label only."""
        return hashlib.sha256((self.seed + label).encode()).hexdigest()[:length]

    def digits(self, label: str, length: int = 19) -> str:
        """Return decimal digits, none of them a leading zero."""
        number = int(hashlib.sha256((self.seed + label).encode()).hexdigest(), 16)
        return "1" + str(number)[: length - 1]

    def uuid(self, label: str) -> str:
        """Return a UUID of version 4."""
        digits = self.hexadecimal(label, 32)
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def identity(self) -> str:
        """Return the resource's id."""
        return self.hexadecimal("id", 16)

    def specific(self, name: str) -> str | None:
        """Return a text that is known for an attribute of this type; None leaves it to the general rules."""
        return None

    def text(self, name: str) -> str | None:
        """Return a text for an attribute by its name, None when its name says nothing."""
        if (found := self.specific(name)) is not None:
            return found
        if name == "id":
            return self.identity()
        if "ipv6" in name:
            return ""
        if "ip_address" in name or name in ("public_ip", "private_ip", "address", "nat_ip", "gateway_address"):
            number = int(self.hexadecimal(name, 4), 16)
            return f"{'10.0' if 'private' in name else '203.0'}.{number >> 8}.{number & 255}"
        if name.endswith(("_time", "_timestamp", "_date", "created_at")):
            return "2026-01-01T00:00:00Z"
        if name in ("etag", "fingerprint", "label_fingerprint"):
            return self.hexadecimal(name, 32)
        if name in ("name", "fqdn"):
            return self.name
        return None

    def number(self, name: str) -> int:
        """Return a number for an attribute."""
        return 443 if name == "port" else 1

    def value(self, name: str, kind: Any, optional: bool = False) -> Any:
        """Return a value of a Terraform type for the attribute of this name.

        An optional attribute that nothing specific is known about is empty, as in most APIs.
        """
        if kind in ("string", "dynamic"):
            found = self.text(name)
            return found if found is not None else "" if optional else f"{name}-{self.hexadecimal(name, 8)}"
        if kind == "number":
            return self.number(name)
        if kind == "bool":
            return False
        outer, inner = kind
        if outer == "object":
            return {field: self.value(field, of) for field, of in inner.items()}
        if outer == "map" or optional:
            return default_value(kind)
        if name == "name_servers":
            return [self.name_server(number) for number in range(1, 5)]
        return [self.value(re.sub("s$", "", name), inner)]

    def name_server(self, number: int) -> str:
        """Return the name of a DNS server of a zone."""
        return f"ns-{number}.example.net."
