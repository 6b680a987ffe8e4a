"""The rules of Amazon's servers that a schema does not tell, as one table; `gcp.rules` has those of Google's.

The columns are those of `rules`. Sources are pages of AWS's documentation by service and title, or the text of the
error that the API gives. Much of it is refused by the real hashicorp/aws as well, at plan; the stand-in has only the
schema of a newer one, and moto accepts nearly everything.
"""

from __future__ import annotations

from rig.standin.aws.checks import (
    aftermath,
    audit,
    balancing,
    capacity,
    containers,
    data,
    database,
    machines,
    monitoring,
    names,
    network,
    schedules,
)
from rig.standin.aws.rules_of_file_systems import FILE_SYSTEM_ORDER_RULES, FILE_SYSTEM_RULES
from rig.standin.aws.rules_of_functions import FUNCTION_AFTERMATH, FUNCTION_ORDER_RULES, FUNCTION_RULES
from rig.standin.cloud import Cloud
from rig.standin.configuration import Configuration
from rig.standin.rule import AfterRule, OrderRule, Rule, broken_of, out_of_order_of, silent_failures_of
from rig.standin.violation import Violation

TASK, SERVICE, LISTENER, ALARM = (
    "aws_ecs_task_definition",
    "aws_ecs_service",
    "aws_lb_listener",
    "aws_cloudwatch_metric_alarm",
)
DATABASE, CACHE, QUEUE, BALANCER = "aws_db_instance", "aws_elasticache_replication_group", "aws_sqs_queue", "aws_lb"
GROUP, FIREWALL, LOGS, KEY = "aws_security_group", "aws_wafv2_web_acl", "aws_cloudwatch_log_group", "aws_kms_key"
TRAIL, RECORDER, CHANNEL = "aws_cloudtrail", "aws_config_configuration_recorder", "aws_config_delivery_channel"
GROUP_RULES = "aws_vpc_security_group_ingress_rule aws_vpc_security_group_egress_rule"
POLICIES = "aws_iam_role aws_iam_role_policy aws_s3_bucket_policy aws_sqs_queue_policy aws_sns_topic_policy"
TEMPLATE, MACHINES, PROVIDER = "aws_launch_template", "aws_autoscaling_group", "aws_ecs_capacity_provider"
TARGET, ACTION, SCHEDULE = (
    "aws_appautoscaling_target",
    "aws_appautoscaling_scheduled_action",
    "aws_scheduler_schedule",
)

