"""What AWS computes: ids with their prefixes, ARNs, endpoints, certificate validation options."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from rig.standin.computed import Computed

ACCOUNT = "123456789012"
ID_PREFIXES = {
    "aws_default_security_group": "sg-",
    "aws_efs_access_point": "fsap-",
    "aws_efs_file_system": "fs-",
    "aws_efs_mount_target": "fsmt-",
    "aws_egress_only_internet_gateway": "eigw-",
    "aws_eip": "eipalloc-",
    "aws_flow_log": "fl-",
    "aws_internet_gateway": "igw-",
    "aws_launch_template": "lt-",
    "aws_nat_gateway": "nat-",
    "aws_route": "r-rtb-",
    "aws_route_table": "rtb-",
    "aws_route_table_association": "rtbassoc-",
    "aws_security_group": "sg-",
    "aws_subnet": "subnet-",
    "aws_vpc": "vpc-",
    "aws_vpc_endpoint": "vpce-",
    "aws_vpc_security_group_egress_rule": "sgr-",
    "aws_vpc_security_group_ingress_rule": "sgr-",
}
ARNS = {
    "aws_acm_certificate": "acm:{region}:{account}:certificate/{uuid}",
    "aws_cloudtrail": "cloudtrail:{region}:{account}:trail/{name}",
    "aws_cloudwatch_log_group": "logs:{region}:{account}:log-group:{name}",
    "aws_cloudwatch_metric_alarm": "cloudwatch:{region}:{account}:alarm:{name}",
    "aws_db_instance": "rds:{region}:{account}:db:{name}",
    "aws_ecr_repository": "ecr:{region}:{account}:repository/{name}",
    "aws_ecs_cluster": "ecs:{region}:{account}:cluster/{name}",
    "aws_ecs_service": "ecs:{region}:{account}:service/{name}",
    "aws_ecs_task_definition": "ecs:{region}:{account}:task-definition/{name}:1",
    "aws_efs_access_point": "elasticfilesystem:{region}:{account}:access-point/{id}",
    "aws_efs_file_system": "elasticfilesystem:{region}:{account}:file-system/{id}",
    "aws_eks_cluster": "eks:{region}:{account}:cluster/{name}",
    "aws_elasticache_replication_group": "elasticache:{region}:{account}:replicationgroup:{name}",
    "aws_iam_instance_profile": "iam::{account}:instance-profile/{name}",
    "aws_iam_policy": "iam::{account}:policy/{name}",
    "aws_iam_role": "iam::{account}:role/{name}",
    "aws_kms_alias": "kms:{region}:{account}:{name}",
    "aws_kms_key": "kms:{region}:{account}:key/{uuid}",
    "aws_lambda_alias": "lambda:{region}:{account}:function:{function}:{name}",
    "aws_lambda_function": "lambda:{region}:{account}:function:{name}",
    "aws_lb": "elasticloadbalancing:{region}:{account}:loadbalancer/app/{name}/{hex16}",
    "aws_lb_listener": "elasticloadbalancing:{region}:{account}:listener/app/lb/{hex16}/{hex16}",
    "aws_lb_listener_rule": "elasticloadbalancing:{region}:{account}:listener-rule/app/lb/{hex16}/{hex16}/{hex16}",
    "aws_lb_target_group": "elasticloadbalancing:{region}:{account}:targetgroup/{name}/{hex16}",
    "aws_route53_health_check": "route53:::healthcheck/{uuid}",
    "aws_route53_zone": "route53:::hostedzone/{zone}",
    "aws_s3_bucket": "s3:::{name}",
    "aws_secretsmanager_secret": "secretsmanager:{region}:{account}:secret:{name}-{hex6}",
    "aws_security_group": "ec2:{region}:{account}:security-group/{id}",
    "aws_sns_topic": "sns:{region}:{account}:{name}",
    "aws_sqs_queue": "sqs:{region}:{account}:{name}",
    "aws_ssm_parameter": "ssm:{region}:{account}:parameter/{name}",
    "aws_subnet": "ec2:{region}:{account}:subnet/{id}",
    "aws_vpc": "ec2:{region}:{account}:vpc/{id}",
}
"""ARNs after `arn:aws:`."""
ID_IS_ARN = {
    "aws_acm_certificate",
    "aws_cloudtrail",
    "aws_ecs_cluster",
    "aws_ecs_service",
    "aws_iam_policy",
    "aws_lambda_alias",
    "aws_lb",
    "aws_lb_listener",
    "aws_lb_listener_rule",
    "aws_lb_target_group",
    "aws_secretsmanager_secret",
    "aws_sns_topic",
    "aws_wafv2_web_acl",
}
WITHIN = {
    "aws_ecr_repository_policy": "{repository}",
    "aws_efs_backup_policy": "{file_system_id}",
    "aws_efs_file_system_policy": "{file_system_id}",
    "aws_iam_role_policy": "{role}:{name}",
    "aws_lambda_function_event_invoke_config": "{function_name}:{qualifier}",
    # Not an import's: a statement is known by its function, its qualifier and its own id.
    "aws_lambda_permission": "{function_name}:{qualifier}:{statement_id}",
    "aws_lb_target_group_attachment": "{target_group_arn}-{target_id}",
    "aws_route53_record": "{zone_id}_{name}_{type}",
}
"""Ids that have the name of what the resource belongs to, as the provider's documentation gives them for an import."""
NAMED_BY = (
    *("role", "zone_id", "name", "type", "repository", "function_name", "qualifier", "statement_id"),
    *("target_group_arn", "target_id", "file_system_id"),
)
"""Arguments that stand in the ids of `WITHIN`."""
PORTS = {"postgres": 5432, "mysql": 3306, "mariadb": 3306, "redis": 6379, "valkey": 6379}


