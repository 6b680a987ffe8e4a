"""How well a group of machines does what the fields of a container ask for."""

from __future__ import annotations

from cloudgen.stack import machines
from cloudgen.stack.parity import Table, exact, ignored, in_some_cases

SIZE = in_some_cases("approximated", "the smallest machine type with so much vCPU, and memory beside the system's")
MEMORY = exact("goes with cpu, where it is told if the machine has more")
ARCHITECTURE = exact(
    "machines of the series E2", arm64=exact("machines of the series C4A, with Google's Axion, where the region has it")
)
MIN = in_some_cases("approximated", "the least number of machines; 1 at least, unless only messages count")
MAX = exact("the greatest number of machines")
CPU = exact("the use of CPU that the autoscaler aims at")
REQUESTS = in_some_cases("ignored", "the share of a full load that the autoscaler aims at; for what a route leads to")
MESSAGES = exact("the autoscaler assigns so many messages to each machine")
CRON = in_some_cases("unsupported", "a scaling schedule, which lasts until the next one; by day of the week and time")
ZONE = in_some_cases("unsupported", "the time zone of the scaling schedule; a container has one for all of them")
THE_MOST = ignored("an autoscaler has one greatest number at all times: the largest of those that are written")
SCHEDULE = exact("a scaling schedule of the autoscaler")
HEALTH = exact("the load balancer's health check; a more patient one replaces machines")

PARITY: Table = {
    **machines.parity("gcp"),
    "compute.size": SIZE,
    "compute.cpu": SIZE,
    "compute.memory": MEMORY,
    "compute.architecture": ARCHITECTURE,
    "containers.*.size": SIZE,
    "containers.*.cpu": SIZE,
    "containers.*.memory": MEMORY,
    "containers.*.architecture": ARCHITECTURE,
    "containers.*.image": exact("the image that a machine pulls, from any registry that it reaches without a password"),
    "containers.*.health_check.path": HEALTH,
    "containers.*.health_check.success": in_some_cases("unsupported", "health checks of Compute Engine take 200 alone"),
    "containers.*.health_check.host": exact("the host of both health checks"),
    "containers.*.health_check.interval": HEALTH,
    "containers.*.health_check.timeout": HEALTH,
    "containers.*.health_check.grace_period": exact("and two minutes more, in which the machine starts"),
    "containers.*.connects_to": exact("firewall rules, grants to the machine's account, environment variables"),
    "containers.*.scaling.min": MIN,
    "containers.*.scaling.max": MAX,
    "containers.*.scaling.cpu": CPU,
    "containers.*.scaling.requests_per_instance": REQUESTS,
    "containers.*.scaling.messages_per_instance": MESSAGES,
    "containers.*.scaling.schedules": SCHEDULE,
    "containers.*.scaling.schedules.cron": CRON,
    "containers.*.scaling.schedules.timezone": ZONE,
    "containers.*.scaling.schedules.min": SCHEDULE,
    "containers.*.scaling.schedules.max": THE_MOST,
    "scaling.min": MIN,
    "scaling.max": MAX,
    "scaling.cpu": CPU,
    "scaling.requests_per_instance": REQUESTS,
    "scaling.messages_per_instance": MESSAGES,
    "scaling.schedules": SCHEDULE,
    "scaling.schedules.cron": CRON,
    "scaling.schedules.timezone": ZONE,
    "scaling.schedules.min": SCHEDULE,
    "scaling.schedules.max": THE_MOST,
}