# fmt: off
AWS_RULES: tuple[Rule, ...] = (
    # ---- names
    Rule("queue-name", QUEUE, names.queue, "a queue has a name of at most 80 characters", "SQS API, CreateQueue"),
    Rule("topic-name", "aws_sns_topic", names.topic,
         "a topic has a name of at most 256 characters", "SNS API, CreateTopic"),
    Rule("db-identifier", DATABASE, names.database,
         "a database has a name of at most 63 characters", "RDS API, CreateDBInstance"),
    Rule("cache-id", CACHE, names.cache,
         "a cache has a name of at most 40 characters", "ElastiCache API, CreateReplicationGroup"),
    Rule("ecs-name", f"aws_ecs_cluster {SERVICE}", names.cluster,
         "a cluster or service has a plain name", "ECS API, CreateService"),
    Rule("task-family", TASK, names.family, "a task family has a plain name", "ECS API, RegisterTaskDefinition"),
    Rule("key-alias", "aws_kms_alias", names.key_alias, "an alias is not one of AWS's", "KMS API, CreateAlias"),
    Rule("secret-name", "aws_secretsmanager_secret", names.secret,
         "a secret has a name of plain signs", "Secrets Manager API, CreateSecret"),
    Rule("schedule-name", "aws_scheduler_schedule aws_scheduler_schedule_group", names.schedule,
         "a schedule has a name of at most 64 characters", "EventBridge Scheduler API, CreateSchedule"),
    Rule("log-group-name", LOGS, names.log_group,
         "a log group has a name of plain signs", "CloudWatch Logs API, CreateLogGroup"),
    Rule("alarm-name", ALARM, names.alarm,
         "an alarm has a name of at most 255 characters", "CloudWatch API, PutMetricAlarm"),
    Rule("role-name", "aws_iam_role", names.role, "a role has a name of at most 64 characters", "IAM API, CreateRole"),
    Rule("lb-name", f"{BALANCER} aws_lb_target_group", names.balancer,
         "a load balancer or target group has a name of at most 32 characters", "ELB API, CreateLoadBalancer"),
    Rule("s3-name", "aws_s3_bucket", names.bucket,
         "a bucket has a name of 3 to 63 characters", "S3, General purpose bucket naming rules"),
    Rule("ecr-name", "aws_ecr_repository", names.repository,
         "a repository has a name of lower-case words", "ECR API, CreateRepository"),
    Rule("subnet-group-name", "aws_db_subnet_group aws_elasticache_subnet_group", names.subnet_group,
         "a subnet group has a lower-case name", "RDS API, CreateDBSubnetGroup"),
    Rule("waf-name", FIREWALL, names.firewall,
         "a firewall, its rules and metrics have plain names", "WAF API, VisibilityConfig"),
    Rule("certificate-name", "aws_acm_certificate", names.certificate,
         "a certificate's first name has at most 64 characters", "ACM API, RequestCertificate, DomainName"),
    Rule("group-text", GROUP, names.security_group,
         "a security group has a name and description of plain ASCII", "EC2 API, CreateSecurityGroup"),
    Rule("group-rule-text", GROUP_RULES, names.rule_text,
         "a rule has a description of plain ASCII", "EC2 API, IpRange, Description"),
    Rule("tag-text", "aws_*", names.tags, "tags are of plain signs", "Tagging AWS Resources, Tag naming limits"),
    Rule("trail-name", TRAIL, names.trail, "a trail has a plain name", "CloudTrail API, CreateTrail, Name"),
    # ---- databases and caches
    Rule("db-class", DATABASE, database.database_class,
         "a database has a class that RDS knows", "RDS API error 'Invalid DB Instance class'"),
    Rule("cache-node", CACHE, database.cache_node,
         "a cache has a type of node that ElastiCache knows", "ElastiCache, Supported node types"),
    Rule("windows", f"{DATABASE} {CACHE}", database.windows,
         "backup and maintenance do not meet", "RDS API error '... window must not overlap'"),
    Rule("insights", DATABASE, database.insights,
         "Performance Insights knows the class", "RDS API error 'Performance Insights not supported'"),
    Rule("enhanced-monitoring", DATABASE, database.enhanced_monitoring,
         "monitoring has a role", "RDS API error 'A MonitoringRoleARN value is required'"),
    Rule("db-disk", DATABASE, database.disk, "a disk is large enough, and can grow", "RDS, DB instance storage"),
    Rule("db-login", DATABASE, database.login,
         "user and database have names that the engine takes", "RDS API, CreateDBInstance, MasterUsername"),
    Rule("failover", CACHE, database.failover,
         "failover has a second node", "ElastiCache API, CreateReplicationGroup, AutomaticFailoverEnabled"),
    # ---- containers
    Rule("fargate-size", TASK, containers.fargate_size,
         "CPU and memory fit each other", "ECS API error 'No Fargate configuration exists for given values'"),
    Rule("fargate-task", TASK, containers.fargate_network,
         "a task asks for what Fargate has", "ECS, Task definition differences for Fargate"),
    Rule("container-names", TASK, containers.container_names,
         "containers are named once, and wait for what comes", "ECS API, ContainerDefinition"),
    Rule("container-settings", TASK, containers.container_settings,
         "variables, volumes and times of a container", "ECS API, ContainerDefinition, HealthCheck, Secret"),
    Rule("container-ports", TASK, containers.container_ports,
         "a port belongs to one container", "ECS API, PortMapping"),
    Rule("deployment", SERVICE, containers.deployment,
         "a deployment can make progress", "ECS API, DeploymentConfiguration"),
    Rule("capacity", SERVICE, containers.strategy,
         "a capacity provider strategy is sound", "ECS API, CapacityProviderStrategyItem"),
    # ---- by the clock
    Rule("bounds", TARGET, schedules.bounds,
         "the least is not above the most", "Application Auto Scaling API, RegisterScalableTarget"),
    Rule("scheduled-action", ACTION, schedules.action,
         "a scheduled action changes a bound", "Application Auto Scaling API, ScalableTargetAction"),
    Rule("scaling-clock", ACTION, schedules.scheduled,
         "a schedule is one that AWS reads", "Application Auto Scaling API, PutScheduledAction"),
    Rule("schedule-clock", f"{SCHEDULE} aws_cloudwatch_event_rule", schedules.by_clock,
         "a schedule is one that AWS reads", "EventBridge Scheduler, Schedule types"),
    Rule("schedule-retries", SCHEDULE, data.schedule_retries,
         "a schedule is retried for a day at most", "EventBridge Scheduler API, RetryPolicy"),
    # ---- load balancing
    Rule("target-health", "aws_lb_target_group", balancing.health_check,
         "a health check is within bounds", "ELB API, CreateTargetGroup"),
    Rule("listener-tls", LISTENER, balancing.encrypted,
         "HTTPS has a certificate", "ELB API error 'A certificate must be specified for HTTPS listeners'"),
    Rule("listener-rule", "aws_lb_listener_rule", balancing.conditions,
         "a listener's rule has few values", "Application Load Balancers, Quotas, Condition values per rule"),
    Rule("waf-rules", FIREWALL, balancing.firewall_rules,
         "the rules of a firewall are whole and not too many", "WAF API, Rule; AWS WAF quotas"),
    Rule("waf-log", "aws_wafv2_web_acl_logging_configuration", balancing.firewall_log,
         "a firewall's log begins with aws-waf-logs-", "WAF API, LoggingConfiguration"),
    # ---- monitoring
    Rule("log-retention", LOGS, monitoring.retention,
         "logs are kept for a time that is on offer", "CloudWatch Logs API, PutRetentionPolicy"),
    Rule("alarm-periods", ALARM, monitoring.alarm_periods,
         "an alarm looks back a day", "CloudWatch API, PutMetricAlarm, EvaluationPeriods"),
    Rule("health-check", "aws_route53_health_check", monitoring.health_check,
         "a health check asks every 10 or 30 seconds, at a short path", "Route 53 API, CreateHealthCheck"),
    Rule("alarm-queries", ALARM, monitoring.alarm_queries,
         "an alarm watches one metric", "CloudWatch API, MetricDataQuery"),
    Rule("alarm-actions", ALARM, monitoring.alarm_actions,
         "an alarm has at most five actions", "CloudWatch API, PutMetricAlarm, AlarmActions"),
    Rule("widgets", "aws_cloudwatch_dashboard", monitoring.widgets,
         "widgets fit into their dashboard", "CloudWatch, Dashboard body structure and syntax"),
    # ---- the audit trail
    Rule("trail-log", TRAIL, audit.trail_log,
         "a trail names its log with a star, and a role", "CloudTrail API, CreateTrail, CloudWatchLogsLogGroupArn"),
    Rule("trail-globals", TRAIL, audit.global_events,
         "all regions come with global services", "CloudTrail API error 'InvalidParameterCombinationException'"),
    Rule("recording-group", RECORDER, audit.recording,
         "a recorder notes everything, or a list", "AWS Config API, RecordingGroup"),
    Rule("snapshot-times", CHANNEL, audit.frequency,
         "snapshots come at times that are on offer", "AWS Config API, ConfigSnapshotDeliveryProperties"),
    Rule("filter-pattern", "aws_cloudwatch_log_metric_filter", audit.filter_pattern,
         "a filter's pattern is short and whole", "CloudWatch Logs API, PutMetricFilter, filterPattern"),
    # ---- network
    Rule("range-size", "aws_vpc aws_subnet", network.range_size,
         "a range is between /16 and /28", "EC2 API error 'InvalidVpc.Range'"),
    Rule("group-rule", GROUP_RULES, network.one_source,
         "a rule has one source, and ports in order", "EC2 API, AuthorizeSecurityGroupIngress"),
    Rule("endpoint", "aws_vpc_endpoint", network.endpoint_kind,
         "an endpoint has what its type has", "EC2 API, CreateVpcEndpoint"),
    Rule("flow-log", "aws_flow_log", network.flow_log,
         "a flow log can be written", "EC2 API, CreateFlowLogs"),
    # ---- data
    Rule("queue-times", QUEUE, data.queue_times, "a queue's times are within bounds", "SQS API, SetQueueAttributes"),
    Rule("redrive", QUEUE, data.redrive, "a message is moved after some deliveries", "SQS API, RedrivePolicy"),
    Rule("secret-recovery", "aws_secretsmanager_secret", data.recovery,
         "a secret can be restored for a week or more", "Secrets Manager API, DeleteSecret"),
    Rule("key-times", KEY, data.key_times, "a key's times are within bounds", "KMS API, ScheduleKeyDeletion"),
    Rule("key-policy", KEY, data.key_policy,
         "a key can be changed later", "KMS API error '... will not allow you to update the key policy'"),
    Rule("policy-form", POLICIES, data.policy_form,
         "a policy is whole and short", "IAM, IAM and AWS STS quotas; IAM JSON policy element reference"),
    Rule("life-cycle", "aws_s3_bucket_lifecycle_configuration", data.life_cycle,
         "a life cycle does something", "S3 API, PutBucketLifecycleConfiguration"),
    Rule("image-cleanup", "aws_ecr_lifecycle_policy", data.image_cleanup,
         "the rule for any image is the last", "ECR, Lifecycle policy properties"),
    # ---- machines
    Rule("template-name", TEMPLATE, machines.template_name,
         "a launch template has a plain name", "EC2 API, CreateLaunchTemplate, LaunchTemplateName"),
    Rule("user-data", TEMPLATE, machines.user_data,
         "user data is base64, and small", "EC2, Run commands when you launch an EC2 instance with user data input"),
    Rule("template-disk", TEMPLATE, machines.template_disk,
         "a key takes an encrypted disk", "EC2 API, EbsBlockDevice, KmsKeyId"),
    Rule("template-network", TEMPLATE, machines.template_network,
         "a machine's network is said once", "EC2 API, RequestLaunchTemplateData; InstanceMetadataOptionsRequest"),
    Rule("group-bounds", MACHINES, machines.group_bounds,
         "the least is not above the most", "EC2 Auto Scaling API, CreateAutoScalingGroup"),
    Rule("group-starts", MACHINES, machines.group_starts,
         "a group starts machines in one way", "EC2 Auto Scaling API, CreateAutoScalingGroup, LaunchTemplate"),
    Rule("group-maintenance", MACHINES, machines.maintenance,
         "a replacement can make progress", "EC2 Auto Scaling API, InstanceMaintenancePolicy"),
    Rule("group-tracking", "aws_autoscaling_policy", machines.tracking,
         "target tracking has one metric", "EC2 Auto Scaling API, TargetTrackingConfiguration"),
    Rule("group-clock", "aws_autoscaling_schedule", machines.scheduled,
         "a scheduled action changes a bound", "EC2 Auto Scaling API, PutScheduledUpdateGroupAction"),
    Rule("provider-name", PROVIDER, capacity.provider_name,
         "a capacity provider has a name that is none of AWS's", "ECS API, CreateCapacityProvider, name"),
    Rule("provider-target", PROVIDER, capacity.target,
         "a capacity provider aims at 1 to 100 percent", "ECS API, ManagedScaling, targetCapacity"),
    Rule("placement", SERVICE, capacity.placement,
         "tasks are placed where there are machines", "ECS, Use strategies to define task placement"),
    Rule("one-kind", SERVICE, capacity.mixed,
         "a strategy has one kind of capacity", "ECS API, CreateService, capacityProviderStrategy"),
    *FUNCTION_RULES,
    *FILE_SYSTEM_RULES,
)

