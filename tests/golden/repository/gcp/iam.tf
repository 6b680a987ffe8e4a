# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Who may do what. Each container runs as a service account of its own, which has exactly the permissions that the
# spec implies, on exactly the resources it names. Every grant is added to what others have granted, and replaces nothing.

resource "google_service_account" "web" {
  account_id   = "library-prod-web"
  display_name = "library-prod web"
  description  = "Container web: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_service_account" "converter" {
  account_id   = "library-prod-converter"
  display_name = "library-prod converter"
  description  = "Container converter: what it may do"

  depends_on = [time_sleep.apis]
}
