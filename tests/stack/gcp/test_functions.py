"""Functions on Cloud Run: what starts one, what it is told and may do, how it is reached, and what is refused."""

from __future__ import annotations

import re

import pytest

from cloudgen.render import render
from cloudgen.stack.gcp.platforms.functions.function import Function
from cloudgen.stack.gcp.stack import GcpStack, build
from rig.parts.gcp import make_foundation, refused

HTTP = "containers: {web: {port: 8000, platform: functions%s}}\nload_balancer: {domain: shop.example.com}\n"
MAIL = "containers: {mail: {trigger: {queue: jobs}%s}}\nstorage: {queues: {jobs: {%s}}}\n"
THUMBS = "containers: {thumbs: {trigger: {bucket: assets%s}%s}}\nstorage: {buckets: {assets: {}}}\n"
AGENT = 'data "google_storage_project_service_account" "current"'
NIGHTLY = 'containers: {nightly: {platform: functions, schedule: {cron: "0 2 * * *"%s}}}\n'


def stack(body: str) -> GcpStack:
    return build(make_foundation(body).deployment)


def function(body: str) -> Function:
    """The function of the only container."""
    (found,) = stack(body).workloads
    assert isinstance(found, Function)
    return found


def rendered(body: str) -> dict[str, str]:
    return {file.path: file.text for file in render(stack(body))}


def block(text: str, kind: str, label: str) -> str:
    """One block of a rendered file."""
    found = re.search(rf'^resource "{kind}" "{label}" \{{\n.*?^\}}', text, re.MULTILINE | re.DOTALL)
    assert found, f"no {kind}.{label}"
    return found.group(0)


def test_a_function_for_visitors_is_the_service_that_containers_have() -> None:
    on_containers = rendered(HTTP.replace("functions", "containers") % "")["services.tf"]
    as_function = rendered(HTTP % "")["functions.tf"]
    service = ("google_cloud_run_v2_service", "web")
    one, other = (set(block(text, *service).splitlines()) for text in (on_containers, as_function))
    assert "        cpu_idle          = true" in other - one
    assert not any("name  " in line or "ingress" in line or "uri" in line for line in one ^ other)


def test_no_job_runs_commands_of_a_function() -> None:
    files = rendered(HTTP % ", environment: {CLOUD_RUN_TASK_INDEX: '1'}")
    assert not any("google_cloud_run_v2_job" in text or "deploy.sh run" in text for text in files.values())


def test_no_function_runs_while_nothing_comes_unless_it_says_so() -> None:
    assert (function(HTTP % "").scaling.min, function(MAIL % ("", "")).scaling.min) == (0, 0)
    found = function(HTTP % ", scaling: {min: 2, max: 5, requests_per_instance: 20}").scaling
    assert (found.min, found.max, found.concurrency) == (2, 5, 20)


def test_an_event_has_an_instance_of_its_own() -> None:
    found = function(MAIL % (", scaling: {max: 3}", ""))
    assert (found.scaling.max, found.scaling.concurrency, found.port) == (3, 1, 8080)
    assert function(HTTP % "").scaling.concurrency == 80


def test_a_queue_pushes_to_its_function_and_nobody_pulls() -> None:
    files = rendered(MAIL % ("", "ack_deadline: 2m"))
    push = block(files["queue.tf"], "google_pubsub_subscription", "jobs")
    assert 'push_endpoint = "${google_cloud_run_v2_service.mail.uri}/events"' in push
    assert "audience              = google_cloud_run_v2_service.mail.uri" in push
    assert "service_account_email = google_service_account.mail_trigger.email" in push
    assert "depends_on = [time_sleep.mail_trigger]" in push
    assert "roles/pubsub.subscriber" not in files["iam.tf"]
    service = block(files["functions.tf"], "google_cloud_run_v2_service", "mail")
    assert "google_pubsub_subscription" not in service, "the subscription has its address, so it cannot wait for it"
    assert '"projects/acme-shop/subscriptions/' in service
    assert 'timeout                          = "120s"' in service
    assert "default_uri_disabled" not in service
    assert "invoker_iam_disabled" not in service
    assert 'ingress = "INGRESS_TRAFFIC_INTERNAL_ONLY"' in service


