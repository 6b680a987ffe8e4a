"""The fake of Google's control plane knows what starts functions: news of buckets, pushes of Pub/Sub, the clock."""

from __future__ import annotations

from typing import Any

import pytest

from rig.gcp.client import LOCATION, PROJECT, Client
from rig.gcp.notifications import EVENTS

Json = dict[str, Any]

BUCKET = "/storage/v1/b/assets"
NEWS = f"{BUCKET}/notificationConfigs"
TOPIC = f"{PROJECT}/topics/news"
TOPIC_PATH, SUBSCRIPTION = f"/v1/{TOPIC}", f"/v1/{PROJECT}/subscriptions/jobs"
JOBS = f"/v1/{LOCATION}/jobs"
CALLED = "https://mail-1-ew.a.run.app"


@pytest.fixture
def google() -> Client:
    """A project with a bucket, and a topic that Cloud Storage may publish to."""
    client = Client()
    client.ask("POST", "storage", "/storage/v1/b", {"name": "assets"}, project="acme-shop")
    client.ask("PUT", "pubsub", TOPIC_PATH, {})
    client.grant("pubsub", TOPIC_PATH, "roles/pubsub.publisher", f"serviceAccount:{agent(client)}")
    return client


def agent(client: Client) -> str:
    """Return the account that Cloud Storage acts as."""
    return str(client.ask("GET", "storage", "/storage/v1/projects/acme-shop/serviceAccount")["email_address"])


def news(**given: Any) -> Json:
    """Return the body that makes a notification."""
    return {"topic": TOPIC, "payload_format": "JSON_API_V1", **given}


def subscription(**given: Any) -> Json:
    """Return the body that makes a subscription."""
    return {"topic": TOPIC, **given}


def job(target: Json | None = None, **given: Any) -> Json:
    """Return the body that makes a job of Cloud Scheduler."""
    return {
        "name": f"{LOCATION}/jobs/nightly",
        "schedule": "0 2 * * *",
        "httpTarget": {"uri": CALLED, **(target or {})},
    } | given


def test_a_bucket_tells_topics_and_its_notifications_have_numbers(google: Client) -> None:
    made = google.ask("POST", "storage", NEWS, news(event_types=["OBJECT_FINALIZE"], object_name_prefix="a/"))
    assert google.ask("GET", "storage", f"{NEWS}/{made['id']}") == made
    # The long name, which the document has; hashicorp/google sends the short one.
    assert made["topic"] == f"//pubsub.googleapis.com/{TOPIC}"
    same = google.ask("POST", "storage", NEWS, news(topic=made["topic"], event_types=list(EVENTS)))
    assert same["id"] != made["id"]
    assert google.ask("GET", "storage", NEWS)["items"] == [made, same]
    google.ask("DELETE", "storage", f"{NEWS}/{same['id']}")
    google.ask("GET", "storage", f"{NEWS}/{same['id']}", expect=404)
    assert google.ask("POST", "storage", NEWS, news())["id"] not in (made["id"], same["id"])


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (news(payload_format="XML"), "payload_format: 'XML'"),
        (news(event_types=["OBJECT_MADE"]), "event_types: 'OBJECT_MADE'"),
        (news(topic="news"), "Invalid Google Cloud Pub/Sub topic"),
        (news(topic=f"{PROJECT}/topics/other"), "not found, or user"),
        (news(eventTypes=[]), 'Unknown name "eventTypes"'),
        ({"topic": TOPIC}, "payload_format"),
        ({"payload_format": "NONE"}, "topic"),
    ],
)
def test_a_notification_that_cloud_storage_would_not_make_is_refused(google: Client, body: Json, told: str) -> None:
    assert told in google.ask("POST", "storage", NEWS, body, expect=400)
    assert google.ask("GET", "storage", NEWS)["items"] == []


def test_only_a_bucket_that_is_there_tells(google: Client) -> None:
    google.ask("POST", "storage", NEWS.replace("assets", "photos"), news(), expect=404)


