"""How well AWS does what each field of the spec asks for."""

from __future__ import annotations

from cloudgen.stack.parity import Support, Table, approximated, exact, in_some_cases, unsupported

TITLE = "AWS"


def _platform(name: str) -> Support:
    return unsupported(f"platform {name} is not supported on aws yet", "use platform: containers")


PLATFORM = exact(
    "tasks on ECS",
    virtual_machines=_platform("virtual_machines"),
    kubernetes=_platform("kubernetes"),
    functions=_platform("functions"),
)
CAPACITY = exact(
    "Fargate, or Fargate Spot for spot",
    instances=unsupported("capacity instances is not supported on aws yet", "use capacity: serverless or spot"),
)
SIZE = exact("each size is a pair of CPU and memory that Fargate has")
VCPU = in_some_cases("approximated", "Fargate has fixed pairs of CPU and memory: the next larger pair is used")
MEMORY = exact("goes with cpu, where it is told if the pair is another one")
ARCHITECTURE = exact("Fargate runs both, X86_64 and ARM64")
DOCKERFILE = exact("in the Dockerfile, which is the same for every target")
HEALTH = in_some_cases("ignored", "the target group asks; a service that no route leads to has none")
CRON = in_some_cases("unsupported", "translated; AWS cannot say a day of the month and a day of the week at once")
REQUESTS = approximated("AWS counts requests by the minute, so 60 times as many a minute and task are aimed at")
SCHEDULE = exact("a scheduled action of Application Auto Scaling")
MIN = in_some_cases("approximated", "the least number of tasks; at least 1 without schedules, or none would ever start")
MAX = exact("the greatest number of tasks")
CPU = exact("target tracking of the average CPU use")