def test_functions_that_start_each_other_wait_for_topics() -> None:
    body = (
        "containers:\n"
        '  one: {trigger: {queue: a}, connects_to: ["b:publish"]}\n'
        '  two: {trigger: {queue: b}, connects_to: ["a:publish"]}\n'
        '  web: {port: 8000, connects_to: ["a:publish", "c:publish"]}\n'
        "  three: {trigger: {queue: c}}\n"
        "load_balancer: {domain: shop.example.com}\n"
        "storage: {queues: {a: {}, b: {}, c: {}}}\n"
    )
    found = {each.name: {str(one) for one in each.run.before} for each in stack(body).workloads}  # type: ignore[attr-defined]
    assert "google_pubsub_topic.b" in found["one"]
    assert "google_pubsub_subscription.b" not in found["one"]
    assert {"google_pubsub_topic.a", "google_pubsub_subscription.c"} <= found["web"]


def test_one_variable_cannot_be_topic_and_subscription() -> None:
    found = refused(make_foundation(MAIL % (', connects_to: ["jobs:publish"]', "")))
    assert found == [("conflict", "containers.mail.connects_to")]


@pytest.mark.parametrize("encryption", ["customer_managed", "provider_managed"])
def test_a_bucket_tells_a_topic_that_pushes(encryption: str) -> None:
    files = rendered(THUMBS % (", prefix: in/, timeout: 5m", "") + f"security: {{encryption: {encryption}}}\n")
    text = files["functions.tf"]
    news = block(text, "google_storage_notification", "thumbs")
    assert 'object_name_prefix = "in/"' in news
    assert "depends_on = [time_sleep.thumbs_trigger]" in news
    push = block(text, "google_pubsub_subscription", "thumbs_objects")
    assert "ack_deadline_seconds       = 300" in push
    wait = block(text, "time_sleep", "thumbs_trigger")
    assert "google_pubsub_topic_iam_member.thumbs_objects_telling" in wait
    assert "google_cloud_run_v2_service_iam_member.thumbs_trigger_thumbs_invoker" in wait
    agents = [name for name, each in files.items() if "/" not in name and AGENT in each]
    assert agents == (["kms.tf"] if encryption == "customer_managed" else ["functions.tf"])
    assert 'data "google_project" "current"' in "".join(files.values())
    for service in ("pubsub.googleapis.com", "storage.googleapis.com"):
        assert service in files["deploy.sh"]
    alarms = {each.label for each in function(THUMBS % ("", "")).alarms}
    assert {"thumbs_objects_queue_dead_letters", "thumbs_objects_queue_age"} <= alarms


def test_the_clock_sends_an_event() -> None:
    text = rendered(NIGHTLY % ", timezone: Europe/Berlin, timeout: 10m, retries: 1")["functions.tf"]
    clock = block(text, "google_cloud_scheduler_job", "nightly")
    for line in (
        'attempt_deadline = "600s"',
        "retry_count = 1",
        'uri         = "${google_cloud_run_v2_service.nightly.uri}/events"',
        'source      = "/schedules/nightly"',
        "service_account_email = google_service_account.nightly_scheduler.email",
    ):
        assert line in clock
    assert "oauth_token" not in clock


def test_a_run_has_half_an_hour() -> None:
    assert function(NIGHTLY % "").timeout == 1800
    found = refused(make_foundation(NIGHTLY % ", timeout: 31m"))
    assert found == [("out-of-range", "containers.nightly.schedule.timeout")]
    warned = stack(NIGHTLY % ", retries: 9").warnings
    assert ("approximated", ("containers", "nightly", "schedule", "retries")) in [
        (each.code, each.path) for each in warned
    ]


@pytest.mark.parametrize(
    ("body", "code", "path"),
    [
        ("containers: {idle: {platform: functions}}", "unsupported", "containers.idle.platform"),
        (
            MAIL % (", image: docker.io/acme/mail", ""),
            "unsupported",
            "containers.mail.image",
        ),
        (
            MAIL % (", platform: virtual_machines", ""),
            "unsupported",
            "containers.mail.trigger",
        ),
    ],
)
def test_what_cannot_be_a_function(body: str, code: str, path: str) -> None:
    assert (code, path) in refused(make_foundation(body))


def test_a_command_goes_through_the_part_of_the_image_that_takes_events() -> None:
    found = function(MAIL % (", command: [gunicorn, shop]", ""))
    assert tuple(found.run.arguments or ()) == (
        "/usr/local/bin/python3", "-I", "/usr/local/bin/events.py", "gunicorn", "shop",
    )  # fmt: skip
    assert list(function(HTTP % ", command: [gunicorn, shop]").run.arguments or ()) == ["gunicorn", "shop"]
