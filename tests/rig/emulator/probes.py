"""A few calls for each gap, which tell whether the emulator does as AWS does: unrepaired it must not, repaired it must.

    python -m rig.emulator.probes            # moto as it is
    python -m rig.emulator.probes --mended   # with everything in `GAPS` repaired

prints a JSON object, repair -> whether it does. A gap that moto has closed is seen by the first, and can go.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws

from rig.emulator.gaps import GAPS, mend_all

REGION = "eu-west-1"


def aws(service: str) -> Any:
    """A client of the emulated AWS."""
    return boto3.client(service, region_name=REGION)


def mend_tags() -> bool:
    """The tags of a scalable target can be read."""
    cluster = aws("ecs").create_cluster(clusterName="a")["cluster"]["clusterName"]
    task = {"family": "a", "containerDefinitions": [{"name": "a", "image": "a", "memory": 128}]}
    aws("ecs").register_task_definition(**task)
    aws("ecs").create_service(cluster=cluster, serviceName="a", taskDefinition="a", desiredCount=1)
    scaling = aws("application-autoscaling")
    target = scaling.register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId="service/a/a",
        ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=1,
        MaxCapacity=2,
        Tags={"a": "b"},
    )
    tags = scaling.list_tags_for_resource(ResourceARN=target["ScalableTargetARN"])["Tags"]
    return bool(tags == {"a": "b"})


def mend_policies() -> bool:
    """A service has its own policies, and not those of one whose name begins its name."""
    aws("ecs").create_cluster(clusterName="a")
    aws("ecs").register_task_definition(family="a", containerDefinitions=[{"name": "a", "image": "a", "memory": 128}])
    scaling = aws("application-autoscaling")
    target = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"}
    metric = {"PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}}
    for name in ("web", "web-admin"):
        aws("ecs").create_service(cluster="a", serviceName=name, taskDefinition="a", desiredCount=1)
        target["ResourceId"] = f"service/a/{name}"
        scaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=2)
        scaling.put_scaling_policy(
            **target,
            PolicyName="cpu",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration={"TargetValue": 60.0, **metric},
        )
    found = scaling.describe_scaling_policies(
        ServiceNamespace="ecs", ResourceId="service/a/web-admin", PolicyNames=["cpu"]
    )
    return len(found["ScalingPolicies"]) == 1


def mend_service_settings() -> bool:
    """A service keeps its grace period and its way of deploying."""
    aws("ecs").create_cluster(clusterName="a")
    aws("ecs").register_task_definition(family="a", containerDefinitions=[{"name": "a", "image": "a", "memory": 128}])
    deploying = {"maximumPercent": 150, "minimumHealthyPercent": 50}
    aws("ecs").create_service(
        cluster="a",
        serviceName="a",
        taskDefinition="a",
        healthCheckGracePeriodSeconds=30,
        deploymentConfiguration=deploying,
    )
    [found] = aws("ecs").describe_services(cluster="a", services=["a"])["services"]
    return found.get("healthCheckGracePeriodSeconds") == 30 and found.get("deploymentConfiguration") == deploying


def _group(**more: Any) -> None:
    aws("elasticache").create_replication_group(
        ReplicationGroupId="a",
        ReplicationGroupDescription="a",
        Engine="valkey",
        CacheNodeType="cache.t4g.micro",
        NumCacheClusters=2,
        AutomaticFailoverEnabled=True,
        **more,
    )


def mend_groups() -> bool:
    """A group has the members that were asked for, each can be described, and all go with it."""
    _group()
    [group] = aws("elasticache").describe_replication_groups(ReplicationGroupId="a")["ReplicationGroups"]
    members = group["MemberClusters"]
    described = [aws("elasticache").describe_cache_clusters(CacheClusterId=name)["CacheClusters"] for name in members]
    aws("elasticache").delete_replication_group(ReplicationGroupId="a")
    aws("elasticache").describe_replication_groups(ReplicationGroupId="a")
    return len(described) == 2 and not aws("elasticache").describe_replication_groups()["ReplicationGroups"]


def mend_subnet_groups() -> bool:
    """A subnet group can be deleted."""
    vpc = aws("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = aws("ec2").create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    aws("elasticache").create_cache_subnet_group(
        CacheSubnetGroupName="a", CacheSubnetGroupDescription="a", SubnetIds=[subnet]
    )
    aws("elasticache").delete_cache_subnet_group(CacheSubnetGroupName="a")
    return not aws("elasticache").describe_cache_subnet_groups()["CacheSubnetGroups"]


def _database(name: str = "a", **more: Any) -> Any:
    return aws("rds").create_db_instance(
        DBInstanceIdentifier=name,
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="owner",
        **({"MasterUserPassword": "made-up-only"} | more),
    )["DBInstance"]


def mend_resource_ids() -> bool:
    """Two instances have two resource ids."""
    return bool(_database("a")["DbiResourceId"] != _database("b")["DbiResourceId"])


def mend_settings() -> bool:
    """An instance keeps Performance Insights and how long its engine is supported."""
    found = _database(
        EnablePerformanceInsights=True, EngineLifecycleSupport="open-source-rds-extended-support-disabled"
    )
    support = str(found.get("EngineLifecycleSupport"))
    return found.get("PerformanceInsightsEnabled") is True and support.endswith("disabled")


def mend_parameter_sources() -> bool:
    """A parameter that the user set is told from the engine's own."""
    rds = aws("rds")
    rds.create_db_parameter_group(DBParameterGroupName="a", DBParameterGroupFamily="postgres17", Description="a")
    parameter = {"ParameterName": "log_connections", "ParameterValue": "1", "ApplyMethod": "immediate"}
    rds.modify_db_parameter_group(DBParameterGroupName="a", Parameters=[parameter])
    found = rds.describe_db_parameters(DBParameterGroupName="a", Source="user")["Parameters"]
    return [(item["ParameterName"], item.get("Source")) for item in found] == [("log_connections", "user")]


