"""How well Cloud Run does what the fields of a container ask for."""

from __future__ import annotations

from cloudgen.stack.parity import Table, approximated, exact, ignored, in_some_cases, unsupported

CAPACITY = exact(
    "Cloud Run, which starts and stops instances by itself",
    spot=ignored("Cloud Run has no spot capacity: containers run uninterrupted, at the usual price"),
    instances=unsupported("capacity instances is not supported on gcp yet", "use capacity: serverless"),
)
SIZE = in_some_cases("approximated", "Cloud Run has whole vCPU for a server, from 1: the next larger pair is used")
MEMORY = exact("goes with cpu, where it is told if the pair is another one")
ARCHITECTURE = exact(
    "Cloud Run runs images for amd64", arm64=approximated("Cloud Run runs images for amd64 only: they are built for it")
)
DOCKERFILE = exact("in the Dockerfile, which is the same for every target")
MIN = in_some_cases("approximated", "the least number of instances; a worker pool has 1 at least")
MAX = exact("the greatest number of instances")
CPU = ignored("Cloud Run aims at 60% CPU; another share takes version 8 of the provider")
REQUESTS = in_some_cases("approximated", "the requests that an instance takes at once, at most 1000")
SCHEDULES = ignored(
    "Cloud Run has no scaling by the clock: it scales by load between min and max at all times",
    "raise min if a burst finds too few instances",
)

PARITY: Table = {
    "compute.capacity": CAPACITY,
    "compute.size": SIZE,
    "compute.cpu": SIZE,
    "compute.memory": MEMORY,
    "compute.architecture": ARCHITECTURE,
    "compute.kubernetes": unsupported("a cluster of Kubernetes is not supported on gcp yet", "remove the section"),
    "containers.*.capacity": CAPACITY,
    "containers.*.size": SIZE,
    "containers.*.cpu": SIZE,
    "containers.*.memory": MEMORY,
    "containers.*.architecture": ARCHITECTURE,
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
    "containers.*.image": exact("the image that Cloud Run runs, from Artifact Registry, Docker Hub or ghcr.io"),
    "containers.*.command": exact("the arguments of the container"),
    "containers.*.release": exact("a job of Cloud Run, which deploy.sh runs before the services get the new version"),
    "containers.*.replicas": unsupported(
        "exactly_one cannot be done on gcp: Cloud Run runs the old revision and the new one at once for a while",
        "let the program hold a lock, such as pg_advisory_lock, and write scaling: {min: 1, max: 1} instead",
    ),
    "containers.*.user": in_some_cases(
        "ignored", "the user in the Dockerfile; an image runs as the user that it names"
    ),
    "containers.*.read_only": ignored(
        "the root file system can be written; what is written takes memory, and goes with the instance"
    ),
    "containers.*.writable": in_some_cases(
        "unsupported", "the root file system can be written; what is written takes memory, and goes with the instance"
    ),
    "containers.*.port": exact(
        "the port of the container, told as PORT; requests over 32 MiB get 413, each ends after 300 seconds"
    ),
    "containers.*.health_check.path": exact("a startup and a liveness probe ask it"),
    "containers.*.health_check.interval": exact("the period of the liveness probe"),
    "containers.*.health_check.timeout": exact("the timeout of both probes"),
    "containers.*.health_check.grace_period": in_some_cases(
        "approximated", "the startup probe asks so long, and two minutes more for the network, at most 240 seconds"
    ),
    "containers.*.environment": exact("the environment of the container"),
    "containers.*.secrets": exact("Cloud Run reads them from Secret Manager when an instance starts"),
    "containers.*.egress.port": exact("firewall rules for the container's network tag, by TCP"),
    "containers.*.egress.to": exact("the range that the rule leads to"),
    "containers.*.connects_to": exact("firewall rules, grants to the service account, environment variables"),
    "containers.*.scaling.min": MIN,
    "containers.*.scaling.max": MAX,
    "containers.*.scaling.cpu": CPU,
    "containers.*.scaling.requests_per_instance": REQUESTS,
    "containers.*.scaling.schedules": SCHEDULES,
    "containers.*.schedule.cron": exact("Cloud Scheduler reads it as crontab does"),
    "containers.*.schedule.timezone": exact("the time zone of Cloud Scheduler"),
    "containers.*.schedule.timeout": exact("the time that an attempt of the job may take"),
    "containers.*.schedule.retries": exact("the job repeats an attempt that failed"),
    "containers.*.trigger": unsupported(
        "a trigger is not supported on gcp yet", "let a worker consume a queue, or run a job by schedule"
    ),
    "scaling.min": MIN,
    "scaling.max": MAX,
    "scaling.cpu": CPU,
    "scaling.requests_per_instance": REQUESTS,
    "scaling.schedules": SCHEDULES,
}
