"""Mutations of functions of Lambda, with the columns of `mutations`."""

from __future__ import annotations

from rig.mutations.mutation import Check, Mutation

PLACE, CASE = "aws/functions/_function.tf.j2", "functions"

# fmt: off
FUNCTIONS: tuple[Mutation, ...] = (
    Mutation("function-before-its-policies", PLACE,
           "depends_on = {{ workload.before }}", "",
           CASE, Check.APPLY, ("[function-role]", "[image-pulled]", "[lucky-order]")),
    Mutation("attached-before-the-balancer-may-invoke", PLACE,
           "  depends_on = [{{ workload.permission.address }}]", "",
           CASE, Check.APPLY, ("[target-invoked]", "[lucky-order] aws_lb_target_group_attachment.web")),
    Mutation("bucket-tells-before-it-may", "aws/functions/_notification.tf.j2",
           "  depends_on = {{ list.before }}\n", "",
           CASE, Check.APPLY, ("[bucket-invokes]", "[lucky-order] aws_s3_bucket_notification.photos")),
    Mutation("group-of-a-function-that-is-not-there", "aws/load_balancer.tf.j2",
           "  depends_on = {{ stack.load_balancer.before_serving }}\n", "",
           CASE, Check.APPLY, ("[group-answers]", "[lucky-order] aws_lb_listener.https"), times=2),
    Mutation("batches-that-wait-for-each-other", PLACE,
           "batch_size              = 1\n", "batch_size              = 10\n",
           CASE, Check.FACT, "events_start_their_function: printer: slow messages use up the deliveries of others"),
    Mutation("whole-batch-fails", PLACE,
           '  function_response_types = ["ReportBatchItemFailures"]\n', "",
           CASE, Check.FACT, "events_start_their_function: printer: one message that fails fails others"),
    Mutation("everybodys-bucket-starts-it", PLACE,
           "  source_account = {{ workload.permission.account }}\n", "",
           CASE, Check.RULE, "[permission-account]"),
    Mutation("events-that-fail-are-lost", PLACE,
           "  dead_letter_config {\n    target_arn = {{ workload.failed.address.arn }}\n  }\n", "",
           CASE, Check.FACT, "events_start_their_function: thumbnails: events that fail are lost"),
    Mutation("one-cookie-of-two", "aws/_invoked_group.tf.j2",
           "lambda_multi_value_headers_enabled = true", "lambda_multi_value_headers_enabled = false",
           CASE, Check.FACT, "health_check_asks_the_port: web: one of two cookies is lost"),
    Mutation("newest-code-unpublished", PLACE,
           "function_version = {{ workload.address.version }}", 'function_version = "$LATEST"',
           CASE, Check.FACT, "events_start_their_function: printer: the alias leads to no version"),
    Mutation("repository-for-all-of-lambda", "aws/functions/functions.tf.j2",
           'variable = "aws:SourceArn"', 'variable = "aws:SourceAccount"',
           CASE, Check.FACT, "containers_hold_only_their_grants: web: cannot pull its image"),
    Mutation("group-with-a-port", "aws/_invoked_group.tf.j2",
           "{{ group.entry.target_type }}\n", "{{ group.entry.target_type }}\n  port = 80\n",
           CASE, Check.RULE, "[invoked-group]"),
)
# fmt: on
