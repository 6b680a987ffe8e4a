"""The JSON Schema of the spec, for editors and for tools that check YAML."""

from __future__ import annotations

import json
from typing import Any

from cloudgen.spec.deployment import deployment_model
from cloudgen.stack import coordinate_models

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """Return the schema (draft 2020-12) of a spec with all registered targets."""
    made = deployment_model(coordinate_models()).model_json_schema()
    _accept_plain_values(made)
    return {"$schema": DIALECT, **made, "title": "cloudgen spec"}


def schema_text() -> str:
    """Return the schema as JSON text, the same for every run."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _accept_plain_values(made: dict[str, Any]) -> None:
    """Let environment variables be written without quotes: YAML calls `8080` a number, cloudgen takes it as text."""
    environment = made["$defs"]["Container"]["properties"]["environment"]
    for values in (environment.get("additionalProperties"), *environment.get("patternProperties", {}).values()):
        for choice in values.get("oneOf", ()) if isinstance(values, dict) else ():
            if choice.get("type") == "string":
                choice["type"] = ["string", "number", "boolean"]
