"""What Cloud Run refuses in services, jobs and worker pools."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rig.standin.configuration import Configuration
from rig.standin.shapes import conflicts, every, exactly_one, within
from rig.standin.violation import Violation

MIB = {"Ki": 1 / 1024, "Mi": 1, "Gi": 1024, "k": 1e3 / 2**20, "M": 1e6 / 2**20, "G": 1e9 / 2**20, "": 1 / 2**20}
RESERVED = ("PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION", "CLOUD_RUN_JOB", "CLOUD_RUN_EXECUTION")
CONTAINERS = ("template.containers", "template.template.containers")
REGISTRY = re.compile(r"(?:[a-z0-9-]+\.)?gcr\.io|[a-z0-9-]+-docker\.pkg\.dev|docker\.io|ghcr\.io")
PATH = re.compile(r"[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[\w.-]{1,128})?(?:@sha256:[0-9a-f]{64})?")


def mebibytes(quantity: str) -> float | None:
    """Return a Kubernetes quantity of memory in MiB, None when it is none."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(Ki|Mi|Gi|k|M|G|)", quantity)
    return float(found[1]) * MIB[found[2]] if found else None


def cpus(quantity: str) -> float | None:
    """Return a Kubernetes quantity of CPU, None when it is none."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(m?)", quantity)
    return float(found[1]) / (1000 if found[2] else 1) if found else None


def containers(resource: Configuration) -> Iterator[Configuration]:
    """Yield the containers of a service, worker pool or job."""
    for name in CONTAINERS:
        yield from resource.blocks(name)


def cpu_and_memory(resource: Configuration) -> Iterator[Violation]:
    """CPU is a whole step, and memory fits it."""
    smallest = {4: 2048, 6: 4096, 8: 4096}
    largest = {1: 4096, 2: 8192, 4: 16384, 6: 24576, 8: 32768}
    for container in containers(resource):
        limits, path = container.get("resources.limits", {}), container.at("resources.limits")
        cpu, memory = cpus(limits.get("cpu", "1")), mebibytes(limits.get("memory", "512Mi"))
        if cpu is None or memory is None:
            yield Violation(path, f"{limits} are not quantities such as cpu = '1', memory = '512Mi'")
        elif cpu >= 1 and cpu not in largest:
            yield Violation(path, f"cpu {cpu:g} is not one of 1, 2, 4, 6, 8")
        elif cpu < 1:
            most = 512 if cpu < 0.5 else 1024
            if cpu < 0.08 or memory > most:
                yield Violation(path, f"cpu {cpu:g} needs at least 0.08 and allows at most {most}Mi, not {memory:g}Mi")
        elif not smallest.get(int(cpu), 128) <= memory <= largest[int(cpu)]:
            low = smallest.get(int(cpu), 128)
            yield Violation(
                path, f"cpu {cpu:g} needs memory between {low}Mi and {largest[int(cpu)]}Mi, not {memory:g}Mi"
            )


def fractional_cpu(resource: Configuration) -> Iterator[Violation]:
    """Less than one CPU: one request at a time, billed by request, first generation."""
    for container in containers(resource):
        cpu = cpus(container.get("resources.limits", {}).get("cpu", "1"))
        if cpu is None or cpu >= 1:
            continue
        if resource.get("template.max_instance_request_concurrency", 1) != 1:
            yield Violation(resource.at("template.max_instance_request_concurrency"), "must be 1 when cpu is below 1")
        if container.get("resources.cpu_idle") is False:
            yield Violation(container.at("resources.cpu_idle"), "CPU is given during requests only when cpu is below 1")
        if resource.get("template.execution_environment") == "EXECUTION_ENVIRONMENT_GEN2":
            yield Violation(resource.at("template.execution_environment"), "must be GEN1 when cpu is below 1")


def second_generation_memory(resource: Configuration) -> Iterator[Violation]:
    """The second generation needs 512Mi."""
    if "GEN2" not in resource.get("template.execution_environment", ""):
        return
    for container in containers(resource):
        memory = mebibytes(container.get("resources.limits", {}).get("memory", "512Mi"))
        if memory is not None and memory < 512:
            yield Violation(container.at("resources.limits"), f"{memory:g}Mi is below 512Mi")


def cpu_idle(resource: Configuration) -> Iterator[Violation]:
    """Whether CPU stays allocated must be said whenever resources are."""
    for container in containers(resource):
        for block in container.blocks("resources"):
            if block.values.get("cpu_idle") is None:
                yield Violation(block.at("cpu_idle"), "is false when left out, which bills all the time: say it")


def image(resource: Configuration) -> Iterator[Violation]:
    """An image lies where Cloud Run pulls from: Google's registries, and what is public at Docker Hub and GitHub."""
    for container in containers(resource):
        for place, reference in container.find("image"):
            first, slash, rest = reference.partition("/")
            named = bool(slash) and ("." in first or ":" in first or first == "localhost")
            host, path = (first, rest) if named else ("docker.io", reference)
            if not REGISTRY.fullmatch(host) or not PATH.fullmatch(path):
                yield Violation(
                    place,
                    "expected an image path like [host/]repo-path[:tag and/or @digest], where host is one of "
                    f"[region.]gcr.io, [region-]docker.pkg.dev, docker.io or ghcr.io, but obtained {reference!r}",
                )


