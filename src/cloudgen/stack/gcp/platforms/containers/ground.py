"""What the containers on Cloud Run share: no resource of their own, but files, an output and a habit of the network."""

from __future__ import annotations

from collections.abc import Sequence

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address
from cloudgen.stack.gcp.alarms import Alarm
from cloudgen.stack.gcp.cloud_run.events import Telling
from cloudgen.stack.gcp.cloud_run.runs import KEEPS_ADDRESSES
from cloudgen.stack.gcp.cloud_run.watching import last_words
from cloudgen.stack.gcp.iam import ServiceAccount
from cloudgen.stack.gcp.network.firewall import FirewallRule
from cloudgen.stack.gcp.platforms.containers.commands import CommandJob
from cloudgen.stack.gcp.platforms.containers.jobs import Job
from cloudgen.stack.gcp.platforms.containers.services import Service
from cloudgen.stack.outputs import Output
from cloudgen.stack.text import Markdown
from cloudgen.stack.workload import Step


@dataclass(frozen=True)
class Containers:
    """The services, worker pools and jobs, rendered by services.tf and jobs.tf."""

    prefix: str
    services: tuple[Service, ...]
    jobs: tuple[Job, ...]
    steps: tuple[Step, ...]
    telling: Telling
    title: str = "Cloud Run"
    accounts: Sequence[ServiceAccount] = ()
    rules: Sequence[FirewallRule] = ()
    alarms: Sequence[Alarm] = ()
    steps_before_destroy: Sequence[Step] = ()
    keeps_addresses: Markdown | None = KEEPS_ADDRESSES

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The agent of Cloud Storage, where it is looked up here."""
        return self.telling.blocks

    @property
    def agents(self) -> tuple[str, ...]:
        """The agent that encrypts what topics hold."""
        return self.telling.agents

    @property
    def granted_agents(self) -> tuple[str, ...]:
        """The agents that tell of objects."""
        return self.telling.granted_agents

    @property
    def command_jobs(self) -> tuple[CommandJob, ...]:
        """The jobs that run commands of what runs always."""
        return tuple(service.command_job for service in self.services)

    @property
    def answering(self) -> tuple[Service, ...]:
        """The services that take requests: all but worker pools. A revision of theirs is ready or is not."""
        return tuple(service for service in self.services if not service.worker)

    @property
    def scheduler(self) -> str | None:
        """What starts its jobs by the clock."""
        return "Cloud Scheduler" if self.jobs else None

    @property
    def outputs(self) -> tuple[Output, ...]:
        """The names of what runs always."""
        if not self.services:
            return ()
        names = {service.label: service.address.name for service in self.services}
        return (Output("services", "Names of the Cloud Run services and worker pools", names),)

    @property
    def revisions(self) -> tuple[str, ...] | None:
        """The names of the services that take requests."""
        return tuple(service.run.run_name for service in self.answering) if self.services else None

    @property
    def last_words(self) -> str:
        """What services and worker pools wrote, and Cloud Run about them."""
        return last_words(self.prefix)