class AwsComputed(Computed):
    """Computed values of the aws provider."""

    def __init__(self, resource_type: str, known: dict[str, Any], provider: dict[str, Any], salt: str = "") -> None:
        super().__init__(resource_type, known, provider, salt)
        self.region = self.given("region") or provider.get("region") or "us-east-1"

    @property
    def zone(self) -> str:
        """The id of a hosted zone."""
        return "Z" + self.seed[:20].upper()

    def identity(self) -> str:
        if self.type in ID_PREFIXES:
            return ID_PREFIXES[self.type] + self.seed[:17]
        if self.type == "aws_route53_zone":
            return self.zone
        if self.type in WITHIN:
            return WITHIN[self.type].format_map({name: self.given(name) or "" for name in NAMED_BY})
        if self.type in ("aws_kms_key", "aws_lambda_event_source_mapping", "aws_route53_health_check"):
            return self.uuid("key")
        return self.arn() if self.type in ID_IS_ARN else self.name

    def arn(self) -> str:
        """Return the resource's ARN."""
        words = self.type.split("_")
        template = (
            ARNS.get(self.type) or f"{words[1]}:{{region}}:{{account}}:{'-'.join(words[2:]) or words[1]}/{{name}}"
        )
        return "arn:aws:" + template.format(
            region=self.region,
            account=ACCOUNT,
            name=self.name,
            function=self.given("function_name"),
            uuid=self.uuid("key"),
            hex16=self.seed[:16],
            hex6=self.seed[:6],
            zone=self.zone,
            id=ID_PREFIXES.get(self.type, "") + self.seed[:17],
        )

    def specific(self, name: str) -> str | None:  # noqa: C901 - one line an attribute
        match name:
            case "region":
                return self.region
            case "owner_id" | "account_id" | "registry_id":
                return ACCOUNT
            case "arn":
                return self.arn()
            case "arn_without_revision":
                return self.arn().rsplit(":", 1)[0]
            case "secret_arn":
                name = f"rds!db-{self.uuid('secret')}-{self.seed[:6]}"
                return f"arn:aws:secretsmanager:{self.region}:{ACCOUNT}:secret:{name}"
            case "arn_suffix":
                return self.arn().split(":", 5)[-1].removeprefix("loadbalancer/")
            case "zone_id" | "hosted_zone_id":
                return self.zone
            case "key_id" | "certificate_id":
                return self.uuid("key")
            case "version" if self.type == "aws_lambda_function":
                return str(1 + int(self.seed[:4], 16))
            case "version_id" if self.type == "aws_secretsmanager_secret_version":
                return self.uuid("version")
            case "dns_name":
                return f"{self.name}-{self.hexadecimal(name, 10)}.{self.region}.elb.amazonaws.com"
            case "bucket_domain_name":
                return f"{self.name}.s3.amazonaws.com"
            case "bucket_regional_domain_name":
                return f"{self.name}.s3.{self.region}.amazonaws.com"
            case "address" if "_db_" in self.type:
                return f"{self.name}.{self.hexadecimal('db', 12)}.{self.region}.rds.amazonaws.com"
            case "endpoint" if "_db_" in self.type:
                return f"{self.specific('address')}:{self.number('port')}"
            case "unique_id":
                return "AROA" + self.hexadecimal(name, 17).upper()
            case "availability_zone":
                return self.region + "a"
            case "repository_url":
                return f"{ACCOUNT}.dkr.ecr.{self.region}.amazonaws.com/{self.name}"
            case "url" | "invoke_url":
                return f"https://{self.name}-{self.hexadecimal(name, 8)}.execute-api.amazonaws.com"
            case "cidr_block":
                return "10.0.0.0/24"
        if name.endswith("arn"):
            service = self.type.split("_")[1]
            return f"arn:aws:{service}:{self.region}:{ACCOUNT}:{name.removesuffix('_arn')}/{self.hexadecimal(name, 8)}"
        if re.search("_id$", name):
            return ID_PREFIXES.get("aws_" + name.removesuffix("_id"), "") + self.hexadecimal(name)
        return None

    def number(self, name: str) -> int:
        engine = str(self.known.get("engine", ""))
        return next((port for prefix, port in PORTS.items() if name == "port" and engine.startswith(prefix)), 1)


def validation_options(domain: str, alternatives: list[str]) -> list[dict[str, str]]:
    """Return the DNS records that prove a certificate's domains; the provider knows them at plan."""
    return [
        {
            "domain_name": name,
            "resource_record_name": f"_{hashlib.sha256(name.encode()).hexdigest()[:32]}.{name.removeprefix('*.')}.",
            "resource_record_type": "CNAME",
            "resource_record_value": f"_{hashlib.sha256(f'{name}!'.encode()).hexdigest()[:32]}.acm-validations.aws.",
        }
        for name in dict.fromkeys([domain, *alternatives])
    ]
