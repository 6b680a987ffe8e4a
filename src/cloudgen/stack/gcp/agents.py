"""Google's service agents: the identities by which its services work in the project.

A service that encrypts with the customer's key does so as its agent, so the agent needs a grant on the key
before the first thing is encrypted.
https://cloud.google.com/iam/docs/service-agents
"""

from __future__ import annotations

from collections.abc import Iterable

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address, Ref, Template, join
from cloudgen.stack.gcp.addresses import KEY, KEY_READY
from cloudgen.stack.gcp.foundation import PROJECT_NUMBER, Foundation
from cloudgen.stack.gcp.iam import Grant, Member, on_key
from cloudgen.stack.naming import digest

DOMAINS = {
    "artifact-registry": "gcp-sa-artifactregistry",
    "cache": "gcp-sa-memorystore",
    "database": "gcp-sa-cloud-sql",
    "machines": "compute-system",
    "queue": "gcp-sa-pubsub",
    "secrets": "gcp-sa-secretmanager",
}
"""Our name of an agent -> the domain of its address, below iam.gserviceaccount.com."""

SERVICES = {
    "artifact-registry": "artifactregistry.googleapis.com",
    "cache": "memorystore.googleapis.com",
    "database": "sqladmin.googleapis.com",
    "queue": "pubsub.googleapis.com",
    "secrets": "secretmanager.googleapis.com",
}
"""The service that each agent works for, as `gcloud beta services identity create --service=` wants it.

That of machines is made when the API of Compute Engine is switched on.
"""

STORAGE = "storage"
LOGS = "logs"
LOOKED_UP_DATA = {
    STORAGE: Address("data.google_storage_project_service_account", "current"),
    LOGS: Address("data.google_logging_project_cmek_settings", "current"),
}
LOOKED_UP = {
    STORAGE: LOOKED_UP_DATA[STORAGE].email_address,
    LOGS: LOOKED_UP_DATA[LOGS].service_account_id,
}
"""Agents with an address of another form, which a data source tells (and which makes the agent)."""
LOOKED_UP_BY = {STORAGE: "storage.googleapis.com", LOGS: "logging.googleapis.com"}
"""The APIs that tell these addresses. They have to be on when Terraform begins to plan."""


@dataclass(frozen=True)
class ServiceAgent:
    """One of Google's own identities in the project."""

    name: str

    @property
    def address(self) -> Ref | Template:
        """Its e-mail address."""
        if self.looked_up:
            return LOOKED_UP[self.name]
        return join("service-", PROJECT_NUMBER, f"@{DOMAINS[self.name]}.iam.gserviceaccount.com")

    @property
    def member(self) -> Template:
        """How a grant names it."""
        address = self.address
        parts = address.parts if isinstance(address, Template) else (address,)
        return join("serviceAccount:", *parts)

    @property
    def service(self) -> str | None:
        """The service whose agent has to be made by gcloud; None where something else makes it."""
        return SERVICES.get(self.name)

    @property
    def looked_up(self) -> bool:
        """Whether a data source tells its address."""
        return self.name in LOOKED_UP


def key_members(agents: Iterable[str]) -> tuple[Member, ...]:
    """The grants by which agents may use the customer's key, in order of name, each once."""
    grant = Grant("roles/cloudkms.cryptoKeyEncrypterDecrypter", on_key(KEY))
    return tuple(
        Member(name.replace("-", "_"), grant, ServiceAgent(name).member) for name in sorted(dict.fromkeys(agents))
    )


class Lent:
    """What the keys of all modules have in common: agents that may use them, and the wait until Google knows it."""

    members: tuple[Member, ...]

    @property
    def member_names(self) -> str:
        """All of them in one text: when it changes, the wait happens again."""
        return ",".join(member.label for member in self.members)

    @property
    def wait_key(self) -> str:
        """The key of the wait, which changes with them."""
        return digest(self.member_names)

    @property
    def granted(self) -> tuple[Address, ...]:
        """What the wait has to wait for."""
        return tuple(member.address for member in self.members)

    @property
    def lent(self) -> tuple[Address, ...]:
        """The grants, and the wait for them."""
        return (*self.granted, KEY_READY)


def key_ready(foundation: Foundation) -> tuple[Address, ...]:
    """What a service waits for before it encrypts: what its agent may do is known everywhere.

    Nothing where Google's own keys encrypt. A grant takes two minutes as a rule, and seven or more at times:
    https://cloud.google.com/iam/docs/access-change-propagation
    """
    return (KEY_READY,) if foundation.customer_key else ()
