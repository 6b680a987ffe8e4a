"""What Amazon's own models say of a request: botocore has them, moto reads requests by them, and neither checks them.

Enumerations, patterns, lengths and bounds of an operation's shapes. Required and unknown members are the business of
the SDK that the provider is built with. https://smithy.io/2.0/spec/constraint-traits.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import regex  # type: ignore[import-untyped]
from botocore.model import Shape
from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound

SIGNED = re.compile(r"Credential=[^/]+/\d+/[^/]*/([^/]+)/aws4_request")
SERVICES = {"monitoring": "cloudwatch", "elasticloadbalancing": "elbv2", "elasticfilesystem": "efs"}
"""Where the name that a request is signed with is not the model's."""


def refused(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> list[str]:
    """Return a sentence for each value that Amazon's model of the operation does not allow.

    Raises `LookupError` for a request that no model has.
    """
    request = Request.from_primitives(method, url, headers, body)
    operation, places = _operation(request)
    shape = operation.input_shape
    if shape is None:
        return []
    protocol = determine_request_protocol(operation.service_model, request.content_type)
    parsed = PROTOCOL_PARSERS[protocol](operation).parse(
        {
            "method": method,
            "values": request.values,
            "headers": request.headers,
            "body": request.data,
            "url_path": request.path,
            "url_params": places,
        }
    )
    name = f"{operation.service_model.service_name} {operation.name}"
    return [f"{name} {path.lstrip('.')}: {what}" for path, what in broken(shape, parsed)]


def _operation(request: Request) -> tuple[OperationModel, dict[str, Any]]:
    signed = SIGNED.search(request.headers.get("Authorization", ""))
    if not signed:
        raise LookupError(f"not signed: {request.method} {request.url}")
    name = "s3control" if ".s3-control." in request.host else SERVICES.get(signed[1], signed[1])
    try:
        return get_service_router(name).match(request)
    except NotFound:
        pass
    # Some prefixes are longer in botocore than in the SDK that the provider is built with.
    action = request.headers.get("X-Amz-Target", "").rpartition(".")[2]
    model = get_service_model(name)
    if action not in model.operation_names:
        raise LookupError(f"{name}: {request.method} {request.url} {action}")
    return model.operation_model(action), {}


def broken(shape: Shape, value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield where and how a value breaks what its shape says."""
    says = shape.metadata
    if value is None:
        return
    match shape.type_name:
        case "structure":
            for name, inner in value.items():
                yield from broken(shape.members[name], inner, f"{path}.{name}")
        case "list":
            yield from _bounds(says, len(value), path, " items")
            for inner in value:
                yield from broken(shape.member, inner, f"{path}[]")
        case "map":
            yield from _bounds(says, len(value), path, " entries")
            for key, inner in value.items():
                yield from broken(shape.key, key, path)
                yield from broken(shape.value, inner, f"{path}.{key}")
        case "string" if isinstance(value, str):
            yield from _misspelt(says, value, path)
        case "integer" | "long" | "float" | "double":
            yield from _bounds(says, value, path, "")


def _misspelt(says: Mapping[str, Any], value: str, path: str) -> Iterator[tuple[str, str]]:
    yield from _bounds(says, len(value), path, " characters")
    if value not in says.get("enum", [value]):
        yield path, f"{value!r} is none of {', '.join(says['enum'])}"
    if not _pattern(says.get("pattern", "(?s).*")).fullmatch(value):
        yield path, f"{value!r} does not match {says['pattern']}"


def _bounds(says: Mapping[str, Any], number: float, path: str, of: str) -> Iterator[tuple[str, str]]:
    least, most = says.get("min"), says.get("max")
    if (least is not None and number < least) or (most is not None and number > most):
        yield path, f"{number:g}{of} is not within {least} and {most}"


@cache
def _pattern(text: str) -> Any:
    # Java writes what lies above U+FFFF as pairs.
    return regex.compile(text.replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF"))