def one_port(resource: Configuration) -> Iterator[Violation]:
    """One container takes the requests, on one port."""
    found = [container for container in containers(resource) if container.is_set("ports")]
    for extra in found[1:]:
        yield Violation(extra.at("ports"), "only one container may have a port")
    for container in found:
        for path, port in container.find("ports.container_port"):
            if not 1 <= port <= 65535:
                yield Violation(path, f"{port} is no port")
        for path, name in container.find("ports.name"):
            if name not in ("", "http1", "h2c"):
                yield Violation(path, f"{name!r} is neither http1 nor h2c")


def environment(resource: Configuration) -> Iterator[Violation]:
    """Variables have C names, once each, not those that Cloud Run sets itself."""
    for container in containers(resource):
        seen = set()
        for variable in container.blocks("env"):
            name = str(variable.get("name", "A"))
            if not re.fullmatch(r"[A-Za-z_]\w*", name):
                yield Violation(variable.at("name"), f"{name!r} is not a C identifier")
            elif name in RESERVED or name.startswith("X_GOOGLE_"):
                yield Violation(variable.at("name"), f"{name} is reserved")
            elif name in seen:
                yield Violation(variable.at("name"), f"{name} is set twice")
            seen.add(name)
            if variable.is_set("value") and variable.is_set("value_source"):
                yield Violation(variable.at("value"), "conflicts with value_source")


def scaling(resource: Configuration) -> Iterator[Violation]:
    """The least number of instances is not above the most."""
    for block in resource.blocks("template.scaling"):
        least, most = block.get("min_instance_count", 0), block.get("max_instance_count")
        if most is not None and (most < 1 or least > most):
            yield Violation(block.path, f"min_instance_count {least} and max_instance_count {most}")


def volumes(resource: Configuration) -> Iterator[Violation]:
    """What is mounted is defined."""
    for level in ("template", "template.template"):
        for template in resource.blocks(level):
            defined = {name for _, name in template.find("volumes.name")}
            for path, name in template.find("containers.volume_mounts.name"):
                if name not in defined:
                    yield Violation(path, f"there is no volume {name!r}")


def probes(resource: Configuration) -> Iterator[Violation]:
    """Probes: one way, a timeout below the period, a start within 240 seconds."""
    one_way = exactly_one("http_get", "tcp_socket", "grpc")
    for container in containers(resource):
        for kind, longest in (("startup_probe", 240), ("liveness_probe", 3600)):
            for probe in container.blocks(kind):
                yield from one_way(probe)
                period, timeout = probe.get("period_seconds", 10), probe.get("timeout_seconds", 1)
                if not 1 <= period <= longest:
                    yield Violation(probe.at("period_seconds"), f"{period} is not between 1 and {longest}")
                if timeout > period:
                    yield Violation(probe.at("timeout_seconds"), f"{timeout} is above period_seconds = {period}")
                whole = period * probe.get("failure_threshold", 3)
                if kind == "startup_probe" and whole > 240:
                    yield Violation(probe.at("failure_threshold"), f"the start may take {whole} s, more than 240 s")


vpc_access = every(
    within("template.vpc_access", conflicts("connector", "network_interfaces")),
    within("template.template.vpc_access", conflicts("connector", "network_interfaces")),
)
