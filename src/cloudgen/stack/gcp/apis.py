"""The APIs of Google Cloud that the stack uses. A new project has them all switched off.

Switching one on takes a while to be known everywhere, so the first resources wait for `time_sleep.apis`.
https://cloud.google.com/service-usage/docs/enable-disable
"""

from __future__ import annotations

from collections.abc import Iterable

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address
from cloudgen.stack.gcp.addresses import APIS_READY
from cloudgen.stack.naming import digest

DOMAIN = "googleapis.com"
BEFORE_TERRAFORM = ("cloudresourcemanager.googleapis.com", "serviceusage.googleapis.com")
"""What has to be on before Terraform can switch on anything: a matter of gcloud, so of deploy.sh and the README."""


@dataclass(frozen=True)
class Api:
    """One API, rendered as a google_project_service."""

    name: str

    @property
    def label(self) -> str:
        """The Terraform label, which is the API's own short name."""
        return self.name

    @property
    def service(self) -> str:
        """Its full name."""
        return f"{self.name}.{DOMAIN}"

    @property
    def address(self) -> Address:
        """Its address."""
        return Address("google_project_service", self.label)


@dataclass(frozen=True)
class Apis:
    """Every API that a module needs, in order of name, each once."""

    all: tuple[Api, ...]

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The APIs, and the wait for them."""
        return (*self.addresses, APIS_READY)

    @property
    def ready(self) -> tuple[Address, ...]:
        """The wait after they were switched on: what the first resource of each part depends on."""
        return (APIS_READY,)

    @property
    def addresses(self) -> tuple[Address, ...]:
        """What the wait has to wait for."""
        return tuple(api.address for api in self.all)

    @property
    def names(self) -> str:
        """All of them in one text: when it changes, the wait happens again."""
        return ",".join(api.name for api in self.all)

    @property
    def wait_key(self) -> str:
        """The key of the wait, which changes with them."""
        return digest(self.names)


def apis(names: Iterable[str]) -> Apis:
    """Decide the APIs of a module from the short names that its parts ask for."""
    return Apis(tuple(Api(name) for name in sorted(set(names))))
