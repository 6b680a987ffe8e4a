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
    """A service keeps its grace period, its way of deploying and where its tasks are placed."""
    aws("ecs").create_cluster(clusterName="a")
    aws("ecs").register_task_definition(family="a", containerDefinitions=[{"name": "a", "image": "a", "memory": 128}])
    deploying = {"maximumPercent": 150, "minimumHealthyPercent": 50}
    placed = [{"type": "binpack", "field": "memory"}]
    aws("ecs").create_service(
        cluster="a",
        serviceName="a",
        taskDefinition="a",
        healthCheckGracePeriodSeconds=30,
        deploymentConfiguration=deploying,
        placementStrategy=placed,
    )
    [found] = aws("ecs").describe_services(cluster="a", services=["a"])["services"]
    kept = (found.get("deploymentConfiguration"), found.get("placementStrategy"))
    return found.get("healthCheckGracePeriodSeconds") == 30 and kept == (deploying, placed)


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


def _template(**more: Any) -> str:
    data = {"ImageId": "ami-12c6146b", "InstanceType": "t4g.micro"}
    made = aws("ec2").create_launch_template(LaunchTemplateName="a", LaunchTemplateData=data, **more)
    return str(made["LaunchTemplate"]["LaunchTemplateId"])


def _machines(name: str, template: str, **more: Any) -> None:
    aws("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=name,
        LaunchTemplate={"LaunchTemplateId": template, "Version": "$Latest"},
        MinSize=0,
        MaxSize=1,
        AvailabilityZones=[f"{REGION}a"],
        **more,
    )


def _follow(group: str, name: str = "cpu") -> None:
    metric = {"PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"}}
    aws("autoscaling").put_scaling_policy(
        AutoScalingGroupName=group,
        PolicyName=name,
        PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration={"TargetValue": 60.0, **metric},
    )


def mend_machine_groups() -> bool:
    """A group keeps its warm-up and its maintenance policy, and takes others."""
    scaling, template = aws("autoscaling"), _template()
    found: list[dict[str, Any]] = []
    given = [
        {
            "DefaultInstanceWarmup": seconds,
            "InstanceMaintenancePolicy": {"MinHealthyPercentage": 100, "MaxHealthyPercentage": most},
        }
        for seconds, most in ((60, 200), (90, 150))
    ]
    for settings in given:
        if not found:
            _machines("a", template, **settings)
        else:
            scaling.update_auto_scaling_group(AutoScalingGroupName="a", **settings)
        [group] = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["a"])["AutoScalingGroups"]
        found.append({name: group.get(name) for name in settings})
    return found == given


def mend_group_policies() -> bool:
    """A policy is enabled, and predicts nothing where it was not asked to."""
    _machines("a", _template())
    _follow("a")
    [policy] = aws("autoscaling").describe_policies(AutoScalingGroupName="a")["ScalingPolicies"]
    return policy.get("Enabled") is True and "PredictiveScalingConfiguration" not in policy


def mend_policy_names() -> bool:
    """Two groups have a policy of the same name each, and lose one at a time."""
    scaling, template = aws("autoscaling"), _template()
    for group in ("a", "b"):
        _machines(group, template)
        _follow(group)
    both = [len(scaling.describe_policies(AutoScalingGroupName=group)["ScalingPolicies"]) for group in ("a", "b")]
    scaling.delete_policy(AutoScalingGroupName="a", PolicyName="cpu")
    left = [policy["AutoScalingGroupName"] for policy in scaling.describe_policies()["ScalingPolicies"]]
    return both == [1, 1] and left == ["b"]


def mend_template_tags() -> bool:
    """A template's own tags are not among those that its machines get."""
    template = _template(TagSpecifications=[{"ResourceType": "launch-template", "Tags": [{"Key": "a", "Value": "b"}]}])
    [version] = aws("ec2").describe_launch_template_versions(LaunchTemplateId=template)["LaunchTemplateVersions"]
    return not version["LaunchTemplateData"].get("TagSpecifications")


