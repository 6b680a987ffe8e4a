"""What events, the clock or visitors start on Cloud Run, as a function or on instances that are there always."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cloudgen.spec.containers import Container
from cloudgen.spec.scaling import Scaling
from cloudgen.stack import functions
from rig.facts.gcp.runs import INTERNAL, MOST_PATIENCE, Run, grants
from rig.facts.plan import PlannedResource
from rig.facts.scene import Scene, label


@dataclass(frozen=True)
class Started(Run):
    """A service of Cloud Run that events start, as a container of the spec says."""

    container: Container
    always = True
    """Whether its instances have CPU while nothing comes."""

    @property
    def called(self) -> bool:
        """Whether events or the clock start it, and nobody else."""
        return self.container.port is None

    def at_once(self, scene: Scene) -> int:
        """Return the events that an instance handles at once: one, unless the spec says it of what is there always."""
        asked = scene.deployment.scaling_of(self.container).requests_per_instance
        return (asked or 1) if self.always else 1

    def reachable(self, container: Container, *, routed: bool) -> Iterator[tuple[str, bool]]:
        """Yield what is wrong with who may reach it; what is called by Google's own services has an address."""
        yield from super().reachable(container, routed=routed)
        closed = self.resource.at("invoker_iam_disabled") is not True
        yield "takes events from elsewhere", self.called and self.resource.at("ingress") != INTERNAL[1]
        yield "everybody may start it", self.called and not closed
        yield "nobody can call it", self.called and self.resource.at("default_uri_disabled") is True

    def starts(self, scene: Scene, name: str, caller: PlannedResource, uri: str, token: str) -> dict[str, bool]:
        """Return what is wrong with how something calls it: where, as whom, and whether that one may."""
        uri_path, token_path = tuple(uri.split(".")), tuple(token.split("."))
        address = str(self.resource.values["uri"])
        email = str(caller.at(*token_path, "service_account_email"))
        invokers = [
            grant
            for grant in grants(scene, f"serviceAccount:{email}")
            if grant.type == "google_cloud_run_v2_service_iam_member"
            and grant.at("role") == "roles/run.invoker"
            and grant.at("name") == self.resource.values["id"]
        ]
        return {
            "calls something else": caller.at(*uri_path) != f"{address}{functions.PATH}",
            "tells who it is to somebody else": caller.at(*token_path, "audience") != address,
            f"calls as {email}, who may not": len(invokers) != 1,
            "calls as the function itself": email == self.account,
            "calls before it may": not caller.is_after(f"time_sleep.{label(name)}_trigger"),
            "handles more events at once": self.at("max_instance_request_concurrency") != self.at_once(scene),
            "stands still between events": bool(self.at("containers", "resources", "cpu_idle")) is self.always,
        }


@dataclass(frozen=True)
class Function(Started):
    """A function of the spec: what differs from a service that runs always."""

    always = False

    def asks(self, container: Container, backends: list[PlannedResource]) -> Iterator[tuple[str, bool]]:  # noqa: ARG002
        """Yield what is wrong with its probe: it asks when an instance starts, and never again."""
        check = container.health_check
        port = self.at("containers", "startup_probe", "http_get", "port")
        starting = (self.at("containers", "startup_probe") or [{}])[0]
        patience = (starting.get("period_seconds") or 0) * (starting.get("failure_threshold") or 0)
        yield "listens on another port", self.at("containers", "ports", "container_port") != container.port
        yield "another port is asked", port not in (None, 0, container.port)
        yield "another path is asked", self.at("containers", "startup_probe", "http_get", "path") != check.path
        yield "it is asked between requests", bool(self.at("containers", "liveness_probe"))
        yield "a new instance has less time to start", patience < min(check.grace_period, MOST_PATIENCE)

    def privileges(self) -> Iterator[tuple[str, bool]]:
        """Yield what it should not be able to do, or have."""
        yield from super().privileges()
        yield "has CPU while nothing comes", self.at("containers", "resources", "cpu_idle") is not True

    def limits(self, wanted: Scaling) -> tuple[Any, Any, tuple[int, int]]:
        """Return how many there may be; none is to be there while nothing comes, unless the container says so."""
        found = (self.at("scaling", "min_instance_count") or 0, self.at("scaling", "max_instance_count"))
        return (*found, (self.container.scaling.min or 0, wanted.max))
