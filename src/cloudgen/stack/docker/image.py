"""What stands in a Dockerfile: decided here, for every container that cloudgen builds."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence

from cloudgen.dataclass import dataclass
from cloudgen.spec.build import Build
from cloudgen.spec.containers import Container
from cloudgen.spec.deployment import Deployment
from cloudgen.stack import contract, functions
from cloudgen.stack.connections import urls_with_password
from cloudgen.stack.docker.front_end import FrontEndStage, front_end
from cloudgen.stack.docker.install import (
    LOCAL_LINES,
    credentials,
    index_environment,
    install_options,
    manifest_names,
    words,
)
from cloudgen.stack.docker.server import (
    http_check,
    needs_client_address,
    package_check,
    process_check,
    server_command,
    server_environment,
)
from cloudgen.stack.docker.versions import ADAPTER_IMAGE, PDM, PIPENV, POETRY, UV_IMAGE, python_image
from cloudgen.stack.folders import folders
from cloudgen.stack.functions import by_events
from cloudgen.stack.text import DockerText

HEADERS: Mapping[str, str] = {
    "libpq5": "libpq-dev",
    "libmariadb3": "libmariadb-dev",
    "libxml2": "libxml2-dev",
    "libxslt1.1": "libxslt1-dev",
    "libffi8": "libffi-dev",
    "libxmlsec1-openssl": "libxmlsec1-dev",
    "libldap-2.5-0": "libldap-dev",
    "libsasl2-2": "libsasl2-dev",
    "librdkafka1": "librdkafka-dev",
}
"""Debian libraries that Python packages without a wheel are compiled against, and what has their headers."""

APP = contract.IMAGE_FOLDER

COMPILER = ("gcc", "g++", "libc6-dev", "pkg-config")
"""Debian packages that compile Python packages without a wheel."""

CHECKS_BEFORE_UNHEALTHY = 3


@dataclass(frozen=True)
class HealthCheck:
    """The HEALTHCHECK of an image; durations in seconds."""

    interval: int
    timeout: int
    start_period: int
    retries: int
    command: tuple[str, ...]


@dataclass(frozen=True)
class Dockerfile:
    """A Dockerfile with its list of what stays out of the build."""

    container: str
    base: str
    uv_image: str
    package_manager: str
    poetry: str
    pdm: DockerText
    pipenv: str
    front_end: FrontEndStage | None
    manifests: DockerText
    """The test of find(1) for the files that pin the packages."""
    local_lines: DockerText
    """The script of sed(1) that removes what names a folder or file of the context."""
    install: DockerText
    """What is to be installed, as options of the package manager."""
    index_environment: Mapping[str, str]
    """What tells uv of a package index beside PyPI."""
    credentials: DockerText
    """The mount of what logs in there."""
    build_packages: tuple[DockerText, ...]
    """Debian packages of the stage that installs."""
    packages: tuple[DockerText, ...]
    """Debian packages of the image that runs."""
    package_check: tuple[str, ...] | None
    """Stops the build when the server is missing; None where the spec has a command of its own."""
    workdir: str
    """The folder that commands start in."""
    python_path: DockerText
    """The folders that modules are imported from, as in PYTHONPATH."""
    steps: tuple[tuple[str, ...], ...]
    """Commands after the install."""
    server_environment: Mapping[str, str]
    """The server's options that are variables."""
    user: int
    writable: tuple[str, ...]
    """Folders that belong to the user, from the root on."""
    volumes: tuple[str, ...]
    """Folders that can be written on a root file system that cannot: what is mounted there takes over who owns them."""
    port: int | None
    health_check: HealthCheck
    command: tuple[str, ...]
    completes_urls: bool
    """Whether the start script puts passwords into URLs."""
    takes_events: bool
    """Whether events start one of the containers of the image, and something turns them into requests."""
    adapter: str | None
    """The image that has the Lambda Web Adapter; None where no container of the image is a function."""
    tells_the_client: bool
    """Whether a module in the image tells the application the client's address."""

    @property
    def output(self) -> str:
        """The file's path in the output."""
        return dockerfile_name(self.container)

    @property
    def has_start(self) -> bool:
        """Whether a start script comes before the command: for URLs, or for the secrets of a function."""
        return self.completes_urls or self.adapter is not None

    @property
    def has_workdir(self) -> bool:
        """Whether commands start in another folder than the context's."""
        return self.workdir != APP

    @property
    def make_writable(self) -> DockerText:
        """Makes the folders that can be written, where the build has not."""
        return words("mkdir", "--parents", *self.writable)

    @property
    def own_writable(self) -> DockerText:
        """Gives them to the user."""
        return words("chown", "--recursive", f"{self.user}:{self.user}", *self.writable)

    @property
    def more_cache(self) -> DockerText:
        """The mount of what Poetry keeps between builds."""
        return DockerText(" --mount=type=cache,target=/var/cache/pypoetry" if self.uses_poetry else "")

    @property
    def uses_pip(self) -> bool:
        """Whether requirements.txt pins the packages."""
        return self.package_manager == "pip"

    @property
    def uses_uv(self) -> bool:
        """Whether uv.lock pins the packages."""
        return self.package_manager == "uv"

    @property
    def uses_poetry(self) -> bool:
        """Whether poetry.lock pins the packages."""
        return self.package_manager == "poetry"

    @property
    def uses_pdm(self) -> bool:
        """Whether pdm.lock pins the packages."""
        return self.package_manager == "pdm"

    @property
    def uses_pipenv(self) -> bool:
        """Whether Pipfile.lock pins the packages."""
        return self.package_manager == "pipenv"