AWS_ORDER_RULES: tuple[OrderRule, ...] = (
    OrderRule("lb-logs", BALANCER, balancing.logs_accepted,
              "the bucket of access logs takes them", "ELB API error 'Access Denied for bucket'"),
    OrderRule("target-in-use", SERVICE, containers.target_in_use,
              "a listener comes before the service", "ECS API error 'does not have an associated load balancer'"),
    OrderRule("target-container", SERVICE, containers.target_container,
              "the load balancer's container is in the task", "ECS API, LoadBalancer, containerName"),
    OrderRule("task-logs", SERVICE, containers.task_logs,
              "log groups come before tasks", "ECS error 'failed to validate logger args'"),
    OrderRule("rds-logs", DATABASE, database.logs_exist,
              "log groups come before the database", "CloudWatch Logs error 'ResourceAlreadyExistsException'"),
    OrderRule("parameter-family", DATABASE, database.parameter_family,
              "parameters are for this version", "RDS API error 'The parameter group ... with DBParameterGroupFamily'"),
    OrderRule("certificate-issued", f"{LISTENER} aws_lb_listener_certificate", balancing.certificate_issued,
              "a listener takes an issued certificate", "ELB API error 'UnsupportedCertificate'"),
    OrderRule("domain-proven", "aws_acm_certificate_validation", balancing.record_proves,
              "the records that prove a domain are there", "ACM, DNS validation"),
    OrderRule("log-key", LOGS, aftermath.log_key,
              "the key lets CloudWatch Logs in", "CloudWatch Logs, Encrypt log data using KMS"),
    OrderRule("policy-order", "aws_s3_bucket_policy", data.not_at_once,
              "a bucket's policy comes after the block of public access", "S3 API error 'OperationAborted'"),
    OrderRule("versions-first", "aws_s3_bucket_lifecycle_configuration", data.versioned,
              "a bucket has versions before they end", "provider, aws_s3_bucket_lifecycle_configuration"),
    OrderRule("subnet-fits", "aws_subnet", network.subnet_fits,
              "subnets lie beside each other in their network", "EC2 API error 'InvalidSubnet.Conflict'"),
    OrderRule("two-zones", f"{BALANCER} aws_db_subnet_group", network.two_zones,
              "subnets are in two zones", "RDS API error 'DBSubnetGroupDoesNotCoverEnoughAZs'"),
    OrderRule("nat-way-out", "aws_nat_gateway", network.way_out,
              "the internet gateway comes before NAT", "EC2 API error 'Gateway.NotAttached'"),
    OrderRule("lb-way-out", BALANCER, network.balancer_way_out,
              "the internet gateway comes before a public balancer", "ELB API error 'InvalidSubnet'"),
    OrderRule("private-names", "aws_vpc_endpoint", network.private_names,
              "private names need the network's DNS", "EC2 API, CreateVpcEndpoint, PrivateDnsEnabled"),
    OrderRule("trail-bucket", TRAIL, audit.bucket_takes_it,
              "the trail's bucket lets CloudTrail write", "CloudTrail, Amazon S3 bucket policy for CloudTrail"),
    OrderRule("trail-key", TRAIL, audit.key_takes_it,
              "the trail's key lets CloudTrail in", "CloudTrail, Configure AWS KMS key policies for CloudTrail"),
    OrderRule("trail-role", TRAIL, audit.log_takes_it,
              "CloudTrail may write the trail's log",
              "CloudTrail, Role policy document for CloudTrail to use CloudWatch Logs"),
    OrderRule("one-recorder", RECORDER, audit.only_recorder,
              "an account has one recorder", "AWS Config, Service limits"),
    OrderRule("channel-delivers", CHANNEL, audit.channel_delivers,
              "a channel has a recorder, and may write", "AWS Config API, PutDeliveryChannel"),
    OrderRule("recorder-starts", "aws_config_configuration_recorder_status", audit.recorder_starts,
              "a recorder starts with a channel", "AWS Config API, StartConfigurationRecorder"),
    OrderRule("provider-protects", PROVIDER, capacity.protected,
              "a capacity provider protects machines that may be protected",
              "ECS API, AutoScalingGroupProvider, managedTerminationProtection"),
    OrderRule("capacity-there", f"{SERVICE} {SCHEDULE}", capacity.associated,
              "tasks ask for capacity that the cluster has, and are made for it",
              "ECS API, CreateService, capacityProviderStrategy"),
    OrderRule("capacity-stays", "aws_ecs_cluster_capacity_providers", capacity.stays,
              "a cluster keeps the capacity that tasks run on", "ECS API, PutClusterCapacityProviders"),
    OrderRule("targets-fit", MACHINES, machines.targets_fit,
              "a group's target groups hold instances", "EC2 Auto Scaling API, AttachLoadBalancerTargetGroups"),
    OrderRule("profile-exists", TEMPLATE, machines.profile_exists,
              "an instance profile comes before its template", "EC2 API error 'Invalid IAM Instance Profile ARN'"),
    *FUNCTION_ORDER_RULES,
    *FILE_SYSTEM_ORDER_RULES,
)

