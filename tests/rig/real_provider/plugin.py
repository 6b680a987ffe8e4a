"""Talking to a real provider without Terraform: its schema, and what it would plan.

A provider that is started with `-debug` serves Terraform's plugin protocol on a socket and says where:
https://developer.hashicorp.com/terraform/plugin/debugging. Nothing is applied here, so no cloud is needed.
"""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc

from rig.real_provider.narrow import UNLIMITED
from rig.real_provider.serving import reattach
from rig.standin.encoding import pack, unpack
from rig.standin.messages import CHOICE, MESSAGE, Message

Values = dict[str, Any]
Block = dict[str, Any]

PREFIX = {5: "/tfplugin5.Provider/", 6: "/tfplugin6.Provider/"}
SCHEMA = {5: "GetSchema", 6: "GetProviderSchema"}
CONFIGURE = {5: "Configure", 6: "ConfigureProvider"}
NESTING = {1: "single", 2: "list", 3: "set", 4: "map", 5: "group"}
SECONDS = 60
"""A call that takes longer hangs: a provider that looks for its cloud."""


class ProviderGoneError(Exception):
    """The provider ended while it was asked, or does not answer."""


@dataclass(frozen=True)
class Planned:
    """What a provider plans: the new state, the paths for which it replaces the resource, and its complaints."""

    state: Values | None
    replaced: tuple[tuple[str | int, ...], ...]
    errors: tuple[str, ...]


class Plugin:
    """A provider that runs; when a question ends it, it is started anew."""

    def __init__(self, program: Path, environment: Mapping[str, str]) -> None:
        self._program, self._environment = program, dict(environment)
        self._given: Values | None = None
        self._start()
        answer = self._call(SCHEMA[self._protocol], MESSAGE["Empty"](), "SchemaResponse")
        self._configuration = block_of(answer.provider.block)
        self.schemas = {name: block_of(schema.block) for name, schema in answer.resource_schemas.items()}
        """The blocks of its resources, by type."""

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [self._program, "-debug"], env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        (found,) = json.loads(reattach(self._process.stdout)).values()
        self._channel = grpc.insecure_channel(f"unix:{found['Addr']['String']}", options=UNLIMITED)
        self._protocol = int(found["ProtocolVersion"])

    def close(self) -> None:
        """End the provider."""
        self._channel.close()
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def _call(self, method: str, request: Message, response: str) -> Message:
        call: Callable[..., Message] = self._channel.unary_unary(
            PREFIX[self._protocol] + method,
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=MESSAGE[response].FromString,
        )
        try:
            return call(request, timeout=SECONDS)
        except grpc.RpcError as error:
            raise ProviderGoneError(f"{method}: {error.code()}") from error

    def configure(self, **values: Any) -> None:
        """Configure the provider with some of its arguments. Raises ValueError with what it says against them."""
        self._given = values
        config = {**empty_block(self._configuration), **values}
        request = MESSAGE["ProviderConfigRequest"](terraform_version="1.11.4", config=pack(config))
        if errors := _errors(self._call(CONFIGURE[self._protocol], request, "Diagnostics1").diagnostics):
            raise ValueError("; ".join(errors))

    def plan(self, kind: str, prior: Values | None, config: Values, proposed: Values | None = None) -> Planned:
        """Plan a resource from what it is to what it is to be; `prior` is None for a new one.

        `proposed` is what Terraform makes of both: the configuration, with what the provider computed before. A
        provider that ends of it is started anew, and that is an error of the plan.
        """
        request = MESSAGE["PlanRequest"](
            type_name=kind, prior_state=pack(prior), proposed_new_state=pack(proposed or config), config=pack(config)
        )
        try:
            answer = self._call("PlanResourceChange", request, "PlanResponse")
        except ProviderGoneError as gone:
            self.close()
            self._start()
            self.configure(**(self._given or {}))
            return Planned(None, (), (str(gone),))
        paths = tuple(tuple(_step(step) for step in path.steps) for path in answer.requires_replace)
        return Planned(unpack(answer.planned_state), paths, tuple(_errors(answer.diagnostics)))


@contextmanager
def running(program: Path, environment: Mapping[str, str]) -> Iterator[Plugin]:
    """Start a provider's program, and end it at the end. Raises `TerraformError` when it does not serve."""
    plugin = Plugin(program, environment)
    try:
        yield plugin
    finally:
        plugin.close()


def _errors(diagnostics: Any) -> list[str]:
    return [f"{one.summary} {one.detail}".strip() for one in diagnostics if one.severity == 1]


def _step(step: Message) -> str | int:
    chosen = step.WhichOneof(CHOICE)
    return getattr(step, chosen) if chosen else "*"


def block_of(message: Message) -> Block:
    """Translate a block of the protocol to the form of `terraform providers schema -json`."""
    flags = ("required", "optional", "computed", "write_only")
    return {
        "attributes": {
            one.name: {"type": json.loads(one.type or b'"dynamic"')}
            | {flag: True for flag in flags if getattr(one, flag)}
            for one in message.attributes
        },
        "block_types": {
            one.type_name: {
                "nesting_mode": NESTING[one.nesting],
                "block": block_of(one.block),
                "min_items": one.min_items,
                "max_items": one.max_items,
            }
            for one in message.block_types
        },
    }


def empty_block(block: Block) -> Values:
    """Return the value of a block in which nothing is set."""
    nested: Values = {"single": None, "group": None, "map": {}}
    return dict.fromkeys(block["attributes"]) | {
        name: nested.get(one["nesting_mode"], []) for name, one in block["block_types"].items()
    }