def test_cloud_storage_needs_leave_to_publish(google: Client) -> None:
    google.grant("pubsub", TOPIC_PATH, "roles/pubsub.subscriber", f"serviceAccount:{agent(google)}")
    told = google.ask("POST", "storage", NEWS, news(), expect=400)
    assert f"or user '{agent(google)}' does not have permission to it" in told
    google.grant("pubsub", TOPIC_PATH, "roles/pubsub.publisher", "serviceAccount:service-1@gs-project-accounts.iam")
    google.ask("POST", "storage", NEWS, news(), expect=400)
    google.grant("cloudresourcemanager", f"/v1/{PROJECT}", "roles/pubsub.publisher", f"serviceAccount:{agent(google)}")
    google.ask("POST", "storage", NEWS, news())


def test_a_topic_stays_while_a_bucket_tells_it_or_a_subscription_needs_it(google: Client) -> None:
    number = google.ask("POST", "storage", NEWS, news())["id"]
    assert "notificationConfigs" in google.ask("DELETE", "pubsub", TOPIC_PATH, expect=400)
    google.ask("DELETE", "storage", f"{NEWS}/{number}")
    google.ask("PUT", "pubsub", f"{TOPIC_PATH}-failed", {})
    google.ask("PUT", "pubsub", SUBSCRIPTION, subscription(deadLetterPolicy={"deadLetterTopic": f"{TOPIC}-failed"}))
    for path in (TOPIC_PATH, f"{TOPIC_PATH}-failed"):
        assert "subscriptions/jobs" in google.ask("DELETE", "pubsub", path, expect=400)
    google.ask("DELETE", "pubsub", SUBSCRIPTION)
    google.ask("DELETE", "pubsub", f"{TOPIC_PATH}-failed")
    google.ask("DELETE", "pubsub", TOPIC_PATH)


def test_notifications_go_with_their_bucket(google: Client) -> None:
    google.ask("POST", "storage", NEWS, news())
    google.ask("DELETE", "storage", BUCKET)
    google.ask("DELETE", "pubsub", TOPIC_PATH)


def test_a_subscription_has_defaults_and_pushes_as_an_account_that_there_is(google: Client) -> None:
    push = {"pushEndpoint": f"{CALLED}/events", "oidcToken": {"serviceAccountEmail": google.account("caller")}}
    made = google.ask("PUT", "pubsub", SUBSCRIPTION, subscription(pushConfig=push))
    assert (made["pushConfig"], made["ackDeadlineSeconds"], made["state"]) == (push, 10, "ACTIVE")
    pulled: Json = {"subscription": {"pushConfig": {}}}
    assert google.ask("PATCH", "pubsub", SUBSCRIPTION, pulled, updateMask="pushConfig")["pushConfig"] == {}


@pytest.mark.parametrize(
    ("given", "code", "told"),
    [
        ({"topic": f"{PROJECT}/topics/other"}, 404, "topics/other"),
        ({"deadLetterPolicy": {"deadLetterTopic": f"{PROJECT}/topics/other"}}, 404, "topics/other"),
        ({"deadLetterPolicy": {"deadLetterTopic": TOPIC, "maxDeliveryAttempts": 4}}, 400, "max_delivery_attempts"),
        ({"ackDeadlineSeconds": 601}, 400, "ack_deadline_seconds"),
        ({"messageRetentionDuration": "2678401s"}, 400, "message_retention_duration"),
        ({"messageRetentionDuration": "a week"}, 400, "Duration"),
        ({"pushConfig": {"pushEndpoint": "http://a.example.com"}}, 400, "PushConfig::push_endpoint"),
        ({"pushConfig": {"oidcToken": {"serviceAccountEmail": "a@b.iam.gserviceaccount.com"}}}, 400, "push_endpoint"),
        ({"pushConfig": {"pushEndpoint": CALLED, "oidcToken": {"audience": CALLED}}}, 403, "actAs"),
        (
            {"pushConfig": {"pushEndpoint": CALLED, "oidcToken": {"serviceAccountEmail": "gone"}}},
            *(403, 'the resource "gone@acme-shop.iam.gserviceaccount.com" (or the resource may not exist)'),
        ),
        ({"pushConfig": {"endpoint": CALLED}}, 400, 'Unknown name "endpoint"'),
    ],
)
def test_a_subscription_that_pubsub_would_not_make_is_refused(
    google: Client, given: Json, code: int, told: str
) -> None:
    token = given.get("pushConfig", {}).get("oidcToken", {})
    if token.get("serviceAccountEmail") == "gone":
        # An account of a project that has others.
        token["serviceAccountEmail"] = google.account("caller").replace("caller@", "gone@")
    assert told in google.ask("PUT", "pubsub", SUBSCRIPTION, subscription(**given), expect=code)
    google.ask("GET", "pubsub", SUBSCRIPTION, expect=404)


