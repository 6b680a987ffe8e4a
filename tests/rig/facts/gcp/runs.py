"""A container on Cloud Run: a service, worker pool or job, as a service account of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cloudgen.spec.containers import Container
from cloudgen.spec.scaling import Scaling
from rig.facts.plan import Module, PlannedResource
from rig.facts.scene import Scene

TYPES = {
    "service": "google_cloud_run_v2_service",
    "worker": "google_cloud_run_v2_worker_pool",
    "job": "google_cloud_run_v2_job",
}
MOST_PATIENCE = 240
"""Seconds that Cloud Run gives a new instance at most, as a warning tells."""
INTERNAL = ("INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER", "INGRESS_TRAFFIC_INTERNAL_ONLY")


@dataclass(frozen=True)
class Run:
    """A container of the spec, as Cloud Run runs it."""

    resource: PlannedResource
    path: tuple[str, ...]
    """Where the template of its instances stands."""

    def at(self, *path: str) -> Any:
        """Return what stands at a path of the template."""
        return self.resource.at(*self.path, *path)

    @property
    def name(self) -> str:
        """Its name in Google Cloud, which is also the tag that firewall rules aim at."""
        return str(self.resource.values["name"])

    @property
    def account(self) -> Any:
        """The e-mail address of its service account."""
        return self.at("service_account")

    @property
    def member(self) -> str:
        """Its service account, as grants name it."""
        return f"serviceAccount:{self.account}"

    @property
    def monitored(self) -> str:
        """The label that its metrics have its name in."""
        return "service_name" if self.resource.type == TYPES["service"] else "worker_pool_name"

    @property
    def _env(self) -> list[Mapping[str, Any]]:
        return list(self.at("containers", "env") or [])

    @property
    def variables(self) -> dict[str, str | None]:
        """The environment variables, without the secret ones."""
        return {item["name"]: item.get("value") for item in self._env if not item.get("value_source")}

    @property
    def secrets(self) -> dict[str, Mapping[str, Any]]:
        """The secret environment variables: `secret` and `version` of each."""
        return {
            item["name"]: item["value_source"][0]["secret_key_ref"][0] for item in self._env if item.get("value_source")
        }

    def groups(self, root: Module) -> list[Any]:
        """The groups that a backend service which leads here has."""
        return [
            group.values["id"]
            for group in root.of("google_compute_region_network_endpoint_group")
            if group.at("cloud_run", "service") == self.name
        ]

    def reachable(self, container: Container, *, routed: bool) -> Iterator[tuple[str, bool]]:
        """Yield what is wrong with who may reach it: the balancer or the network only."""
        service = container.kind == "service"
        open_to_all = self.resource.at("invoker_iam_disabled") is True
        yield "takes requests from elsewhere", service and self.resource.at("ingress") != INTERNAL[not routed]
        yield "has an address of its own", routed and self.resource.at("default_uri_disabled") is not True
        yield "whoever reaches it may call it", service and not routed and open_to_all
        yield "its traffic goes around the network", self.at("vpc_access", "egress") != "ALL_TRAFFIC"
        tags = self.at("vpc_access", "network_interfaces", "tags")
        yield "its traffic carries another tag", tags != [self.name]

    def asks(self, container: Container, backends: list[PlannedResource]) -> Iterator[tuple[str, bool]]:  # noqa: ARG002
        """Yield what is wrong with its probes: both ask the container's own port, where none is named."""
        check = container.health_check
        probes = ("startup_probe", "liveness_probe")
        ports = [self.at("containers", probe, "http_get", "port") for probe in probes]
        paths = [self.at("containers", probe, "http_get", "path") for probe in probes]
        hosts = [self.at("containers", probe, "http_get", "http_headers") or [] for probe in probes]
        header = [{"name": "Host", "value": check.host}] if check.host else []
        starting = self.at("containers", "startup_probe") or [{}]
        patience = (starting[0].get("period_seconds") or 0) * (starting[0].get("failure_threshold") or 0)
        interval = self.at("containers", "liveness_probe", "period_seconds")
        yield "listens on another port", self.at("containers", "ports", "container_port") != container.port
        yield "another port is asked", any(port not in (None, 0, container.port) for port in ports)
        yield f"the paths {paths} are asked", paths != [check.path, check.path]
        yield "another host is asked", hosts != [header, header]
        yield "it is asked at another interval", interval != check.interval
        yield "a new instance has less time to start", patience < min(check.grace_period, MOST_PATIENCE)

    @property
    def spot(self) -> bool | None:
        """Whether Google may take back what it runs on: a question that Cloud Run does not know."""
        return None

    def privileges(self) -> Iterator[tuple[str, bool]]:
        """Yield what it should not be able to do."""
        yield "people get a shell in it", self.resource.at("ssh_enabled") is True

    def wanted_on_project(self) -> tuple[str, ...]:
        """Nothing: Cloud Run itself pulls the image and writes the logs."""
        return ()

    def limits(self, wanted: Scaling) -> tuple[Any, Any, tuple[int, int]]:
        """Return how many there may be, at least and at most, and how many there are to be."""
        if self.resource.type == TYPES["service"]:
            found = (self.at("scaling", "min_instance_count") or 0, self.at("scaling", "max_instance_count"))
            return (*found, (wanted.min, wanted.max))
        pool = [self.resource.at("scaling", f"{which}_instance_count") for which in ("manual", "min", "max")]
        kept = (pool[0], pool[0]) if self.resource.at("scaling", "scaling_mode") == "MANUAL" else (pool[1], pool[2])
        return (*kept, (max(wanted.min, 1), max(wanted.max, 1)))


def grants(scene: Scene, member: str) -> list[PlannedResource]:
    """Return everything that grants something to a member."""
    return [
        resource
        for module in scene.modules
        for resource in module
        if "_iam_" in resource.type and member in (resource.at("member"), *(resource.at("members") or []))
    ]
