"""The customer's key: whether there is one, who may use it, and through which service."""

from __future__ import annotations

import pytest

from cloudgen.render.hcl import encode
from cloudgen.stack.aws.kms import key, use_key
from rig.parts.aws import HEAD, WEB, make_foundation


def test_no_key_where_the_provider_encrypts() -> None:
    foundation = make_foundation(f"{WEB}\nsecurity: {{encryption: provider_managed}}")
    assert key(foundation) is None
    assert use_key(foundation, "DecryptObjects", "s3", "Decrypt") == ()


@pytest.mark.parametrize(("protected", "days"), [("true", 30), ("false", 7)])
def test_deletion_window_follows_protection(protected: str, days: int) -> None:
    made = key(make_foundation(f"{WEB}\nsecurity: {{deletion_protection: {protected}}}"))
    assert made is not None
    assert made.deletion_window == days


def test_account_keeps_administration_and_logs_are_limited_to_it() -> None:
    made = key(make_foundation(WEB))
    assert made is not None
    assert encode(made.account_root) == '"arn:aws:iam::111122223333:root"'
    assert encode(made.log_groups) == '"arn:aws:logs:eu-west-1:111122223333:log-group:*"'
    assert made.logs_principal == "logs.eu-west-1.amazonaws.com"
    assert encode(made.arn) == "aws_kms_key.main.arn"


def test_grant_holds_through_one_service_only() -> None:
    (grant,) = use_key(make_foundation(WEB), "DecryptObjects", "s3", "Decrypt", "GenerateDataKey")
    assert grant.actions == ("kms:Decrypt", "kms:GenerateDataKey")
    (condition,) = grant.conditions
    assert (condition.test, condition.variable) == ("StringEquals", "kms:ViaService")
    assert condition.values == ("s3.eu-west-1.amazonaws.com",)


def test_services_of_china_have_their_own_suffix() -> None:
    foundation = make_foundation(WEB, HEAD.replace("eu-west-1", "us-gov-west-1"))
    (grant,) = use_key(foundation, "DecryptMessages", "sqs", "Decrypt")
    assert grant.conditions[0].values == ("sqs.us-gov-west-1.amazonaws.com",)
