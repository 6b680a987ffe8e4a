"""A function: a Cloud Run service that has CPU only while it handles something, and what starts it."""

from __future__ import annotations

from collections.abc import Sequence

from cloudgen.dataclass import dataclass, replace
from cloudgen.stack import functions
from cloudgen.stack.base import Address, Variable, label
from cloudgen.stack.gcp.addresses import may_start, run_service, subscription
from cloudgen.stack.gcp.alarms import Alarm, Graph
from cloudgen.stack.gcp.cloud_run.runs import run
from cloudgen.stack.gcp.cloud_run.scaling import CONCURRENCY, MOST_CONCURRENCY, Scaling
from cloudgen.stack.gcp.cloud_run.serving import Answering, entry, startup
from cloudgen.stack.gcp.cloud_run.watching import SERVICE
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.iam import Grant, Scope, ServiceAccount, scope, service_account
from cloudgen.stack.gcp.logs import Origin
from cloudgen.stack.gcp.platforms.functions import watching
from cloudgen.stack.gcp.platforms.functions.events import Clock, Objects, clock, objects, timeout
from cloudgen.stack.gcp.platforms.workload import Around, Identity
from cloudgen.stack.gcp.push import CLOCK, STARTER
from cloudgen.stack.naming import digest
from cloudgen.stack.summary import SummaryRow, duration_text, instances_text
from cloudgen.stack.workload import Given, Wanted


@dataclass(frozen=True)
class Function(Answering):
    """A container as a function, rendered by functions.tf."""

    alarms: tuple[Alarm, ...]
    starter: ServiceAccount | None
    """As whom Pub/Sub or Cloud Scheduler calls it; None where visitors do."""
    objects: Objects | None
    """How new objects of a bucket start it."""
    clock: Clock | None
    """How the clock starts it."""

    @property
    def blocks(self) -> tuple[Address, ...]:
        """The service, the endpoint group that the load balancer reaches it by, and what starts it."""
        group = self.entry.serverless if self.entry else None
        found = [self.address, *((group.address,) if group else ())]
        found += self.objects.blocks if self.objects else ()
        found += [self.clock.address] if self.clock else []
        found += [self.wait] if self.invited else []
        return tuple(found)

    @property
    def identity(self) -> Identity:
        """The account that it runs as, and the one that it is called by."""
        return Identity(self.run.account, self.starter)

    @property
    def invited(self) -> tuple[Address, ...]:
        """The grants that whatever starts it has to have before."""
        own = self.starter.ready if self.starter else ()
        return (*own, *((self.objects.publisher.address,) if self.objects else ()))

    @property
    def wait(self) -> Address:
        """The wait for them."""
        return may_start(self.name)

    @property
    def invited_key(self) -> str:
        """The key of the wait: when it changes, the wait happens again."""
        return digest(",".join(address.label for address in self.invited))

    @property
    def differences(self) -> tuple[str, ...]:
        """What limits its requests and events. https://cloud.google.com/run/quotas."""
        if self.starter is None:
            return (
                f"{self.name} is a function: it has CPU while it handles requests, and what it does after an answer "
                "may stand still. Cloud Run answers requests of more than 32 MiB with 413, and ends requests and "
                f"WebSockets after {self.timeout} seconds.",
            )
        if self.clock:
            return (
                f"{self.name} is a function that the clock starts: a run has {self.timeout} seconds. One that failed "
                f"{self.clock.retries + 1} times is told by an alert policy, and kept nowhere.",
            )
        return (
            f"{self.name} is a function: at most {self.scaling.max} run at once, each with one event, and none while "
            "no event comes. Where more come than that, Cloud Run turns some away: they come again later, and that "
            "counts as a delivery.",
        )

    @property
    def graphs(self) -> tuple[Graph, ...]:
        """Instances, CPU and memory, how long it takes, and how its answers are."""
        return watching.graphs(self.run.run_name)

    @property
    def logs(self) -> tuple[Origin, ...]:
        """The log of its instances, and that of the clock."""
        ticks = (Origin("cloud_scheduler_job", "job_id", self.clock.name),) if self.clock else ()
        return (SERVICE.origin(self.run.run_name), *ticks)

    @property
    def given(self) -> Given:
        """Its size, and what starts it."""
        values = {**self.run.values, "timeout": duration_text(self.timeout)}
        if self.clock:
            values["schedule"] = f"{self.clock.schedule} {self.clock.timezone}"
            values["retries"] = str(self.clock.retries)
        row = SummaryRow("containers", self.name, self.address.type, values)
        scaling = {
            "instances": instances_text(self.scaling.min, self.scaling.max),
            "requests": f"{self.scaling.concurrency} at once, each instance",
        }
        return Given(self.run.size, self.run.lines, row, SummaryRow("scaling", self.name, self.address.type, scaling))


