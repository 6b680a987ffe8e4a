"""Defects of plans of the golden spec `functions`, at least one for each thing that facts ask of functions alone."""

from __future__ import annotations

from rig.facts.changes import gone, not_after, put, swap
from rig.facts.plan_defect import PlanDefect

CASE = "functions"
WEB, PRINTER = "aws_lambda_function.web", "aws_lambda_function.printer"
GROUP, MAPPING = "aws_lb_target_group.web", "aws_lambda_event_source_mapping.printer"
PHOTOS, NIGHTLY = "aws_s3_bucket_notification.photos", "aws_scheduler_schedule.nightly"
STARTED = "events_start_their_function"
PRIVILEGES, GRANTS = "nothing_runs_with_privileges", "containers_hold_only_their_grants"

FUNCTIONS = tuple(
    PlanDefect(fact, address, change, case=CASE)
    for fact, address, change in (
        ("health_check_asks_the_port", WEB, put("environment.0.variables.AWS_LWA_PORT", "80")),
        ("health_check_asks_the_port", WEB, put("environment.0.variables.AWS_LWA_READINESS_CHECK_PATH", "/")),
        ("health_check_asks_the_port", GROUP, put("target_type", "ip")),
        ("health_check_asks_the_port", GROUP, put("lambda_multi_value_headers_enabled", False)),
        ("routes_lead_to_their_container", "aws_lb_target_group_attachment.web", put("target_group_arn", "x")),
        ("variables_arrive", WEB, put("environment.0.variables.GREETING", "x")),
        ("variables_arrive", PRINTER, put("environment.0.variables.EVENT_SOURCE", "/queues/x")),
        ("secrets_have_only_their_readers", WEB,
         swap("environment.0.variables.SECRETS_TO_FETCH", "SIGNING_KEY=arn", "SIGNING_KEY=x")),
        (PRIVILEGES, "aws_iam_role_policy.web_function",
         swap("policy", "lambda:SourceFunctionArn", "lambda:SourceAccount")),
        (GRANTS, "aws_iam_role_policy.printer_function", swap("policy", "sqs:ReceiveMessage", "sqs:*")),
        (GRANTS, "aws_iam_role.web_function", swap("assume_role_policy", "lambda.amazonaws.com", "ec2.amazonaws.com")),
        (GRANTS, "aws_ecr_repository_policy.functions", swap("policy", "lambda.amazonaws.com", "ec2.amazonaws.com")),
        ("capacity_is_as_written", WEB, put("memory_size", 1024)),
        ("scaling_is_as_written", PRINTER, put("reserved_concurrent_executions", 100)),
        ("jobs_run_as_written", NIGHTLY, put("schedule_expression", "cron(0 3 * * ? *)")),
        ("jobs_run_as_written", "aws_lambda_function.nightly", put("timeout", 60)),
        (STARTED, MAPPING, put("batch_size", 10)),
        (STARTED, MAPPING, put("function_response_types", [])),
        (STARTED, MAPPING, put("scaling_config.0.maximum_concurrency", 50)),
        (STARTED, PRINTER, put("environment.0.variables.AWS_LWA_ERROR_STATUS_CODES", "600")),
        (STARTED, PRINTER, put("timeout", 60)),
        (STARTED, PHOTOS, put("lambda_function.0.filter_prefix", "")),
        (STARTED, PHOTOS, not_after("aws_lambda_permission.thumbnails")),
        (STARTED, "aws_lambda_permission.thumbnails", put("source_account", "")),
        (STARTED, "aws_lambda_function.index", put("dead_letter_config", [])),
        (STARTED, "aws_lambda_alias.nightly", put("function_version", "$LATEST")),
        (STARTED, NIGHTLY, swap("target.0.input", "<aws.scheduler.scheduled-time>", "now")),
        (STARTED, MAPPING, gone),
        ("queues_keep_what_fails", "aws_sqs_queue.prints", put("visibility_timeout_seconds", 120)),
        ("the_way_in_exists_first", "aws_lb_listener.https", not_after("aws_lb_target_group_attachment.web")),
        ("grants_exist_before_their_users", WEB, not_after("aws_iam_role_policy.web_function")),
        ("foundations_exist_first", WEB, not_after("aws_route.private_internet")),
        ("foundations_exist_first", PRINTER, not_after("aws_ecr_repository_policy.functions")),
        ("logs_exist_before_their_writers", WEB, not_after("aws_cloudwatch_log_group.web")),
        ("logs_are_kept_as_written", WEB, put("logging_config.0.log_group", "else")),
        ("alarms_watch_what_exists", "aws_cloudwatch_metric_alarm.web_function_errors",
         put("dimensions.FunctionName", "x")),
        ("only_the_balancer_is_reachable", WEB, put("vpc_config.0.subnet_ids", ["subnet-x"])),
        ("only_connected_containers_get_through", "aws_vpc_security_group_ingress_rule.albums_from_web",
         put("referenced_security_group_id", "x")),
    )
)  # fmt: skip
