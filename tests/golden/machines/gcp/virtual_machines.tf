# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# What runs on virtual machines: a group of them for each container, behind the same load balancer as everything else.
# They hold no data, so Terraform may always delete them.

locals {
  # What a machine does whenever it starts; nothing in it is secret, and all containers have the same. What differs stands
  # in the metadata of the instance template. Container-Optimized OS forgets /etc when it stops, and does all this again.
  machine = join("\n", ["#cloud-config", yamlencode({
    write_files = [
      {
        path    = "/etc/container/start.sh"
        content = file("${path.module}/machine/start.sh")
      },
      {
        path    = "/etc/systemd/system/container.service"
        content = file("${path.module}/machine/container.service")
      },
      {
        path    = "/etc/systemd/system/var-lib-docker-containers.mount"
        content = file("${path.module}/machine/var-lib-docker-containers.mount")
      },
      {
        path    = "/etc/systemd/system/var-lib-containerd-io.containerd.metadata.v1.bolt.mount"
        content = file("${path.module}/machine/var-lib-containerd-io.containerd.metadata.v1.bolt.mount")
      },
    ]
    runcmd = [
      ["systemctl", "daemon-reload"],
      # Docker runs already: it stops, and starts again with the folders mounted that its units now require.
      "systemctl enable var-lib-docker-containers.mount var-lib-containerd-io.containerd.metadata.v1.bolt.mount && systemctl stop docker.service containerd.service && systemctl start --no-block container.service",
    ]
  })])
}

# Never changed: a new version is a new template, made before the group lets go of the one before it.
resource "google_compute_region_instance_template" "web" {
  name_prefix  = "press-staging-web-"
  region       = "europe-west1"
  machine_type = "e2-medium"
  tags         = ["press-staging-web"]

  disk {
    boot         = true
    auto_delete  = true
    source_image = "projects/cos-cloud/global/images/family/cos-stable"
    disk_type    = "pd-balanced"
    disk_size_gb = 20
    labels = {
      application  = "press"
      environment  = "staging"
      "managed-by" = "terraform"
      team         = "press"
    }

    disk_encryption_key {
      kms_key_self_link = google_kms_crypto_key.main.id
    }
  }

  # No address of its own: requests come from the load balancer, and the way out is Cloud NAT.
  network_interface {
    subnetwork = google_compute_subnetwork.main.id
  }

  service_account {
    email  = google_service_account.web.email
    scopes = ["cloud-platform"]
  }

  shielded_instance_config {
    enable_secure_boot          = true
    enable_vtpm                 = true
    enable_integrity_monitoring = true
  }

  scheduling {
    automatic_restart   = true
    on_host_maintenance = "MIGRATE"
  }

  # What machine/start.sh reads, after what the system reads. Secrets are only named.
  metadata = {
    "user-data"                    = local.machine
    "enable-oslogin"               = "TRUE"
    "block-project-ssh-keys"       = "TRUE"
    "serial-port-enable"           = "FALSE"
    "serial-port-logging-enable"   = "TRUE"
    "google-monitoring-enabled"    = "true"
    "cos-update-strategy"          = "update_disabled"
    "container-name"               = "press-staging-web"
    "container-image"              = var.images.web
    "container-user"               = "10001"
    "container-read-only"          = "true"
    "container-port"               = "8000"
    "variable-PORT"                = "8000"
    "variable-FORWARDED_ALLOW_IPS" = "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,35.191.0.0/16,130.211.0.0/22,${google_compute_global_address.load_balancer.address}"
    "variable-ARTICLES_HOST"       = google_sql_database_instance.articles.private_ip_address
    "variable-ARTICLES_PORT"       = "5432"
    "variable-ARTICLES_NAME"       = "articles"
    "variable-ARTICLES_USER"       = "app"
    "variable-ARTICLES_SSLMODE"    = "require"
    "variable-IMAGES_BUCKET"       = google_storage_bucket.images.name
    "variable-IMAGES_BUCKET_URL"   = "gs://${google_storage_bucket.images.name}"
    "variable-PRINTS_QUEUE"        = google_pubsub_topic.prints.id
    "variable-GREETING"            = "Grüße $${name} %%{x} \"quoted\" 🎟"
    "secret-ARTICLES_PASSWORD"     = "projects/acme-press/secrets/${google_secret_manager_secret.articles_password.secret_id}/versions/${google_secret_manager_secret_version.articles_password.version}"
    "secret-SIGNING_KEY"           = "projects/acme-press/secrets/${google_secret_manager_secret.signing_key.secret_id}/versions/${google_secret_manager_secret_version.signing_key.version}"
  }

  depends_on = [time_sleep.key]

  lifecycle {
    create_before_destroy = true
  }
}

