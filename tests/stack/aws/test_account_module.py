"""The account module: where the record goes, how long it is kept, who may write it, and what is told of it."""

from __future__ import annotations

import re

import pytest

from cloudgen.render.hcl import encode
from cloudgen.render.tree import render
from cloudgen.stack.aws.account_module import Audit, audit
from cloudgen.stack.aws.bootstrap import backend
from cloudgen.stack.aws.stack import build
from cloudgen.stack.aws.storage.access_logs import access_logs
from cloudgen.stack.aws.storage.bucket import decide as buckets
from rig.parts.aws import HEAD, WEB, make_foundation, refused

LONGEST_PATTERN = 1024
"""Characters. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html"""
NO_ACCOUNT = HEAD.replace(', account: "111122223333"', "")
LONGEST = HEAD.replace("name: shop", "name: abcdefghijklmno\nenvironment: staging")
TOLD = "alerts: {email: [ops@example.com, dev@example.com, ops@example.com]}"


def _audit(monitoring: str = "", rest: str = "", head: str = HEAD) -> Audit:
    more = f", {monitoring}" if monitoring else ""
    made = audit(make_foundation(f"monitoring: {{audit: true{more}}}\n{rest}\n{WEB}", head))
    assert made is not None
    return made


def test_no_record_unless_the_spec_asks_for_it() -> None:
    assert audit(make_foundation(WEB)) is None


@pytest.mark.parametrize(("logs", "days"), [("30d", 365), ("365d", 365), ("366d", 400), ("500d", 545), ("3650d", 3653)])
def test_the_record_is_kept_as_long_as_logs_and_a_year_at_least(logs: str, days: int) -> None:
    made = _audit(f"logs: {{retention: {logs}}}")
    assert made.trail.retention_days == made.bucket.retention_days == days


def test_names_are_within_their_limits() -> None:
    """Also of what the provider does not check before it asks AWS."""
    made = _audit(TOLD, head=LONGEST)
    assert made.alarms is not None
    assert len(encode(made.bucket.bucket_name).strip('"')) <= 63
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{2,127}", made.trail.name)
    assert max(len(made.trail.role_name), len(made.recorder.role_name)) <= 64
    assert len(made.recorder.name) <= 256
    assert len(made.alarms.topic_name) <= 256


def test_the_trail_is_named_before_it_exists() -> None:
    """By its ARN, in the policies of the bucket and of the key; and in its own partition."""
    arn = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/shop-prod"
    assert encode(_audit().trail.arn) == f'"{arn}"'
    government = _audit(head=HEAD.replace("eu-west-1", "us-gov-west-1"))
    assert encode(government.trail.arn).startswith('"arn:aws-us-gov:cloudtrail:us-gov-west-1:')
    assert government.key is not None
    assert government.key.logs_principal == "logs.us-gov-west-1.amazonaws.com"
    assert government.recorder.policy_arn == "arn:aws-us-gov:iam::aws:policy/service-role/AWS_ConfigRole"


def test_the_log_group_is_named_with_a_star_for_the_trail_only() -> None:
    trail = _audit().trail
    assert encode(trail.log_group_arn) == '"${aws_cloudwatch_log_group.audit.arn}:*"'
    assert encode(trail.log_group_name_arn).endswith(':log-group:/aws/cloudtrail/shop-prod"')
    assert encode(trail.streams).endswith(':log-stream:111122223333_CloudTrail_eu-west-1*"')


def test_a_key_only_when_the_customer_wants_one() -> None:
    own = _audit().key
    assert own is not None
    assert own.alias == "alias/shop-prod-account"
    assert _audit(rest="security: {encryption: provider_managed}").key is None


def test_protection() -> None:
    kept = _audit()
    assert kept.bucket.protected
    assert kept.key is not None
    assert kept.key.deletion_window == 30
    let_go = _audit(rest="security: {deletion_protection: false}")
    assert let_go.bucket.force_destroy
    assert not let_go.bucket.protected
    assert let_go.key is not None
    assert let_go.key.deletion_window == 7


