"""A proxy between Terraform and the real provider: it removes the schemas of types that a tree does not use.

A provider has the schemas of more than a thousand types, and Terraform asks for all of them with each command: to make,
send and read them is most of what a command costs. What is left out is nowhere in the tree. What the tree has and the
provider does not know stays unknown.

    python -m rig.real_provider.narrow SOCKET PROVIDER TYPE...

serves on the one socket what the provider at the other one says, and tells when it does so.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Iterator
from concurrent import futures
from functools import cache
from pathlib import Path
from typing import Any

import grpc

UNLIMITED = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]

SCHEMA_METHODS = ("/tfplugin5.Provider/GetSchema", "/tfplugin6.Provider/GetProviderSchema")
"""By protocol version: https://github.com/hashicorp/terraform/tree/main/docs/plugin-protocol."""
BY_TYPE = (2, 3, 8)
"""The fields of the answer that are maps by type: of resources, of data sources, of ephemeral resources."""

AT_ONCE = 64
"""Calls beside each other: more than Terraform makes, because many only wait."""

USED = re.compile(r'^(?:resource|data|ephemeral) "(\w+)"', re.M)

READY = "serving"


def types_in(tree: Path) -> list[str]:
    """Return the types of resources, data sources and ephemeral resources in all modules of a tree."""
    return sorted({name for file in tree.rglob("*.tf") for name in USED.findall(file.read_text(encoding="utf-8"))})


def narrowed(answer: bytes, types: Collection[str]) -> bytes:
    """Cut an answer with schemas to some types; what is not by type stays, byte for byte."""
    wanted = {name.encode() for name in types}
    return b"".join(
        whole
        for number, whole, content in _fields(answer)
        if number not in BY_TYPE or next(content for number, _, content in _fields(content) if number == 1) in wanted
    )


def _fields(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield number, whole and content of each field; a message with schemas has none but those with a length.

    https://protobuf.dev/programming-guides/encoding/
    """
    at = 0
    while at < len(message):
        start = at
        tag, at = _varint(message, at)
        if tag & 7 != 2:
            raise ValueError(f"field {tag >> 3} has no length")
        length, at = _varint(message, at)
        at += length
        yield tag >> 3, message[start:at], message[at - length : at]


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """Read a number of variable length; return it, and where it ends."""
    value = shift = 0
    while True:
        byte = message[at]
        at, value, shift = at + 1, value | (byte & 127) << shift, shift + 7
        if byte < 128:
            return value, at


def caller(channel: Any, method: str) -> Callable[[bytes], bytes]:
    """Return what calls a remote procedure with a message as it is, and returns the answer as it is."""
    call: Callable[[bytes], bytes] = channel.unary_unary(method)
    return call


class Passage(grpc.GenericRpcHandler):
    """Hands every call to the provider, and the answer back."""

    def __init__(self, provider: str, types: Collection[str]) -> None:
        self._channel = grpc.insecure_channel(f"unix:{provider}", options=UNLIMITED)
        self._types = types
        self._schemas = cache(self._narrowed)

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[Any, Any] | None:
        """Return what handles a method; go-plugin does without what it has beside the provider."""
        method = details.method
        if "Provider/" not in method:
            return None
        call = caller(self._channel, method)

        def hand_on(request: bytes, context: grpc.ServicerContext) -> bytes:
            try:
                return self._schemas(method, request) if method in SCHEMA_METHODS else call(request)
            except grpc.RpcError as error:
                context.abort(error.code(), error.details() or "")
                raise

        return grpc.unary_unary_rpc_method_handler(hand_on)

    def _narrowed(self, method: str, request: bytes) -> bytes:
        return narrowed(caller(self._channel, method)(request), self._types)


def main(socket: str, provider: str, *types: str) -> None:
    """Serve until the process is ended."""
    server = grpc.server(futures.ThreadPoolExecutor(AT_ONCE), options=UNLIMITED)
    server.add_generic_rpc_handlers((Passage(provider, types),))
    server.add_insecure_port(f"unix:{socket}")
    server.start()
    print(READY, flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main(*sys.argv[1:])
