# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Permissions. Each container has a service account of its own. It has the roles that the spec implies, on the resources
# that the spec names. Every grant is added to the existing policy and replaces nothing.

resource "google_service_account" "web" {
  account_id   = "shop-dev-web"
  display_name = "shop-dev web"
  description  = "Container web: what it may do"

  depends_on = [time_sleep.apis]
}

resource "google_secret_manager_secret_iam_member" "web_orders_db_password_secret_accessor" {
  secret_id = google_secret_manager_secret.orders_db_password.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.web.member
}

# IAM changes take minutes to propagate. Until then a container cannot read its secrets. Another set of grants is
# another instance of this, so that it is waited for.
resource "time_sleep" "grants" {
  for_each        = toset(["9f1352bb"])
  create_duration = "120s"

  depends_on = [google_secret_manager_secret_iam_member.web_orders_db_password_secret_accessor]
}
