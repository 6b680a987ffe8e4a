"""What stands between Terraform and the real provider hands on everything, and of the schemas what a tree has."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import pytest

from rig.real_provider.narrow import Passage, caller, narrowed, types_in


def field(number: int, content: bytes) -> bytes:
    """Encode a field with a length below 16384, which takes one byte or two."""
    length = len(content)
    size = bytes([length]) if length < 128 else bytes([length & 127 | 128, length >> 7])
    return bytes([number << 3 | 2]) + size + content


def entry(number: int, name: str, schema: bytes) -> bytes:
    """Encode an entry of a map by type."""
    return field(number, field(1, name.encode()) + field(2, schema))


REST = field(1, b"provider") + field(6, b"capabilities") + field(7, b"functions")
BUCKET = entry(2, "aws_s3_bucket", b"x" * 5000)
DOCUMENT = entry(3, "aws_iam_policy_document", b"y" * 200)
ANSWER = REST + BUCKET + entry(2, "aws_instance", b"z" * 300) + DOCUMENT + entry(8, "aws_secret", b"e")


def test_only_schemas_of_other_types_go() -> None:
    assert narrowed(ANSWER, {"aws_s3_bucket", "aws_iam_policy_document"}) == REST + BUCKET + DOCUMENT
    assert narrowed(ANSWER, {"aws_unknown"}) == REST
    assert narrowed(b"", {"aws_s3_bucket"}) == b""


def test_what_has_no_length_is_no_schema() -> None:
    with pytest.raises(ValueError, match="field 4 has no length"):
        narrowed(b"\x20\x01", set())


def test_types_of_all_modules(tmp_path: Path) -> None:
    (tmp_path / "bootstrap").mkdir()
    (tmp_path / "bootstrap" / "state.tf").write_text('resource "aws_s3_bucket" "state" {\n}\n')
    (tmp_path / "iam.tf").write_text('data "aws_caller_identity" "current" {}\n  resource "in_a_heredoc" "x"\n')
    (tmp_path / "secrets.tf").write_text('ephemeral "aws_secret" "x" {\n}\n')
    assert types_in(tmp_path) == ["aws_caller_identity", "aws_s3_bucket", "aws_secret"]


def serve(handler: grpc.GenericRpcHandler, socket: str) -> grpc.Server:
    server = grpc.server(futures.ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers((handler,))
    server.add_insecure_port(f"unix:{socket}")
    server.start()
    return server


class Provider(grpc.GenericRpcHandler):
    """Answers with its schemas, or with what it is asked; refuses what is empty."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[Any, Any]:
        def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
            self.asked.append(details.method)
            if details.method.endswith("GetSchema"):
                return ANSWER
            if not request:
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, "nothing asked")
            return request[::-1]

        return grpc.unary_unary_rpc_method_handler(answer)


@pytest.fixture
def passage() -> Iterator[tuple[Provider, grpc.Channel]]:
    """A provider, and a channel to what stands before it."""
    with tempfile.TemporaryDirectory(prefix="narrow-") as folder:
        provider = Provider()
        servers = [serve(provider, f"{folder}/p"), serve(Passage(f"{folder}/p", ["aws_s3_bucket"]), f"{folder}/s")]
        with grpc.insecure_channel(f"unix:{folder}/s") as channel:
            yield provider, channel
        for server in servers:
            server.stop(None)


def test_schemas_are_asked_for_once(passage: tuple[Provider, grpc.Channel]) -> None:
    provider, channel = passage
    ask = caller(channel, "/tfplugin5.Provider/GetSchema")
    assert [ask(b""), ask(b"")] == [REST + BUCKET] * 2
    assert provider.asked == ["/tfplugin5.Provider/GetSchema"]


def test_calls_and_refusals_pass(passage: tuple[Provider, grpc.Channel]) -> None:
    provider, channel = passage
    plan = caller(channel, "/tfplugin5.Provider/PlanResourceChange")
    assert plan(b"\x00abc") == b"cba\x00"
    with pytest.raises(grpc.RpcError, match="nothing asked") as refused:
        plan(b"")
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert len(provider.asked) == 2


def test_what_is_not_the_provider_is_not_there(passage: tuple[Provider, grpc.Channel]) -> None:
    """As go-plugin finds in programs that it has not made itself."""
    provider, channel = passage
    shutdown = caller(channel, "/plugin.GRPCController/Shutdown")
    with pytest.raises(grpc.RpcError) as missing:
        shutdown(b"")
    assert missing.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert provider.asked == []
