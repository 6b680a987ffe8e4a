"""What starts services of Cloud Run: pushes of Pub/Sub, Cloud Scheduler, and the news of buckets."""

from __future__ import annotations

from collections.abc import Iterator

from rig.standin.cloud import Cloud, Thing
from rig.standin.configuration import Configuration
from rig.standin.gcp.checks.aftermath import may_call, on
from rig.standin.gcp.checks.grants import grants
from rig.standin.violation import Violation

SERVICE, INVOKER = "google_cloud_run_v2_service", "google_cloud_run_v2_service_iam_member"
CALLS = (
    ("google_pubsub_subscription", "push_config.push_endpoint", "push_config.oidc_token"),
    ("google_cloud_scheduler_job", "http_target.uri", "http_target.oidc_token"),
)
"""What calls services, where it says which, and as whom."""
EVENTS = ("OBJECT_FINALIZE", "OBJECT_METADATA_UPDATE", "OBJECT_DELETE", "OBJECT_ARCHIVE")
MOST_OF_EVENT = 10
"""Notifications of one kind of event that a bucket may have."""


def payload(resource: Configuration) -> Iterator[Violation]:
    """News of a bucket has a known form, and is about known events."""
    for path, form in resource.find("payload_format"):
        if form not in {"JSON_API_V1", "NONE"}:
            yield Violation(path, "is JSON_API_V1 or NONE")
    for path, kinds in resource.find("event_types"):
        for kind in kinds:
            if kind not in EVENTS:
                yield Violation(path, f"{kind!r} is none of {', '.join(EVENTS)}")


def notification_publisher(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """Cloud Storage's agent may publish to the topic before the notification is made."""
    topic = cloud.find(str(resource.get("topic")), "google_pubsub_topic")
    held = [
        grant
        for grant in grants(
            cloud,
            "google_pubsub_topic_iam_member",
            "google_project_iam_member",
            roles=("roles/pubsub.publisher",),
            member="@gs-project-accounts.",
        )
        if grant.type == "google_project_iam_member" or (topic is not None and on(cloud, grant, "topic", topic))
    ]
    if held:
        cloud.rely(*held)
    else:
        yield Violation(resource.at("topic"), "403: Cloud Storage's agent may not publish to the topic")


def notifications_of_event(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A bucket tells ten topics of one kind of event, and no more."""
    for kind in resource.get("event_types") or EVENTS:
        told = [
            other
            for other in cloud.all(resource.type)
            if other.get("bucket") == resource.get("bucket") and kind in (other.get("event_types") or EVENTS)
        ]
        if len(told) >= MOST_OF_EVENT:
            yield Violation(
                resource.at("bucket"), f"400: has {len(told)} notifications of {kind}, as many as it may have"
            )


def _called(cloud: Cloud, uri: object) -> Thing | None:
    """The service at an address."""
    services = (each for each in cloud.all(SERVICE) if each.get("uri"))
    return next((each for each in services if str(uri).startswith(str(each.get("uri")))), None)


def called_service(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """Whoever calls a service may do so from the first call on: one that is refused counts as a delivery."""
    for type_, name, token in CALLS:
        for path, uri in resource.find(name) if resource.type == type_ else ():
            service = _called(cloud, uri)
            if service is None or service.get("invoker_iam_disabled"):
                continue
            caller = resource.get(f"{token}.service_account_email", "")
            held = [
                grant
                for grant in grants(cloud, INVOKER, roles=("roles/run.invoker",), member=f":{caller}")
                if caller and on(cloud, grant, "name", service)
            ]
            if held:
                cloud.rely(*held)
            elif not may_call(cloud, service, INVOKER, f":{caller}"):
                yield Violation(path, f"403: {caller or 'nobody'} may not call {service.id}")


def token_audience(resource: Configuration, cloud: Cloud) -> Iterator[Violation]:
    """A token is for the service that is called: its address, with nothing behind it."""
    for type_, name, token in CALLS:
        for _, uri in resource.find(name) if resource.type == type_ else ():
            service, audience = _called(cloud, uri), resource.get(f"{token}.audience", "")
            if service is not None and audience != service.get("uri"):
                yield Violation(resource.at(f"{token}.audience"), f"401: is {audience or uri!r}, not the service's uri")


def called_address(cloud: Cloud) -> Iterator[str]:
    """What is called by its address at run.app has one."""
    for type_, name, _ in CALLS:
        for caller in cloud.all(type_):
            uri = Configuration(caller.type, caller.values).get(name)
            service = _called(cloud, uri)
            if service is not None and service.get("default_uri_disabled"):
                yield f"{caller.id}: calls {service.id} by an address that is switched off"
