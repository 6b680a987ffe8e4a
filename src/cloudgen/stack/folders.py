"""The folders that a container may write to, as every target sees them."""

from __future__ import annotations

import posixpath
import re

from cloudgen.dataclass import dataclass
from cloudgen.spec.containers import Container
from cloudgen.stack import contract
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


def check_folders(wanted: Wanted, problems: Problems) -> None:
    """Record a problem for each folder that stands there twice, or whose name cannot be told from another's."""
    seen: dict[str, str] = {}
    for folder in folders(wanted.spec):
        if folder.volume in seen:
            other = seen[folder.volume]
            message = (
                f"`{folder.path}` stands here twice"
                if other == folder.path
                else f"`{folder.path}` and `{other}` would be volumes of the same name"
            )
            problems.error("duplicate", message, wanted.at("writable"), "remove one of them, or name the folder above")
        seen.setdefault(folder.volume, folder.path)


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
