"""Functions of Lambda: what starts one, what it is told and may do, how it is reached, and what is refused."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from cloudgen.errors import Problem
from cloudgen.render import render
from cloudgen.render.hcl import encode
from cloudgen.spec.deployment import deployment_model
from cloudgen.stack import TARGETS, coordinate_models
from cloudgen.stack.aws.platforms.functions.function import Function
from cloudgen.stack.aws.platforms.functions.ground import Functions
from cloudgen.stack.aws.sizes import lambda_memory
from cloudgen.stack.aws.stack import AwsStack, build
from rig.parity import missing, unknown
from rig.parts.aws import make_foundation, refused

HTTP = "containers: {web: {port: 8000, platform: functions%s}}\nload_balancer: {domain: shop.example.com}\n"
MAIL = "containers: {mail: {trigger: {queue: jobs}%s}}\nstorage: {queues: {jobs: {%s}}}\n"
THUMBS = "containers: {thumbs: {trigger: {bucket: assets}%s}}\nstorage: {buckets: {assets: {}}}\n"
NIGHTLY = 'containers: {nightly: {platform: functions, schedule: {cron: "0 2 * * *"%s}}}\n'
ALL = """
containers:
  web: {port: 8000, platform: functions, connects_to: [orders, "jobs:publish"], secrets: {STRIPE_KEY: stripe}}
  mail: {trigger: {queue: jobs}}
  thumbs: {trigger: {bucket: assets}, connects_to: [results]}
  nightly: {platform: functions, schedule: {cron: "0 2 * * *"}}
  api: {port: 8000%s}
