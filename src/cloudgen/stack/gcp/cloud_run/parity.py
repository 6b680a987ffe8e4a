"""How well Cloud Run does what a container asks for, whether it runs always or while something comes."""

from __future__ import annotations

from cloudgen.stack.parity import Table, approximated, exact, ignored, in_some_cases

SIZE = in_some_cases("approximated", "Cloud Run has whole vCPU for a server, from 1: the next larger pair is used")
MEMORY = exact("goes with cpu, where it is told if the pair is another one")
ARCHITECTURE = exact(
    "Cloud Run runs images for amd64", arm64=approximated("Cloud Run runs images for amd64 only: they are built for it")
)
REQUESTS = in_some_cases("approximated", "the requests that an instance takes at once, at most 1000")

PARITY: Table = {
    "compute.size": SIZE,
    "compute.cpu": SIZE,
    "compute.memory": MEMORY,
    "compute.architecture": ARCHITECTURE,
    "scaling.requests_per_instance": REQUESTS,
    "containers.*.size": SIZE,
    "containers.*.cpu": SIZE,
    "containers.*.memory": MEMORY,
    "containers.*.architecture": ARCHITECTURE,
    "containers.*.image": exact("the image that Cloud Run runs, from Artifact Registry, Docker Hub or ghcr.io"),
    "containers.*.command": exact("the arguments of the container"),
    "containers.*.user": in_some_cases(
        "ignored", "the user in the Dockerfile; an image runs as the user that it names"
    ),
    "containers.*.read_only": ignored(
        "the root file system can be written; what is written takes memory, and goes with the instance"
    ),
    "containers.*.writable": in_some_cases(
        "approximated",
        "in memory, gone with the instance; a kept folder is a bucket that is mounted, begins empty and has no locks",
    ),
    "containers.*.port": exact(
        "the port of the container, told as PORT; requests over 32 MiB get 413, each ends after 300 seconds"
    ),
    "containers.*.environment": exact("the environment of the container"),
    "containers.*.secrets": exact("Cloud Run reads them from Secret Manager when an instance starts"),
    "containers.*.egress.port": exact("firewall rules for the container's network tag, by TCP"),
    "containers.*.egress.to": exact("the range that the rule leads to"),
    "containers.*.connects_to": exact("firewall rules, grants to the service account, environment variables"),
    "containers.*.health_check.success": approximated(
        "Cloud Run takes 200 to 399 for success, and cannot be told otherwise"
    ),
    "containers.*.health_check.host": exact("a header of the probes"),
    "containers.*.health_check.timeout": exact("the timeout of both probes"),
    "containers.*.health_check.grace_period": in_some_cases(
        "approximated", "the startup probe asks so long, and two minutes more for the network, at most 240 seconds"
    ),
    "containers.*.schedule.cron": exact("Cloud Scheduler reads it as crontab does"),
    "containers.*.schedule.timezone": exact("the time zone of Cloud Scheduler"),
    "containers.*.scaling.requests_per_instance": REQUESTS,
}
