"""What the rules for Google Cloud must catch, one by one."""

from __future__ import annotations

from rig.scanners.gcp import blind_spots as rules
from rig.scanners.tree import ScannerDefect

NEW_BINDING = 'resource "google_project_iam_binding" "x" {\n  role    = "roles/editor"\n  members = []\n}\n'
PROJECT_READER = (
    'resource "google_project_iam_member" "x" {\n  role   = "roles/secretmanager.secretAccessor"\n'
    '  member = "user:x"\n}\n'
)
MACHINES = """
resource "google_compute_region_instance_template" "x" {
  service_account {
    email = google_service_account.web.email
  }

  network_interface {
    subnetwork = google_compute_subnetwork.main.id
    %s
  }

  shielded_instance_config {
    enable_secure_boot          = %s
    enable_vtpm                 = true
    enable_integrity_monitoring = true
  }

  metadata = { enable-oslogin = "%s" }
}
"""
VM = "virtual_machines.tf"
GOOD_MACHINES = MACHINES % ("", "true", "TRUE")
PASSWORD = 'resource "random_password" "x" {\n  length = 32\n}\n'

DEFECTS = (
    ScannerDefect(
        rules.ingress, "reference", "services.tf", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER", "INGRESS_TRAFFIC_ALL"
    ),
    ScannerDefect(
        rules.ingress, "reference", "services.tf", "default_uri_disabled = true", "default_uri_disabled = false"
    ),
    ScannerDefect(rules.ingress, "no-balancer", "services.tf", "INGRESS_TRAFFIC_INTERNAL_ONLY", "INGRESS_TRAFFIC_ALL"),
    ScannerDefect(rules.identity, "reference", "services.tf", "google_service_account.web.email", "null"),
    ScannerDefect(
        rules.identity,
        "reference",
        "services.tf",
        "google_service_account.worker.email",
        "google_service_account.web.email",
    ),
    ScannerDefect(rules.identity, "reference", "jobs.tf", "google_service_account.nightly.email", '"default"'),
    ScannerDefect(rules.processor, "reference", "services.tf", "cpu_idle          = false", ""),
    ScannerDefect(rules.scheme, "reference", "load_balancer.tf", 'load_balancing_scheme = "EXTERNAL_MANAGED"', ""),
    ScannerDefect(rules.scheme, "reference", "load_balancer.tf", '= "EXTERNAL_MANAGED"', '= "EXTERNAL"'),
    ScannerDefect(rules.requests_are_logged, "reference", "load_balancer.tf", "enable      = true", "enable = false"),
    ScannerDefect(rules.requests_are_logged, "reference", "load_balancer.tf", "sample_rate = 1", "sample_rate = 0.1"),
    ScannerDefect(
        rules.firewall,
        "reference",
        "load_balancer.tf",
        "security_policy       = google_compute_security_policy.main.id",
        "",
    ),
    ScannerDefect(rules.encryption_in_transit, "reference", "load_balancer.tf", '"TLS_1_2"', '"TLS_1_0"'),
    ScannerDefect(
        rules.encryption_in_transit, "reference", "load_balancer.tf", "= google_compute_ssl_policy.main.id", "= null"
    ),
    ScannerDefect(
        rules.encryption_in_transit,
        "reference",
        "load_balancer.tf",
        'port_range            = "443"',
        'port_range = "8443"',
    ),
    ScannerDefect(
        rules.encryption_in_transit,
        "reference",
        "load_balancer.tf",
        "google_compute_url_map.redirect.id",
        "google_compute_url_map.main.id",
    ),
    ScannerDefect(
        rules.readers_of_secrets, "reference", "iam.tf", "secretmanager.secretAccessor", "secretmanager.admin"
    ),
    ScannerDefect(rules.readers_of_secrets, "reference", "iam.tf", "", PROJECT_READER),
    ScannerDefect(rules.literal_secrets, "reference", "services.tf", '"LOG_LEVEL"', '"SMTP_PASSWORD"'),
    ScannerDefect(rules.literal_secrets, "reference", "jobs.tf", '"ORDERS_DB_USER"', '"ORDERS_API_KEY"'),
    ScannerDefect(rules.values_in_the_state, "reference", "secrets.tf", "secret_data_wo         =", "secret_data ="),
    ScannerDefect(rules.values_in_the_state, "reference", "database.tf", "password_wo         =", "password ="),
    ScannerDefect(rules.values_in_the_state, "reference", "database.tf", "", PASSWORD),
    ScannerDefect(rules.deletion_of_secrets, "reference", "secrets.tf", "deletion_protection = true", ""),
    ScannerDefect(
        rules.deletion_of_secrets,
        "development",
        "database.tf",
        "deletion_protection = false",
        "deletion_protection = true",
    ),
    ScannerDefect(rules.encryption_of_secrets, "reference", "secrets.tf", "google_kms_crypto_key.main.id", "null"),
    ScannerDefect(rules.encryption_of_secrets, "reference", "secrets.tf", "user_managed {", "auto {"),
    ScannerDefect(rules.additive_grants, "reference", "iam.tf", "", NEW_BINDING),
    ScannerDefect(rules.additive_grants, "reference", "iam.tf", "_bucket_iam_member", "_bucket_iam_binding"),
    ScannerDefect(rules.additive_grants, "reference", "iam.tf", "google_service_account.web.member", '"allUsers"'),
    ScannerDefect(rules.caches, "reference", "cache.tf", "google_kms_crypto_key.main.id", "null"),
    ScannerDefect(rules.caches, "reference", "cache.tf", "google_memorystore_instance", "google_redis_instance"),
    ScannerDefect(rules.caches, "reference", "cache.tf", "deletion_protection_enabled = true", ""),
    ScannerDefect(
        rules.caches, "reference", "cache.tf", "network    = google_compute_network.main.id", 'network    = "default"'
    ),
    ScannerDefect(
        rules.virtual_machines, "reference", "services.tf", "", MACHINES % ("access_config {}", "true", "TRUE")
    ),
    ScannerDefect(rules.virtual_machines, "reference", "services.tf", "", MACHINES % ("", "false", "TRUE")),
    ScannerDefect(rules.virtual_machines, "reference", "services.tf", "", MACHINES % ("", "true", "FALSE")),
    ScannerDefect(
        rules.virtual_machines,
        "reference",
        "services.tf",
        "",
        GOOD_MACHINES.replace("google_service_account.web.email", '"default"'),
    ),
    ScannerDefect(rules.machines_on_trust, "machines", VM, "google_kms_crypto_key.main.id", '"other"'),
    ScannerDefect(rules.machines_on_trust, "machines", VM, '"block-project-ssh-keys"     = "TRUE"', ""),
    ScannerDefect(rules.machines_on_trust, "machines", VM, "= local.machine", '= "#cloud-config"'),
    ScannerDefect(rules.machines_on_trust, "machines", VM, '"projects/acme-press/secrets/', '"hunter2'),
    ScannerDefect(rules.machines_roll, "machines", VM, "max_surge_fixed                = 3", "max_surge_fixed = 1"),
    ScannerDefect(
        rules.machines_roll, "machines", VM, "max_unavailable_fixed          = 0", "max_unavailable_fixed = 3"
    ),
    ScannerDefect(rules.machines_roll, "machines", VM, '"PROACTIVE"\n    minimal', '"OPPORTUNISTIC"\n    minimal'),
    ScannerDefect(rules.machines_roll, "machines", VM, "wait_for_instances        = true", ""),
    ScannerDefect(rules.machines_roll, "machines", VM, "unhealthy_threshold = 5", "unhealthy_threshold = 1"),
    ScannerDefect(rules.additive_grants, "machines", "iam.tf", "roles/logging.logWriter", "roles/editor"),
    ScannerDefect(rules.private_buckets, "reference", "bucket.tf", '= "enforced"', '= "inherited"'),
    ScannerDefect(rules.private_buckets, "reference", "bootstrap/state.tf", "uniform_bucket_level_access = true", ""),
    ScannerDefect(rules.audit_trail, "reference", "account/audit.tf", '"allServices"', '"storage.googleapis.com"'),
    ScannerDefect(rules.audit_trail, "reference", "account/audit.tf", '"DATA_WRITE"', '"DATA_READ"'),
    ScannerDefect(
        rules.audit_trail,
        "development",
        "account/audit.tf",
        'log_type = "DATA_READ"',
        'log_type = "DATA_READ"\n    exempted_members = ["user:x"]',
    ),
    ScannerDefect(
        rules.audit_record, "reference", "account/audit.tf", "prevent_destroy = true", "prevent_destroy = false"
    ),
    ScannerDefect(
        rules.audit_record,
        "two-containers",
        "account/audit.tf",
        "  retention_days = ",
        "  locked         = true\n  retention_days = ",
    ),
    ScannerDefect(
        rules.audit_record, "two-containers", "account/audit.tf", "retention_days = 365", "retention_days = 90"
    ),
    ScannerDefect(rules.audit_record, "reference", "account/audit.tf", "google_kms_crypto_key.main.id", "null"),
    ScannerDefect(rules.audit_trail, "development", "account/audit.tf", "unique_writer_identity", "disabled = true #"),
    ScannerDefect(
        rules.state_stays, "reference", "bootstrap/state.tf", "prevent_destroy = true", "prevent_destroy = false"
    ),
)
