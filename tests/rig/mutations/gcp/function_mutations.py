"""Mutations of what is rendered for functions on Google Cloud."""

from __future__ import annotations

from rig.mutations.mutation import Check, Mutation

RULE, APPLY, FACT, BLIND_SPOT = Check.RULE, Check.APPLY, Check.FACT, Check.BLIND_SPOT
CASE, FOLDER, SERVICE = "functions", "gcp/functions/", "gcp/containers/_service.tf.j2"
CLOCK, OBJECTS, QUEUE = f"{FOLDER}_clock.tf.j2", "gcp/containers/_objects.tf.j2", "gcp/_queue.tf.j2"
ALWAYS = "gcp-sizes"
"""A case in which events start what runs always."""

# fmt: off
FUNCTIONS: tuple[Mutation, ...] = (
    Mutation("function-billed-while-nothing-comes", SERVICE,
           "cpu_idle          = true", "cpu_idle          = false",
           CASE, FACT, "nothing_runs_with_privileges: web: has CPU while nothing comes"),
    Mutation("events-to-what-stands-still", SERVICE,
           "cpu_idle          = false", "cpu_idle          = true",
           ALWAYS, FACT, "events_start_their_function: posters: stands still between events"),
    Mutation("more-events-at-once-than-asked", SERVICE,
           "{{ workload.scaling.concurrency }}", "80",
           ALWAYS, FACT, "events_start_their_function: posters: handles more events at once"),
    Mutation("events-from-everywhere", SERVICE,
           "roles/run.invoker.\n  ingress = {{ workload.ingress }}\n{% else %}",
           'roles/run.invoker.\n  ingress = "INGRESS_TRAFFIC_ALL"\n{% else %}',
           CASE, BLIND_SPOT, "google_cloud_run_v2_service.printer: ingress is INGRESS_TRAFFIC_ALL"),
    Mutation("events-to-an-address-that-is-off", SERVICE,
           "roles/run.invoker.\n  ingress = {{ workload.ingress }}\n{% else %}",
           "roles/run.invoker.\n  ingress = {{ workload.ingress }}\n  default_uri_disabled = true\n{% else %}",
           CASE, APPLY, "[called-address]"),
    Mutation("token-for-somebody-else", QUEUE,
           "audience              = {{ queue.push.audience }}", "audience = {{ queue.push.endpoint }}",
           CASE, APPLY, "[token-audience]"),
    Mutation("push-before-it-may", QUEUE,
           "depends_on = {{ queue.push.before }}", "",
           CASE, APPLY, ("[called-service]", "[lucky-order] google_pubsub_subscription.")),
    Mutation("news-before-it-may", OBJECTS,
           "depends_on = {{ workload.objects.before }}", "",
           CASE, APPLY, ("[notification-publisher]", "[lucky-order] google_storage_notification.")),
    Mutation("news-of-all-objects", OBJECTS,
           "  object_name_prefix = {{ workload.objects.prefix }}\n", "",
           CASE, FACT, "events_start_their_function: thumbnails: is told of other objects"),
    Mutation("news-of-what-is-deleted", OBJECTS,
           '["OBJECT_FINALIZE"]', '["OBJECT_FINALIZE", "OBJECT_DELETE"]',
           CASE, FACT, "events_start_their_function: index: is told of other events"),
    Mutation("clock-with-the-wrong-token", CLOCK,
           "oidc_token {\n"
           "      service_account_email = {{ workload.clock.to.account.email }}\n"
           "      audience              = {{ workload.clock.to.audience }}\n",
           "oauth_token {\n      service_account_email = {{ workload.clock.to.account.email }}\n",
           CASE, APPLY, ("[scheduler-identity]", "[callers]")),
    Mutation("clock-that-does-not-wait", CLOCK,
           "{{ workload.clock.deadline_text }}", '"180s"',
           CASE, FACT, "jobs_run_as_written: nightly: is not stopped in time"),
)
# fmt: on
