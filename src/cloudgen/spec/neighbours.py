"""Containers of a deployment do not reach each other by name: what is written as if they did is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudgen.errors import Problem, SpecPath
from cloudgen.spec import secrecy


def connection_to(
    connection: str, neighbours: Mapping[str, Any], storage: Mapping[str, str], path: SpecPath
) -> tuple[Problem, ...]:
    """`connects_to: [api]`, where api is a container."""
    name = connection.partition(":")[0]
    if name in storage or name not in neighbours:
        return ()
    message = f"`{secrecy.shown(name, 40)}` is a container: connects_to leads to storage only"
    hint = "reach it through the load balancer, by a route of its own, or put a queue between the two"
    return (Problem("unsupported", message, path, hint=hint),)


def address(
    value: Mapping[str, Any], neighbours: Mapping[str, Any], storage: Mapping[str, str], path: SpecPath
) -> tuple[Problem, ...]:
    """`{from: api.url}`, where api is a container."""
    name = value["from"].partition(".")[0]
    if name in storage or name not in neighbours:
        return ()
    message = f"`{secrecy.shown(name, 40)}` is a container: only parts of storage can be asked for their address"
    hint = "write the address that a route of the load balancer gives it, such as https://shop.example.com/api"
    return (Problem("unsupported", message, (*path, "from"), hint=hint),)
