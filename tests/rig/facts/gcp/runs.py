"""What runs a container on Google Cloud: a Cloud Run service, worker pool or job, as a service account of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rig.facts.plan import PlannedResource
from rig.facts.scene import Scene, label

TYPES = {
    "service": "google_cloud_run_v2_service",
    "worker": "google_cloud_run_v2_worker_pool",
    "job": "google_cloud_run_v2_job",
}


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
    def member(self) -> str:
        """Its service account, as grants name it."""
        return f"serviceAccount:{self.at('service_account')}"

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


def run(scene: Scene, name: str) -> Run:
    """Return what runs a container. Raises MissingResourceError."""
    kind = scene.deployment.containers[name].kind
    resource = scene.root.get(TYPES[kind], label(name))
    return Run(resource, ("template", "template") if kind == "job" else ("template",))


def grants(scene: Scene, member: str) -> list[PlannedResource]:
    """Return everything that grants something to a member."""
    return [
        resource
        for module in scene.modules
        for resource in module
        if "_iam_" in resource.type and member in (resource.at("member"), *(resource.at("members") or []))
    ]
