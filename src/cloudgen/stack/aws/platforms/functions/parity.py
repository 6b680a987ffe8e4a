"""How well functions of Lambda do what the fields below `compute`, `containers` and `scaling` ask for."""

from __future__ import annotations

from cloudgen.stack.functions import parity
from cloudgen.stack.parity import Table, approximated, exact, ignored, in_some_cases, unsupported

RUNS = "functions of Lambda"
"""What a container is on this platform."""

SIZE = in_some_cases("approximated", "Lambda gives CPU with memory: the memory that has so much of both")
ARCHITECTURE = exact("Lambda has both, x86_64 and arm64")
EGRESS = approximated("a function outside of the network reaches the whole internet; README.md says which ones are")
CRON = in_some_cases("unsupported", "translated; AWS cannot say a day of the month and a day of the week at once")
READ_ONLY = "the file system of a function on AWS is read-only but for /tmp"
MIN = ignored("none runs while nothing comes, and as many as it takes when something does")
MAX = in_some_cases("approximated", "the reserved concurrency of the function")

PARITY: Table = {
    **parity("aws"),
    "compute.size": SIZE,
    "compute.cpu": SIZE,
    "compute.memory": exact("goes with cpu, where it is told if the function has more"),
    "compute.architecture": ARCHITECTURE,
    "containers.*.size": SIZE,
    "containers.*.cpu": SIZE,
    "containers.*.memory": exact("goes with cpu, where it is told if the function has more"),
    "containers.*.architecture": ARCHITECTURE,
    "containers.*.image": in_some_cases("unsupported", "the image of the function, of ECR in the same region"),
    "containers.*.command": in_some_cases("unsupported", "the command of the image, which has to serve the port"),
    "containers.*.user": ignored("Lambda runs it as a user of its own"),
    "containers.*.read_only": exact(
        "the root file system of a function is read-only, and /tmp is not",
        false=unsupported(READ_ONLY, "let it write below /tmp, or write platform: containers"),
    ),
    "containers.*.writable": unsupported(READ_ONLY, "write below /tmp, or to a bucket"),
    "containers.*.port": approximated(
        "requests and answers have 1 MB at most and a minute, without WebSockets and streaming",
        "send files to a bucket, by signed URLs",
    ),
    "containers.*.health_check": approximated("the path is asked when a function starts, and not between requests"),
    "containers.*.health_check.host": ignored(
        "the adapter in the image asks the server by its local address",
        "let the application answer to its own address, or count its refusal: health_check.success: 200,400",
    ),
    "containers.*.environment": exact("the environment of the function, 4 KB in all"),
    "containers.*.secrets": exact("the start script fetches them with the function's role, before the server starts"),
    "containers.*.egress.port": EGRESS,
    "containers.*.egress.to": EGRESS,
    "containers.*.connects_to": exact("security group rules, statements of the function's role, environment variables"),
    "containers.*.schedule.cron": CRON,
    "containers.*.schedule.timezone": exact("the time zone of EventBridge Scheduler"),
    "containers.*.schedule.timeout": in_some_cases("unsupported", "the function's own, 15 minutes at most"),
    "containers.*.schedule.retries": in_some_cases("approximated", "Lambda tries a run again, two times at most"),
    "containers.*.scaling.min": MIN,
    "containers.*.scaling.max": MAX,
    "scaling.min": MIN,
    "scaling.max": MAX,
}