def function(foundation: Foundation, wanted: Wanted, around: Around) -> Function:
    """Decide the function of a container."""
    name, check = wanted.name, wanted.spec.health_check
    functions.refuse_idle(wanted, foundation.problems)
    functions.refuse_foreign_image(wanted, foundation.problems)
    functions.tell_loop(wanted, foundation.problems)
    source, address = functions.source(wanted), run_service(name)
    decided = run(
        foundation,
        wanted,
        around,
        runs_as="service",
        variables=() if source is None else (Variable(functions.SOURCE, source),),
        arguments=_arguments(wanted, source),
    )
    decided = replace(decided, before=tuple(each for each in decided.before if each not in _after(wanted)))
    seconds = timeout(foundation, wanted)
    told = objects(foundation, wanted)
    return Function(
        run=decided,
        scaling=_scaling(foundation, wanted, source),
        port=functions.port(wanted),
        entry=entry(foundation, wanted, decided) if wanted.routed else None,
        startup=startup(check) if source is None else None,
        liveness=None,
        alarms=_alarms(foundation, name, address, told, by_clock=wanted.spec.schedule is not None),
        always=False,
        called=source is not None,
        timeout=seconds,
        starter=None if source is None else _starter(foundation, wanted, address),
        objects=told,
        clock=clock(foundation, wanted, seconds),
    )


def _after(wanted: Wanted) -> tuple[Address, ...]:
    """What exists after it, though it connects to that: the subscription that starts it has its address."""
    trigger = wanted.spec.trigger
    return (subscription(trigger.queue),) if trigger is not None and trigger.queue is not None else ()


def _arguments(wanted: Wanted, source: str | None) -> Sequence[str] | None:
    """What runs instead of the image's own command; events go through a part of the image."""
    if source is None or not wanted.spec.command:
        return None
    return (*functions.HAND_OVER, *wanted.spec.command)


def _scaling(foundation: Foundation, wanted: Wanted, source: str | None) -> Scaling:
    """None runs while nothing comes, unless the spec itself says otherwise. An event has an instance of its own."""
    decided = wanted.scaling
    if source is not None:
        return Scaling(0, decided.max, 1)
    written = foundation.deployment.written or frozenset()
    asked = wanted.says("scaling", "min") or ("scaling", "min") in written
    concurrency = decided.requests_per_instance or CONCURRENCY
    return Scaling(decided.min if asked else 0, decided.max, min(concurrency, MOST_CONCURRENCY))


def _starter(foundation: Foundation, wanted: Wanted, address: Address) -> ServiceAccount:
    """The account by which it is called."""
    name = wanted.name
    ending, words = (CLOCK, "by the clock") if wanted.spec.schedule else (STARTER, "on events")
    grant = Grant("roles/run.invoker", _on_service(address))
    return service_account(foundation.prefix, f"{name}{ending}", f"Starts {name} {words}", [grant])


def _on_service(address: Address) -> Scope:
    """A grant on a service. A new service has no grants, so the grant names it by what only this service has."""
    return scope("google_cloud_run_v2_service_iam_member", address.label, name=address.id, location=address.location)


def _alarms(
    foundation: Foundation, name: str, address: Address, told: Objects | None, *, by_clock: bool
) -> tuple[Alarm, ...]:
    own = label(name)
    return (
        *watching.alarms(foundation, name, own, address),
        *((watching.not_started(foundation, name, own),) if by_clock else ()),
        *(told.queue.alarms if told else ()),
    )
