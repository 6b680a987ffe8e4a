"""Derive a provider's schema from its prebuilt CDKTN bindings on PyPI, for the stand-in provider of the tests.

    python -m pip download --no-deps --dest wheels cdktn-provider-google==21.1.0
    python tools/derive_schema.py wheels/cdktn_provider_google-21.1.0-py3-none-any.whl

writes `tests/rig/standin/schema/google-8.7.0.json.gz`: the JSON of `terraform providers schema -json`, trimmed to
the types of `tests/rig/standin/schema/types.txt`, with two additions that Terraform never sees: `x_enum` (the possible
values of an argument) and `x_source` (the wheel). The same wheel and list give the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import zipfile
from pathlib import Path

from bindings import PROVIDER, Json, Package, sources

SCHEMA_FOLDER = Path(__file__).resolve().parent.parent / "tests" / "rig" / "standin" / "schema"
KINDS = {
    "TerraformResource": "resource_schemas",
    "TerraformDataSource": "data_source_schemas",
    "TerraformEphemeralResource": "ephemeral_resource_schemas",
}
WORDS = {"data": "data_source_schemas", "ephemeral": "ephemeral_resource_schemas"}
# The bindings give the recursive `statement` of a web ACL the type `any`; this newer resource has its shape.
WAF_DONOR = "aws_wafv2_web_acl_rule"
# The bindings do not record what is sensitive; these are the ones that the list of types can meet.
SENSITIVE = {
    "aws_acm_certificate": ("private_key",),
    "aws_db_instance": ("password",),
    "aws_elasticache_replication_group": ("auth_token",),
    "aws_secretsmanager_secret_version": ("secret_string", "secret_binary"),
    "aws_ssm_parameter": ("value",),
    "google_sql_user": ("password",),
    "google_sql_database_instance": ("root_password",),
    "google_secret_manager_secret_version": ("secret_data",),
    "google_redis_instance": ("auth_string",),
}


def read_types(path: Path) -> set[tuple[str, str]]:
    """Read the list of types: pairs of the schema's section (`resource_schemas`) and the type."""
    wanted = set()
    for line in path.read_text().splitlines():
        words = line.split("#")[0].split()
        if words:
            wanted.add((WORDS[words[0]] if len(words) == 2 else "resource_schemas", words[-1]))
    return wanted


def derive(wheel: Path, wanted: set[tuple[str, str]]) -> Json:
    """Return the trimmed schema of the provider whose bindings are in the wheel.

    Raises ValueError when the wheel holds no provider bindings.
    """
    provider_name = version = ""
    schemas: Json = {}
    donor: Json | None = None
    for _, text in sorted(sources(wheel).items()):
        if not version and (found := PROVIDER.search(text)):
            provider_name, version = found.groups()
        if "tfResourceType" not in text:
            continue
        package = Package(text)
        for class_name, base, resource_type in package.types():
            section = KINDS.get(base)
            if base == "TerraformProvider":
                schemas["provider"] = package.schema(class_name)
            elif section and (section, resource_type) in wanted:
                schema = package.schema(class_name)
                for name in set(SENSITIVE.get(resource_type, ())) & set(schema["block"]["attributes"]):
                    schema["block"]["attributes"][name]["sensitive"] = True
                schemas.setdefault(section, {})[resource_type] = schema
            elif resource_type == WAF_DONOR and section == "resource_schemas":
                donor = package.schema(class_name)["block"]["block_types"]["statement"]
    if not version or "provider" not in schemas:
        raise ValueError(f"{wheel.name} holds no provider")
    restore_waf_statement(schemas.get("resource_schemas", {}), donor)
    return {
        "format_version": "1.0",
        "provider_version": version,
        "provider_schemas": {f"registry.terraform.io/hashicorp/{provider_name}": schemas},
        "x_source": wheel.name,
    }


def restore_waf_statement(resources: Json, donor: Json | None) -> None:
    """Give the rules of a web ACL the `statement` block that the bindings lost."""
    if donor is None or "aws_wafv2_web_acl" not in resources:
        return
    rule = resources["aws_wafv2_web_acl"]["block"]["block_types"]["rule"]["block"]
    if rule["attributes"].pop("statement", None):
        rule["block_types"]["statement"] = {**donor, "min_items": 1, "max_items": 1}
        _restore_exceptions(rule["block_types"]["statement"]["block"]["block_types"])


def _restore_exceptions(statements: Json) -> None:
    """Let what narrows a group of rules down be the opposite of a statement: the bindings cut it off as too deep.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/wafv2_web_acl#scope_down_statement
    """
    for name in ("managed_rule_group_statement", "rate_based_statement"):
        narrower = statements[name]["block"]["block_types"]["scope_down_statement"]["block"]["block_types"]
        narrower["not_statement"] = statements["not_statement"]


def encode(document: Json) -> bytes:
    """Serialise and compress; the same document gives the same bytes (sorted keys, no time stamp)."""
    return gzip.compress(json.dumps(document, separators=(",", ":"), sort_keys=True).encode(), 9, mtime=0)


def main() -> int:
    """Derive and write the schema of each wheel named on the command line."""
    parser = argparse.ArgumentParser(description="Derive trimmed provider schemas from cdktn-provider-* wheels.")
    parser.add_argument("wheels", nargs="+", type=Path, metavar="WHEEL")
    parser.add_argument("--types", type=Path, default=SCHEMA_FOLDER / "types.txt", help="the list of types to keep")
    parser.add_argument("--out", type=Path, default=SCHEMA_FOLDER, help="the folder to write to")
    arguments = parser.parse_args()
    wanted = read_types(arguments.types)
    for wheel in arguments.wheels:
        try:
            document = derive(wheel, wanted)
        except (OSError, ValueError, zipfile.BadZipFile) as error:
            print(f"derive_schema: {wheel}: {error}", file=sys.stderr)
            return 2
        address, schemas = next(iter(document["provider_schemas"].items()))
        name = address.rsplit("/", 1)[-1]
        target = arguments.out / f"{name}-{document['provider_version']}.json.gz"
        target.write_bytes(encode(document))
        prefix = name + "_"
        known = {(section, kind) for section in KINDS.values() for kind in schemas.get(section, {})}
        missing = sorted(kind for section, kind in wanted - known if kind.startswith(prefix))
        counts = ", ".join(f"{len(schemas.get(section, {}))} {section}" for section in KINDS.values())
        print(f"{target.name}: {counts}; {target.stat().st_size} bytes")
        if missing:
            print(f"  not in this version: {', '.join(missing)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