@dataclass(frozen=True)
class Ignore:
    """The patterns of what a build never sees; BuildKit finds them by the Dockerfile's name."""

    container: str
    own: tuple[str, ...]
    """The patterns of the folder's own .dockerignore."""

    @property
    def output(self) -> str:
        """The file's path in the output."""
        return f"{dockerfile_name(self.container)}.dockerignore"


def dockerfile_name(container: str) -> str:
    """The name of a container's Dockerfile: `web.Dockerfile`."""
    return f"{container}.Dockerfile"


def dockerfile(
    deployment: Deployment, name: str, container: Container, together: Sequence[Container] = ()
) -> Dockerfile:
    """Decide the Dockerfile of a container that cloudgen builds. `together` are all that run the same image.

    A worker or job without a command is refused by `support`, so serving is what is left without one.
    """
    build = container.build_or_default
    if build is None:
        raise ValueError(f"container {name} brings its own image")
    vcpu, _ = deployment.vcpu_and_memory(container)
    serves = container.command is None
    answers = any(each.port is not None or by_events(deployment, each) for each in (container, *together))
    command = image_command(deployment, container)
    headers = (HEADERS[package] for package in build.packages if package in HEADERS)
    writable = tuple(dict.fromkeys(folder.path for each in (container, *together) for folder in folders(each)))
    return Dockerfile(
        container=name,
        base=python_image(build.python),
        uv_image=UV_IMAGE,
        package_manager=build.package_manager,
        poetry=POETRY,
        pdm=PDM,
        pipenv=PIPENV,
        front_end=front_end(build.front_end),
        manifests=manifest_names(build),
        local_lines=LOCAL_LINES,
        install=install_options(build),
        index_environment=index_environment(build),
        credentials=credentials(build),
        # What is needed at run time may be needed by an install or a step, too.
        build_packages=tuple(
            map(words, (*COMPILER, *sorted({*headers, *build.build_packages, *build.packages} - {*COMPILER})))
        ),
        packages=tuple(map(words, sorted(set(build.packages)))),
        package_check=package_check(build) if serves else None,
        workdir=posixpath.normpath(posixpath.join(APP, build.workdir)),
        python_path=_python_path(build),
        steps=tuple(tuple(step) for step in build.steps),
        server_environment=server_environment(container, vcpu) if answers else {},
        user=container.user or contract.IMAGE_USER,
        writable=writable,
        volumes=("/tmp", *writable),  # noqa: S108
        port=functions.PORT if by_events(deployment, container) else container.port,
        health_check=health_check(container),
        command=command,
        completes_urls=any(urls_with_password(each, deployment.storage) for each in (container, *together)),
        takes_events=any(by_events(deployment, each) for each in (container, *together)),
        adapter=ADAPTER_IMAGE if any(deployment.is_function(each) for each in (container, *together)) else None,
        tells_the_client=serves and needs_client_address(build),
    )


def image_command(deployment: Deployment, container: Container) -> tuple[str, ...]:
    """What a container that cloudgen builds runs: its command, else the server; events come by a part of the image."""
    build = container.build_or_default
    first, port = (functions.HAND_OVER, functions.SERVER_PORT) if by_events(deployment, container) else ((), 0)
    if container.command or build is None:
        return (*first, *(container.command or ()))
    vcpu, _ = deployment.vcpu_and_memory(container)
    return (*first, *server_command(build, container.port or port, vcpu, container.health_check.grace_period))


def _python_path(build: Build) -> DockerText:
    folders = (build.python_path or ".", build.workdir, ".", "src")
    return DockerText(":".join(dict.fromkeys(posixpath.normpath(posixpath.join(APP, folder)) for folder in folders)))


def health_check(container: Container) -> HealthCheck:
    """Decide what Docker asks a container: its path, or whether its processes live."""
    check = container.health_check
    if container.port is None:
        # Nothing answers requests: all there is to see from outside is whether the processes live.
        return HealthCheck(30, 5, 5, CHECKS_BEFORE_UNHEALTHY, process_check())
    return HealthCheck(
        interval=check.interval,
        # The command itself gives up first, so that its reason stands in the health log.
        timeout=check.timeout + 1,
        start_period=check.grace_period,
        retries=CHECKS_BEFORE_UNHEALTHY,
        command=http_check(container.port, check),
    )
