"""What Google accepts and then does not do. Checked after an apply, on everything that exists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rig.standin.cloud import Cloud, Thing
from rig.standin.configuration import Configuration
from rig.standin.gcp.checks.grants import grants

LOG_ID = re.compile(r'log_id\("([^"]+)"\)')
ALTERNATIVES = re.compile(rf"{LOG_ID.pattern}( OR {LOG_ID.pattern})*")
"""A filter that is nothing but whole logs."""
INVOKERS = ("roles/run.invoker", "roles/run.jobsExecutor", "roles/run.jobsExecutorWithOverrides", "roles/run.developer")


def on(cloud: Cloud, grant: Thing, name: str, target: Thing) -> bool:
    """Whether a grant is on a resource."""
    return cloud.find(str(grant.get(name)), target.type) == target


def dead_letters(cloud: Cloud) -> Iterator[str]:
    """Dead letters are moved by Pub/Sub's agent, and kept by a subscription."""
    agent = "@gcp-sa-pubsub."
    for source in cloud.all("google_pubsub_subscription"):
        for policy in source.get("dead_letter_policy") or []:
            topic = cloud.find(policy["dead_letter_topic"], "google_pubsub_topic")
            if topic is None:
                continue
            publish = grants(cloud, "google_pubsub_topic_iam_member", roles=("roles/pubsub.publisher",), member=agent)
            if not any(on(cloud, grant, "topic", topic) for grant in publish):
                yield f"{topic.id}: Pub/Sub's agent may not publish here, so dead letters are never moved"
            take = grants(
                cloud, "google_pubsub_subscription_iam_member", roles=("roles/pubsub.subscriber",), member=agent
            )
            if not any(on(cloud, grant, "subscription", source) for grant in take):
                yield f"{source.id}: Pub/Sub's agent may not subscribe here, so dead letters are never moved"
            if not any(on(cloud, reader, "topic", topic) for reader in cloud.all("google_pubsub_subscription")):
                yield f"{topic.id}: has no subscription, so dead letters are lost"


def sink_writers(cloud: Cloud) -> Iterator[str]:
    """A sink's own identity may write to its destination."""
    roles: tuple[str, ...]
    for sink in cloud.all("google_logging_project_sink"):
        service, _, name = str(sink.get("destination")).partition("/")
        if service.startswith("storage"):
            kinds, roles = (
                "google_storage_bucket_iam_member",
                ("roles/storage.objectCreator", "roles/storage.objectUser"),
            )
            where, target = "bucket", cloud.find(name, "google_storage_bucket")
        elif service.startswith("pubsub"):
            kinds, roles = "google_pubsub_topic_iam_member", ("roles/pubsub.publisher",)
            where, target = "topic", cloud.find(name, "google_pubsub_topic")
        else:
            continue
        held = grants(cloud, kinds, roles=roles, member=str(sink.get("writer_identity")))
        if target is None or not any(on(cloud, grant, where, target) for grant in held):
            yield f"{sink.id}: its writer_identity has no {roles[0]} on {name}, so nothing is exported"


def excluded_logs(cloud: Cloud) -> Iterator[str]:
    """What the project's default bucket leaves out, a sink takes elsewhere: by the same filter, or log by log."""
    sinks = [
        str(sink.get("filter")) for sink in cloud.all("google_logging_project_sink") if sink.get("disabled") is not True
    ]
    kept = {log for text in sinks for log in LOG_ID.findall(text) if ALTERNATIVES.fullmatch(text)}
    for exclusion in cloud.all("google_logging_project_exclusion"):
        text = str(exclusion.get("filter"))
        if text not in sinks and not (ALTERNATIVES.fullmatch(text) and set(LOG_ID.findall(text)) <= kept):
            yield f"{exclusion.id}: no sink takes what it drops, so it is lost"


def callers(cloud: Cloud) -> Iterator[str]:
    """Whoever calls a job or service may do so: schedules, pushes, the balancer."""
    jobs = {job.id: job for job in cloud.all("google_cloud_run_v2_job")}
    for schedule in cloud.all("google_cloud_scheduler_job"):
        resource = Configuration(schedule.type, schedule.values)
        uri = str(resource.get("http_target.uri", ""))
        job = next((job for identity, job in jobs.items() if f"/{identity}:run" in uri), None)
        caller = resource.get("http_target.oauth_token.service_account_email", "")
        if job is not None and not may_call(cloud, job, "google_cloud_run_v2_job_iam_member", f":{caller}"):
            yield f"{schedule.id}: {caller or 'nobody'} may not run {job.id}"
        yield from _refused(cloud, schedule, "http_target.uri", "http_target.oidc_token")
    for subscription in cloud.all("google_pubsub_subscription"):
        yield from _refused(cloud, subscription, "push_config.push_endpoint", "push_config.oidc_token")
    for group in cloud.all("google_compute_region_network_endpoint_group"):
        for run in group.get("cloud_run") or []:
            target = cloud.find(str(run.get("service")), "google_cloud_run_v2_service")
            if target is None or target.get("invoker_iam_disabled"):
                continue
            if not may_call(cloud, target, "google_cloud_run_v2_service_iam_member", "allUsers"):
                yield f"{target.id}: behind the balancer everybody gets 403 (invoker_iam_disabled, or allUsers)"


def _refused(cloud: Cloud, thing: Thing, address: str, token: str) -> Iterator[str]:
    """Yield the services that something calls without the right to."""
    resource = Configuration(thing.type, thing.values)
    uri, caller = str(resource.get(address, "")), resource.get(f"{token}.service_account_email", "")
    for service in cloud.all("google_cloud_run_v2_service"):
        called = bool(service.get("uri")) and uri.startswith(str(service.get("uri")))
        if called and not may_call(cloud, service, "google_cloud_run_v2_service_iam_member", f":{caller}"):
            yield f"{thing.id}: {caller or 'nobody'} may not call {service.id}"


def may_call(cloud: Cloud, target: Thing, kind: str, member: str) -> bool:
    """Whether a member may call a Cloud Run resource, by a grant on it or on the project."""
    held = grants(cloud, kind, "google_project_iam_member", roles=INVOKERS, member=member)
    return member != ":" and any(g.type == "google_project_iam_member" or on(cloud, g, "name", target) for g in held)


def database_logins(cloud: Cloud) -> Iterator[str]:
    """A database user that logs in by IAM may connect to instances."""
    for user in cloud.all("google_sql_user"):
        if user.get("type") != "CLOUD_IAM_SERVICE_ACCOUNT":
            continue
        member = str(user.get("name")).split("@")[0]
        role = "roles/cloudsql.instanceUser"
        if not list(grants(cloud, "google_project_iam_member", roles=(role,), member=f":{member}@")):
            yield f"{user.id}: {member} has no {role}, so it cannot log in"