# Replaces a machine. More patient than the load balancer: what that one leaves out for a while need not be replaced.
resource "google_compute_health_check" "web_heal" {
  name                = "press-staging-web-heal"
  check_interval_sec  = 30
  timeout_sec         = 5
  healthy_threshold   = 1
  unhealthy_threshold = 5

  http_health_check {
    request_path = "/health"
    port         = 8000
  }

  depends_on = [time_sleep.apis]
}

resource "google_compute_region_instance_group_manager" "web" {
  name               = "press-staging-web"
  region             = "europe-west1"
  base_instance_name = "press-staging-web"
  target_size        = 2

  # An apply ends when every machine runs the new version and is well.
  wait_for_instances        = true
  wait_for_instances_status = "UPDATED"

  version {
    instance_template = google_compute_region_instance_template.web.self_link
  }

  named_port {
    name = "http"
    port = 8000
  }

  auto_healing_policies {
    health_check      = google_compute_health_check.web_heal.id
    initial_delay_sec = 150
  }

  # New machines first, one in each zone: Google takes 0 or at least as many as there are zones.
  update_policy {
    type                           = "PROACTIVE"
    minimal_action                 = "REPLACE"
    most_disruptive_allowed_action = "REPLACE"
    replacement_method             = "SUBSTITUTE"
    instance_redistribution_type   = "PROACTIVE"
    max_surge_fixed                = 3
    max_unavailable_fixed          = 0
  }

  timeouts {
    create = "30m"
    update = "60m"
    delete = "30m"
  }

  # Must exist before the first machine starts, and outlive the last one.
  depends_on = [
    google_compute_firewall.https,
    google_compute_router_nat.main,
    google_compute_firewall.web_to_articles,
    time_sleep.grants,
    google_secret_manager_secret_version.signing_key,
    google_sql_database.articles,
    google_sql_user.articles,
    google_storage_bucket.images,
    google_pubsub_subscription.prints,
    google_compute_firewall.load_balancer_to_web,
  ]

  # After the first apply the autoscaler decides this.
  lifecycle {
    ignore_changes = [target_size]
  }
}

resource "google_compute_region_autoscaler" "web" {
  name   = "press-staging-web"
  region = "europe-west1"
  target = google_compute_region_instance_group_manager.web.id

  autoscaling_policy {
    min_replicas    = 2
    max_replicas    = 6
    cooldown_period = 150

    cpu_utilization {
      target = 0.6
    }

    # Of the rate that the load balancer takes for the full load of a machine.
    load_balancing_utilization {
      target = 0.8
    }

    scaling_schedules {
      name                  = "schedule-a0dafb"
      min_required_replicas = 4
      schedule              = "0 7 * * 1-5"
      time_zone             = "Europe/Berlin"
      duration_sec          = 46800
    }
  }
}