def mend_template_versions() -> bool:
    """A machine starts from a second version that has user data, and the text comes back as it was given."""
    ec2, template = aws("ec2"), _template()
    data = {"ImageId": "ami-12c6146b", "InstanceType": "t4g.micro", "UserData": "IyEvYmluL3NoCg=="}
    ec2.create_launch_template_version(LaunchTemplateId=template, LaunchTemplateData=data)
    _machines("a", template, DesiredCapacity=1)
    found = ec2.describe_launch_template_versions(LaunchTemplateId=template, Versions=["2"])["LaunchTemplateVersions"]
    return bool(found[0]["LaunchTemplateData"]["UserData"] == data["UserData"])


def mend_refreshes() -> bool:
    """A group's machines are replaced by those of another version."""
    _machines("a", _template(), DesiredCapacity=0)
    try:
        aws("autoscaling").start_instance_refresh(AutoScalingGroupName="a")
    except (ClientError, NotImplementedError):
        return False
    return not aws("autoscaling").describe_instance_refreshes(AutoScalingGroupName="a")["InstanceRefreshes"]


def _function(**more: Any) -> dict[str, Any]:
    """A function of an image, published; what the emulator tells of it."""
    role = aws("iam").create_role(RoleName="a", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    made: dict[str, Any] = aws("lambda").create_function(
        FunctionName="a",
        Role=role,
        PackageType="Image",
        Code={"ImageUri": f"111122223333.dkr.ecr.{REGION}.amazonaws.com/a@sha256:{'0' * 64}"},
        DeadLetterConfig={"TargetArn": f"arn:aws:sqs:{REGION}:123456789012:failed"},
        LoggingConfig={"LogFormat": "Text", "LogGroup": "/a"},
        Publish=True,
        **more,
    )
    return made


def mend_function_settings() -> bool:
    """A function keeps its dead letters and its log, and an image without configuration has none."""
    _function()
    found = aws("lambda").get_function_configuration(FunctionName="a")
    logs, letters = found.get("LoggingConfig", {}), found.get("DeadLetterConfig", {})
    return "ImageConfigResponse" not in found and "TargetArn" in letters and logs.get("LogGroup") == "/a"


def mend_function_network() -> bool:
    """A function tells the network of its subnets."""
    network = aws("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = aws("ec2").create_subnet(VpcId=network, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    made = _function(VpcConfig={"SubnetIds": [subnet], "SecurityGroupIds": ["sg-1"]})
    return bool(made["VpcConfig"].get("VpcId") == network)


def mend_mapping_alias() -> bool:
    """A mapping tells the alias that it was given."""
    version = _function()["Version"]
    alias = aws("lambda").create_alias(FunctionName="a", Name="live", FunctionVersion=version)["AliasArn"]
    url = aws("sqs").create_queue(QueueName="a")["QueueUrl"]
    queue = aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    made = aws("lambda").create_event_source_mapping(EventSourceArn=queue, FunctionName=alias)
    return bool(aws("lambda").get_event_source_mapping(UUID=made["UUID"])["FunctionArn"] == alias)


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


def mend_backup_policy() -> bool:
    """The backups of a file system are off, can be switched on, and off again."""
    efs = aws("efs")
    made = efs.create_file_system(CreationToken="a")["FileSystemId"]
    seen = [efs.describe_backup_policy(FileSystemId=made)["BackupPolicy"]["Status"]]
    for status in ("ENABLED", "DISABLED"):
        efs.put_backup_policy(FileSystemId=made, BackupPolicy={"Status": status})
        seen.append(efs.describe_backup_policy(FileSystemId=made)["BackupPolicy"]["Status"])
    return seen == ["DISABLED", "ENABLED", "DISABLED"]


def mend_policy_end() -> bool:
    """The policy of a file system can be deleted, and is then not found."""
    efs = aws("efs")
    made = efs.create_file_system(CreationToken="a")["FileSystemId"]
    efs.put_file_system_policy(FileSystemId=made, Policy='{"Version": "2012-10-17", "Statement": []}')
    efs.delete_file_system_policy(FileSystemId=made)
    try:
        efs.describe_file_system_policy(FileSystemId=made)
    except ClientError as error:
        return bool(error.response["Error"]["Code"] == "PolicyNotFound")
    return False


def probe(name: str) -> bool:
    """Tell whether the emulator does as AWS does; an error that AWS does not give is a no."""
    ask: Callable[[], bool] = globals()[name]
    with mock_aws():
        try:
            return ask()
        except (AssertionError, AttributeError, ClientError, NotImplementedError) as error:
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