PARITY: Table = {
    "version": exact("the version of the format, for every cloud the same"),
    "name": exact("every resource name begins with it"),
    "environment": exact("picks the profile, and stands in every resource name"),
    "labels": exact("default tags of the provider, on every resource that takes tags"),
    "state.backend": exact("remote is a bucket of S3 with a lock file, made by bootstrap/"),
    "targets.aws.region": exact("the region of the provider"),
    "targets.aws.account": exact("terraform refuses any other account"),
    "targets.aws.zones": exact("the zones of the subnets"),
    "compute.platform": PLATFORM,
    "compute.capacity": CAPACITY,
    "compute.size": SIZE,
    "compute.cpu": VCPU,
    "compute.memory": MEMORY,
    "compute.architecture": ARCHITECTURE,
    "compute.kubernetes": unsupported("a cluster of Kubernetes is not supported on aws yet", "remove the section"),
    "containers.*.platform": PLATFORM,
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
    "containers.*.dockerfile": exact("deploy.sh builds the image from it, and pushes it to ECR"),
    "containers.*.image": exact("the image of the task definition"),
    "containers.*.command": exact("the command of the task definition"),
    "containers.*.user": exact("the user of the task definition"),
    "containers.*.read_only": exact("the root file system of the task is read-only, /tmp is a volume"),
    "containers.*.port": exact("the port of the task and of its target group"),
    "containers.*.health_check": HEALTH,
    "containers.*.health_check.timeout": in_some_cases(
        "approximated", "the target group's own, 2 seconds at least; a service that no route leads to has none"
    ),
    "containers.*.environment": exact("the environment of the task definition"),
    "containers.*.secrets": exact("ECS reads them from Secrets Manager when a task starts"),
    "containers.*.connects_to": exact("security group rules, statements of the task role, environment variables"),
    "containers.*.scaling.min": MIN,
    "containers.*.scaling.max": MAX,
    "containers.*.scaling.cpu": CPU,
    "containers.*.scaling.requests_per_instance": REQUESTS,
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
        "a trigger is not supported on aws yet", "let a worker consume a queue, or run a job by schedule"
    ),
    "load_balancer.domain": exact("an alias record in Route 53"),
    "load_balancer.dns_zone": exact("the hosted zone that the records stand in"),
    "load_balancer.create_zone": exact("a hosted zone in Route 53"),
    "load_balancer.tls": exact("a certificate of ACM, which renews it, and a redirect from HTTP"),
    "load_balancer.waf": exact("AWS WAF with the groups of rules that AWS manages"),
    "load_balancer.routes.path": exact("a rule of the listener; the longest path that fits wins"),
    "load_balancer.routes.container": exact("the target group that the rule leads to"),
    "networking.cidr": exact("the range of the VPC, from /16 to /19"),
    "networking.zones": exact("so many zones have subnets"),
    "networking.nat": exact("no NAT gateway, one, or one in each zone"),
    "networking.private_endpoints": exact("interface endpoints; S3 has a gateway endpoint in any case"),
    "networking.flow_logs": exact("every connection, in CloudWatch Logs"),
    "storage.databases.*.engine": exact("RDS, with storage that is encrypted"),
    "storage.databases.*.version": exact("the major version of the engine; RDS installs minor ones"),
    "storage.databases.*.size": exact("db.t4g.micro, db.t4g.small, db.t4g.medium, then db.m7g.large to 2xlarge"),
    "storage.databases.*.disk": in_some_cases("approximated", "gp3 that grows up to ten times, in whole GiB"),
    "storage.databases.*.high_availability": exact("Multi-AZ: a standby in a second zone"),
    "storage.databases.*.backups.retention": exact("automated backups are kept so long"),
    "storage.databases.*.backups.point_in_time": exact(
        "to any second of the retention",
        false=approximated("RDS restores to any second for as long as it keeps backups: it stays on"),
    ),
    "storage.buckets.*.versioning": exact("versioning of the S3 bucket"),
    "storage.buckets.*.expire_noncurrent_after": exact("a lifecycle rule of the S3 bucket"),
    "storage.caches.*.engine": exact("ElastiCache for Valkey, with TLS"),
    "storage.caches.*.size": exact("cache.t4g.micro, small, medium, then m7g.large, r7g.large and r7g.2xlarge"),
    "storage.caches.*.replicas": exact("replicas in other zones, one of which takes over"),
    "storage.queues.*.ack_deadline": exact("the visibility timeout of the SQS queue"),
    "storage.queues.*.max_deliveries": exact("the redrive policy of the SQS queue"),
    "storage.queues.*.retention": exact("the retention of the SQS queue"),
    "monitoring.logs.retention": in_some_cases(
        "approximated", "CloudWatch offers fixed numbers of days: the next larger"
    ),
    "monitoring.alerts.email": exact("subscriptions of an SNS topic, each confirmed once"),
    "monitoring.alerts.error_rate": exact("an alarm on the 5xx of load balancer and tasks"),
    "monitoring.alerts.latency_p95": exact("an alarm on the p95 of each target group"),
    "monitoring.alerts.cpu": exact("an alarm for each service, database and cache"),
    "monitoring.alerts.database_disk": approximated(
        "RDS reports free bytes, so they are counted against the disk's size at the start, not its present one",
        needs="storage.databases",
    ),
    "monitoring.dashboard": exact("a dashboard of CloudWatch"),
    "monitoring.uptime_checks": unsupported(
        "uptime checks from outside are not supported on aws yet",
        "set uptime_checks: false; the alarms on the load balancer stay",
    ),
    "monitoring.audit": exact("CloudTrail in every region and AWS Config, in a module of their own, account/"),
    "security.encryption": exact("a key of KMS, or the keys of AWS"),
    "security.secrets.*.version": exact("a new version in Secrets Manager, which replaces the tasks that read it"),
    "security.not_secrets": exact("for reviewers: what is named there may stand in the output"),
    "security.deletion_protection": exact("of the load balancer, databases and buckets with content"),
    "security.continuous_deployment": unsupported(
        "continuous deployment is not supported on aws yet",
        "run deploy.sh from your pipeline, with credentials of its own",
    ),
    "scaling.min": MIN,
    "scaling.max": MAX,
    "scaling.cpu": CPU,
    "scaling.requests_per_instance": REQUESTS,
    "scaling.schedules.cron": CRON,
    "scaling.schedules.timezone": SCHEDULE,
    "scaling.schedules.min": SCHEDULE,
    "scaling.schedules.max": SCHEDULE,
}
