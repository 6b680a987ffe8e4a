"""A trigger with `platform: containers` on Cloud Run: the same service, which runs always, as the spec says."""

from __future__ import annotations

from cloudgen.render import render
from cloudgen.stack.gcp.platforms.containers.services import Service
from cloudgen.stack.gcp.stack import GcpStack, build
from rig.parts.gcp import make_foundation, refused

MAIL = "containers: {mail: {platform: containers, trigger: {queue: jobs}%s}}\nstorage: {queues: {jobs: {%s}}}\n"
BOTH = (
    "containers:\n"
    "  one: {%s, trigger: {bucket: assets, prefix: one/}}\n"
    "  two: {%s, trigger: {bucket: assets, prefix: two/}}\n"
    "storage: {buckets: {assets: {}}}\nsecurity: {encryption: %s}\n"
)
ALWAYS, FUNCTION = "platform: containers", "platform: functions"
AGENT = 'data "google_storage_project_service_account" "current"'


def stack(body: str) -> GcpStack:
    return build(make_foundation(body).deployment)


def service(body: str) -> Service:
    """What runs the only container."""
    (found,) = stack(body).workloads
    assert isinstance(found, Service)
    return found


def rendered(body: str) -> dict[str, str]:
    return {file.path: file.text for file in render(stack(body))}


def test_the_words_of_the_spec_about_capacity_count() -> None:
    found = service(MAIL % (", scaling: {min: 3, max: 5, requests_per_instance: 20}", ""))
    assert (found.scaling.min, found.scaling.max, found.scaling.concurrency) == (3, 5, 20)
    assert (found.always, found.worker, found.port) == (True, False, 8080)
    section = service(MAIL % ("", "") + "scaling: {min: 4, max: 9}\n").scaling
    assert (section.min, section.max, section.concurrency) == (4, 9, 1)
    assert service(MAIL % (", scaling: {min: 0, max: 2}", "")).scaling.min == 0


def test_it_is_called_as_a_function_is() -> None:
    files, on_functions = (
        rendered(MAIL % ("", "ack_deadline: 2m")),
        rendered(MAIL.replace(ALWAYS, FUNCTION) % ("", "ack_deadline: 2m")),
    )
    assert files["queue.tf"] == on_functions["queue.tf"]
    assert "functions.tf" not in files
    assert 'timeout                          = "120s"' in files["services.tf"]
    assert 'name  = "EVENT_SOURCE"' in files["services.tf"]
    assert 'resource "time_sleep" "mail_trigger"' in files["services.tf"]
    assert "roles/pubsub.subscriber" not in files["iam.tf"]
    assert "mail_trigger_mail_invoker" in files["iam.tf"]


def test_commands_run_in_a_job_that_gets_what_it_gets() -> None:
    assert "mail) job=shop-prod-mail-run ;;" in rendered(MAIL % ("", ""))["deploy.sh"]
    said = refused(make_foundation(MAIL % (", environment: {CLOUD_RUN_TASK_INDEX: '1', K_SERVICE: mail}", "")))
    assert {path for _, path in said} == {
        "containers.mail.environment.CLOUD_RUN_TASK_INDEX",
        "containers.mail.environment.K_SERVICE",
    }


def test_a_command_goes_through_the_part_of_the_image_that_takes_events() -> None:
    found = service(MAIL % (", command: [gunicorn, shop]", ""))
    assert list(found.run.arguments or ())[2:] == ["/usr/local/bin/events.py", "gunicorn", "shop"]


def test_an_image_that_takes_no_events_is_refused() -> None:
    found = refused(make_foundation(MAIL % (", image: docker.io/acme/mail", "")))
    assert ("unsupported", "containers.mail.image") in found


def test_it_may_start_itself() -> None:
    body = "containers: {thumbs: {platform: containers, trigger: {bucket: assets}, connects_to: [assets]}}\n"
    found = stack(body + "storage: {buckets: {assets: {}}}\n").warnings
    assert "starts-itself" in {each.code for each in found}


def test_the_agent_that_tells_is_looked_up_once() -> None:
    for first, second in ((ALWAYS, ALWAYS), (ALWAYS, FUNCTION), (FUNCTION, ALWAYS), (FUNCTION, FUNCTION)):
        for encryption, place in (("provider_managed", None), ("customer_managed", "kms.tf")):
            files = rendered(BOTH % (first, second, encryption))
            found = [name for name, text in files.items() if AGENT in text and "/" not in name]
            assert found == [place or ("services.tf" if first == ALWAYS else "functions.tf")]


def test_there_is_an_alarm_for_what_fails_and_for_what_is_turned_away() -> None:
    labels = {each.label for each in service(MAIL % ("", "")).alarms}
    assert {"mail_function_errors", "mail_function_turned_away", "mail_service_cpu", "mail_service_not_ready"} == (
        labels - {"mail_service_memory"}
    )


def test_readme_tells_how_many_events_there_are_at_once() -> None:
    (said,) = service(MAIL % (", scaling: {min: 1, max: 4, requests_per_instance: 8}", "")).differences
    assert "1 to 4 of them, each with 8 events at once" in said
    (said,) = service(MAIL % ("", "")).differences
    assert "each with one event at once" in said
