"""What a machine is told when it starts: the image, how Docker runs it, plain variables, and where secrets lie.

It stands in the user data, which everybody can read who may look at the machine; so no value of a secret is in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.images import image
from cloudgen.stack.aws.platforms.connections import Connections
from cloudgen.stack.aws.secrets import Secret
from cloudgen.stack.base import Address, SecretVariable, Variable, join
from cloudgen.stack.contract import IMAGE_USER
from cloudgen.stack.folders import folders
from cloudgen.stack.machines import TMP, check_writable, refuse_secret_names
from cloudgen.stack.workload import Told, Wanted, told

LIMIT = 8 * 1024
"""Bytes that the environment, the secrets and the command may take. All user data is 16 KiB at most.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html
"""
SECRET = 200
"""Bytes that tell where a secret lies: its ARN and its version."""


def settings(
    foundation: Foundation, wanted: Wanted, links: Connections, secrets: Mapping[str, Secret], log_group: Address
) -> Mapping[str, Any]:
    """What machine/start.py reads."""
    refuse_secret_names(wanted, foundation.problems)
    check_writable(wanted, foundation.problems)
    environment = told(wanted, links.given, secrets, foundation.problems)
    region = foundation.account.region
    # Fargate tells these to each container, and clients of AWS look for them.
    regional = [Variable(name, region) for name in ("AWS_REGION", "AWS_DEFAULT_REGION")]
    variables = {each.name: each.value for each in (*regional, *environment.variables)}
    _refuse_too_much(foundation, wanted, environment)
    return {
        "name": wanted.name,
        "image": image(wanted),
        "command": wanted.spec.command or [],
        "options": [*_options(wanted), *_log_options(region, log_group)],
        "environment": variables,
        "secrets": {each.name: _place(each) for each in environment.secrets},
    }


def _options(wanted: Wanted) -> tuple[str, ...]:
    """The options of `docker run`. The machine's own network, as a machine has one container and this is its port.

    https://docs.docker.com/reference/cli/docker/container/run/
    """
    container = wanted.spec
    user = container.user or (IMAGE_USER if container.built else None)
    return (
        "--init",
        "--network=host",
        "--cap-drop=ALL",
        "--security-opt=no-new-privileges",
        *((f"--user={user}:{user}",) if user is not None else ()),
        # A core file would be a copy of its memory on the disk, secrets with it.
        "--ulimit=core=0",
        *(("--read-only", f"--tmpfs=/tmp:{TMP}") if container.is_read_only else ()),
        *(f"--volume={folder.path}" for folder in folders(container)),
    )


def _log_options(region: str, log_group: Address) -> tuple[Any, ...]:
    """The log driver's options; start.py adds the stream, which is named by the machine.

    https://docs.docker.com/engine/logging/drivers/awslogs/, https://docs.docker.com/engine/logging/dual-logging/
    """
    return (
        "--log-driver=awslogs",
        f"--log-opt=awslogs-region={region}",
        join("--log-opt=awslogs-group=", log_group.name),
        # A full log buffer drops lines rather than stopping the application.
        "--log-opt=mode=non-blocking",
        "--log-opt=max-buffer-size=4m",
        # Else Docker keeps a copy for `docker logs`.
        "--log-opt=cache-disabled=true",
    )


def _place(variable: SecretVariable) -> Mapping[str, Any]:
    """Where the value of a secret lies, in the words of Secrets Manager; `key` is the key of its JSON text."""
    found = {"secret": variable.secret, "version": variable.version, "key": variable.key}
    return {name: value for name, value in found.items() if value is not None}


def _refuse_too_much(foundation: Foundation, wanted: Wanted, environment: Told) -> None:
    literal = {each.name: str(each.value) for each in environment.variables}
    # It stands as JSON in JSON.
    size = len(json.dumps(json.dumps([literal, wanted.spec.command]))) + SECRET * len(environment.secrets)
    if size > LIMIT:
        foundation.problems.error(
            "too-large",
            f"container `{wanted.name}`: a machine is told {LIMIT} bytes of environment, secrets and command at most, "
            f"and these take {size}",
            wanted.at("environment") if wanted.spec.environment else wanted.at("command"),
            "put what is large into a file of the image, or into a bucket",
        )
