"""The stage of an image that builds a front end with Node.js."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from cloudgen.dataclass import dataclass
from cloudgen.spec.build import FrontEnd
from cloudgen.stack import contract
from cloudgen.stack.docker.install import words
from cloudgen.stack.docker.versions import node_image
from cloudgen.stack.text import DockerText

MANIFESTS = (
    "package.json",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    "yarn.lock",
    ".npmrc",
    ".yarnrc.yml",
    "*.patch",
)
"""Names of the files that say which packages of Node.js are installed; those of a workspace lie in several folders."""

INSTALL: Mapping[str, tuple[str, ...]] = {
    "npm": ("npm", "ci"),
    "pnpm": ("corepack", "pnpm", "install", "--frozen-lockfile"),
    # Version 1 knows no --immutable; later ones take this for it.
    "yarn": ("corepack", "yarn", "install", "--frozen-lockfile"),
}
"""Installs what the lock says, and fails when it does not fit package.json.

https://docs.npmjs.com/cli/commands/npm-ci, https://pnpm.io/cli/install, https://yarnpkg.com/cli/install;
Corepack brings the version that package.json names: https://nodejs.org/docs/latest-v24.x/api/corepack.html
"""

RUN: Mapping[str, tuple[str, ...]] = {
    "npm": ("npm", "run"),
    "pnpm": ("corepack", "pnpm", "run"),
    "yarn": ("corepack", "yarn", "run"),
}


CACHE = "/var/cache/node"
"""Where they keep what they have fetched."""

CACHE_VARIABLES = ("NPM_CONFIG_CACHE", "NPM_CONFIG_STORE_DIR", "YARN_CACHE_FOLDER")
"""The variables by which npm, pnpm and yarn are told so."""


@dataclass(frozen=True)
class FrontEndStage:
    """How the front end of an image is built."""

    base: str
    folder: str
    """Of its package.json, in the image."""
    manifests: DockerText
    """The test of find(1) for the files that pin its packages."""
    install: tuple[str, ...]
    build: DockerText
    cache: str
    """The folder of what its package manager keeps between builds."""
    environment: Mapping[str, str]


def front_end(wanted: FrontEnd | None) -> FrontEndStage | None:
    """Decide the stage of a front end; None where there is none."""
    if wanted is None:
        return None
    manager = wanted.package_manager
    return FrontEndStage(
        base=node_image(wanted.node),
        folder=posixpath.normpath(posixpath.join(contract.IMAGE_FOLDER, wanted.folder)),
        manifests=DockerText(" -o ".join(f"-name {words(name, always=True)}" for name in MANIFESTS)),
        install=INSTALL[manager],
        build=words(*RUN[manager], wanted.script),
        cache=CACHE,
        environment={"COREPACK_ENABLE_DOWNLOAD_PROMPT": "0", **dict.fromkeys(CACHE_VARIABLES, CACHE)},
    )
