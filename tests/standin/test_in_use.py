"""What is used, protected or not empty cannot go from the imagined clouds, as from the real ones."""

from __future__ import annotations

from typing import Any

import pytest

from rig.standin.aws.references import REFERENCES, still_used
from rig.standin.breaking import break_next, to_break
from rig.standin.cloud import Cloud
from rig.standin.configuration import Configuration
from rig.standin.gcp.checks.references import USES, unused
from rig.standin.schema import find_schema

Json = dict[str, Any]
Thing = tuple[str, Json]

GROUP: Thing = ("aws_lb_target_group", {"id": "arn:tg", "arn": "arn:tg"})
PARAMETERS: Thing = ("aws_db_parameter_group", {"id": "shop", "name": "shop"})
KEY: Thing = ("aws_kms_key", {"id": "1234", "arn": "arn:key/1234"})
CHECK: Thing = ("google_monitoring_uptime_check_config", {"id": "checks/web-1", "uptime_check_id": "web-1"})
CHANNEL: Thing = ("google_monitoring_notification_channel", {"id": "channels/1", "name": "channels/1"})
RING_KEY: Thing = ("google_kms_crypto_key", {"id": "rings/shop/cryptoKeys/data", "name": "data"})
IMAGES: Thing = (
    "google_artifact_registry_repository",
    {"id": "repositories/shop", "location": "europe-west1", "repository_id": "shop"},
)
IMAGE = "europe-west1-docker.pkg.dev/acme-shop/{}/web@sha256:1"


@pytest.mark.parametrize(
    ("thing", "user"),
    [
        (GROUP, ("aws_lb_listener", {"id": "l", "default_action": [{"target_group_arn": "arn:tg"}]})),
        (GROUP, ("aws_lb_listener_rule", {"id": "r", "action": [{"target_group_arn": "arn:tg"}]})),
        (PARAMETERS, ("aws_db_instance", {"id": "orders", "parameter_group_name": "shop"})),
        (KEY, ("aws_db_instance", {"id": "orders", "kms_key_id": "arn:key/1234"})),
        (KEY, ("aws_sqs_queue", {"id": "orders", "kms_master_key_id": "1234"})),
        (CHECK, ("google_monitoring_alert_policy", {"id": "p", "conditions": [{"filter": 'check_id="web-1"'}]})),
        (CHANNEL, ("google_monitoring_alert_policy", {"id": "p", "notification_channels": ["channels/1"]})),
        (RING_KEY, ("google_pubsub_topic", {"id": "t", "kms_key_name": "rings/shop/cryptoKeys/data"})),
        (IMAGES, ("google_cloud_run_v2_service", {"id": "w", "template": [{"image": IMAGE.format("shop")}]})),
    ],
    ids=lambda value: value[0],
)
def test_what_is_used_stays_until_its_user_is_gone(thing: Thing, user: Thing) -> None:
    cloud = Cloud()
    for kind, values in (thing, user):
        cloud.put(kind, values["id"], values)
    check = still_used if thing[0].startswith("aws_") else unused
    going = Configuration(thing[0], thing[1], project="acme-shop")
    assert [user[1]["id"] in violation.message for violation in check(going, cloud)] == [True]
    cloud.remove(user[0], user[1]["id"])
    assert list(check(going, cloud)) == []


def test_an_image_of_another_repository_is_none_of_this_one() -> None:
    cloud = Cloud()
    cloud.put("google_cloud_run_v2_service", "w", {"template": [{"image": IMAGE.format("shop-2")}]})
    assert list(unused(Configuration(*IMAGES, project="acme-shop"), cloud)) == []


@pytest.mark.parametrize(
    ("kind", "switch"), [("aws_ecr_repository", "force_delete"), ("aws_s3_bucket", "force_destroy")]
)
def test_what_holds_something_goes_only_when_it_is_told_to(kind: str, switch: str) -> None:
    assert list(still_used(Configuration(kind, {"id": "shop", switch: False}), Cloud()))
    assert not list(still_used(Configuration(kind, {"id": "shop", switch: True}), Cloud()))


def test_a_gateway_stays_while_something_has_a_public_address() -> None:
    cloud = Cloud()
    cloud.put("aws_lb", "web", {"id": "web", "internal": False})
    gateway = Configuration("aws_internet_gateway", {"id": "igw"})
    assert ["web has a public address" in one.message for one in still_used(gateway, cloud)] == [True]
    cloud.put("aws_lb", "web", {"id": "web", "internal": True})
    assert list(still_used(gateway, cloud)) == []


@pytest.mark.parametrize(("provider", "major", "table"), [("aws", "6", REFERENCES), ("google", "8", USES)])
def test_every_reference_is_an_argument(provider: str, major: str, table: dict[str, Json]) -> None:
    recorded = find_schema(provider, major)
    for kind, references in table.items():
        for name in references:
            block = recorded.block("resource_schemas", kind)
            *outer, last = name.split(".")
            for word in outer:
                block = block["block_types"][word]["block"]
            assert last in block["attributes"], f"{kind}.{name}"


def test_a_create_is_broken_as_often_as_was_asked(tmp_path: Any) -> None:
    assert not to_break(tmp_path, "aws_ecs_service")
    break_next(tmp_path, "aws_ecs_service", times=2)
    found = [to_break(tmp_path, kind) for kind in ("aws_lb", *["aws_ecs_service"] * 3)]
    assert found == [False, True, True, False]