def mend_rule_descriptions() -> bool:
    """A rule from one group to another keeps its description."""
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    one, other = (ec2.create_security_group(GroupName=n, Description=n, VpcId=vpc)["GroupId"] for n in "ab")
    pair = {"GroupId": other, "Description": "from b"}
    permission = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "UserIdGroupPairs": [pair]}
    made = ec2.authorize_security_group_ingress(GroupId=one, IpPermissions=[permission])["SecurityGroupRules"]
    return bool(made[0].get("Description") == "from b")


def mend_conditions() -> bool:
    """A bucket that refuses plain HTTP takes an object over TLS."""
    s3 = aws("s3")
    s3.create_bucket(Bucket="a-bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::a-bucket", "arn:aws:s3:::a-bucket/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    s3.put_bucket_policy(Bucket="a-bucket", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    s3.put_object(Bucket="a-bucket", Key="a", Body=b"a")
    return True


def mend_delete_markers() -> bool:
    """Delete markers can be deleted after versioning has ended, which Terraform ends first."""
    s3 = aws("s3")
    s3.create_bucket(Bucket="a-bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket="a-bucket", VersioningConfiguration={"Status": "Enabled"})
    version = s3.put_object(Bucket="a-bucket", Key="a", Body=b"a")["VersionId"]
    marker = s3.delete_object(Bucket="a-bucket", Key="a")["VersionId"]
    s3.put_bucket_versioning(Bucket="a-bucket", VersioningConfiguration={"Status": "Suspended"})
    for one in (version, marker):
        s3.delete_object(Bucket="a-bucket", Key="a", VersionId=one)
    return "DeleteMarkers" not in s3.list_object_versions(Bucket="a-bucket")


def mend_managed_rotation() -> bool:
    """The rotation of the secret that RDS made can be cancelled."""
    secret = _database(ManageMasterUserPassword=True, MasterUserPassword="")["MasterUserSecret"]["SecretArn"]
    aws("secretsmanager").cancel_rotate_secret(SecretId=secret)
    return True


def mend_json_attributes() -> bool:
    """A queue returns its policies as they were set."""
    sqs = aws("sqs")
    queue = sqs.create_queue(QueueName="a")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    texts = {
        "Policy": '{"Version":"2012-10-17","Statement":[]}',
        "RedriveAllowPolicy": f'{{"redrivePermission":"byQueue","sourceQueueArns":["{arn}"]}}',
        "RedrivePolicy": f'{{"deadLetterTargetArn":"{arn}","maxReceiveCount":5}}',
    }
    for name, text in texts.items():
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={name: text})
    found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    return {name: found.get(name) for name in texts} == texts


def probe(name: str) -> bool:
    """Tell whether the emulator does as AWS does; an error that AWS does not give is a no."""
    ask: Callable[[], bool] = globals()[name]
    with mock_aws():
        try:
            return ask()
        except (ClientError, NotImplementedError, AttributeError) as error:
            print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
            return False


def main(arguments: list[str]) -> None:
    """Probe every gap, in this process."""
    os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_EC2_METADATA_DISABLED="true")
    if arguments == ["--mended"]:
        mend_all()
    print(json.dumps({gap.mend.__name__: probe(gap.mend.__name__) for gap in GAPS}))


if __name__ == "__main__":
    main(sys.argv[1:])
