"""What all buckets of Cloud Storage that hold data have in common: those of the spec, and those of kept folders."""

from __future__ import annotations

from collections.abc import Mapping

from cloudgen.dataclass import dataclass
from cloudgen.errors import SpecPath
from cloudgen.stack.base import Address, SecretVariable, Variable, label
from cloudgen.stack.gcp.addresses import APIS_READY
from cloudgen.stack.gcp.agents import STORAGE, key_ready
from cloudgen.stack.gcp.alarms import Alarm
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import ServiceAccount
from cloudgen.stack.gcp.logs import Origin
from cloudgen.stack.gcp.storage.resource import Endpoint, Place
from cloudgen.stack.held import Fact
from cloudgen.stack.naming import fit
from cloudgen.stack.readme import Size

NAME_LIMIT = 63


@dataclass(frozen=True)
class PrivateBucket:
    """A private bucket, rendered by the partial `_bucket.tf.j2`."""

    name: str
    bucket_name: str
    force_destroy: bool
    """Whether `terraform destroy` removes the bucket with everything in it."""
    versioning: bool
    noncurrent_days: int
    before_bucket: tuple[Address, ...]

    @property
    def label(self) -> str:
        """The Terraform label."""
        return label(self.name)

    @property
    def address(self) -> Address:
        """The bucket's address."""
        return Address("google_storage_bucket", self.label)

    def connected(self, verb: str | None, account: ServiceAccount) -> tuple[Variable, ...]:  # noqa: ARG002
        """Nothing: a bucket has one name for all."""
        return ()

    def parts(self, verb: str | None) -> Mapping[str, str]:  # noqa: ARG002
        """None beside what it is told by the names of the contract."""
        return {}

    @property
    def secrets(self) -> tuple[SecretVariable, ...]:
        """None: the service account is all that Cloud Storage asks for."""
        return ()

    @property
    def endpoint(self) -> Endpoint | None:
        """None: Cloud Storage has a public API."""
        return None

    @property
    def apis(self) -> tuple[str, ...]:
        """The API of Cloud Storage."""
        return ("storage",)

    @property
    def agents(self) -> tuple[str, ...]:
        """The agent of Cloud Storage encrypts it."""
        return (STORAGE,)

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """None: Cloud Storage has no limit that a bucket could run into."""
        return ()

    @property
    def logs(self) -> tuple[Origin, ...]:
        """None: only audit logs, which account/ keeps."""
        return ()

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The bucket."""
        return (self.address,)

    @property
    def granted_agents(self) -> tuple[str, ...]:
        """None."""
        return ()

    @property
    def left_behind(self) -> tuple[str, ...]:
        """Nothing."""
        return ()

    @property
    def place(self) -> Place:
        """Behind a public API."""
        return "regional"

    def facts(self, encryption: str) -> tuple[Fact, ...]:  # noqa: ARG002
        """None: whatever the spec says of a bucket changes in place."""
        return ()

    @property
    def size(self) -> Size | None:
        """None: a bucket has no size."""
        return None

    @property
    def before(self) -> tuple[Address, ...]:
        """The bucket."""
        return (self.address,)


def before_bucket(foundation: Foundation) -> tuple[Address, ...]:
    """What has to exist before a bucket: the grant on the key, or else the API."""
    return key_ready(foundation) or (APIS_READY,)


def bucket_name(foundation: Foundation, name: str, path: SpecPath) -> str:
    """The bucket's name, which the project's id makes unique in the world. `path` is where the spec asks for it.

    https://cloud.google.com/storage/docs/buckets#naming
    """
    full = f"{foundation.prefix}-{name}-{foundation.project}"
    if "google" in full or full.startswith("goog"):
        foundation.problems.error(
            "reserved-name",
            "Cloud Storage takes no bucket whose name has `google` in it or begins with `goog`; "
            f"this one would be called {full}",
            path,
            f"the name is made of the application, the environment, the {_what(path)} and the project: change one of "
            "them",
        )
    return fit(full, NAME_LIMIT)


def _what(path: SpecPath) -> str:
    return "bucket" if path[0] == "storage" else "container, the folder"
