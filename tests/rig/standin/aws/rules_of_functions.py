"""The rules of Lambda and of what starts functions; the columns are those of `rules`."""

from __future__ import annotations

from rig.standin.aws.checks import function_order, functions
from rig.standin.rule import AfterRule, OrderRule, Rule

FUNCTION, MAPPING = "aws_lambda_function", "aws_lambda_event_source_mapping"

# fmt: off
FUNCTION_RULES: tuple[Rule, ...] = (
    Rule("function-name", FUNCTION, functions.name,
         "a function has a name of at most 64 characters", "Lambda API, CreateFunction, FunctionName"),
    Rule("function-image", FUNCTION, functions.image,
         "a function of an image has one of ECR", "Lambda, Create a Lambda function using a container image"),
    Rule("function-sizes", FUNCTION, functions.sizes,
         "time and memory of a function are within bounds", "Lambda, Lambda quotas"),
    Rule("function-variables", FUNCTION, functions.variables,
         "a function's variables are few, and free", "Lambda, Defined runtime environment variables; Lambda quotas"),
    Rule("function-log", FUNCTION, functions.log,
         "levels of a log are for JSON", "Lambda API, LoggingConfig"),
    Rule("alias-version", "aws_lambda_alias", functions.alias_version,
         "requests are shared out among published versions", "Lambda API, AliasRoutingConfiguration"),
    Rule("permission-account", "aws_lambda_permission", functions.confused_deputy,
         "S3 invokes for a bucket of this account", "Lambda API, AddPermission, SourceAccount"),
    Rule("mapping-batch", MAPPING, functions.batches,
         "batches and concurrency are within bounds", "Lambda API, CreateEventSourceMapping, BatchSize; ScalingConfig"),
    Rule("event-retries", "aws_lambda_function_event_invoke_config", functions.retries,
         "events are tried again for six hours at most", "Lambda API, PutFunctionEventInvokeConfig"),
    Rule("notification-overlap", "aws_s3_bucket_notification", functions.overlapping,
         "a bucket tells one function of an object", "S3 API error 'Configurations overlap'"),
    Rule("repository-policy", "aws_ecr_repository_policy", functions.puller,
         "a repository's policy is its own", "ECR, Private repository policies"),
    Rule("invoked-group", "aws_lb_target_group", functions.invoked_group,
         "a target group has what its type has", "ELB API, CreateTargetGroup"),
    Rule("scheduled-input", "aws_scheduler_schedule", functions.scheduled_input,
         "a function gets JSON", "EventBridge Scheduler API, Target, Input; Lambda, Invoke"),
)

FUNCTION_ORDER_RULES: tuple[OrderRule, ...] = (
    OrderRule("function-role", FUNCTION, function_order.role_lets,
              "a function's role may what it takes to make it",
              "Lambda API error 'The provided execution role does not have permissions'"),
    OrderRule("image-pulled", FUNCTION, function_order.image_pulled,
              "Lambda may pull the image",
              "Lambda API error 'Lambda does not have permission to access the ECR image'"),
    OrderRule("function-log-first", FUNCTION, function_order.log_first,
              "the log group comes before the function", "Lambda, Configuring CloudWatch log groups"),
    OrderRule("target-invoked", "aws_lb_target_group_attachment", function_order.attached,
              "the balancer may invoke what it is given",
              "ELB API error 'principal does not have permission to invoke'"),
    OrderRule("bucket-invokes", "aws_s3_bucket_notification", function_order.notified,
              "a bucket may invoke what it tells",
              "S3 API error 'Unable to validate the following destination configurations'"),
    OrderRule("mapping-takes", MAPPING, function_order.takes_messages,
              "a function may take the messages, and has time for them",
              "Lambda API error 'Queue visibility timeout ... is less than Function timeout'"),
    OrderRule("group-answers", "aws_lb_listener aws_lb_listener_rule", function_order.group_answers,
              "a listener leads to a function that is there",
              "Application Load Balancers, Lambda functions as targets"),
)

FUNCTION_AFTERMATH: tuple[AfterRule, ...] = (
    AfterRule("schedule-starts", function_order.starts,
              "a schedule may start its function", "EventBridge Scheduler, Setting up the execution role"),
    AfterRule("events-kept", function_order.tried_again,
              "what fails of events is kept", "Lambda, Adding a dead-letter queue"),
)
# fmt: on
