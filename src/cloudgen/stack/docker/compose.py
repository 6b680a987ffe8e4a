"""The compose file, as data: the containers of the spec and what they need, on one machine.

https://github.com/compose-spec/compose-spec/blob/main/spec.md
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Mapping
from itertools import chain
from typing import Any

from cloudgen.dataclass import dataclass
from cloudgen.spec.containers import Container
from cloudgen.spec.deployment import Deployment
from cloudgen.stack import connections, contract, functions
from cloudgen.stack.base import Problems, Variable
from cloudgen.stack.docker.deliveries import deliveries
from cloudgen.stack.docker.events import Event, deliverer, event
from cloudgen.stack.docker.image import HealthCheck, dockerfile_name, health_check, image_command
from cloudgen.stack.docker.install import credentials
from cloudgen.stack.docker.local_service import COMPLETED, HARDENED, LOCAL_KEY, conditions
from cloudgen.stack.docker.local_services import LOCAL, LocalServices, local_services
from cloudgen.stack.docker.stand_ins import Setup
from cloudgen.stack.folders import Folder, check_folders, folders
from cloudgen.stack.functions import by_events
from cloudgen.stack.workload import Wanted, refuse_conflicts, refuse_missing_kinds, wanted

FOLDER = "deploy/docker"
"""Where the files lie, relative to the spec: the command line's default. Paths in the compose file start from here."""

NETRC = "netrc"
"""The build secret by which packages come from a private index; NETRC names the file, as other programs know it."""

FIRST_PORT, LAST_PORT = 1024, 65535

JOBS_PROFILE = "jobs"
"""Jobs run when they are asked for, not with everything else."""


@dataclass(frozen=True)
class Address:
    """Where a service answers on this machine."""

    container: str
    url: str


@dataclass(frozen=True)
class Compose:
    """The compose file, the script that it runs to fill the stand-ins, and what its reader is told about it."""

    data: Mapping[str, Any]
    setup: Setup | None
    addresses: tuple[Address, ...]
    events: tuple[Event, ...]
    deliverer: str | None
    """The service that hands events to what they start; None where nothing does."""
    jobs: tuple[str, ...]
    secrets: tuple[str, ...]
    """The variables that bring the values of secrets from the environment or from the file `.env`."""

    @property
    def delivered(self) -> tuple[Event, ...]:
        """The events that something delivers."""
        return tuple(each for each in self.events if each.send)


def compose(deployment: Deployment, problems: Problems) -> Compose:
    """Decide the compose file of a deployment."""
    ports = _host_ports(deployment)
    services: dict[str, Any] = {}
    containers = refuse_missing_kinds(LOCAL, deployment, wanted(deployment), "docker", problems)
    delivered = deliveries(containers)
    found = local_services(deployment, delivered)
    runs = Counter(each.made_image for each in (*containers, *(each for each in containers if each.spec.release)))
    for each in containers:
        check_folders(each, problems)
        services[each.name] = _service(each, found, ports.get(each.name), deployment, problems)
        owner = None if each.spec.image else deployment.containers[each.made_image].build
        if owner and credentials(owner):
            services[each.name]["build"]["secrets"] = [NETRC]
        if runs[each.made_image] > 1 and each.spec.image is None:
            # One name for all that run it, so that it is built and kept once.
            services[each.name] = {"image": f"{deployment.name}-{each.made_image}", **services[each.name]}
    others = {**found.services, **deliverer(deployment, delivered, found)}
    services = {**_releases(services, others, deployment), **services}
    data: dict[str, Any] = {"name": deployment.name, "services": {**services, **others}}
    if volumes := (*found.volumes, *_kept(deployment)):
        data["volumes"] = {name: {} for name in volumes}
    if deployment.reads_netrc:
        data["secrets"] = {NETRC: {"file": "${NETRC:-$HOME/.netrc}"}}
    used = {secret for container in deployment.containers.values() for secret in container.secrets.values()}
    return Compose(
        data=data,
        setup=found.setup,
        addresses=tuple(Address(name, f"http://127.0.0.1:{port}") for name, port in ports.items()),
        events=tuple(
            event(deployment, each, ports[each.name], delivered, found)
            for each in containers
            if by_events(deployment, each.spec)
        ),
        deliverer=found.deliverer,
        jobs=tuple(each.name for each in containers if each.kind == "job" and not by_events(deployment, each.spec)),
        secrets=tuple(contract.prefix(name) for name in deployment.security.secrets if name in used),
    )


def _host_ports(deployment: Deployment) -> dict[str, int]:
    """Give everything that listens the port of this machine that it listens on, or the next free one."""
    ports: dict[str, int] = {}
    for name, container in deployment.containers.items():
        port = functions.PORT if by_events(deployment, container) else container.port
        if port is not None:
            # Ports below 1024 take privileges that rootless engines do not have.
            wanted = port if port >= FIRST_PORT else port + 8000
            candidates = chain(range(wanted, LAST_PORT + 1), range(FIRST_PORT, wanted))
            ports[name] = next(port for port in candidates if port not in ports.values())
    return ports


