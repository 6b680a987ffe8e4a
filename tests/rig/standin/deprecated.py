"""What a provider accepts but calls deprecated: validating a rendered tree must not warn about it.

The recorded schemas say what is there and what is not, so what a major version removed or renamed fails by itself.
The bindings that they are derived from do not say what is deprecated; this is what stands so in the documentation of
hashicorp/aws 6 ("Guides, Version 6 Upgrade", "Guides, Version 4 Upgrade" for S3, and the argument references).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

ValuePath = tuple[str | int, ...]

DEPRECATED: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {
    "aws": {
        "data_source_schemas": {
            "aws_iam_policy_document": ("override_json", "source_json"),
            "aws_region": ("name",),
        },
        "resource_schemas": {
            "aws_iam_role": ("inline_policy", "managed_policy_arns"),
            "aws_s3_bucket": (
                *("acceleration_status", "acl", "cors_rule", "grant", "lifecycle_rule", "logging", "policy"),
                *("object_lock_configuration", "replication_configuration", "request_payer", "versioning", "website"),
                "server_side_encryption_configuration",
            ),
            "aws_s3_bucket_lifecycle_configuration": ("rule.prefix",),
            "aws_ssm_parameter": ("overwrite",),
        },
    }
}
"""Provider -> section of its schema -> type -> arguments and blocks; a dot leads into a block."""


def mark(provider: str, schemas: dict[str, Any]) -> None:
    """Mark what is deprecated in a recorded schema, for Terraform to warn of. Raises KeyError for what it lacks."""
    for section, types in DEPRECATED.get(provider, {}).items():
        for name, arguments in types.items():
            for argument in arguments:
                block = schemas[section][name]["block"]
                *outer, last = argument.split(".")
                for word in outer:
                    block = block["block_types"][word]["block"]
                attribute = block["attributes"].get(last)
                (attribute or block["block_types"][last]["block"])["deprecated"] = True


def used(block: dict[str, Any], value: Any, path: ValuePath = ()) -> Iterator[ValuePath]:
    """Yield the path of each deprecated argument and block that is set. Terraform itself warns of references only."""
    if not isinstance(value, dict):
        return
    for name, attribute in block.get("attributes", {}).items():
        if attribute.get("deprecated") and value.get(name) is not None:
            yield *path, name
    for name, nested in block.get("block_types", {}).items():
        items = value.get(name)
        for at, item in enumerate(items if isinstance(items, list) else [items]):
            if nested["block"].get("deprecated") and item is not None:
                yield *path, name
            yield from used(nested["block"], item, (*path, name, at) if isinstance(items, list) else (*path, name))
