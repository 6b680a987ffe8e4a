"""Rules of every target about what containers are told to run: what is missing, and what would not do what it says."""

from __future__ import annotations

import re

from cloudgen.spec.containers import Container
from cloudgen.spec.deployment import Deployment
from cloudgen.stack import contract
from cloudgen.stack.base import Problems

_VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


def check_commands(deployment: Deployment, problems: Problems) -> None:
    """Record a problem for every worker and job without a command, where the image brings none of its own.

    Warn of a variable that is put into another one as a shell would, and of a single worker that a deployment doubles.
    """
    for name, container in deployment.containers.items():
        silent = container.kind in {"worker", "job"} and not deployment.serves(container)
        if silent and container.built and container.command is None:
            problems.error(
                "missing-key",
                f"container `{name}` has neither a port to serve the application on nor a command to run",
                ("containers", name),
                "add a command, such as [python, -m, package.module], or a port",
            )
        _tell_variables(name, container, problems)
        _tell_doubles(name, container, problems)


def _tell_variables(name: str, container: Container, problems: Problems) -> None:
    for variable, value in container.environment.items():
        for found in _VARIABLE.findall(value) if isinstance(value, str) else ():
            used = next((each.name for each in container.connects_to if _is_of(found, each.name)), None)
            if used is not None:
                problems.warning(
                    "not-replaced",
                    f"{variable} of container `{name}` arrives with ${{{found}}} in it: nothing replaces it",
                    ("containers", name, "environment", variable),
                    f"write {variable}: {{from: {used}.url}}, or the part of it that is wanted",
                )
                break


def _is_of(variable: str, thing: str) -> bool:
    return variable.startswith(f"{contract.prefix(thing)}_")


def _tell_doubles(name: str, container: Container, problems: Problems) -> None:
    scaling = container.scaling
    stated = {"min", "max"} <= scaling.model_fields_set
    if container.kind == "worker" and stated and scaling.min == scaling.max == 1:
        problems.warning(
            "two-at-a-time",
            f"two of container `{name}` run while a new version is deployed, although it scales to one",
            ("containers", name, "scaling"),
            "if it must never run twice, write replicas: exactly_one instead, or let it hold a lock",
        )
