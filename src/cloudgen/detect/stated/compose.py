"""Adds what compose files state: services of one's own, and images of databases, caches and brokers."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from cloudgen.dataclass import dataclass, replace
from cloudgen.detect.facts import Fact
from cloudgen.detect.stated import dockerfiles, images
from cloudgen.detect.stated.process import words_of
from cloudgen.detect.stated.scripts import follow
from cloudgen.detect.stated.shell import expand
from cloudgen.detect.stated.yamls import Yaml, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudgen.detect.stated.dockerfile import Dockerfile
    from cloudgen.detect.stated.statement import Stated
    from cloudgen.detect.tree import Tree

NAMES = ("compose*.yaml", "compose*.yml", "docker-compose*.yaml", "docker-compose*.yml", "*.compose.yml")
_OTHER_NAMES = ("local.yml", "production.yml", "prod.yml")


@dataclass(frozen=True)
class Service:
    """One service of a compose file, with its place."""

    name: str
    data: dict[str, Any]
    place: str
    file: Yaml

    def at(self, *path: str) -> str:
        """Return the evidence for a key of the service."""
        return self.file.place("services", self.name, *path)

    @property
    def image(self) -> str:
        """The image, without what is a variable."""
        return expand(str(self.data.get("image") or ""), {})

    @property
    def is_ours(self) -> bool:
        """Whether it runs an image that the repository builds."""
        return bool(self.data.get("build"))

    def environment(self) -> dict[str, str]:
        """Return the variables that it sets."""
        stated = self.data.get("environment")
        if isinstance(stated, list):
            pairs = (str(item).partition("=") for item in stated)
            return {name: value for name, equals, value in pairs if equals}
        return {name: str(value or "") for name, value in stated.items()} if isinstance(stated, dict) else {}

    def ports(self) -> list[int]:
        """Return the ports of the container that it publishes or exposes."""
        found = []
        for key in ("ports", "expose"):
            stated = self.data.get(key)
            for item in stated if isinstance(stated, list) else []:
                text = item.get("target") if isinstance(item, dict) else item
                match = re.search(r"(\d{2,5})(?:/tcp)?$", expand(str(text), {}))
                found += [int(match[1])] if match else []
        return found


def files(tree: Tree) -> list[str]:
    """Return the compose files, those for production first, those for developers last."""
    named = tree.named(*NAMES) + [file for file in tree.named(*_OTHER_NAMES) if "services:" in (tree.text(file) or "")]
    return sorted(dict.fromkeys(named), key=lambda file: (file.count("/"), dockerfiles.rank(file), file))


def services(tree: Tree, file: str) -> Iterator[Service]:
    """Yield the services of a compose file."""
    found = read(tree, file)
    if found is None:
        return
    for name, data in found.mapping("services").items():
        if isinstance(data, dict):
            yield Service(name, data, found.place("services", name), found)


def set_builds(tree: Tree, stated: Stated) -> None:
    """Give the Dockerfiles context, target and arguments, as the services that build them say."""
    for file in reversed(files(tree)):
        for service in services(tree, file):
            if service.is_ours:
                _build(stated, service)


def add(tree: Tree, stated: Stated) -> None:
    """Read every compose file."""
    for file in files(tree):
        for service in services(tree, file):
            engine, _, tag = service.image.partition("@")[0].partition(":")
            if service.is_ours or (service.data.get("command") and _is_built_elsewhere(tree, file, service)):
                _ours(tree, stated, service)
            elif engine:
                version = re.match(r"\d+(?:\.\d+)?", tag)
                stated.service(engine, service.at("image"), version[0] if version else "")


def _is_built_elsewhere(tree: Tree, file: str, service: Service) -> bool:
    others = [item for item in services(tree, file) if item.is_ours]
    return any(item.image == service.image or not item.image for item in others) and not _is_known(service.image)


def _is_known(image: str) -> bool:
    return bool(
        re.search(
            r"postgres|postgis|pgvector|mysql|mariadb|redis|valkey|rabbit|minio|mongo|nginx|traefik|elastic", image
        )
    )


def _ours(tree: Tree, stated: Stated, service: Service) -> None:
    built = _build(stated, service)
    rank = dockerfiles.rank(service.file.file)
    values = {**(built.values if built else {}), **service.environment()}
    locate = built.repository_path if built else (lambda path: path)
    command, entry = words_of(service.data.get("command")), words_of(service.data.get("entrypoint"))
    if not entry and command and built and (own := built.last("ENTRYPOINT")):
        entry = own.words(built.values)
    if command or entry:
        folder = (built.repository_path(service.data.get("working_dir") or ".") if built else "") or ""
        where = service.at("command" if command else "entrypoint")
        for process in follow(tree, (*entry, *command), where, values, locate):
            kind = "compose" if rank < 2 else "compose for developers"
            evidence = where if process.role in ("worker", "scheduler", "other") else process.evidence
            located = locate(process.folder) if process.folder else None
            stated.processes.append(
                replace(
                    process, kind=kind, name=service.name, folder=located or process.folder or folder, evidence=evidence
                )
            )
    if path := _health(service):
        stated.health.append(Fact(path, service.at("healthcheck", "test")))
    serves = not command or any(item.role == "web" and item.name == service.name for item in stated.processes)
    if serves:
        stated.ports += [
            Fact(port, service.at("ports" if service.data.get("ports") else "expose")) for port in service.ports()
        ]


def _health(service: Service) -> str | None:
    check = service.data.get("healthcheck")
    return images.health_path(" ".join(words_of(check.get("test")))) if isinstance(check, dict) else None


def _build(stated: Stated, service: Service) -> Dockerfile | None:
    """Return the Dockerfile of a service, with context, target and arguments as the service states them."""
    build = service.data.get("build")
    folder = posixpath.dirname(service.file.file)
    context = str(build.get("context", ".") if isinstance(build, dict) else build or ".")
    context = posixpath.normpath(posixpath.join(folder, expand(context, {})))
    if context.startswith(".."):
        return None
    context = "" if context == "." else context
    name = expand(str(build.get("dockerfile", "Dockerfile")), {}) if isinstance(build, dict) else "Dockerfile"
    file = posixpath.normpath(posixpath.join(context, name))
    found = next((item for item in stated.dockerfiles if item.file == file), None)
    if found and dockerfiles.rank(service.file.file) < 2 and isinstance(build, dict):
        if build.get("target"):
            found.target = str(build["target"])
            found.forget()
        arguments = build.get("args")
        pairs = (
            arguments.items() if isinstance(arguments, dict) else (str(item).split("=", 1) for item in arguments or [])
        )
        stated_here = {item[0]: expand(str(item[1]), {}) for item in pairs if len(item) == 2 and item[1]}
        found.arguments.update(stated_here)
        found.given.update(stated_here)
        found.forget()
    if found:
        found.context = context
    return found