def test_a_change_that_is_refused_changes_nothing(google: Client) -> None:
    made = google.ask("PUT", "pubsub", SUBSCRIPTION, subscription())
    push = {"pushConfig": {"pushEndpoint": "http://a.example.com"}, "ackDeadlineSeconds": 60}
    mask = "pushConfig,ackDeadlineSeconds"
    google.ask("PATCH", "pubsub", SUBSCRIPTION, {"subscription": push}, expect=400, updateMask=mask)
    assert google.ask("GET", "pubsub", SUBSCRIPTION) == made


def test_a_job_shows_the_headers_that_the_clock_sends(google: Client) -> None:
    token = {"serviceAccountEmail": google.account("clock"), "audience": CALLED}
    google.ask("POST", "cloudscheduler", JOBS, job({"body": "YQ==", "oidcToken": token, "headers": {"A": "b"}}))
    found = google.ask("GET", "cloudscheduler", f"{JOBS}/nightly")
    assert set(found["httpTarget"]["headers"]) == {"A", "User-Agent", "Content-Type", "Authorization"}
    assert (found["state"], found["attemptDeadline"], found["httpTarget"]["httpMethod"]) == ("ENABLED", "180s", "POST")
    target = {"uri": CALLED, "headers": {"Content-Type": "text/plain"}, "body": "YQ=="}
    google.ask("PATCH", "cloudscheduler", f"{JOBS}/nightly", {"httpTarget": target}, updateMask="httpTarget")
    headers = google.ask("GET", "cloudscheduler", f"{JOBS}/nightly")["httpTarget"]["headers"]
    assert headers == {"Content-Type": "text/plain", "User-Agent": "Google-Cloud-Scheduler"}


def test_a_change_of_a_job_without_a_mask_replaces_it(google: Client) -> None:
    token = {"serviceAccountEmail": google.account("clock"), "audience": CALLED}
    google.ask("POST", "cloudscheduler", JOBS, job({"body": "YQ==", "oidcToken": token}, description="calls"))
    google.ask("PATCH", "cloudscheduler", f"{JOBS}/nightly", {"schedule": "0 3 * * *", "httpTarget": {"uri": CALLED}})
    found = google.ask("GET", "cloudscheduler", f"{JOBS}/nightly")
    assert set(found["httpTarget"]) == {"uri", "httpMethod", "headers"}
    assert found["httpTarget"]["headers"] == {"User-Agent": "Google-Cloud-Scheduler"}
    assert (found["schedule"], found["state"], "description" in found) == ("0 3 * * *", "ENABLED", False)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (job(timeZone="Europe/Atlantis"), "time zone"),
        (job(schedule=""), "Schedule is required"),
        (job(attemptDeadline="1801s"), "[15s, 30m]"),
        (job(retryConfig={"retryCount": 6}), "between 0 and 5"),
        (job({"uri": "mail"}), "HttpTarget.uri"),
        (job({"httpMethod": "GET", "body": "YQ=="}), "not allowed with GET"),
        (job({"httpMethod": "CALL"}), "Must be one of"),
    ],
)
def test_a_job_that_cloud_scheduler_would_not_make_is_refused(google: Client, body: Json, told: str) -> None:
    assert told in google.ask("POST", "cloudscheduler", JOBS, body, expect=400)
    google.ask("GET", "cloudscheduler", f"{JOBS}/nightly", expect=404)


def test_a_job_calls_as_an_account_that_there_is(google: Client) -> None:
    token = {"serviceAccountEmail": google.account("clock").replace("clock@", "gone@")}
    told = google.ask("POST", "cloudscheduler", JOBS, job({"oidcToken": token}), expect=403)
    assert "iam.serviceAccounts.actAs" in told
