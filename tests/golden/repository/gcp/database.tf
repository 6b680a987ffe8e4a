# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Databases: Cloud SQL, with private addresses only. Only the containers that connect to a database reach it, by TLS.

# Google keeps the name of a deleted server taken for up to a week, so every new one gets a name of its own.
resource "random_id" "books" {
  byte_length = 2

  # No server changes its engine: another engine is another server.
  lifecycle {
    replace_triggered_by = [terraform_data.books_engine]
  }
}

resource "terraform_data" "books_engine" {
  input = "postgres"
}

resource "google_sql_database_instance" "books" {
  # checkov:skip=CKV_GCP_6: ENCRYPTED_ONLY demands TLS; clients of storage.databases.* show a password, not a certificate
  # checkov:skip=CKV_GCP_79: storage.databases.*.version is older than the newest
  # checkov:skip=CKV_GCP_108: looking up the name of each client of storage.databases.* would delay its connection
  # checkov:skip=CKV2_GCP_13: a line for every statement to storage.databases.* would cost more than it tells
  name                = "library-prod-books-${random_id.books.hex}"
  region              = "europe-west1"
  database_version    = "POSTGRES_17"
  encryption_key_name = google_kms_crypto_key.main.id
  deletion_protection = true

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
    deletion_protection_enabled = true
    retain_backups_on_delete    = true

    user_labels = {
      application  = "library"
      environment  = "production"
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
      point_in_time_recovery_enabled = true
      transaction_log_retention_days = 7

      backup_retention_settings {
        retained_backups = 14
      }
    }

    # Taken when the server is destroyed.
    final_backup_config {
      enabled        = true
      retention_days = 30
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
      name  = "cloudsql.iam_authentication"
      value = "on"
    }

    database_flags {
      name  = "cloudsql.enable_pgaudit"
      value = "on"
    }

    database_flags {
      name  = "log_checkpoints"
      value = "on"
    }

    database_flags {
      name  = "log_connections"
      value = "on"
    }

    database_flags {
      name  = "log_disconnections"
      value = "on"
    }

    database_flags {
      name  = "log_lock_waits"
      value = "on"
    }

    database_flags {
      name  = "log_min_error_statement"
      value = "error"
    }

    database_flags {
      name  = "log_statement"
      value = "ddl"
    }

    database_flags {
      name  = "log_temp_files"
      value = "0"
    }
  }

  depends_on = [google_service_networking_connection.services, time_sleep.key]
}

# Stays when it is removed here; it goes only with the server.
resource "google_sql_database" "books" {
  name            = "books"
  instance        = google_sql_database_instance.books.name
  deletion_policy = "ABANDON"
}

# The password is made here and written to Secret Manager; the state remembers neither. A new one is made at every
# run, but only a new version of the secret takes it. Letters and digits only, so that it fits into any URL.
ephemeral "random_password" "books" {
  length  = 32
  special = false
}

resource "google_secret_manager_secret" "books_password" {
  secret_id           = "library-prod-books-password"
  deletion_protection = true

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
resource "google_secret_manager_secret_version" "books_password" {
  secret                 = google_secret_manager_secret.books_password.id
  secret_data_wo         = ephemeral.random_password.books.result
  secret_data_wo_version = "1"

  # A password that was replaced stays in Secret Manager, where it opens nothing any more.
  deletion_policy = "ABANDON"
}

# The user gets what Secret Manager really holds, in this run and in any later one.
ephemeral "google_secret_manager_secret_version" "books_password" {
  secret  = google_secret_manager_secret.books_password.secret_id
  version = google_secret_manager_secret_version.books_password.version
}

resource "google_sql_user" "books" {
  name     = "app"
  instance = google_sql_database_instance.books.name

  # Written again when the secret has a new version.
  password_wo         = ephemeral.google_secret_manager_secret_version.books_password.secret_data
  password_wo_version = google_secret_manager_secret_version.books_password.version

  # It owns the tables, so it cannot go before them.
  deletion_policy = "ABANDON"
}
