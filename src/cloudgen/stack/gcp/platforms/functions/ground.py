"""The ground of platform `functions`: no resource of its own but the agent that tells of objects."""

from __future__ import annotations

from collections.abc import Sequence

from cloudgen.dataclass import dataclass
from cloudgen.stack.base import Address
from cloudgen.stack.gcp.alarms import Alarm
from cloudgen.stack.gcp.cloud_run.events import Telling, telling
from cloudgen.stack.gcp.cloud_run.runs import KEEPS_ADDRESSES
from cloudgen.stack.gcp.cloud_run.watching import last_words
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import ServiceAccount
from cloudgen.stack.gcp.network.firewall import FirewallRule
from cloudgen.stack.gcp.platforms.functions.function import Function
from cloudgen.stack.gcp.platforms.workload import Workload
from cloudgen.stack.outputs import Output
from cloudgen.stack.readme import File
from cloudgen.stack.text import Markdown
from cloudgen.stack.workload import Step

FILES = (File("functions.tf", "platforms.functions", "functions on Cloud Run, and what starts them"),)


@dataclass(frozen=True)
class Functions:
    """All functions, rendered by functions.tf."""

    prefix: str
    functions: tuple[Function, ...]
    telling: Telling
    title: str = "Cloud Run functions"
    accounts: Sequence[ServiceAccount] = ()
    rules: Sequence[FirewallRule] = ()
    alarms: Sequence[Alarm] = ()
    steps: Sequence[Step] = ()
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
    def scheduler(self) -> str | None:
        """What starts functions by the clock."""
        return "Cloud Scheduler" if any(each.clock for each in self.functions) else None

    @property
    def outputs(self) -> tuple[Output, ...]:
        """The functions."""
        names = {each.label: each.address.name for each in self.functions}
        return (Output("functions", "Names of the Cloud Run services that are functions", names),)

    @property
    def revisions(self) -> tuple[str, ...]:
        """The names of their services."""
        return tuple(each.run.run_name for each in self.functions)

    @property
    def last_words(self) -> str:
        """What functions wrote, and Cloud Run about them."""
        return last_words(self.prefix)


def ground(foundation: Foundation, workloads: Sequence[Workload]) -> Functions:
    """Decide what these functions share."""
    functions = tuple(each for each in workloads if isinstance(each, Function))
    return Functions(foundation.prefix, functions, telling(foundation, "functions"))
