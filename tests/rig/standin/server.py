"""The process that Terraform starts: HashiCorp's go-plugin handshake and a gRPC server around a stand-in provider.

    python -m rig.standin.server tests/rig/standin/schema/google-8.7.0.json.gz
    python -m rig.standin.server --keep FOLDER tests/rig/standin/schema/google-8.7.0.json.gz ...

The second form is started by `rig.standin.serving`, with several schemas and for many commands of Terraform.

Terraform must run with TF_DISABLE_PLUGIN_TLS=1: the certificate that it would otherwise offer uses a curve (P-521)
which gRPC's TLS library for Python does not verify. The socket is in a folder that only this user can enter.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from functools import cache
from pathlib import Path
from typing import Any

import grpc

from rig.standin.messages import MESSAGE, METHODS, Message, schema_response
from rig.standin.provider import Provider
from rig.standin.providers import provider_for
from rig.standin.schema import RecordedSchema

UNLIMITED = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]


def handler(provider: Provider, method: str) -> grpc.RpcMethodHandler[Any, Any]:
    """Return gRPC's handler for one remote procedure."""
    request, response = METHODS[method]
    call: Callable[[Message], Message] = getattr(provider, method)
    return grpc.unary_unary_rpc_method_handler(
        lambda message, _context: call(message),
        request_deserializer=MESSAGE[request].FromString,
        response_serializer=MESSAGE[response].SerializeToString,
    )


def serve(recorded: RecordedSchema, socket: Path, on_shutdown: Callable[[], None]) -> grpc.Server:
    """Serve a recorded schema on a Unix socket; `on_shutdown` is called when Terraform is done."""
    provider = provider_for(recorded)
    handlers: dict[str, grpc.RpcMethodHandler[Any, Any]] = {name: handler(provider, name) for name in METHODS}
    schema = cache(lambda: schema_response(recorded.schemas))
    handlers["GetProviderSchema"] = grpc.unary_unary_rpc_method_handler(lambda _request, _context: schema())

    def shutdown(_request: bytes, _context: Any) -> bytes:
        on_shutdown()
        return b""

    def no_output(_request: bytes, _context: Any) -> Iterator[bytes]:
        return iter(())

    server = grpc.server(futures.ThreadPoolExecutor(8), options=UNLIMITED)
    server.add_generic_rpc_handlers(
        (
            grpc.method_handlers_generic_handler("tfplugin6.Provider", handlers),
            grpc.method_handlers_generic_handler(
                "plugin.GRPCController", {"Shutdown": grpc.unary_unary_rpc_method_handler(shutdown)}
            ),
            grpc.method_handlers_generic_handler(
                "plugin.GRPCStdio", {"StreamStdio": grpc.unary_stream_rpc_method_handler(no_output)}
            ),
        )
    )
    server.add_insecure_port(f"unix:{socket}")
    server.start()
    return server


def keep(folder: Path, paths: list[str]) -> None:
    """Serve several providers until the process is ended; print where, in the form of TF_REATTACH_PROVIDERS.

    https://developer.hashicorp.com/terraform/internals/debugging
    """
    found, servers = {}, []
    for path in paths:
        recorded = RecordedSchema(Path(path))
        socket = folder / recorded.name
        servers.append(serve(recorded, socket, lambda: None))
        address = {"Network": "unix", "String": str(socket)}
        found[recorded.address] = {
            "Protocol": "grpc",
            "ProtocolVersion": 6,
            "Pid": os.getpid(),
            # Terraform leaves it running.
            "Test": True,
            "Addr": address,
        }
    print(json.dumps(found), flush=True)
    for server in servers:
        server.wait_for_termination()


def main(path: str) -> None:
    """Serve until Terraform asks to stop."""
    if not os.environ.get("TF_PLUGIN_MAGIC_COOKIE"):
        sys.exit("This is a Terraform provider plugin, a stand-in for tests; Terraform starts it.")
    if os.environ.get("PLUGIN_CLIENT_CERT"):
        sys.exit("Set TF_DISABLE_PLUGIN_TLS=1: the stand-in provider speaks over its socket in plain text.")
    folder = Path(tempfile.mkdtemp(prefix="standin-"))

    def stop() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        threading.Timer(0.01, os._exit, [0]).start()

    server = serve(RecordedSchema(Path(path)), folder / "s", stop)
    print(f"1|6|unix|{folder / 's'}|grpc|", flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    if sys.argv[1] == "--keep":
        keep(Path(sys.argv[2]), sys.argv[3:])
    else:
        main(sys.argv[1])