load_balancer: {domain: shop.example.com, routes: [{path: /, container: web}, {path: /api, container: api}]}
storage: {databases: {orders: {}}, buckets: {assets: {}, results: {}}, queues: {jobs: {}}}
security: {secrets: {stripe: {}}}
"""


def stack(body: str) -> AwsStack:
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
    found = re.search(rf'^resource "{kind}" "{label}" {{\n.*?^}}', text, re.MULTILINE | re.DOTALL)
    assert found, f"no {kind}.{label}"
    return found[0]


def warned(body: str, *place: str | int) -> list[Problem]:
    return [each for each in stack(body).warnings if each.path == place]


def sids(found: Function) -> set[str]:
    return {grant.sid for grant in found.role.grants}


def test_every_block_is_stated_and_every_stated_one_rendered() -> None:
    for others in ("", ", platform: functions"):
        made = stack(ALL % others)
        text = "\n".join(file.text for file in render(made) if re.fullmatch(r"[^/]+\.tf", file.path))
        pattern = re.compile(r'^(resource|data|ephemeral) "(\w+)" "(\w+)"', re.MULTILINE)
        found = pattern.findall(text)
        blocks = (f"{'' if kind == 'resource' else f'{kind}.'}{type_}.{name}" for kind, type_, name in found)
        assert Counter(blocks) == Counter(map(str, made.blocks))


def test_no_output_names_a_value_of_a_secret_and_the_function_is_told_where_they_lie() -> None:
    made = function("containers: {web: {port: 8000, platform: functions, secrets: {KEY: a, OTHER: b}}}\n"
                    "security: {secrets: {a: {}, b: {}}}\n")  # fmt: skip
    assert not {"KEY", "OTHER"} & set(made.variables)
    assert encode(made.variables["SECRETS_TO_FETCH"]) == (
        '"KEY=${aws_secretsmanager_secret.a.arn}:::${aws_secretsmanager_secret_version.a.version_id} '
        'OTHER=${aws_secretsmanager_secret.b.arn}:::${aws_secretsmanager_secret_version.b.version_id}"'
    )
    assert "SECRETS_TO_FETCH" not in function(HTTP % "").variables


def test_it_has_one_role_with_the_grants_that_it_takes_and_no_other() -> None:
    assert sids(function(HTTP % "")) == {"WriteLogs", "Trace", "DecryptEnvironment"}
    assert sids(function(MAIL % ("", ""))) == {
        "WriteLogs", "Trace", "DecryptEnvironment", "ConsumeMessages", "DecryptMessages",
    }  # fmt: skip
    assert sids(function(THUMBS % "")) == {
        "WriteLogs", "Trace", "DecryptEnvironment", "ListBuckets", "ReadObjects", "DecryptObjects",
        "KeepFailedEvents", "EncryptFailedEvents",
    }  # fmt: skip
    assert not [grant for grant in function(HTTP % "").role.grants if "ecr:BatchGetImage" in grant.actions]


def test_it_joins_the_network_only_for_what_has_an_address_there() -> None:
    outside = function(THUMBS % "")
    assert outside.security_groups == ()
    assert not [address for address in outside.before if address.type in {"aws_route", "aws_vpc_endpoint"}]
    data = "storage: {databases: {orders: {}}}\n"
    inside = function(f"containers: {{web: {{port: 8000, platform: functions, connects_to: [orders]}}}}\n{data}")
    assert [rule.label for rule in inside.security_groups[0].egress] == ["web_to_internet", "web_to_orders"]
    assert "aws_vpc_security_group_ingress_rule.orders_from_web" in map(str, inside.before)


def test_the_code_itself_may_not_make_network_interfaces() -> None:
    data = "storage: {caches: {sessions: {}}}\n"
    made = function(f"containers: {{web: {{port: 8000, platform: functions, connects_to: [sessions]}}}}\n{data}")
    (joins,) = (grant for grant in made.role.grants if grant.sid == "JoinNetwork")
    (condition,) = joins.conditions
    assert (condition.test, condition.variable) == ("ArnNotEquals", "lambda:SourceFunctionArn")
    assert encode(condition.values[0]) == '"arn:aws:lambda:eu-west-1:111122223333:function:shop-prod-web"'


def test_only_functions_in_the_network_reach_its_endpoints() -> None:
    files = rendered(ALL % ", platform: functions")
    assert "endpoints_from_web" in files["network.tf"]
    assert "endpoints_from_mail" not in files["network.tf"]
    assert "aws_vpc_endpoint" in files["network.tf"]
    alone = rendered(MAIL % ("", ""))["network.tf"]
    assert re.findall(r'"aws_vpc_endpoint" "(\w+)"', alone) == ["s3"]


def test_requests_come_by_the_balancer_which_waits_for_the_function() -> None:
    files = rendered(ALL % ", platform: functions")
    group = block(files["load_balancer.tf"], "aws_lb_target_group", "web")
    assert 'target_type = "lambda"' in group
    assert "lambda_multi_value_headers_enabled = true" in group
    assert not re.search(r"\b(port|protocol|vpc_id|health_check|deregistration_delay)\b", group)
    listener = block(files["load_balancer.tf"], "aws_lb_listener", "https")
    assert "depends_on = [aws_lb_target_group_attachment.web]" in listener
    rule = block(files["load_balancer.tf"], "aws_lb_listener_rule", "path_api")
    assert "depends_on = [aws_lb_target_group_attachment.api]" in rule
    assert "load_balancer_to_" not in files["load_balancer.tf"]
    permission = block(files["functions.tf"], "aws_lambda_permission", "web")
    assert "source_arn    = aws_lb_target_group.web.arn" in permission
    attachment = block(files["functions.tf"], "aws_lb_target_group_attachment", "web")
    assert "target_id        = aws_lambda_alias.web.arn" in attachment
    assert "depends_on = [aws_lambda_permission.web]" in attachment


def test_a_function_that_no_route_leads_to_is_in_no_target_group() -> None:
    made = function("containers: {web: {port: 8000, platform: functions}}\n")
    assert (made.entry, made.permission) == (None, None)


def test_everything_calls_the_alias_of_a_published_version() -> None:
    text = rendered(ALL % "")["functions.tf"]
    assert "publish = true" in block(text, "aws_lambda_function", "web")
    alias = block(text, "aws_lambda_alias", "mail")
    assert "function_version = aws_lambda_function.mail.version" in alias
    told = r"^ *(?:function_name|target_id|lambda_function_arn|arn) += (aws_lambda_\w+\.\w+)\.arn"
    callers = re.findall(told, text, re.MULTILINE)
    assert {each.split(".")[0] for each in callers} == {"aws_lambda_alias"}
    assert len(callers) == 4


def test_the_adapter_asks_the_health_check_of_a_server_and_takes_a_refused_event_for_a_failure() -> None:
    web = function("containers: {web: {port: 8000, platform: functions, health_check: {path: /up}}}\n").variables
    assert (web["AWS_LWA_PORT"], web["PORT"]) == ("8000", "8000")
    assert web["AWS_LWA_READINESS_CHECK_PATH"] == "/up"
    assert "AWS_LWA_ERROR_STATUS_CODES" not in web
    mail = function(MAIL % ("", "")).variables
    assert (mail["AWS_LWA_PORT"], mail["PORT"], mail["EVENT_SOURCE"]) == ("8080", "8080", "/queues/jobs")
    assert (mail["AWS_LWA_PASS_THROUGH_PATH"], mail["AWS_LWA_ERROR_STATUS_CODES"]) == ("/events", "300-599")


def test_a_queue_hands_over_one_message_at_a_time_and_never_too_many() -> None:
    body = MAIL % ("", "ack_deadline: 2m")
    made = stack(f"{body}scaling: {{max: 7}}\n")
    (found,) = made.workloads
    assert isinstance(found, Function)
    assert (found.timeout, found.concurrency) == (120, 7)
    text = {file.path: file.text for file in render(made)}
    mapping = block(text["functions.tf"], "aws_lambda_event_source_mapping", "mail")
    assert 'function_response_types = ["ReportBatchItemFailures"]' in mapping
    assert re.search(r"batch_size +=\s*1\n", mapping)
    assert "maximum_concurrency = 7" in mapping
    assert re.search(r"visibility_timeout_seconds = 720\n", text["queue.tf"])
    assert [each.code for each in made.warnings if each.path[-1] == "ack_deadline"] == ["approximated"]
    assert not warned(MAIL % ("", ""), "storage", "queues", "jobs", "ack_deadline")


def test_the_queue_of_a_worker_keeps_its_deadline() -> None:
    made = stack('containers: {mail: {command: [run], connects_to: ["jobs:consume"]}}\nstorage: {queues: {jobs: {}}}\n')
    assert [queue.row.values["deadline"] for queue in made.storage.queues] == ["1 min"]


def test_one_at_a_time_is_two_at_a_time_and_that_is_told() -> None:
    body = f"{MAIL % ('', '')}scaling: {{max: 1}}\n"
    made = function(body)
    assert made.messages is not None
    assert (made.concurrency, made.messages.concurrency) == (1, 2)
    assert [each.code for each in warned(body, "scaling", "max")] == ["approximated"]


def test_a_bucket_asks_first_and_what_fails_is_kept() -> None:
    files = rendered(ALL % "")
    text = files["functions.tf"]
    listed = block(text, "aws_s3_bucket_notification", "assets")
    assert "depends_on = [aws_lambda_permission.thumbs]" in listed
    assert 'events              = ["s3:ObjectCreated:*"]' in listed
    permission = block(text, "aws_lambda_permission", "thumbs")
    assert 'source_account = "111122223333"' in permission
    assert "target_arn = aws_sqs_queue.thumbs_failed_events.arn" in block(text, "aws_lambda_function", "thumbs")
    assert "dead_letter_config" not in block(text, "aws_lambda_function", "mail")
    assert "aws_cloudwatch_metric_alarm" in files["monitoring.tf"]
    block(files["monitoring.tf"], "aws_cloudwatch_metric_alarm", "thumbs_failed_events")
    assert "CKV2_AWS_62" not in block(files["bucket.tf"], "aws_s3_bucket", "assets")
    assert "CKV2_AWS_62" in block(files["bucket.tf"], "aws_s3_bucket", "results")


def test_two_functions_of_one_bucket_are_refused_at_the_second() -> None:
    body = ("containers: {one: {trigger: {bucket: assets}}, two: {trigger: {bucket: assets}}}\n"
            "storage: {buckets: {assets: {}}}\n")  # fmt: skip
    assert refused(make_foundation(body)) == [("conflict", "containers.two.trigger.bucket")]


@pytest.mark.parametrize(
    ("one", "two", "problems"),
    [
        ("in/", "out/", []),
        ("in/", "in/deep/", [("conflict", "containers.two.trigger.prefix")]),
        ("in/deep/", "in/", [("conflict", "containers.two.trigger.prefix")]),
        ("in", "in", [("conflict", "containers.two.trigger.prefix")]),
    ],
)
def test_two_functions_of_one_bucket_have_prefixes_that_do_not_overlap(
    one: str, two: str, problems: list[tuple[str, str]]
) -> None:
    body = ("containers:\n"
            f"  one: {{trigger: {{bucket: assets, prefix: {one}, timeout: 2m}}}}\n"
            f"  two: {{trigger: {{bucket: assets, prefix: {two}}}}}\n"
            "storage: {buckets: {assets: {}}}\n")  # fmt: skip
    if problems:
        assert refused(make_foundation(body)) == problems
        return
    text = rendered(body)["functions.tf"]
    listed = block(text, "aws_s3_bucket_notification", "assets")
    assert re.findall(r'filter_prefix +=\s*"(.+)"', listed) == [one, two]
    assert "depends_on = [aws_lambda_permission.one, aws_lambda_permission.two]" in listed
    found = [
        re.findall(r"^  timeout +=\s*(\d+)", block(text, "aws_lambda_function", each), re.M) for each in ("one", "two")
    ]
    assert found == [["120"], ["60"]]


def test_a_function_that_may_start_itself_is_told_and_one_with_a_prefix_is_not() -> None:
    place = ("containers", "thumbs", "trigger", "bucket")
    assert [each.code for each in warned(THUMBS % ", connects_to: [assets]", *place)] == ["starts-itself"]
    assert not warned(THUMBS % ', connects_to: ["assets:read"]', *place)
    prefixed = THUMBS.replace("bucket: assets", "bucket: assets, prefix: in/")
    assert not warned(prefixed % ", connects_to: [assets]", *place)
    body = THUMBS.replace("buckets: {assets: {}}", "buckets: {assets: {}, results: {}}")
    assert not warned(body % ", connects_to: [results]", *place)


def test_the_container_says_how_many_run_at_once() -> None:
    made = function(MAIL % (", scaling: {max: 3}", ""))
    assert made.messages is not None
    assert (made.concurrency, made.messages.concurrency) == (3, 3)


def test_a_trigger_lets_the_function_read_what_it_is_told_of_and_tells_its_name() -> None:
    made = function(THUMBS % "")
    assert str(made.variables["ASSETS_BUCKET"]) == "aws_s3_bucket.assets.bucket"
    assert "WriteObjects" not in sids(made)
    assert "WriteObjects" in sids(function(THUMBS % ", connects_to: [assets]"))


def test_the_clock_sends_an_event_with_the_time_for_its_id() -> None:
    made = function(NIGHTLY % "")
    assert made.schedule is not None
    assert json.loads(made.input) == {
        "specversion": "1.0",
        "id": "<aws.scheduler.scheduled-time>",
        "type": "schedule",
        "source": "/schedules/nightly",
        "time": "<aws.scheduler.scheduled-time>",
    }
    (grant,) = (each for each in made.schedule.role.grants if each.sid == "StartFunction")
    assert list(map(str, grant.resources)) == ["aws_lambda_alias.nightly.arn"]


def test_the_time_stands_in_the_output_as_scheduler_reads_it() -> None:
    text = block(rendered(NIGHTLY % "")["functions.tf"], "aws_scheduler_schedule", "nightly")
    assert "<aws.scheduler.scheduled-time>" in text
    assert "jsonencode" not in text, "Terraform would write < as \\u003c, which Scheduler does not replace"


def test_the_group_of_the_schedules_stands_once() -> None:
    job = 'containers: {nightly: {platform: functions, schedule: {cron: "0 2 * * *"}}, other: {%s}}\n'
    for other in ('command: [run], schedule: {cron: "0 3 * * *"}', "port: 8000"):
        files = rendered(job % other)
        assert "\n".join(files.values()).count('resource "aws_scheduler_schedule_group"') == 1


@pytest.mark.parametrize(
    ("written", "timeout", "retries"),
    [("", 900, 2), (", timeout: 5m, retries: 1", 300, 1), (", timeout: 15m, retries: 0", 900, 0)],
)
def test_how_long_a_run_may_take_and_how_often_it_is_tried(written: str, timeout: int, retries: int) -> None:
    made = function(NIGHTLY % written)
    assert made.failed is not None
    assert (made.timeout, made.failed.retries) == (timeout, retries)
    assert not warned(NIGHTLY % written, "containers", "nightly", "schedule", "retries")


def test_more_retries_than_lambda_has_are_told() -> None:
    body = NIGHTLY % ", retries: 5"
    assert [each.code for each in warned(body, "containers", "nightly", "schedule", "retries")] == ["approximated"]


@pytest.mark.parametrize(
    ("vcpu", "memory", "found"),
    [(0.25, 512, 512), (0.5, 1024, 1024), (1, 512, 1769), (0.05, 64, 128), (5.7, 10240, 10240), (8, 16384, None)],
)
def test_memory_brings_cpu(vcpu: float, memory: int, found: int | None) -> None:
    assert lambda_memory(vcpu, memory) == found


def test_more_memory_than_asked_for_is_told_where_the_size_stands() -> None:
    body = HTTP % ", cpu: 1, memory: 512Mi"
    assert function(body).memory == 1769
    assert [each.code for each in warned(body, "containers", "web", "cpu")] == ["rounded-size"]


IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web@sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("body", "code", "place"),
    [
        ("containers: {run: {platform: functions, command: [run]}}\n", "unsupported", "containers.run.platform"),
        (NIGHTLY.replace("schedule", "command: [run], schedule") % "", "unsupported", "containers.nightly.command"),
        (NIGHTLY % ", timeout: 1h", "out-of-range", "containers.nightly.schedule.timeout"),
        (HTTP.replace("8000", "80") % "", "out-of-range", "containers.web.port"),
        (HTTP.replace("8000", "9001") % "", "out-of-range", "containers.web.port"),
        (HTTP % ", size: 2xlarge", "no-such-size", "containers.web.size"),
        (HTTP % ", release: [migrate]", "unsupported", "containers.web.release"),
        (HTTP % ", replicas: exactly_one", "unsupported", "containers.web.replicas"),
        (HTTP % ", writable: [data]", "unsupported", "containers.web.writable"),
        (HTTP % ", read_only: false", "unsupported", "containers.web.read_only"),
        (HTTP % ', image: "nginx:1.29"', "out-of-reach", "containers.web.image"),
        (HTTP % f', image: "{IMAGE.replace("eu-west-1", "eu-west-2")}"', "out-of-reach", "containers.web.image"),
        (MAIL % (f', image: "{IMAGE}"', ""), "unsupported", "containers.mail.image"),
        (THUMBS % ", dockerfile: Dockerfile", "unsupported", "containers.thumbs.dockerfile"),
        (HTTP % ", environment: {AWS_REGION: x}", "conflict", "containers.web.environment.AWS_REGION"),
        (HTTP % ', environment: {AWS_LWA_PORT: "1"}', "conflict", "containers.web.environment.AWS_LWA_PORT"),
        (HTTP % ", environment: {_X: x}", "reserved-name", "containers.web.environment._X"),
        (HTTP % f", environment: {{LONG: {'x' * 4000}}}", "too-large", "containers.web.environment"),
        (
            f'containers: {{web: {{port: 8000, platform: functions, image: "{IMAGE}", secrets: {{KEY: a}}}}}}\n'
            "security: {secrets: {a: {}}}\n",
            "unsupported",
            "containers.web.secrets",
        ),
    ],
)  # fmt: skip
def test_what_a_function_cannot_do_is_refused_where_it_is_written(body: str, code: str, place: str) -> None:
    assert (code, place) in refused(make_foundation(body))


def test_an_image_of_ones_own_is_told_what_it_must_have() -> None:
    body = HTTP % f', image: "{IMAGE}"'
    (told,) = (each for each in warned(body, "containers", "web", "image") if each.code == "needs-adapter")
    assert "COPY --from=public.ecr.aws/awsguru/aws-lambda-adapter" in (told.hint or "")
    ground = stack(body).platforms.functions
    assert isinstance(ground, Functions)
    assert ground.puller is None


def test_lambda_pulls_for_functions_of_this_deployment_alone() -> None:
    text = rendered(HTTP % "")["functions.tf"]
    policy = block(text, "aws_ecr_repository_policy", "functions")
    assert 'repository = "shop-prod"' in policy
    assert '"arn:aws:lambda:eu-west-1:111122223333:function:shop-prod-*"' in text
    assert "aws_ecr_repository_policy.functions" in block(text, "aws_lambda_function", "web")


def test_it_is_watched_by_its_own_metrics_and_not_by_checks_that_nobody_makes() -> None:
    labels = {alarm.label for alarm in stack(HTTP % "").monitoring.alarms}
    assert {"web_function_errors", "web_function_throttles", "web_function_latency", "error_rate"} <= labels
    assert not {"web_service_unhealthy", "web_service_latency"} & labels
    assert "mail_function_latency" not in {alarm.label for alarm in stack(MAIL % ("", "")).monitoring.alarms}


def test_without_a_key_of_the_customers_the_keys_of_aws_encrypt() -> None:
    text = rendered(f"environment: development\n{THUMBS % ''}")["functions.tf"]
    assert "kms" not in text
    assert "sqs_managed_sse_enabled = true" in block(text, "aws_sqs_queue", "thumbs_failed_events")
    assert "CKV_AWS_173: security.encryption" in block(text, "aws_lambda_function", "thumbs")


def test_a_trigger_is_a_connection_for_variables_of_the_application_too() -> None:
    made = function(MAIL % (", environment: {BROKER: {from: jobs.url}}", ""))
    assert str(made.variables["BROKER"]) == "aws_sqs_queue.jobs.url"


def test_the_picture_has_an_arrow_from_what_starts_a_function() -> None:
    edges = {(edge.start, edge.end) for edge in stack(MAIL % ("", "")).diagram.edges}
    assert ("storage:jobs", "container:mail") in edges


def test_a_command_of_its_own_gets_events_by_the_part_of_the_image_that_takes_them() -> None:
    hand_over = ("/usr/local/bin/python3", "-I", "/usr/local/bin/events.py")
    assert function(MAIL % (", command: [serve, mail]", "")).command == (*hand_over, "serve", "mail")
    assert function(HTTP % ", command: [serve]").command == ("serve",)
    assert function(MAIL % ("", "")).command == ()


def test_every_field_of_the_spec_has_an_entry_for_functions() -> None:
    held = TARGETS["aws"].support()
    assert held is not None
    (table,) = held.tables(("functions",)).values()
    model = deployment_model(coordinate_models())
    assert missing(table, model, "aws") == []
    assert unknown(table, model, "aws") == []


@pytest.mark.parametrize(
    ("body", "zones"),
    [
        (HTTP % "", 0),
        (THUMBS % "", 0),
        (HTTP % "" + "networking: {nat: single}\n", 0),
        (HTTP % "" + "networking: {nat: none, private_endpoints: false}\n", 0),
        (HTTP % ", connects_to: [orders]" + "storage: {databases: {orders: {engine: postgres}}}\n", 3),
        ("containers: {web: {port: 8000, platform: functions}, work: {command: [run]}}\n", 3),
    ],
)
def test_only_what_is_in_the_network_pays_for_a_way_out(body: str, zones: int) -> None:
    assert len(stack(body).network.nat_zones) == zones


def test_a_nat_gateway_that_nobody_would_use_is_told() -> None:
    (told,) = warned(HTTP % "" + "networking: {nat: single}\n", "networking", "nat")
    assert "no container is in the network on AWS" in told.message
    assert warned(HTTP % "", "networking", "nat") == []
