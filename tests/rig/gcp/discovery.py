"""Google's own description of its APIs: routes, query parameters and the schemas of bodies.

The discovery documents are those of the package google-api-python-client (Apache-2.0), described at
https://developers.google.com/discovery/v1/reference/apis. What they do not name is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlparse

from rig.gcp.memorystore import MEMORYSTORE
from rig.gcp.refusal import invalid

Json = dict[str, Any]

APIS = (
    *("artifactregistry.v1", "certificatemanager.v1", "cloudbilling.v1", "cloudfunctions.v2", "cloudkms.v1"),
    *("cloudresourcemanager.v1", "cloudresourcemanager.v3", "cloudscheduler.v1", "compute.v1", "container.v1"),
    *("dns.v1", "eventarc.v1", "iam.v1", "logging.v2", "monitoring.v1", "monitoring.v3", "networkconnectivity.v1"),
    *("pubsub.v1", "run.v2", "secretmanager.v1", "servicenetworking.v1", "serviceusage.v1", "sqladmin.v1beta4"),
    *("storage.v1",),
)
"""The documents that are used: name and version."""

NOT_DESCRIBED = {
    "NetworkRoutingConfig": ("deleteBgpAlwaysCompareMed",),
    "RouterNat": ("initialNatIps",),
    # https://cloud.google.com/run/docs/configuring/workerpools/cpu-autoscaling; newer than the document
    "GoogleCloudRunV2WorkerPoolScaling": ("maxInstanceCount", "minInstanceCount", "scalingMode"),
}
"""Fields by schema that hashicorp/google sends and the documents do not have: its own, or younger than they are."""

NOT_REQUIRED = (("Policy", "bindings"),)
"""Fields by schema that the documents call required, and that the API does without: a policy that grants nothing."""

NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
BIG = ("int64", "uint64")
"""Formats of integers that JSON carries as text."""


@dataclass(frozen=True)
class Method:
    """A method of an API: its id (`run.projects.locations.services.create`), verb, route and parameters."""

    id: str
    verb: str
    path: str
    route: re.Pattern[str]
    parameters: Mapping[str, Json]
    request: str | None
    response: str

    @property
    def action(self) -> str:
        """The last word of the id, such as `create`."""
        return self.id.rsplit(".", 1)[-1]


class Api:
    """One version of one API."""

    def __init__(self, document: Json) -> None:
        self.name: str = document["name"]
        self.host = str(urlparse(document["rootUrl"]).hostname)
        self.schemas: dict[str, Json] = document["schemas"]
        self._parameters: dict[str, Json] = document.get("parameters", {})
        self._prefix: str = document["servicePath"]
        self.methods = sorted(self._methods(document), key=lambda method: method.path.count("{"))
        """The most literal path first: it is the one that is meant."""

    def _methods(self, node: Json) -> Iterator[Method]:
        for method in node.get("methods", {}).values():
            path = f"/{self._prefix}{method.get('flatPath') or method['path']}"
            yield Method(
                id=method["id"],
                verb=method["httpMethod"],
                path=path,
                route=self._route(path),
                parameters=self._parameters | method.get("parameters", {}),
                request=method.get("request", {}).get("$ref"),
                response=method.get("response", {}).get("$ref", ""),
            )
        for resource in node.get("resources", {}).values():
            yield from self._methods(resource)

    def _route(self, path: str) -> re.Pattern[str]:
        # A colon parts a resource from what is done with it; names of objects in a bucket may have one.
        word = "[^/]+" if self.name == "storage" else "[^/:]+"
        return re.compile(re.sub(r"\\\{\\?\+?\w+\\\}", lambda _: word, re.escape(path)))

    def find(self, verb: str, path: str) -> Method | None:
        """Return the method of a request, None when there is none."""
        return next(
            (method for method in self.methods if method.verb == verb and method.route.fullmatch(path)),
            None,
        )

    def schema_of(self, item: str) -> str:
        """Return the name of the schema of a resource, by the method that gets it."""
        method = self.find("GET", item)
        return method.response if method else ""

    def properties(self, schema: str) -> dict[str, Json]:
        """Return the fields of a schema; none of one that is not there."""
        found: dict[str, Json] = self.schemas.get(schema, {}).get("properties", {})
        return found

    def check_query(self, method: Method, query: Mapping[str, str]) -> None:
        """Check query parameters against a method's. Raises `Refusal` for one that is unknown or has a wrong value."""
        for name, value in query.items():
            parameter = method.parameters.get(name)
            if parameter is None:
                invalid(f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter.')
            if parameter.get("location") == "query":
                self._check_text(parameter, value, name)
        for name, parameter in method.parameters.items():
            if parameter.get("required") and parameter.get("location") == "query" and name not in query:
                invalid(f"Required parameter: {name}", "required")

    def _check_text(self, parameter: Json, value: str, name: str) -> None:
        kind = parameter.get("type")
        if kind == "boolean" and value.lower() not in ("true", "false"):
            invalid(f"Invalid value at '{name}' (TYPE_BOOL), \"{value}\"")
        if kind in ("integer", "number") and not NUMBER.fullmatch(value):
            invalid(f"Invalid value at '{name}' (TYPE_INT32), \"{value}\"")
        if value and value not in parameter.get("enum", (value,)):
            invalid(f"Invalid value at '{name}', \"{value}\"")

    def check_body(self, method: Method, body: Any) -> None:
        """Check a body against the method's schema. Raises `Refusal` for what is unknown, missing or mistyped.

        The body of a PATCH says what changes, and may leave out what is required: the provider names no firewall rule.
        """
        if method.request is not None:
            needs = method.id if method.verb != "PATCH" else ""
            self._check({"$ref": method.request}, body, method.request, needs)

    def _check(self, schema: Json, value: Any, where: str, method: str) -> None:
        name = schema.get("$ref", "")
        schema = self.schemas[name] if name else schema
        if value is None:
            return
        kind = schema.get("type")
        if kind == "object":
            self._check_object(schema, name, value, where, method)
        elif kind == "array":
            if not isinstance(value, list):
                invalid(f"Invalid value at '{where}': expected an array")
            for at, item in enumerate(value):
                self._check(schema["items"], item, f"{where}[{at}]", method)
        elif kind == "boolean" and not isinstance(value, bool):
            invalid(f"Invalid value at '{where}' (TYPE_BOOL), {json.dumps(value)}")
        elif kind in ("integer", "number") and (isinstance(value, bool) or not NUMBER.fullmatch(str(value))):
            invalid(f"Invalid value at '{where}' (TYPE_INT32), {json.dumps(value)}")
        elif kind == "string":
            self._check_string(schema, value, where)

    def _check_object(self, schema: Json, name: str, value: Any, where: str, method: str) -> None:
        if not isinstance(value, dict):
            invalid(f"Invalid value at '{where}': expected an object")
        fields, others = schema.get("properties", {}), schema.get("additionalProperties")
        for key, item in value.items():
            known = fields.get(key, others)
            if known is not None:
                self._check(known, item, f"{where}.{key}", method)
            elif fields and key not in NOT_DESCRIBED.get(name, ()):
                invalid(
                    f"Invalid JSON payload received. Unknown name \"{key}\" at '{where}': Cannot find field.",
                    "badRequest",
                )
        for key, field in fields.items():
            required = method in field.get("annotations", {}).get("required", ()) and (name, key) not in NOT_REQUIRED
            if required and value.get(key) is None:
                invalid(f"Invalid value for field '{where}.{key}': ''. Required field was not specified.", "required")

    @staticmethod
    def _check_string(schema: Json, value: Any, where: str) -> None:
        number = isinstance(value, int) and not isinstance(value, bool)
        # JSON of protocol buffers: the number of an enum's value may stand for its name.
        if number and ("enum" in schema or schema.get("format") in BIG):
            return
        if not isinstance(value, str):
            invalid(f"Invalid value at '{where}' (TYPE_STRING), {json.dumps(value)}")
        if value and value not in schema.get("enum", (value,)):
            invalid(f"Invalid value for field '{where}': '{value}'. Must be one of {schema['enum'][:8]}")


@cache
def apis() -> Mapping[str, tuple[Api, ...]]:
    """Return the APIs by host name. They are read once, and never changed."""
    folder = resources.files("googleapiclient") / "discovery_cache" / "documents"
    documents = [json.loads((folder / f"{name}.json").read_bytes()) for name in APIS]
    found: dict[str, tuple[Api, ...]] = {}
    for api in map(Api, [*documents, MEMORYSTORE]):
        found[api.host] = (*found.get(api.host, ()), api)
    return found