# Never changed: a new version is a new template, made before the group lets go of the one before it.
resource "google_compute_region_instance_template" "printer" {
  name_prefix  = "press-staging-printer-"
  region       = "europe-west1"
  machine_type = "e2-standard-2"
  tags         = ["press-staging-printer"]

  disk {
    boot         = true
    auto_delete  = true
    source_image = "projects/cos-cloud/global/images/family/cos-stable"
    disk_type    = "pd-balanced"
    disk_size_gb = 20
    labels = {
      application  = "press"
      environment  = "staging"
      "managed-by" = "terraform"
      team         = "press"
    }

    disk_encryption_key {
      kms_key_self_link = google_kms_crypto_key.main.id
    }
  }

  # No address of its own: requests come from the load balancer, and the way out is Cloud NAT.
  network_interface {
    subnetwork = google_compute_subnetwork.main.id
  }

  service_account {
    email  = google_service_account.printer.email
    scopes = ["cloud-platform"]
  }

  shielded_instance_config {
    enable_secure_boot          = true
    enable_vtpm                 = true
    enable_integrity_monitoring = true
  }

  # Google may take the machine back at any time; the group starts another one when there is one.
  scheduling {
    provisioning_model          = "SPOT"
    preemptible                 = true
    automatic_restart           = false
    on_host_maintenance         = "TERMINATE"
    instance_termination_action = "DELETE"
  }

  # What machine/start.sh reads, after what the system reads. Secrets are only named.
  metadata = {
    "user-data"                  = local.machine
    "enable-oslogin"             = "TRUE"
    "block-project-ssh-keys"     = "TRUE"
    "serial-port-enable"         = "FALSE"
    "serial-port-logging-enable" = "TRUE"
    "google-monitoring-enabled"  = "true"
    "cos-update-strategy"        = "update_disabled"
    "container-name"             = "press-staging-printer"
    "container-image"            = var.images.printer
    "container-user"             = "10001"
    "container-read-only"        = "true"
    "container-argument-0"       = "python"
    "container-argument-1"       = "-m"
    "container-argument-2"       = "press.printer"
    "variable-ARTICLES_HOST"     = google_sql_database_instance.articles.private_ip_address
    "variable-ARTICLES_PORT"     = "5432"
    "variable-ARTICLES_NAME"     = "articles"
    "variable-ARTICLES_USER"     = "app"
    "variable-ARTICLES_SSLMODE"  = "require"
    "variable-IMAGES_BUCKET"     = google_storage_bucket.images.name
    "variable-IMAGES_BUCKET_URL" = "gs://${google_storage_bucket.images.name}"
    "variable-PRINTS_QUEUE"      = google_pubsub_subscription.prints.id
    "secret-ARTICLES_PASSWORD"   = "projects/acme-press/secrets/${google_secret_manager_secret.articles_password.secret_id}/versions/${google_secret_manager_secret_version.articles_password.version}"
  }

  depends_on = [time_sleep.key]

  lifecycle {
    create_before_destroy = true
  }
}

resource "google_compute_region_instance_group_manager" "printer" {
  name               = "press-staging-printer"
  region             = "europe-west1"
  base_instance_name = "press-staging-printer"
  target_size        = 1

  # An apply ends when every machine runs the new version and is well.
  wait_for_instances        = true
  wait_for_instances_status = "UPDATED"

  version {
    instance_template = google_compute_region_instance_template.printer.self_link
  }

  # New machines first, one in each zone: Google takes 0 or at least as many as there are zones.
  update_policy {
    type                           = "PROACTIVE"
    minimal_action                 = "REPLACE"
    most_disruptive_allowed_action = "REPLACE"
    replacement_method             = "SUBSTITUTE"
    instance_redistribution_type   = "PROACTIVE"
    max_surge_fixed                = 3
    max_unavailable_fixed          = 0
  }

  timeouts {
    create = "30m"
    update = "60m"
    delete = "30m"
  }

  # Must exist before the first machine starts, and outlive the last one.
  depends_on = [
    google_compute_firewall.https,
    google_compute_router_nat.main,
    google_compute_firewall.printer_to_articles,
    time_sleep.grants,
    google_sql_database.articles,
    google_sql_user.articles,
    google_storage_bucket.images,
    google_pubsub_subscription.prints,
  ]

  # After the first apply the autoscaler decides this.
  lifecycle {
    ignore_changes = [target_size]
  }
}

resource "google_compute_region_autoscaler" "printer" {
  name   = "press-staging-printer"
  region = "europe-west1"
  target = google_compute_region_instance_group_manager.printer.id

  autoscaling_policy {
    min_replicas    = 1
    max_replicas    = 3
    cooldown_period = 180

    cpu_utilization {
      target = 0.6
    }

    # Messages that wait, and how many of them a machine is for.
    metric {
      name                       = "pubsub.googleapis.com/subscription/num_undelivered_messages"
      filter                     = "resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.prints.name}\""
      single_instance_assignment = 20
    }
  }
}
