"""Defects of plans with functions on Google Cloud."""

from __future__ import annotations

from rig.facts.changes import Change, gone, not_after, put
from rig.facts.plan_defect import PlanDefect

SERVICE, PUSH = "google_cloud_run_v2_service", "google_pubsub_subscription"
OIDC = "push_config.0.oidc_token.0"


def _started(address: str, change: Change) -> PlanDefect:
    return PlanDefect("events_start_their_function", address, change, case="functions")


def _always(change: Change) -> PlanDefect:
    """Events that start what runs always."""
    return PlanDefect("events_start_their_function", f"{SERVICE}.posters", change, case="gcp-sizes")


def _by_clock(change: Change) -> PlanDefect:
    return PlanDefect("jobs_run_as_written", "google_cloud_scheduler_job.nightly", change, case="functions")


FUNCTIONS = (
    PlanDefect(
        "events_start_their_function",
        "google_cloud_scheduler_job.nightly",
        put("http_target.0.oidc_token.0.audience", "https://darkroom.example.com"),
        case="functions",
    ),
    PlanDefect(
        "only_the_balancer_is_reachable",
        f"{SERVICE}.printer",
        put("ingress", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"),
        case="functions",
    ),
    PlanDefect(
        "only_the_balancer_is_reachable", f"{SERVICE}.printer", put("invoker_iam_disabled", True), case="functions"
    ),
    PlanDefect(
        "only_the_balancer_is_reachable", f"{SERVICE}.nightly", put("default_uri_disabled", True), case="functions"
    ),
    PlanDefect(
        "health_check_asks_the_port",
        f"{SERVICE}.web",
        put("template.0.containers.0.startup_probe.0.http_get.0.path", "/"),
        case="functions",
    ),
    PlanDefect(
        "nothing_runs_with_privileges",
        f"{SERVICE}.thumbnails",
        put("template.0.containers.0.resources.0.cpu_idle", False),
        case="functions",
    ),
    PlanDefect(
        "scaling_is_as_written", f"{SERVICE}.web", put("template.0.scaling.0.min_instance_count", 1), case="functions"
    ),
    _started(f"{PUSH}.prints", put("push_config", [])),
    _started(f"{PUSH}.prints", put(f"{OIDC}.audience", "https://darkroom.example.com")),
    _started(f"{PUSH}.prints", not_after("time_sleep.printer_trigger")),
    _started(f"{PUSH}.index_objects", put("ack_deadline_seconds", 10)),
    _started(f"{PUSH}.index_objects", put("dead_letter_policy", [])),
    _started("google_cloud_run_v2_service_iam_member.printer_trigger_printer_invoker", gone),
    _started("google_storage_notification.thumbnails", put("object_name_prefix", None)),
    _started("google_storage_notification.thumbnails", not_after("time_sleep.thumbnails_trigger")),
    _started("google_pubsub_topic_iam_member.index_objects_telling", gone),
    _always(put("template.0.max_instance_request_concurrency", 1)),
    _always(put("template.0.containers.0.resources.0.cpu_idle", True)),
    _by_clock(put("attempt_deadline", "180s")),
    _by_clock(put("retry_config.0.retry_count", 0)),
    _by_clock(put("http_target.0.body", "e30=")),
    PlanDefect(
        "variables_arrive",
        f"{SERVICE}.printer",
        put("template.0.containers.0.env.0.name", "SOURCE"),
        case="functions",
    ),
)
