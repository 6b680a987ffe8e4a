# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Secrets that containers read. Terraform writes a value once and remembers only which version it wrote:
# to replace a value, raise its version and hand the new one over in the variable secret_values.

resource "google_secret_manager_secret" "signing_key" {
  secret_id           = "portal-staging-signing-key"
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

  # Read only when the version is new. Google refuses an empty value, so a forgotten one replaces nothing.
  secret_data_wo         = lookup(var.secret_values, "signing-key", "")
  secret_data_wo_version = "2"

  # A value that was replaced stays in Secret Manager: instances that still run may read it. README.md tells how to
  # destroy it.
  deletion_policy = "ABANDON"
}