def test_the_state_lies_beside_that_of_the_root_module() -> None:
    made = _audit().backend
    root = backend(make_foundation(WEB))
    assert made is not None
    assert root is not None
    assert (made.bucket, made.key) == ("shop-prod-state-111122223333-eu-west-1", "shop-prod/account/terraform.tfstate")
    assert (root.bucket, root.key) == ("shop-prod-state-111122223333-eu-west-1", "shop-prod/terraform.tfstate")
    unknown = _audit(head=NO_ACCOUNT).backend
    assert unknown is not None
    assert unknown.partial
    assert _audit(rest="state: {backend: local}").backend is None


def test_nobody_to_tell() -> None:
    made = _audit()
    assert made.alarms is None
    assert [str(one) for one in made.before_trail] == [
        "aws_s3_bucket_policy.audit",
        "aws_iam_role_policy.cloudtrail",
        "aws_config_configuration_recorder_status.main",
    ]


def test_each_address_is_told_once() -> None:
    alarms = _audit(TOLD).alarms
    assert alarms is not None
    assert [one.email for one in alarms.subscriptions] == ["ops@example.com", "dev@example.com"]


def test_what_is_told() -> None:
    alarms = _audit(TOLD).alarms
    assert alarms is not None
    assert [event.label for event in alarms.events] == [
        "record_changed",
        "record_store_changed",
        "key_disabled",
        "credentials_created",
        "identity_provider_changed",
        "second_factor_removed",
        "broad_rights_given",
        "root_used",
        "console_without_mfa",
    ]
    for event in alarms.events:
        # The topic's policy lets in alarms by this prefix.
        assert event.alarm.name.startswith("shop-prod-audit-")
        assert event.alarm.description.startswith(f"{event.title}. ")
        assert len(event.alarm.description) <= 1024
        assert event.alarm.threshold == 0
        assert event.alarm.metric == event.metric


@pytest.mark.parametrize("head", [HEAD, NO_ACCOUNT, LONGEST, LONGEST.replace(', account: "111122223333"', "")])
def test_patterns_are_short_and_name_things_by_quotes(head: str) -> None:
    alarms = _audit(TOLD, head=head).alarms
    assert alarms is not None
    for event in alarms.events:
        # As CloudWatch sees it: what is known at apply only is an account id.
        text = "".join(part if isinstance(part, str) else "1" * 12 for part in event.pattern.parts)
        assert len(text) <= LONGEST_PATTERN
        assert text.startswith("{ ")
        assert text.endswith(" }")
        outside = "".join(text.split('"')[::2])
        assert outside.count("(") == outside.count(")")
        assert set(re.findall(r"[A-Za-z.]+", outside.replace("$.", ""))) <= {
            *("eventName", "eventSource", "eventType", "userIdentity.type", "userIdentity.invokedBy", "NOT", "EXISTS"),
            *("requestParameters.policyArn", "requestParameters.bucketName", "requestParameters.logGroupName"),
            *("responseElements.ConsoleLogin", "additionalEventData.MFAUsed"),
        }


def test_no_deployment_is_told() -> None:
    """None of the calls by which Terraform makes or changes what is rendered; the broadest policies are not in it."""
    foundation = make_foundation(f"monitoring: {{audit: true, {TOLD}}}\n{WEB}")
    text = "".join(file.text for file in render(build(foundation.deployment)) if "alarms.tf" not in file.path)
    assert "aws_iam_user" not in text
    assert "aws_iam_access_key" not in text
    for policy in ("AdministratorAccess", "IAMFullAccess", "PowerUserAccess"):
        assert f"policy/{policy}" not in text


def test_a_bucket_of_that_name_would_be_another() -> None:
    taken = "storage: {buckets: {audit: {}}}"
    alone, beside = make_foundation(f"{taken}\n{WEB}"), make_foundation(f"monitoring: {{audit: true}}\n{taken}\n{WEB}")
    assert [bucket.label for bucket in buckets(alone)] == ["audit"]
    assert not alone.problems.errors
    assert refused(beside) == [("reserved-name", "storage.buckets.audit")]


def test_who_reads_the_record_is_logged_where_there_is_a_place_for_it() -> None:
    logs = access_logs(make_foundation(f"monitoring: {{audit: true}}\nload_balancer: {{}}\n{WEB}"))
    assert logs is not None
    assert logs.audit is not None
    assert logs.audit.prefix == "s3/audit/"
    assert len(logs.sources) == 2