AWS_AFTERMATH: tuple[AfterRule, ...] = (
    AfterRule("alarms-arrive", aftermath.alarms_arrive,
              "alarms reach their topics", "SNS, Encrypting with services that publish"),
    AfterRule("events-arrive", aftermath.events_arrive,
              "events reach their topics", "EventBridge, Resource-based policies; Troubleshooting"),
    AfterRule("access-logged", aftermath.access_is_logged,
              "access to buckets is logged", "S3, Enabling server access logging"),
    AfterRule("metrics-made", audit.metrics_are_made,
              "alarms watch metrics that are made", "CloudWatch Logs, Creating metrics from log events using filters"),
    AfterRule("machines-start", machines.machines_start,
              "machines have the key of their disks",
              "EC2 Auto Scaling, Required AWS KMS key policy for use with encrypted volumes"),
    AfterRule("health-told", machines.checks_ask,
              "somebody tells a group's health", "EC2 Auto Scaling, Health checks for instances"),
    AfterRule("managed-tag", capacity.tagged,
              "the group of a capacity provider has the tag of ECS",
              "provider, aws_ecs_capacity_provider"),
    AfterRule("cluster-joined", capacity.joined,
              "machines join a cluster that is there", "ECS, Bootstrapping container instances"),
    AfterRule("roles-taken", aftermath.roles_are_taken,
              "whoever has a role may take it", "IAM, Passing a role to a service"),
    *FUNCTION_AFTERMATH,
)
# fmt: on


def broken(resource: Configuration) -> list[Violation]:
    """Return every rule that a resource breaks by itself."""
    return broken_of(AWS_RULES, resource)


def out_of_order(resource: Configuration, cloud: Cloud) -> list[Violation]:
    """Return every rule that a resource breaks given what exists."""
    return out_of_order_of(AWS_ORDER_RULES, resource, cloud)


def silent_failures(cloud: Cloud) -> list[str]:
    """Return what was accepted and will not work, one sentence each."""
    return silent_failures_of(AWS_AFTERMATH, cloud)
