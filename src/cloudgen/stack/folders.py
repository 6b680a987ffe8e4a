"""The folders that a container may write to, as every target sees them."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from cloudgen.dataclass import dataclass
from cloudgen.stack import contract
from cloudgen.stack.base import label
from cloudgen.stack.kinds import Stated

if TYPE_CHECKING:
    from cloudgen.spec.containers import Container
    from cloudgen.spec.deployment import Deployment
    from cloudgen.stack.base import Problems
    from cloudgen.stack.workload import Wanted


@dataclass(frozen=True)
class Folder:
    """A folder that can be written."""

    path: str
    """From the root of the container on."""
    keep: bool
    """Whether its files outlive the container."""

    @property
    def volume(self) -> str:
        """A name for what is mounted there: `app-data` for /app/data."""
        return re.sub(r"[^A-Za-z0-9_]+", "-", self.path).strip("-")


def folders(container: Container) -> tuple[Folder, ...]:
    """Return the folders of `writable`, in the order of the spec."""
    return tuple(
        Folder(posixpath.normpath(posixpath.join(contract.IMAGE_FOLDER, each.folder)), each.keep)
        for each in container.writable
    )


@dataclass(frozen=True)
class KeptFolder:
    """A folder whose files stay: a store of its own, which only its container reaches."""

    container: str
    folder: Folder

    @property
    def name(self) -> str:
        """What resources call it: `web_app-media`. Names of the spec have no underscore, so it is never one of them."""
        return f"{self.container}_{self.folder.volume.lower()}"

    @property
    def cloud_name(self) -> str:
        """The same, for names in a cloud, which take no underscore: `web-app-media`."""
        return self.name.replace("_", "-")

    @property
    def title(self) -> str:
        """What summaries call it: `web /app/media`."""
        return f"{self.container} {self.folder.path}"

    @property
    def stated(self) -> Stated:
        """Where the spec asks for it."""
        path = ("containers", self.container, "writable")
        called = ".".join((*path, self.folder.volume.lower()))
        return Stated(path, f"kept folder {self.folder.path} of {self.container}", called)


def kept_folders(deployment: Deployment) -> tuple[KeptFolder, ...]:
    """Return the kept folders of all containers, in the order of the spec."""
    return tuple(kept for name, container in deployment.containers.items() for kept in kept_of(name, container))


def kept_of(name: str, container: Container) -> tuple[KeptFolder, ...]:
    """Return the kept folders of a container."""
    return tuple(KeptFolder(name, folder) for folder in folders(container) if folder.keep)


def check_folders(wanted: Wanted, problems: Problems) -> None:
    """Record a problem for each folder that stands there twice, or whose name cannot be told from another's."""
    seen: dict[str, str] = {}
    for folder in folders(wanted.spec):
        # Labels of Terraform take neither the difference of a hyphen and an underscore, nor that of a capital.
        volume = label(folder.volume.lower())
        if volume in seen:
            other = seen[volume]
            message = (
                f"`{folder.path}` stands here twice"
                if other == folder.path
                else f"`{folder.path}` and `{other}` would be volumes of the same name"
            )
            problems.error("duplicate", message, wanted.at("writable"), "remove one of them, or name the folder above")
        seen.setdefault(volume, folder.path)


def refuse_kept(wanted: Wanted, reason: str, problems: Problems) -> None:
    """Record a problem for each folder whose files shall stay, with the reason of a platform that has no volume."""
    for folder in folders(wanted.spec):
        if folder.keep:
            problems.error(
                "unsupported",
                f"`{folder.path}`: {reason}",
                wanted.at("writable"),
                "keep such files in a bucket (storage.buckets), or remove :keep if they may go with the container",
            )
