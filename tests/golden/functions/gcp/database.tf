# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Databases: Cloud SQL with private addresses. Only the containers that connect to a database reach it, over TLS.

# Cloud SQL reserves the name of a deleted server for up to a week. So every new server gets a random suffix.
resource "random_id" "albums" {
  byte_length = 2

  # The engine of a server cannot change: another engine needs another server.
  lifecycle {
    replace_triggered_by = [terraform_data.albums_engine]
  }
}

resource "terraform_data" "albums_engine" {
  input = "postgres"
}

resource "google_sql_database_instance" "albums" {
  # checkov:skip=CKV_GCP_6: ENCRYPTED_ONLY demands TLS; clients of storage.databases.* show a password, not a certificate
  # checkov:skip=CKV_GCP_79: storage.databases.*.version is older than the newest
  # checkov:skip=CKV_GCP_108: looking up the name of each client of storage.databases.* would delay its connection
  # checkov:skip=CKV2_GCP_13: a line for every statement to storage.databases.* would cost more than it tells
  name                = "darkroom-staging-albums-${random_id.albums.hex}"
  region              = "europe-west1"
  database_version    = "POSTGRES_17"
  encryption_key_name = google_kms_crypto_key.main.id
  deletion_protection = false

  settings {
    # Newer versions default to ENTERPRISE_PLUS, which does not have these tiers.
    edition           = "ENTERPRISE"
    tier              = "db-g1-small"
    availability_type = "ZONAL"

    # The disk grows automatically, up to the limit.
    disk_type             = "PD_SSD"
    disk_size             = 20
    disk_autoresize       = true
    disk_autoresize_limit = 200

    # Protects against everybody. The argument above protects against Terraform only.
    deletion_protection_enabled = false
    retain_backups_on_delete    = false

    user_labels = {
      application  = "darkroom"
      environment  = "staging"
      "managed-by" = "terraform"
      team         = "photos"
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
      point_in_time_recovery_enabled = true
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

# Removing this block leaves the database in place. It is deleted only with the server.
resource "google_sql_database" "albums" {
  name            = "albums"
  instance        = google_sql_database_instance.albums.name
  deletion_policy = "ABANDON"
}

# The password is generated here and written to Secret Manager. It is not stored in the state. Each run generates one,
# and only a new version of the secret uses it. It has letters and digits only, so that it can be part of a URL.
ephemeral "random_password" "albums" {
  length  = 32
  special = false
}

resource "google_secret_manager_secret" "albums_password" {
  secret_id           = "darkroom-staging-albums-password"
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
resource "google_secret_manager_secret_version" "albums_password" {
  secret                 = google_secret_manager_secret.albums_password.id
  secret_data_wo         = ephemeral.random_password.albums.result
  secret_data_wo_version = "1"

  # A replaced password stays in Secret Manager. It is no longer valid.
  deletion_policy = "ABANDON"
}

# The user gets the password that Secret Manager holds, in this run and in later ones.
ephemeral "google_secret_manager_secret_version" "albums_password" {
  secret  = google_secret_manager_secret.albums_password.secret_id
  version = google_secret_manager_secret_version.albums_password.version
}

resource "google_sql_user" "albums" {
  name     = "app"
  instance = google_sql_database_instance.albums.name

  # Updated when the secret has a new version.
  password_wo         = ephemeral.google_secret_manager_secret_version.albums_password.secret_data
  password_wo_version = google_secret_manager_secret_version.albums_password.version

  # The user owns the tables and cannot be deleted before them.
  deletion_policy = "ABANDON"
}
