# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Databases: Cloud SQL, with private addresses only. Only the containers that connect to a database reach it, by TLS.

# Google keeps the name of a deleted server taken for up to a week, so every new one gets a name of its own.
resource "random_id" "pages" {
  byte_length = 2

  # No server changes its engine: another engine is another server.
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
    # Stated, for newer versions would otherwise come in the edition ENTERPRISE_PLUS, which has no such tiers.
    edition           = "ENTERPRISE"
    tier              = "db-custom-1-3840"
    availability_type = "REGIONAL"

    # The disk grows by itself.
    disk_type             = "PD_SSD"
    disk_size             = 20
    disk_autoresize       = true
    disk_autoresize_limit = 200

    # Protects from everybody; the other switch, above, only from Terraform.
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

      # So far back every second can be restored.
      binary_log_enabled             = true
      transaction_log_retention_days = 7

      backup_retention_settings {
        retained_backups = 7
      }
    }

    # Sunday, UTC. Minor versions come by themselves.
    maintenance_window {
      day          = 7
      hour         = 4
      update_track = "stable"
    }

    # Which queries are slow.
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

# Stays when it is removed here; it goes only with the server.
resource "google_sql_database" "pages" {
  name            = "pages"
  instance        = google_sql_database_instance.pages.name
  deletion_policy = "ABANDON"
}

# The password is made here and written to Secret Manager; the state remembers neither. A new one is made at every
# run, but only a new version of the secret takes it. Letters and digits only, so that it fits into any URL.
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

# To change the password: terraform apply -replace=<this resource>. The user follows, then the containers.
resource "google_secret_manager_secret_version" "pages_password" {
  secret                 = google_secret_manager_secret.pages_password.id
  secret_data_wo         = ephemeral.random_password.pages.result
  secret_data_wo_version = "1"

  # A password that was replaced stays in Secret Manager, where it opens nothing any more.
  deletion_policy = "ABANDON"
}

# The user gets what Secret Manager really holds, in this run and in any later one.
ephemeral "google_secret_manager_secret_version" "pages_password" {
  secret  = google_secret_manager_secret.pages_password.secret_id
  version = google_secret_manager_secret_version.pages_password.version
}

resource "google_sql_user" "pages" {
  name     = "app"
  instance = google_sql_database_instance.pages.name
  host     = "%"

  # Written again when the secret has a new version.
  password_wo         = ephemeral.google_secret_manager_secret_version.pages_password.secret_data
  password_wo_version = google_secret_manager_secret_version.pages_password.version

  # It owns the tables, so it cannot go before them.
  deletion_policy = "ABANDON"
}
