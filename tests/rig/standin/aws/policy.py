"""`data.aws_iam_policy_document`: the one data source whose answer is computed from its arguments alone."""

from __future__ import annotations

import json
from typing import Any


def one_or_many(values: list[Any]) -> Any:
    """IAM writes a list of one as the item itself."""
    return values[0] if len(values) == 1 else list(values)


def principals(entries: list[dict[str, Any]]) -> Any:
    """Return the `Principal` of a statement."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        found.setdefault(entry["type"], []).extend(entry["identifiers"])
    if found == {"*": ["*"]}:
        return "*"
    return {kind: one_or_many(sorted(names)) for kind, names in found.items()}


def statement(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return one statement of the policy."""
    out: dict[str, Any] = {"Sid": arguments["sid"]} if arguments.get("sid") else {}
    out["Effect"] = arguments.get("effect") or "Allow"
    lists = {"Action": "actions", "NotAction": "not_actions", "Resource": "resources", "NotResource": "not_resources"}
    for key, source in lists.items():
        if arguments.get(source):
            out[key] = one_or_many(sorted(arguments[source]))
    for key, source in {"Principal": "principals", "NotPrincipal": "not_principals"}.items():
        if arguments.get(source):
            out[key] = principals(arguments[source])
    conditions: dict[str, dict[str, Any]] = {}
    for condition in arguments.get("condition") or []:
        conditions.setdefault(condition["test"], {})[condition["variable"]] = one_or_many(condition["values"])
    return out | ({"Condition": conditions} if conditions else {})


def policy_document(arguments: dict[str, Any]) -> str:
    """Return the policy as JSON text."""
    document: dict[str, Any] = {"Version": arguments.get("version") or "2012-10-17"}
    if arguments.get("policy_id"):
        document["Id"] = arguments["policy_id"]
    document["Statement"] = [statement(item) for item in arguments.get("statement") or []]
    return json.dumps(document, indent=2)
