# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Databases: Cloud SQL with private addresses. Only the containers that connect to a database reach it, over TLS.

# Cloud SQL reserves the name of a deleted server for up to a week. So every new server gets a random suffix.
resource "random_id" "pages" {
  byte_length = 2

  # The engine of a server cannot change: another engine needs another server.
  lifecycle {
    replace_triggered_by = [terraform_data.pages_engine]
  }
}

resource "terraform_data" "pages_engine" {
  input = "mysql"
}

resource "google_sql_database_instance" "pages" {
  # checkov:skip=CKV_GCP_6: ENCRYPTED_ONLY demands TLS; clients of storage.databases.* show a password, not a certificate
  name                = "wiki-staging-pages-${random_id.pages.hex}"
  region              = "europe-west1"
  database_version    = "MYSQL_8_0"
  encryption_key_name = google_kms_crypto_key.main.id
  deletion_protection = false

  settings {
    # Newer versions default to ENTERPRISE_PLUS, which does not have these tiers.
    edition           = "ENTERPRISE"
    tier              = "db-custom-1-3840"
    availability_type = "REGIONAL"

    # The disk grows automatically, up to the limit.
    disk_type             = "PD_SSD"
    disk_size             = 20
    disk_autoresize       = true
    disk_autoresize_limit = 200

    # Protects against everybody. The argument above protects against Terraform only.
    deletion_protection_enabled = false
    retain_backups_on_delete    = false

    user_labels = {
      application  = "wiki"
      environment  = "staging"
      "managed-by" = "terraform"
    }

    ip_configuration {
      ipv4_enabled    = false
      private_network = google_compute_network.main.id
      ssl_mode        = "ENCRYPTED_ONLY"
    }

    backup_configuration {
      enabled    = true
      start_time = "03:00"

      # Any second of these days can be restored.
      binary_log_enabled             = true
      transaction_log_retention_days = 7

      backup_retention_settings {
        retained_backups = 7
      }
    }

    # Sunday, UTC. Minor versions are installed then.
    maintenance_window {
      day          = 7
      hour         = 4
      update_track = "stable"
    }

    # Shows slow queries.
    insights_config {
      query_insights_enabled  = true
      record_application_tags = true
    }

    database_flags {
      name  = "cloudsql_iam_authentication"
      value = "on"
    }

    database_flags {
      name  = "local_infile"
      value = "off"
    }

    database_flags {
      name  = "log_output"
      value = "FILE"
    }

    database_flags {
      name  = "long_query_time"
      value = "1"
    }

    database_flags {
      name  = "slow_query_log"
      value = "on"
    }
  }

  depends_on = [google_service_networking_connection.services, time_sleep.key]
}

# Removing this block leaves the database in place. It is deleted only with the server.
resource "google_sql_database" "pages" {
  name            = "pages"
  instance        = google_sql_database_instance.pages.name
  deletion_policy = "ABANDON"
}

# The password is generated here and written to Secret Manager. It is not stored in the state. Each run generates one,
# and only a new version of the secret uses it. It has letters and digits only, so that it can be part of a URL.
ephemeral "random_password" "pages" {
  length  = 32
  special = false
}

resource "google_secret_manager_secret" "pages_password" {
  secret_id           = "wiki-staging-pages-password"
  deletion_protection = false

  replication {
    user_managed {
      replicas {
        location = "europe-west1"

        customer_managed_encryption {
          kms_key_name = google_kms_crypto_key.main.id
        }
      }
    }
  }

  depends_on = [time_sleep.key]
}

# To change the password: terraform apply -replace=<this resource>. The user and the containers are updated after it.
resource "google_secret_manager_secret_version" "pages_password" {
  secret                 = google_secret_manager_secret.pages_password.id
  secret_data_wo         = ephemeral.random_password.pages.result
  secret_data_wo_version = "1"

  # A replaced password stays in Secret Manager. It is no longer valid.
  deletion_policy = "ABANDON"
}

# The user gets the password that Secret Manager holds, in this run and in later ones.
ephemeral "google_secret_manager_secret_version" "pages_password" {
  secret  = google_secret_manager_secret.pages_password.secret_id
  version = google_secret_manager_secret_version.pages_password.version
}

resource "google_sql_user" "pages" {
  name     = "app"
  instance = google_sql_database_instance.pages.name
  host     = "%"

  # Updated when the secret has a new version.
  password_wo         = ephemeral.google_secret_manager_secret_version.pages_password.secret_data
  password_wo_version = google_secret_manager_secret_version.pages_password.version

  # The user owns the tables and cannot be deleted before them.
  deletion_policy = "ABANDON"
}
