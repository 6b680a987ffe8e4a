"""Small things that the source code says: the port of a server that it starts, object stores, WebSockets."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from cloudgen.detect.code.modules import Code, Module, keyword, text
from cloudgen.detect.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

_PORT = re.compile(rb"\brun\(|\.start\(|[\"']PORT[\"']|bind\s*=|run_app\(|serve\(")
_S3 = re.compile(rb"[\"']s3[\"']|S3Storage|S3Boto3Storage|GoogleCloudStorage|S3FileSystem")
_SOCKETS = re.compile(
    rb"\.websocket|WebSocketRoute|websocket_urlpatterns|SocketIO\(|AsyncServer\(|ProtocolTypeRouter|@sock\.route|websocket_listener|WebsocketListener"
)


def port(code: Code) -> Fact[int] | None:
    """Find `uvicorn.run(port=…)`, `app.run(port=…)` and the default of the environment variable PORT."""
    for module in _modules(code, _PORT):
        for call in module.calls:
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            value: ast.expr | None = None
            if name in ("run", "run_app", "serve", "start"):
                value = keyword(call, "port")
                if isinstance(value, ast.Call):
                    value = next(
                        (
                            item
                            for item in ast.walk(value)
                            if isinstance(item, ast.Constant) and str(item.value).isdigit()
                        ),
                        None,
                    )
            if name in ("getenv", "get") and len(call.args) == 2 and text(call.args[0]) == "PORT":
                value = call.args[1]
            if isinstance(value, ast.Constant) and re.fullmatch(r"[1-9]\d{1,4}", str(value.value)):
                return Fact(int(value.value), module.at(call))  # type: ignore[arg-type]
    return None


def object_store(code: Code) -> Fact[str] | None:
    """Find `boto3.client("s3")` and its like, and Django's storage backends."""
    for module in _modules(code, _S3):
        for node in module.nodes:
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                given = text(node.args[0]) if node.args else text(keyword(node, "service_name"))
                if name in ("client", "resource", "create_client") and given == "s3":
                    return Fact("s3", module.at(node))
            elif (value := text(node)) and re.search(r"storages\.backends\.(s3|s3boto3|gcloud)\b", value):
                return Fact("s3", module.at(node))
    return None


def web_sockets(code: Code) -> Fact[str] | None:
    """Find routes of WebSockets."""
    for module in _modules(code, _SOCKETS):
        for node in module.nodes:
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in (
                    "websocket",
                    "websocket_route",
                    "WebSocketRoute",
                    "SocketIO",
                    "ProtocolTypeRouter",
                    "websocket_listener",
                    "add_api_websocket_route",
                ):
                    return Fact(name, module.at(node))
                if name == "AsyncServer" or (
                    name == "route"
                    and isinstance(node.func, ast.Attribute)
                    and getattr(node.func.value, "id", "") == "sock"
                ):
                    return Fact(name, module.at(node))
    return None


def _modules(code: Code, pattern: re.Pattern[bytes]) -> Iterator[Module]:
    return (module for file in code.containing(pattern) if (module := code.module(file)))
