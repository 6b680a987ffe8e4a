"""What a function is told: its variables, where its secrets lie, and how the adapter reaches the server."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cloudgen.stack import contract, functions
from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.platforms.connections import Connections
from cloudgen.stack.aws.secrets import Secret, value_from
from cloudgen.stack.base import Ref, SecretVariable, Template, Variable, join
from cloudgen.stack.workload import Told, Wanted, told

LIMIT = 4 * 1024
"""Bytes that all variables may take together.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""
REFERENCE = 100
"""Bytes that a value takes which only Terraform knows, such as an ARN or a URL."""

SECRETS = "SECRETS_TO_FETCH"
"""The variable by which the start script knows the secrets: `NAME=where` each, with spaces between them."""

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]+")
"""https://docs.aws.amazon.com/lambda/latest/api/API_Environment.html"""

RESERVED = (
    "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT", "_HANDLER",
    "_X_AMZN_TRACE_ID",
)  # fmt: skip
"""Variables that Lambda sets, and refuses to take.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
"""

TAKEN_PORTS = (3000, 9001)
"""Ports that Lambda's extensions and its runtime listen on.

https://aws.github.io/aws-lambda-web-adapter/
"""
LOWEST_PORT = 1024
"""The lowest port that is not for root alone. A function runs as a user of Lambda's own."""


def variables(
    foundation: Foundation, wanted: Wanted, links: Connections, secrets: Mapping[str, Secret]
) -> Mapping[str, str | Ref | Template]:
    """The environment of a function. Values of secrets are not in it: the start script of the image fetches them."""
    _check_port(foundation, wanted)
    adapter = _adapter(wanted)
    given = _with_start(wanted, links.given)
    taken = {
        **dict.fromkeys(RESERVED, "Lambda"),
        **dict.fromkeys(adapter, "what starts it"),
        SECRETS: "the start script",
    }
    environment = told(wanted, given, secrets, foundation.problems, reserved=taken)
    _check_names(foundation, wanted)
    hidden = {SECRETS: _places(environment.secrets)} if environment.secrets else {}
    found = {**{each.name: each.value for each in environment.variables}, **adapter, **hidden}
    _check_size(foundation, wanted, found)
    return found


def _with_start(wanted: Wanted, given: Told) -> Told:
    """What is told of the start: the port, where the spec has none, and what the events are about."""
    started = functions.source(wanted)
    port = () if wanted.spec.port else (contract.port(functions.PORT),)
    source = () if started is None else (Variable(functions.SOURCE, started),)
    return Told((*port, *source, *given.variables), given.secrets, given.parts)


def _adapter(wanted: Wanted) -> Mapping[str, str]:
    """How the Lambda Web Adapter reaches the server, and what it takes for a failure.

    A response to a visitor is one, whatever its status. An event is handled, or it is not: without a word of this the
    adapter would take every status for a success, and nothing would be tried again.
    https://aws.github.io/aws-lambda-web-adapter/configuration/environment-variables.html
    """
    found = {"AWS_LWA_PORT": str(functions.port(wanted))}
    if functions.source(wanted) is None:
        found["AWS_LWA_READINESS_CHECK_PATH"] = wanted.spec.health_check.path
        found["AWS_LWA_READINESS_CHECK_HEALTHY_STATUS"] = wanted.spec.health_check.success
        return found
    found["AWS_LWA_READINESS_CHECK_PROTOCOL"] = "tcp"
    found["AWS_LWA_PASS_THROUGH_PATH"] = functions.PATH
    found["AWS_LWA_ERROR_STATUS_CODES"] = "300-599"
    return found


def _places(secrets: tuple[SecretVariable, ...]) -> Template:
    """Where the value of each secret lies: the ARN, the key of a JSON text, and the version, in the words of ECS."""
    parts: list[str | Ref] = []
    for each in secrets:
        parts += [f"{' ' if parts else ''}{each.name}=", *value_from(each).parts]
    return join(*parts)


def _check_port(foundation: Foundation, wanted: Wanted) -> None:
    port = functions.port(wanted)
    if port in TAKEN_PORTS or port < LOWEST_PORT:
        why = "is taken by Lambda itself" if port in TAKEN_PORTS else "is for root alone, and a function is not root"
        foundation.problems.error(
            "out-of-range",
            f"container `{wanted.name}`: on Lambda port {port} {why}",
            wanted.at("port"),
            "use another port from 1024 on, such as 8000: what the load balancer answers on stays the same",
        )


def _check_names(foundation: Foundation, wanted: Wanted) -> None:
    for key in ("environment", "secrets"):
        for name in getattr(wanted.spec, key):
            if not NAME.fullmatch(name) and name not in RESERVED:
                foundation.problems.error(
                    "reserved-name",
                    f"Lambda takes no variable {name}: a name has two characters at least, and begins with a letter",
                    ("containers", wanted.name, key, name),
                    "give the variable another name",
                )


def _check_size(foundation: Foundation, wanted: Wanted, found: Mapping[str, str | Ref | Template]) -> None:
    size = sum(len(name.encode()) + _length(value) for name, value in found.items())
    if size > LIMIT:
        foundation.problems.error(
            "too-large",
            f"container `{wanted.name}`: a function is told {LIMIT} bytes of environment at most, these are {size}",
            wanted.at("environment") if wanted.spec.environment else wanted.at("secrets"),
            "put what is large into a file of the image, or into a bucket",
        )


def _length(value: str | Ref | Template) -> int:
    parts = value.parts if isinstance(value, Template) else (value,)
    return sum(REFERENCE if isinstance(part, Ref) else len(part.encode()) for part in parts)
