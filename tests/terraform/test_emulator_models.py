"""Amazon's own models see what moto takes: one deliberate violation of each kind, and nothing else."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

pytestmark = pytest.mark.emulator

SIGNATURE = "AWS4-HMAC-SHA256 Credential=test/20261129/eu-west-1/{}/aws4_request"


def refused(service: str, action: str, **arguments: Any) -> list[str]:
    """Ask about a request of a service that speaks JSON."""
    models = pytest.importorskip("rig.emulator.models")
    headers = {
        "Authorization": SIGNATURE.format(service),
        "X-Amz-Target": action,
        "Content-Type": "application/x-amz-json-1.1",
        "Host": f"{service}.eu-west-1.amazonaws.com",
    }
    url = f"https://{service}.eu-west-1.amazonaws.com/"
    found: list[str] = models.refused("POST", url, headers, json.dumps(arguments).encode())
    return found


def queried(service: str, action: str, **arguments: str) -> list[str]:
    """Ask about a request of a service that takes forms."""
    models = pytest.importorskip("rig.emulator.models")
    headers = {
        "Authorization": SIGNATURE.format(service),
        "Content-Type": "application/x-www-form-urlencoded",
        "Host": f"{service}.amazonaws.com",
    }
    body = urlencode({"Action": action, "Version": "2010-05-08", **arguments}).encode()
    found: list[str] = models.refused("POST", f"https://{service}.amazonaws.com/", headers, body)
    return found


ECR = "AmazonEC2ContainerRegistry_V20150921.CreateRepository"
SCALING = "AnyScaleFrontendService.RegisterScalableTarget"
MANY = {str(number): "" for number in range(51)}
TARGET = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/a/web",
    "ScalableDimension": "ecs:service:DesiredCount",
}


@pytest.mark.parametrize(
    ("kind", "found", "said"),
    [
        ("nothing", lambda: refused("ecr", ECR, repositoryName="shop-prod/web"), None),
        ("enumeration", lambda: refused("ecr", ECR, repositoryName="web", imageTagMutability="NEVER"), "is none of"),
        ("pattern", lambda: refused("ecr", ECR, repositoryName="Web"), "does not match"),
        ("length", lambda: refused("ecr", ECR, repositoryName="a"), "characters is not within"),
        ("nothing", lambda: refused("application-autoscaling", SCALING, **TARGET, MinCapacity=1), None),
        (
            "size",
            lambda: refused("logs", "Logs_20140328.CreateLogGroup", logGroupName="a", tags=MANY),
            "entries is not within",
        ),
        (
            "range",
            lambda: refused("kms", "TrentService.ScheduleKeyDeletion", KeyId="a", PendingWindowInDays=1000),
            "1000 is not within",
        ),
        ("form", lambda: queried("iam", "CreateRole", RoleName="a/b", AssumeRolePolicyDocument="{}"), "does not match"),
    ],
)  # fmt: skip
def test_a_violation_of_each_kind_is_seen(kind: str, found: Any, said: str | None) -> None:
    sentences = found()
    if said is None:
        assert sentences == [], kind
    else:
        assert len(sentences) == 1, (kind, sentences)
        assert said in sentences[0]


def test_a_request_that_no_model_has() -> None:
    with pytest.raises(LookupError, match="MakeCoffee"):
        refused("ecr", "AmazonEC2ContainerRegistry_V20150921.MakeCoffee")
