"""Reads every file that states something about processes, the weightiest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudgen.detect.stated import compose, daemons, dockerfiles, images, platforms
from cloudgen.detect.stated.statement import Stated

if TYPE_CHECKING:
    from cloudgen.detect.tree import Tree


def read_stated(tree: Tree) -> Stated:
    """Return what the repository states about its processes."""
    stated = Stated()
    stated.dockerfiles = dockerfiles.find(tree)
    compose.set_builds(tree, stated)
    images.add(tree, stated)
    platforms.add(tree, stated)
    compose.add(tree, stated)
    daemons.add(tree, stated)
    return stated
