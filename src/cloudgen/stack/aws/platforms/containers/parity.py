"""How well tasks on ECS do what the fields below `compute`, `containers` and `scaling` ask for."""

from __future__ import annotations

from cloudgen.stack.parity import Table, approximated, exact, ignored, in_some_cases, unsupported

RUNS = "tasks on ECS"
"""What a container is on this platform."""

CAPACITY = exact(
    "Fargate, or Fargate Spot for spot",
    instances=exact("ECS on machines of EC2 that the tasks share; README.md names them"),
    spot_instances=exact("ECS on machines of EC2 that AWS may take back"),
)
SIZE = exact("each size is a pair of CPU and memory that Fargate has; on machines every pair is")
VCPU = in_some_cases("approximated", "Fargate has fixed pairs of CPU and memory: the next larger pair is used")
MEMORY = exact("goes with cpu, where it is told if the pair is another one")
ARCHITECTURE = exact("Fargate and machines of EC2 have both, X86_64 and ARM64")
DOCKERFILE = exact("in the Dockerfile, which is the same for every target")
HEALTH = in_some_cases("ignored", "the target group asks; a service that no route leads to has none")
CRON = in_some_cases("unsupported", "translated; AWS cannot say a day of the month and a day of the week at once")
REQUESTS = approximated("AWS counts requests by the minute, so 60 times as many a minute and task are aimed at")
MESSAGES = exact("target tracking of the messages that wait in the queue, divided by the running tasks")
SCHEDULE = exact("a scheduled action of Application Auto Scaling")
MIN = in_some_cases("approximated", "the least number of tasks; at least 1 without schedules, or none would ever start")
MAX = exact("the greatest number of tasks")
CPU = exact("target tracking of the average CPU use")

PARITY: Table = {
    "compute.capacity": CAPACITY,
    "compute.size": SIZE,
    "compute.cpu": VCPU,
    "compute.memory": MEMORY,
    "compute.architecture": ARCHITECTURE,
    "compute.kubernetes": unsupported("a cluster of Kubernetes is not supported on aws yet", "remove the section"),
    "containers.*.capacity": CAPACITY,
    "containers.*.size": SIZE,
    "containers.*.cpu": VCPU,
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
    "containers.*.build.dockerfile": exact("deploy.sh builds the image from it, and pushes it to ECR"),
    "containers.*.build.target": exact("an option of docker build in deploy.sh"),
    "containers.*.build.args": exact("options of docker build in deploy.sh"),
    "containers.*.dockerfile": exact("deploy.sh builds the image from it, and pushes it to ECR"),
    "containers.*.image": exact("the image of the task definition"),
    "containers.*.command": exact("the command of the task definition"),
    "containers.*.release": exact("deploy.sh runs it in a task of its own, before the services get the new version"),
    "containers.*.replicas": approximated(
        "the old task is stopped first, but the new one may start while it is still stopping, for at most 30 seconds",
        "end at once on SIGTERM, or hold a lock, such as pg_advisory_lock",
    ),
    "containers.*.user": exact("the user of the task definition"),
    "containers.*.read_only": exact("the root file system of the task is read-only, /tmp is a volume"),
    "containers.*.writable": in_some_cases(
        "approximated",
        "a volume of the task, which begins with what the image has there; a kept folder is in EFS, and begins empty",
    ),
    "containers.*.port": exact("the port of the task and of its target group"),
    "containers.*.health_check": HEALTH,
    "containers.*.health_check.timeout": in_some_cases(
        "approximated", "the target group's own, 2 seconds at least; a service that no route leads to has none"
    ),
    "containers.*.health_check.host": ignored(
        "the load balancer asks each task by its address",
        "let the application answer to its own address, or count its refusal: health_check.success: 200,400",
    ),
    "containers.*.environment": exact("the environment of the task definition"),
    "containers.*.secrets": exact("ECS reads them from Secrets Manager when a task starts"),
    "containers.*.egress.port": exact("security group rules, by TCP"),
    "containers.*.egress.to": exact("the range that the rule leads to"),
    "containers.*.connects_to": exact("security group rules, statements of the task role, environment variables"),
    "containers.*.scaling.min": MIN,
    "containers.*.scaling.max": MAX,
    "containers.*.scaling.cpu": CPU,
    "containers.*.scaling.requests_per_instance": REQUESTS,
    "containers.*.scaling.messages_per_instance": MESSAGES,
    "containers.*.scaling.schedules.cron": CRON,
    "containers.*.scaling.schedules.timezone": SCHEDULE,
    "containers.*.scaling.schedules.min": SCHEDULE,
    "containers.*.scaling.schedules.max": SCHEDULE,
    "containers.*.schedule.cron": CRON,
    "containers.*.schedule.timezone": exact("the time zone of EventBridge Scheduler"),
    "containers.*.schedule.timeout": in_some_cases(
        "ignored", "timeout(1) in the command ends the job; an image or a command that cloudgen does not know has none"
    ),
    "containers.*.schedule.retries": approximated(
        "only the start of a task is tried again; a task that ran and failed is reported, not repeated",
        "let the program repeat what may fail, or write retries: 0",
    ),
    "containers.*.trigger": unsupported(
        "a trigger cannot be done on aws with platform: containers: no event starts a task of ECS",
        'write platform: functions; or let a worker consume a queue, by connects_to: ["jobs:consume"]',
    ),
    "scaling.min": MIN,
    "scaling.max": MAX,
    "scaling.cpu": CPU,
    "scaling.requests_per_instance": REQUESTS,
    "scaling.messages_per_instance": MESSAGES,
    "scaling.schedules.cron": CRON,
    "scaling.schedules.timezone": SCHEDULE,
    "scaling.schedules.min": SCHEDULE,
    "scaling.schedules.max": SCHEDULE,
}
