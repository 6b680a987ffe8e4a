"""What a machine is told by the metadata of its instance template: what to run, and with which variables.

The script that starts the container reads it, `machine/start.sh`. Metadata can be read by whoever may see the machine,
so a secret is only named there.
https://cloud.google.com/compute/docs/metadata/overview
"""

from __future__ import annotations

from collections.abc import Mapping

from cloudgen.stack.base import HclValue, Ref, SecretVariable, join
from cloudgen.stack.contract import IMAGE_USER
from cloudgen.stack.folders import folders
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.platforms.connections import Connected
from cloudgen.stack.gcp.platforms.virtual_machines.images import image
from cloudgen.stack.machines import check_writable, refuse_secret_names
from cloudgen.stack.workload import Wanted

MACHINE: Mapping[str, HclValue] = {
    "user-data": Ref("local.machine"),
    # Sign-in by IAM alone, which nothing here grants; no keys, no console.
    "enable-oslogin": "TRUE",
    "block-project-ssh-keys": "TRUE",
    "serial-port-enable": "FALSE",
    # What the machine says on its way up is logged; the container logs by itself.
    "serial-port-logging-enable": "TRUE",
    # Memory in use, as only the machine knows it.
    "google-monitoring-enabled": "true",
    # A machine is replaced, never changed: it keeps the system that it began with.
    "cos-update-strategy": "update_disabled",
}
"""What is the same for every machine."""

LONGEST_KEY = 127
"""https://cloud.google.com/compute/docs/metadata/setting-custom-metadata#limitations"""
KEPT_BY_SHELL = ("BASHOPTS", "BASH_VERSINFO", "EUID", "PPID", "SHELLOPTS", "UID")
"""Variables of the shell that starts the container, which cannot be set."""


def metadata(foundation: Foundation, wanted: Wanted, group: str, connected: Connected) -> Mapping[str, HclValue]:
    """Decide the metadata of a machine; `group` is what its logs are known by."""
    _check_names(foundation, wanted)
    container = wanted.spec
    user = container.user if container.user is not None or not container.built else IMAGE_USER
    arguments = enumerate(container.command or ())
    return {
        **MACHINE,
        "container-name": group,
        "container-image": image(wanted),
        **({"container-user": str(user)} if user is not None else {}),
        **({"container-read-only": "true"} if container.is_read_only else {}),
        **({"container-port": str(container.port)} if container.port is not None else {}),
        **{f"container-folder-{number}": each.path for number, each in enumerate(folders(container))},
        **{f"container-argument-{number}": argument for number, argument in arguments},
        **{f"variable-{each.name}": each.value for each in connected.told.variables},
        **{f"secret-{each.name}": _version(foundation, each) for each in connected.told.secrets},
    }


def _version(foundation: Foundation, secret: SecretVariable) -> HclValue:
    """The name of a version of a secret, as its API takes it."""
    version = secret.version if secret.version is not None else "latest"
    return join(f"projects/{foundation.project}/secrets/", secret.secret, "/versions/", version)


def _check_names(foundation: Foundation, wanted: Wanted) -> None:
    for key, prefix in (("environment", "variable-"), ("secrets", "secret-")):
        for name in getattr(wanted.spec, key):
            path = ("containers", wanted.name, key, name)
            if len(prefix + name) > LONGEST_KEY:
                foundation.problems.error(
                    "over-limit",
                    f"on a machine of Google the name of a variable has {LONGEST_KEY - len(prefix)} characters at most",
                    path,
                    "choose a shorter name",
                )
    for name in wanted.spec.secrets:
        if name in KEPT_BY_SHELL:
            foundation.problems.error(
                "reserved-name",
                f"on a machine {name} belongs to the shell that starts the container",
                ("containers", wanted.name, "secrets", name),
                "give the variable another name",
            )
    refuse_secret_names(wanted, foundation.problems)
    check_writable(wanted, foundation.problems)
