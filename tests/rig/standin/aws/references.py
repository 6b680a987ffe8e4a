"""What cannot go on AWS, for something uses it or lies in it. Each line of the table is an answer of Amazon's APIs.

Elastic Load Balancing, DeleteTargetGroup: ResourceInUse · RDS, DeleteDBParameterGroup: InvalidDBParameterGroupState,
DeleteDBSubnetGroup: InvalidDBSubnetGroupStateFault · ElastiCache, DeleteCacheParameterGroup and
DeleteCacheSubnetGroup: CacheSubnetGroupInUse · EC2: DependencyViolation of groups, subnets, VPCs and gateways ·
IAM, DeleteRole and DeletePolicy: DeleteConflict · ACM, DeleteCertificate: ResourceInUseException · ECS, DeleteCluster:
ClusterContainsServicesException · WAFV2, DeleteWebACL: WAFAssociatedItemException · Route 53, DeleteHostedZone:
HostedZoneNotEmpty · ECR, DeleteRepository: RepositoryNotEmptyException · S3, DeleteBucket: BucketNotEmpty ·
EFS, DeleteFileSystem: FileSystemInUse. KMS would
obey, and what a key encrypts would be lost: here it refuses.
"""

from __future__ import annotations

from collections.abc import Iterator

from rig.standin.cloud import Cloud
from rig.standin.configuration import Configuration
from rig.standin.in_use import References, unused
from rig.standin.violation import Violation

CERTIFICATE, CLUSTER, KEY = ("aws_acm_certificate",), ("aws_ecs_cluster",), ("aws_kms_key",)
GROUP, SUBNET, VPC = ("aws_security_group",), ("aws_subnet",), ("aws_vpc",)
ROLE, TARGETS = ("aws_iam_role",), ("aws_lb_target_group",)

REFERENCES: References = {
    "aws_cloudwatch_log_group": {"kms_key_id": KEY},
    "aws_db_instance": {
        "parameter_group_name": ("aws_db_parameter_group",),
        "db_subnet_group_name": ("aws_db_subnet_group",),
        "vpc_security_group_ids": GROUP,
        "kms_key_id": KEY,
    },
    "aws_ecr_repository": {"encryption_configuration.kms_key": KEY},
    "aws_ecs_cluster_capacity_providers": {"capacity_providers": ("aws_ecs_capacity_provider",)},
    "aws_ecs_service": {
        "cluster": CLUSTER,
        "network_configuration.security_groups": GROUP,
        "network_configuration.subnets": SUBNET,
    },
    "aws_efs_file_system": {"kms_key_id": KEY},
    "aws_efs_mount_target": {
        "file_system_id": ("aws_efs_file_system",),
        "subnet_id": SUBNET,
        "security_groups": GROUP,
    },
    "aws_iam_instance_profile": {"role": ROLE},
    "aws_launch_template": {"vpc_security_group_ids": GROUP},
    "aws_elasticache_replication_group": {
        "parameter_group_name": ("aws_elasticache_parameter_group",),
        "subnet_group_name": ("aws_elasticache_subnet_group",),
        "security_group_ids": GROUP,
        "kms_key_id": KEY,
    },
    "aws_iam_role_policy": {"role": ROLE},
    "aws_iam_role_policy_attachment": {"role": ROLE, "policy_arn": ("aws_iam_policy",)},
    "aws_internet_gateway": {"vpc_id": VPC},
    "aws_lambda_function": {
        "vpc_config.security_group_ids": GROUP,
        "vpc_config.subnet_ids": SUBNET,
        "kms_key_arn": KEY,
    },
    "aws_lb": {"security_groups": GROUP, "subnets": SUBNET},
    "aws_lb_listener": {"default_action.target_group_arn": TARGETS, "certificate_arn": CERTIFICATE},
    "aws_lb_listener_certificate": {"certificate_arn": CERTIFICATE},
    "aws_lb_listener_rule": {"action.target_group_arn": TARGETS},
    "aws_nat_gateway": {"allocation_id": ("aws_eip",), "subnet_id": SUBNET},
    "aws_route53_record": {"zone_id": ("aws_route53_zone",)},
    "aws_route_table": {"vpc_id": VPC},
    "aws_s3_bucket_server_side_encryption_configuration": {
        "rule.apply_server_side_encryption_by_default.kms_master_key_id": KEY
    },
    "aws_secretsmanager_secret": {"kms_key_id": KEY},
    "aws_security_group": {"vpc_id": VPC},
    "aws_sns_topic": {"kms_master_key_id": KEY},
    "aws_sqs_queue": {"kms_master_key_id": KEY},
    "aws_subnet": {"vpc_id": VPC},
    "aws_vpc_endpoint": {"security_group_ids": GROUP, "subnet_ids": SUBNET, "vpc_id": VPC},
    "aws_vpc_security_group_egress_rule": {"referenced_security_group_id": GROUP},
    "aws_vpc_security_group_ingress_rule": {"referenced_security_group_id": GROUP},
    "aws_wafv2_web_acl_association": {"web_acl_arn": ("aws_wafv2_web_acl",)},
}

HOLDING = {"aws_ecr_repository": "force_delete", "aws_s3_bucket": "force_destroy"}
"""What holds something in every test, an image or an object, and the argument by which it goes nevertheless."""


def still_used(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """Nothing uses what goes, and nothing is in it."""
    yield from unused(resource, cloud, REFERENCES, "DependencyViolation, or ResourceInUse")
    switch = HOLDING.get(resource.type)
    if switch is not None and resource.get(switch) is not True:
        yield Violation((switch,), "is not true, and it is not empty (RepositoryNotEmptyException, BucketNotEmpty)")
    if resource.type == "aws_internet_gateway":
        for thing in cloud.all("aws_nat_gateway", "aws_lb"):
            public = thing.type == "aws_lb" and thing.get("internal") is not True
            if public or thing.get("connectivity_type") == "public":
                yield Violation((), f"DependencyViolation: {thing.id} has a public address that it maps")
