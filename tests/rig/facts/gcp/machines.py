"""What runs a container on machines of Compute Engine: an instance template, a group of its machines, an autoscaler."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cloudgen.spec.containers import Container
from cloudgen.spec.scaling import Scaling
from rig.facts.plan import Module, PlannedResource

ON_THE_PROJECT = ("roles/logging.logWriter", "roles/monitoring.metricWriter")
"""What a machine needs to be heard."""
PULLS = "roles/artifactregistry.reader"
VERSION = re.compile(r"projects/(?P<project>[^/]+)/secrets/(?P<secret>[^/]+)/versions/(?P<version>[^/]+)")
BALANCER = {"35.191.0.0/16", "130.211.0.0/22"}
"""https://cloud.google.com/load-balancing/docs/health-check-concepts#ip-ranges"""


@dataclass(frozen=True)
class Machine:
    """A container of the spec, as a group of machines runs it."""

    resource: PlannedResource
    """The managed instance group."""
    template: PlannedResource
    autoscaler: PlannedResource | None
    healing: PlannedResource | None
    ways_in: tuple[PlannedResource, ...]
    """The firewall rules that let anybody in to it."""
    monitored = "instance_group"
    """The label that its metrics have its name in."""

    @classmethod
    def find(cls, root: Module, label: str) -> Machine:
        """Return what runs the container with this label. Raises MissingResourceError."""
        template = root.get("google_compute_region_instance_template", label)
        group = root.get("google_compute_region_instance_group_manager", label)
        scalers = root.where("google_compute_region_autoscaler", target=group.values["id"])
        healing = root.where("google_compute_health_check", id=group.at("auto_healing_policies", "health_check"))
        tags = set(template.at("tags") or [])
        ways = [
            rule
            for rule in root.of("google_compute_firewall")
            if rule.at("direction") == "INGRESS" and tags & set(rule.at("target_tags") or tags)
        ]
        return cls(group, template, next(iter(scalers), None), next(iter(healing), None), tuple(ways))

    @property
    def name(self) -> str:
        """Its name in Google Cloud, which is also the tag that firewall rules aim at."""
        return str(self.resource.values["name"])

    @property
    def account(self) -> Any:
        """The e-mail address of its service account."""
        return self.template.at("service_account", "email")

    @property
    def member(self) -> str:
        """Its service account, as grants name it."""
        return f"serviceAccount:{self.account}"

    @property
    def _metadata(self) -> Mapping[str, str]:
        return dict(self.template.at("metadata") or {})

    def _told(self, beginning: str) -> dict[str, str | None]:
        return {key.removeprefix(beginning): text for key, text in self._metadata.items() if key.startswith(beginning)}

    @property
    def variables(self) -> dict[str, str | None]:
        """The environment variables, without the secret ones and PORT, which Cloud Run sets by itself."""
        return {name: text for name, text in self._told("variable-").items() if name != "PORT"}

    @property
    def secrets(self) -> dict[str, Mapping[str, Any]]:
        """The secret environment variables: `secret` and `version` of each."""
        found = {name: VERSION.fullmatch(text or "") for name, text in self._told("secret-").items()}
        return {name: match.groupdict() if match else {} for name, match in found.items()}

    def groups(self, root: Module) -> list[Any]:  # noqa: ARG002 - as for Cloud Run
        """The groups that a backend service which leads here has."""
        return [self.resource.at("instance_group")]

    def reachable(self, container: Container, *, routed: bool) -> Iterator[tuple[str, bool]]:  # noqa: ARG002
        """Yield what is wrong with who may reach it: only Google's load balancer and checks may, on one port."""
        sources = {each for rule in self.ways_in for each in rule.at("source_ranges") or ["0.0.0.0/0"]}
        ports = [
            port for rule in self.ways_in for allow in rule.blocks("allow") for port in allow.get("ports") or ["*"]
        ]
        interfaces = self.template.blocks("network_interface")
        yield "takes requests from elsewhere", not sources <= BALANCER
        yield "nobody reaches it", container.port is not None and sources != BALANCER
        yield "is reached on another port", container.port is not None and ports != [str(container.port)]
        yield "has an address of its own", any(each.get("access_config") for each in interfaces)
        yield "its traffic carries another tag", self.template.at("tags") != [self.name]
        yield "answers on its console", self._metadata.get("serial-port-enable", "FALSE").upper() == "TRUE"

    def asks(self, container: Container, backends: list[PlannedResource]) -> Iterator[tuple[str, bool]]:
        """Yield what is wrong with its health checks; `backends` are the balancer's, of the routes that lead to it."""
        check, port = container.health_check, container.port
        healing = self.healing
        yield "listens on another port", self._metadata.get("container-port") != str(port)
        yield "is told another port", self._told("variable-").get("PORT") != str(port)
        yield "is not replaced when it hangs", healing is None
        checks = (*backends, *((healing,) if healing else ()))
        yield "another port is asked", any(each.at("http_health_check", "port") != port for each in checks)
        yield (
            "another path is asked",
            any(each.at("http_health_check", "request_path") != check.path for each in checks),
        )
        hosts = {each.at("http_health_check", "host") or None for each in checks}
        yield "another host is asked", bool(hosts - {check.host})
        if backends and healing:
            left_out, replaced = (
                each.at("check_interval_sec") * (each.at("unhealthy_threshold") or 2) for each in (backends[0], healing)
            )
            yield "it is asked at another interval", backends[0].at("check_interval_sec") != check.interval
            yield "it is replaced before it is left out", left_out >= replaced
        grace = self.resource.at("auto_healing_policies", "initial_delay_sec") or 0
        yield "a new instance has less time to start", grace < check.grace_period

    @property
    def spot(self) -> bool | None:
        """Whether Google may take its machines back."""
        scheduling = self.template.blocks("scheduling") or [{}]
        return bool(scheduling[0].get("provisioning_model") == "SPOT")

    def privileges(self) -> Iterator[tuple[str, bool]]:
        """Yield what it should not be able to do."""
        shielded = self.template.at("shielded_instance_config") or [{}]
        metadata = self._metadata
        yield "may be another system than it was", not all(shielded[0].get(each) for each in SHIELDED)
        yield "people get a shell by keys", metadata.get("block-project-ssh-keys", "").upper() != "TRUE"
        yield "people get a shell without IAM", metadata.get("enable-oslogin", "").upper() != "TRUE"
        yield "runs as root", metadata.get("container-user") in ("0", "")
        yield "something secret stands in its metadata", any("BEGIN " in text for text in metadata.values())

    def wanted_on_project(self) -> tuple[str, ...]:
        """What it needs on the whole project."""
        return ON_THE_PROJECT

    def limits(self, wanted: Scaling) -> tuple[Any, Any, tuple[int, int]]:
        """Return how many there may be, at least and at most, and how many there are to be."""
        counted = wanted.messages_per_instance is not None
        least = min([wanted.min, *(each.min for each in wanted.schedules if each.min is not None)])
        most = max([wanted.max, *(each.max or each.min or 0 for each in wanted.schedules)])
        expected = (least if counted else max(least, 1), max(most, 1))
        if self.autoscaler is None:
            size = self.resource.at("target_size")
            return size, size, expected
        policy = self.autoscaler.blocks("autoscaling_policy")[0]
        return policy["min_replicas"], policy["max_replicas"], expected


SHIELDED = ("enable_secure_boot", "enable_vtpm", "enable_integrity_monitoring")
