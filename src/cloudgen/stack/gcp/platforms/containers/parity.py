"""How well Cloud Run does what the fields of a container ask for."""

from __future__ import annotations

from cloudgen.stack.functions import PATH
from cloudgen.stack.gcp.cloud_run.parity import PARITY as ON_CLOUD_RUN
from cloudgen.stack.parity import Table, exact, ignored, in_some_cases, unsupported

MACHINES = unsupported(
    "Cloud Run has no machines of your own below its containers",
    "write capacity: serverless, or platform: virtual_machines, which runs each container on machines",
)
CAPACITY = exact(
    "Cloud Run, which starts and stops instances by itself",
    spot=ignored("Cloud Run has no spot capacity: containers run uninterrupted, at the usual price"),
    instances=MACHINES,
    spot_instances=MACHINES,
)
DOCKERFILE = exact("in the Dockerfile, which is the same for every target")
MIN = in_some_cases("approximated", "the least number of instances; a worker pool has 1 at least")
MAX = exact("the greatest number of instances")
CPU = ignored("Cloud Run aims at 60% CPU; another share takes version 8 of the provider")
MESSAGES = unsupported(
    "scaling Cloud Run by the messages that wait cannot be done on gcp",
    "write platform: virtual_machines for this container, or leave the number of its instances fixed",
)
SCHEDULES = ignored(
    "Cloud Run has no scaling by the clock: it scales by load between min and max at all times",
    "raise min if a burst finds too few instances",
)

PARITY: Table = {
    **ON_CLOUD_RUN,
    "compute.capacity": CAPACITY,
    "compute.kubernetes": unsupported("a cluster of Kubernetes is not supported on gcp yet", "remove the section"),
    "containers.*.capacity": CAPACITY,
    "containers.*.build.context": exact("the folder that deploy.sh builds the image from"),
    "containers.*.build.python": DOCKERFILE,
    "containers.*.build.package_manager": DOCKERFILE,
    "containers.*.build.app": DOCKERFILE,
    "containers.*.build.interface": DOCKERFILE,
    "containers.*.build.packages": DOCKERFILE,
    "containers.*.build.build_packages": DOCKERFILE,
    "containers.*.build.requirements": DOCKERFILE,
    "containers.*.build.extras": DOCKERFILE,
    "containers.*.build.groups": DOCKERFILE,
    "containers.*.build.member": DOCKERFILE,
    "containers.*.build.index.url": DOCKERFILE,
    "containers.*.build.index.default": DOCKERFILE,
    "containers.*.build.index.login": exact("a build secret that deploy.sh hands to docker build"),
    "containers.*.build.workdir": DOCKERFILE,
    "containers.*.build.python_path": DOCKERFILE,
    "containers.*.build.steps": DOCKERFILE,
    "containers.*.build.front_end.folder": DOCKERFILE,
    "containers.*.build.front_end.node": DOCKERFILE,
    "containers.*.build.front_end.package_manager": DOCKERFILE,
    "containers.*.build.front_end.script": DOCKERFILE,
    "containers.*.build.dockerfile": exact("deploy.sh builds the image from it, and pushes it to Artifact Registry"),
    "containers.*.build.target": exact("an option of docker build in deploy.sh"),
    "containers.*.build.args": exact("options of docker build in deploy.sh"),
    "containers.*.dockerfile": exact("deploy.sh builds the image from it, and pushes it to Artifact Registry"),
    "containers.*.release": exact("a job of Cloud Run, which deploy.sh runs before the services get the new version"),
    "containers.*.replicas": unsupported(
        "exactly_one cannot be done on gcp: Cloud Run runs the old revision and the new one at once for a while",
        "let the program hold a lock, such as pg_advisory_lock, and write scaling: {min: 1, max: 1} instead",
    ),
    "containers.*.health_check.path": exact("a startup and a liveness probe ask it"),
    "containers.*.health_check.interval": exact("the period of the liveness probe"),
    "containers.*.scaling.min": MIN,
    "containers.*.scaling.max": MAX,
    "containers.*.scaling.cpu": CPU,
    "containers.*.scaling.messages_per_instance": MESSAGES,
    "containers.*.scaling.schedules": SCHEDULES,
    "containers.*.schedule.timeout": exact("the time that an attempt of the job may take"),
    "containers.*.schedule.retries": exact("the job repeats an attempt that failed"),
    "containers.*.trigger.bucket": exact(f"POST {PATH} for each new object, to a service that runs always"),
    "containers.*.trigger.queue": exact(
        f"POST {PATH} for each message, to a service that runs always: its text, without attributes"
    ),
    "containers.*.trigger.prefix": exact("events of other objects are not sent"),
    "containers.*.trigger.timeout": exact("an event that takes longer has failed, and is tried again"),
    "scaling.min": MIN,
    "scaling.max": MAX,
    "scaling.cpu": CPU,
    "scaling.messages_per_instance": MESSAGES,
    "scaling.schedules": SCHEDULES,
}
