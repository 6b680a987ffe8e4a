"""Buckets: names, versions, grants, and the bucket of access logs."""

from __future__ import annotations

import pytest

from cloudgen.render.hcl import encode
from cloudgen.stack.aws.storage.access_logs import access_logs
from cloudgen.stack.aws.storage.bucket import Bucket
from cloudgen.stack.aws.storage.bucket import decide as buckets
from rig.parts.aws import HEAD, WEB, make_foundation, refused

BUCKETS = f"{WEB}\nstorage: {{buckets: {{assets: {{}}, orders-archive: {{}}}}}}"
LOAD_BALANCER = f"{WEB}\nload_balancer: {{domain: shop.example.com, dns_zone: example.com}}"
NO_ACCOUNT = "version: 1\nname: abcdefghijklmno\nenvironment: staging\ntargets: {aws: {region: eu-west-1}}\n"


def make_bucket(settings: str = "", security: str = "{}") -> Bucket:
    (bucket,) = buckets(
        make_foundation(f"{WEB}\nstorage: {{buckets: {{assets: {{{settings}}}}}}}\nsecurity: {security}"),
    )
    return bucket


def test_account_makes_the_name_unique() -> None:
    assert encode(make_bucket().bucket_name) == '"shop-prod-assets-111122223333-eu-west-1"'
    (bucket,) = buckets(make_foundation(f"{WEB}\nstorage: {{buckets: {{assets: {{}}}}}}", NO_ACCOUNT))
    assert encode(bucket.bucket_name) == (
        '"abcdefghijklmno-staging-assets-${data.aws_caller_identity.current.account_id}-eu-west-1"'
    )


def test_longest_name_fits() -> None:
    (bucket,) = buckets(make_foundation(f"{WEB}\nstorage: {{buckets: {{{'a' * 24}: {{}}}}}}", NO_ACCOUNT))
    literal = "".join(part for part in bucket.bucket_name.parts if isinstance(part, str))
    assert len(literal) + 12 <= 63


@pytest.mark.parametrize(("versioning", "status"), [("true", "Enabled"), ("false", "Suspended")])
def test_versioning(versioning: str, status: str) -> None:
    bucket = make_bucket(f"versioning: {versioning}, expire_noncurrent_after: 30d")
    assert (bucket.versioning_status, bucket.noncurrent_days) == (status, 30)


def test_protected_buckets_keep_their_content() -> None:
    assert not make_bucket(security="{deletion_protection: true}").force_destroy
    assert make_bucket(security="{deletion_protection: false}").force_destroy


def test_reading_changes_nothing() -> None:
    actions = [action for grant in make_bucket().grants("read") for action in grant.actions]
    assert actions == ["s3:ListBucket", "s3:GetObject", "kms:Decrypt"]


@pytest.mark.parametrize("verb", ["write", None])
def test_writing_is_the_default_and_includes_reading(verb: str | None) -> None:
    actions = {action for grant in make_bucket().grants(verb) for action in grant.actions}
    assert actions == {
        "s3:ListBucket",
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:AbortMultipartUpload",
        "kms:Decrypt",
        "kms:GenerateDataKey",
    }


def test_statement_ids_are_distinct() -> None:
    sids = [grant.sid for grant in make_bucket().grants("write")]
    assert len(sids) == len(set(sids))


def test_grants_name_objects_and_bucket_apart_and_no_key_without_one() -> None:
    grants = make_bucket(security="{encryption: provider_managed}").grants("read")
    assert [encode(list(grant.resources)) for grant in grants] == [
        "[aws_s3_bucket.assets.arn]",
        '["${aws_s3_bucket.assets.arn}/*"]',
    ]


def test_access_logs_have_a_reason() -> None:
    assert access_logs(make_foundation(WEB)) is None
    for body in (BUCKETS, LOAD_BALANCER):
        assert access_logs(make_foundation(body)) is not None


def test_each_bucket_writes_below_its_own_prefix() -> None:
    foundation = make_foundation(BUCKETS)
    logs = access_logs(foundation)
    assert logs is not None
    assert not logs.load_balancer
    assert len(logs.sources) == 3
    for bucket, source in zip(buckets(foundation), logs.sources, strict=False):
        assert encode(source.objects) == f'"${{aws_s3_bucket.access_logs.arn}}/{bucket.log_prefix}*"'
        assert source.buckets == (bucket.address.arn,)


def test_load_balancer_writes_to_the_path_of_its_account() -> None:
    logs = access_logs(make_foundation(LOAD_BALANCER))
    assert logs is not None
    assert logs.load_balancer
    assert encode(logs.load_balancer_objects) == (
        '"${aws_s3_bucket.access_logs.arn}/load-balancer/AWSLogs/111122223333/*"'
    )


def test_access_logs_are_kept_as_long_as_other_logs() -> None:
    logs = access_logs(make_foundation(f"{BUCKETS}\nmonitoring: {{logs: {{retention: 61d}}}}"))
    assert logs is not None
    assert logs.retention_days == 90


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (HEAD, "shop-prod-state-111122223333-eu-west-1"),
        (NO_ACCOUNT, "abcdefghijklmno-staging-state-${data.aws_caller_identity.current.account_id}-eu-west-1"),
        (HEAD.replace("eu-west-1", "us-gov-west-1"), "shop-prod-state-111122223333-us-gov-west-1"),
    ],
)
def test_access_to_the_state_is_logged(head: str, name: str) -> None:
    logs = access_logs(make_foundation(LOAD_BALANCER, head))
    assert logs is not None
    assert logs.state is not None
    assert encode(logs.state.bucket) == f'"{name}"'
    (source,) = logs.sources
    assert encode(source.objects) == '"${aws_s3_bucket.access_logs.arn}/s3/state/*"'
    partition = "aws-us-gov" if "us-gov-west-1" in head else "aws"
    assert encode(source.buckets[0]) == f'"arn:{partition}:s3:::{name}"'


def test_local_state_has_no_bucket() -> None:
    logs = access_logs(make_foundation(f"{LOAD_BALANCER}\nstate: {{backend: local}}"))
    assert logs is not None
    assert logs.state is None
    assert logs.sources == ()


@pytest.mark.parametrize("name", ["access-logs", "state"])
def test_names_of_buckets_of_ours_are_taken(name: str) -> None:
    foundation = make_foundation(f"{WEB}\nstorage: {{buckets: {{{name}: {{}}}}}}")
    assert refused(foundation) == [("reserved-name", f"storage.buckets.{name}")]


def test_containers_learn_the_name_and_the_url() -> None:
    assert [(variable.name, encode(variable.value)) for variable in make_bucket().environment] == [
        ("ASSETS_BUCKET", "aws_s3_bucket.assets.bucket"),
        ("ASSETS_BUCKET_URL", '"s3://${aws_s3_bucket.assets.bucket}"'),
    ]
