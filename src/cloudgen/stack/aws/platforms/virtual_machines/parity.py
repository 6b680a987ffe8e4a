"""How well machines of EC2 do what the fields below `compute`, `containers` and `scaling` ask for."""

from __future__ import annotations

from cloudgen.stack.machines import parity
from cloudgen.stack.parity import Table, approximated, exact, ignored, in_some_cases

RUNS = "machines of an EC2 Auto Scaling group"
"""What a container is on this platform."""

SIZE = approximated("the smallest machine of EC2 with at least as much; README.md names it")
ARCHITECTURE = exact("machines with Intel or AMD processors, or with Graviton")
HEALTH = in_some_cases("ignored", "the target group asks; a service that no route leads to has none")
REQUESTS = approximated("AWS counts requests by the minute, so 60 times as many a minute and machine are aimed at")
MESSAGES = exact("target tracking of the messages that wait in the queue, divided by the machines in service")
SCHEDULE = exact("a scheduled action of the Auto Scaling group")
MIN = in_some_cases("approximated", "the least number of machines; at least 1 without schedules, or none would start")
MAX = exact("the greatest number of machines")
CPU = exact("target tracking of the average CPU use")

PARITY: Table = {
    **parity("aws"),
    "compute.size": SIZE,
    "compute.cpu": SIZE,
    "compute.memory": exact("goes with cpu, where the machine is told"),
    "compute.architecture": ARCHITECTURE,
    "containers.*.size": SIZE,
    "containers.*.cpu": SIZE,
    "containers.*.memory": exact("goes with cpu, where the machine is told"),
    "containers.*.architecture": ARCHITECTURE,
    "containers.*.image": exact("the image that the machine pulls"),
    "containers.*.health_check": HEALTH,
    "containers.*.health_check.timeout": in_some_cases(
        "approximated", "the target group's own, 2 seconds at least; a service that no route leads to has none"
    ),
    "containers.*.health_check.host": ignored(
        "the load balancer asks each machine by its address",
        "let the application answer to its own address, or count its refusal: health_check.success: 200,400",
    ),
    "containers.*.health_check.grace_period": exact("and two minutes more, in which the machine starts"),
    "containers.*.connects_to": exact("security group rules, statements of the machine's role, environment variables"),
    "containers.*.scaling.min": MIN,
    "containers.*.scaling.max": MAX,
    "containers.*.scaling.cpu": CPU,
    "containers.*.scaling.requests_per_instance": REQUESTS,
    "containers.*.scaling.messages_per_instance": MESSAGES,
    "containers.*.scaling.schedules.cron": SCHEDULE,
    "containers.*.scaling.schedules.timezone": SCHEDULE,
    "containers.*.scaling.schedules.min": SCHEDULE,
    "containers.*.scaling.schedules.max": SCHEDULE,
    "scaling.min": MIN,
    "scaling.max": MAX,
    "scaling.cpu": CPU,
    "scaling.requests_per_instance": REQUESTS,
    "scaling.messages_per_instance": MESSAGES,
    "scaling.schedules.cron": SCHEDULE,
    "scaling.schedules.timezone": SCHEDULE,
    "scaling.schedules.min": SCHEDULE,
    "scaling.schedules.max": SCHEDULE,
}