def _service(
    each: Wanted,
    found: LocalServices,
    host_port: int | None,
    deployment: Deployment,
    problems: Problems,
) -> Mapping[str, Any]:
    name, container = each.name, each.spec
    service: dict[str, Any] = _source(each.made_image, container)
    if container.kind == "job" and not by_events(deployment, container):
        service["profiles"] = [JOBS_PROFILE]
    shares = each.made_image != name
    if container.command is not None and (shares or not container.built):
        command = image_command(deployment, container)
        service["command"] = [_literal(word) for word in command]
    if container.user is not None:
        service["user"] = f"{container.user}:{container.user}"
    if shares and container.built:
        # The image asks what its own container answers.
        service["healthcheck"] = _health(health_check(container))
    # Without an init, a process that handles no SIGTERM could not be stopped: the kernel shields process 1 from it.
    service["init"] = True
    if environment := _environment(each, found, problems, listens=host_port is not None):
        service["environment"] = environment
    if host_port is not None:
        service["ports"] = [f"127.0.0.1:{host_port}:{functions.port(each)}"]
    if container.is_read_only:
        service.update({"read_only": True, "tmpfs": ["/tmp"]})  # noqa: S108
    if container.writable:
        service["volumes"] = [_mount(name, folder) for folder in folders(container)]
    service["mem_limit"] = f"{each.memory}m"
    things = [found.things[name] for name in each.used]
    needs = {service: condition for thing in things for service, condition in thing.waits_for.items()}
    if needs:
        service["depends_on"] = conditions(needs)
    return {**service, **HARDENED}


def _health(check: HealthCheck) -> Mapping[str, Any]:
    return {
        "test": ["CMD", *(_literal(word) for word in check.command)],
        "interval": f"{check.interval}s",
        "timeout": f"{check.timeout}s",
        "start_period": f"{check.start_period}s",
        "retries": check.retries,
    }


def _releases(services: dict[str, Any], others: Mapping[str, Any], deployment: Deployment) -> dict[str, Any]:
    """Add what runs to its end before the others start, as a deployment to a cloud does; return the added services.

    All wait for it: a worker that starts without its tables would end, and nothing would start it again.
    """
    taken = {*services, *others}
    added: dict[str, Any] = {}
    for name, container in deployment.containers.items():
        if container.release is None or name not in services:
            continue
        own = {key: value for key, value in services[name].items() if key != "ports"}
        own["command"] = [_literal(word) for word in container.release]
        # Nothing asks whether it is well: it ends.
        own["healthcheck"] = {"disable": True}
        release = f"{name}-release"
        while release in taken:
            release += "-local"
        added[release] = own
    for service in services.values():
        for release in added:
            service["depends_on"] = {**service.get("depends_on", {}), **conditions({release: COMPLETED})}
    return added


def _source(name: str, container: Container) -> dict[str, Any]:
    if container.image is not None:
        return {"image": container.image}
    upwards = "/".join([".."] * (FOLDER.count("/") + 1))
    build = container.build_or_default
    context = posixpath.normpath(build.context) if build else "."
    file = container.own_dockerfile or f"{FOLDER}/{dockerfile_name(name)}"
    source: dict[str, Any] = {
        "context": posixpath.normpath(posixpath.join(upwards, context)),
        # Compose resolves it from the context, and allows it to lie outside.
        "dockerfile": posixpath.relpath(file, context),
    }
    if build and build.target:
        source["target"] = build.target
    if build and build.args:
        source["args"] = {key: _literal(value) for key, value in build.args.items()}
    return {"build": source}


def _kept(deployment: Deployment) -> tuple[str, ...]:
    """Return the volumes whose files outlive the containers."""
    return tuple(
        _volume(name, folder)
        for name, container in deployment.containers.items()
        for folder in folders(container)
        if folder.keep
    )


def _volume(container: str, folder: Folder) -> str:
    # The underscore keeps it apart from the volumes of storage, whose names have none.
    return f"{container}_{folder.volume}"


def _mount(container: str, folder: Folder) -> Mapping[str, str]:
    """Mount a volume, which begins with what the image has there, and with whom it belongs to."""
    source = {"source": _volume(container, folder)} if folder.keep else {}
    return {"type": "volume", **source, "target": folder.path}


def _environment(each: Wanted, found: LocalServices, problems: Problems, *, listens: bool) -> dict[str, str]:
    container = each.spec
    given = (contract.port(functions.port(each)),) if listens else ()
    if listens and (started := functions.source(each)) is not None:
        given = (*given, Variable(functions.SOURCE, started))
    things = [found.things[name] for name in each.used]
    connected = [*given, *(variable for thing in things for variable in thing.variables)]
    told = {variable.name: str(variable.value) for variable in connected}
    taken = {connections.INCOMPLETE: "the start script", **dict.fromkeys(told, "port or connects_to")}
    refuse_conflicts(each, taken, problems)
    more = {f"{thing.name}.{part}": value for thing in things for part, value in thing.parts.items()}
    stated, _ = connections.own(each, connected, (), more, problems)
    own = {variable.name: _literal(str(variable.value)) for variable in stated}
    # The value comes from the environment or from a file .env beside the compose file, which cloudgen never touches.
    secrets = {key: f"${{{contract.prefix(secret)}:-{LOCAL_KEY}}}" for key, secret in container.secrets.items()}
    return {**told, **own, **secrets}


def _literal(text: str) -> str:
    """Keep compose from replacing variables in a text of the spec."""
    return text.replace("$", "$$")
