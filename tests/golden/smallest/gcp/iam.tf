# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Permissions. Each container has a service account of its own. It has the roles that the spec implies, on the resources
# that the spec names. Every grant is added to the existing policy and replaces nothing.

resource "google_service_account" "web" {
  account_id   = "shop-prod-web"
  display_name = "shop-prod web"
  description  = "Container web: what it may do"

  depends_on = [time_sleep.apis]
}
