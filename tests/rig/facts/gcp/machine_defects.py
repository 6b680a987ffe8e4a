"""Defects of plans of the golden spec `machines`, at least one for each thing that facts look at on machines alone."""

from __future__ import annotations

from rig.facts.changes import gone, not_after, put, swap
from rig.facts.plan_defect import PlanDefect

CASE = "machines"
TEMPLATE = "google_compute_region_instance_template.web"
GROUP = "google_compute_region_instance_group_manager.web"
WAY_IN = "google_compute_firewall.load_balancer_to_web"
HEAL = "google_compute_health_check.web_heal"
BALANCER = "google_compute_health_check.web_machines"

MACHINES = (
    PlanDefect(
        "only_the_balancer_is_reachable",
        TEMPLATE,
        put("network_interface.0.access_config", [{"nat_ip": "x"}]),
        case=CASE,
    ),
    PlanDefect("only_the_balancer_is_reachable", WAY_IN, put("source_ranges", ["10.0.0.0/8"]), case=CASE),
    PlanDefect("only_the_balancer_is_reachable", WAY_IN, put("allow.0.ports", ["0-65535"]), case=CASE),
    PlanDefect("only_the_balancer_is_reachable", WAY_IN, gone, case=CASE),
    PlanDefect("only_the_balancer_is_reachable", TEMPLATE, put("metadata.serial-port-enable", "TRUE"), case=CASE),
    PlanDefect(
        "routes_lead_to_their_container",
        "google_compute_backend_service.web_machines",
        put("backend.0.group", "x"),
        case=CASE,
    ),
    PlanDefect("health_check_asks_the_port", HEAL, put("http_health_check.0.port", 80), case=CASE),
    PlanDefect("health_check_asks_the_port", BALANCER, put("http_health_check.0.request_path", "/"), case=CASE),
    PlanDefect("health_check_asks_the_port", HEAL, put("http_health_check.0.host", "x"), case=CASE),
    PlanDefect("health_check_asks_the_port", HEAL, put("unhealthy_threshold", 1), case=CASE),
    PlanDefect("health_check_asks_the_port", GROUP, put("auto_healing_policies", []), case=CASE),
    PlanDefect("health_check_asks_the_port", TEMPLATE, put("metadata.variable-PORT", "80"), case=CASE),
    PlanDefect("variables_arrive", TEMPLATE, put("metadata.variable-GREETING", "x"), case=CASE),
    PlanDefect(
        "nothing_runs_with_privileges", TEMPLATE, put("shielded_instance_config.0.enable_secure_boot", False), case=CASE
    ),
    PlanDefect("nothing_runs_with_privileges", TEMPLATE, put("metadata.enable-oslogin", "FALSE"), case=CASE),
    PlanDefect("nothing_runs_with_privileges", TEMPLATE, put("metadata.container-user", "0"), case=CASE),
    PlanDefect("nothing_runs_with_privileges", TEMPLATE, put("service_account.0.email", "x"), case=CASE),
    PlanDefect(
        "nothing_runs_with_privileges",
        "google_project_iam_member.web_project_log_writer",
        put("role", "roles/editor"),
        case=CASE,
    ),
    PlanDefect(
        "capacity_is_as_written",
        "google_compute_region_instance_template.printer",
        put("scheduling.0.provisioning_model", "STANDARD"),
        case=CASE,
    ),
    PlanDefect(
        "scaling_is_as_written",
        "google_compute_region_autoscaler.printer",
        put("autoscaling_policy.0.max_replicas", 9),
        case=CASE,
    ),
    PlanDefect(
        "containers_hold_only_their_grants",
        "google_artifact_registry_repository_iam_member.web_images_reader",
        gone,
        case=CASE,
    ),
    PlanDefect(
        "secrets_have_only_their_readers",
        TEMPLATE,
        put("metadata.secret-SIGNING_KEY", "projects/acme-press/secrets/press-staging-signing-key/versions/latest"),
        case=CASE,
    ),
    PlanDefect("the_way_in_exists_first", "google_compute_url_map.main", not_after(GROUP), case=CASE),
    PlanDefect("grants_exist_before_their_users", GROUP, not_after("google_sql_user.articles"), case=CASE),
    PlanDefect("foundations_exist_first", GROUP, not_after(WAY_IN), case=CASE),
    PlanDefect(
        "alarms_watch_what_exists",
        "google_monitoring_alert_policy.printer_machines_cpu",
        swap("conditions.0.condition_threshold.0.filter", "press-staging-printer", "press-staging-old"),
        case=CASE,
    ),
)
