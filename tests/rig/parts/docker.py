"""Renders a spec for Docker, given as text; what the tests of this target share."""

from __future__ import annotations

from typing import Any

import yaml

from cloudgen.errors import Problem, SpecError
from cloudgen.render import render
from cloudgen.spec.loader import loads
from cloudgen.spec.parse import parse
from cloudgen.stack import coordinate_models
from cloudgen.stack.docker import DockerStack, build

HEAD = "version: 1\nname: shop\n"


def stack_of(text: str) -> DockerStack:
    """Build the stack of a spec whose first two lines are given."""
    return build(parse(loads(HEAD + text, "cloudgen.yaml"), coordinate_models()))


def files_of(text: str) -> dict[str, str]:
    """Render a spec: the text of each file by its name."""
    return {file.path: file.text for file in render(stack_of(text))}


def services_of(text: str) -> dict[str, Any]:
    """Render a spec and read the services of its compose file back."""
    services: dict[str, Any] = yaml.safe_load(files_of(text)["compose.yaml"])["services"]
    return services


def problems_of(text: str) -> tuple[Problem, ...]:
    """Return the problems that stop a spec."""
    try:
        stack_of(text)
    except SpecError as error:
        return error.problems
    return ()
