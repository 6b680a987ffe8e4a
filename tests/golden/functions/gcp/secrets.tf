# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Secrets that containers read. Terraform writes a value once and stores only its version. To replace a value, raise its
# version and pass the new value in the variable secret_values.

resource "google_secret_manager_secret" "signing_key" {
  secret_id           = "darkroom-staging-signing-key"
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

resource "google_secret_manager_secret_version" "signing_key" {
  secret = google_secret_manager_secret.signing_key.id

  # Used only if the version is new. Google refuses an empty value, so a missing one replaces nothing.
  secret_data_wo         = lookup(var.secret_values, "signing-key", "")
  secret_data_wo_version = "1"

  # A replaced value stays in Secret Manager: running instances may still read it. README.md tells how to destroy it.
  deletion_policy = "ABANDON"
}

resource "google_secret_manager_secret" "printer_token" {
  secret_id           = "darkroom-staging-printer-token"
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

resource "google_secret_manager_secret_version" "printer_token" {
  secret = google_secret_manager_secret.printer_token.id

  # Used only if the version is new. Google refuses an empty value, so a missing one replaces nothing.
  secret_data_wo         = lookup(var.secret_values, "printer-token", "")
  secret_data_wo_version = "1"

  # A replaced value stays in Secret Manager: running instances may still read it. README.md tells how to destroy it.
  deletion_policy = "ABANDON"
}
