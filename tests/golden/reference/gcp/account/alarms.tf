# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Alerts on actions that no deployment takes and an attacker would.

resource "google_monitoring_notification_channel" "email_ops_example_com_af3c" {
  display_name = "ops@example.com"
  type         = "email"

  labels = {
    email_address = "ops@example.com"
  }

  # Can be deleted even if an alert policy that was created by hand names it.
  force_delete = true

  depends_on = [time_sleep.apis]

  # The alert policies are changed before a channel is deleted.
  lifecycle {
    create_before_destroy = true
  }
}

resource "google_monitoring_alert_policy" "record_changed" {
  display_name          = "shop-prod: audit record changed"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: audit record changed"

    condition_matched_log {
      filter = "log_id(\"cloudaudit.googleapis.com/activity\") AND (protoPayload.serviceData.policyDelta.auditConfigDeltas:* OR (protoPayload.methodName =~ \"^google.logging.v2.ConfigServiceV2.(Update|Delete)\" AND protoPayload.resourceName =~ \"/(buckets|exclusions|sinks)/shop-prod-audit$\"))"

      label_extractors = {
        who   = "EXTRACT(protoPayload.authenticationInfo.principalEmail)"
        what  = "EXTRACT(protoPayload.methodName)"
        where = "EXTRACT(protoPayload.resourceName)"
      }
    }
  }

  documentation {
    content   = "The audit record was switched off or changed: what is recorded, where it goes, or how long it is kept. $${log.extracted_label.who} called $${log.extracted_label.what} on $${log.extracted_label.where}. If nobody should have, apply account/ again, and take away the credentials that were used."
    mime_type = "text/markdown"
  }

  # At most one mail per incident every five minutes. Incidents close soon, so that a repeat notifies again.
  alert_strategy {
    auto_close = "1800s"

    notification_rate_limit {
      period = "300s"
    }
  }

  user_labels = {
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  # Created after the audit log: the first set-up must not raise this alert.
  depends_on = [google_project_iam_audit_config.main]
}

resource "google_monitoring_alert_policy" "key_disabled" {
  display_name          = "shop-prod: key disabled"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: key disabled"

    condition_matched_log {
      filter = "log_id(\"cloudaudit.googleapis.com/activity\") AND protoPayload.serviceName = \"cloudkms.googleapis.com\" AND protoPayload.methodName =~ \"(Destroy|Update)CryptoKeyVersion$\""

      label_extractors = {
        who   = "EXTRACT(protoPayload.authenticationInfo.principalEmail)"
        what  = "EXTRACT(protoPayload.methodName)"
        where = "EXTRACT(protoPayload.resourceName)"
      }
    }
  }

  documentation {
    content   = "A version of a key was disabled, or is to be destroyed: what it encrypts becomes unreadable. $${log.extracted_label.who} called $${log.extracted_label.what} on $${log.extracted_label.where}. If nobody should have, run gcloud kms keys versions restore and gcloud kms keys versions enable. (Whoever enables a version causes this mail, too.)"
    mime_type = "text/markdown"
  }

  # At most one mail per incident every five minutes. Incidents close soon, so that a repeat notifies again.
  alert_strategy {
    auto_close = "1800s"

    notification_rate_limit {
      period = "300s"
    }
  }

  user_labels = {
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  # Created after the audit log: the first set-up must not raise this alert.
  depends_on = [google_project_iam_audit_config.main]
}

resource "google_monitoring_alert_policy" "credentials_created" {
  display_name          = "shop-prod: credentials created"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: credentials created"

    condition_matched_log {
      filter = "log_id(\"cloudaudit.googleapis.com/activity\") AND protoPayload.methodName = (\"google.iam.admin.v1.CreateServiceAccountKey\" OR \"google.iam.admin.v1.UploadServiceAccountKey\" OR \"google.api.apikeys.v2.ApiKeys.CreateKey\")"

      label_extractors = {
        who   = "EXTRACT(protoPayload.authenticationInfo.principalEmail)"
        what  = "EXTRACT(protoPayload.methodName)"
        where = "EXTRACT(protoPayload.resourceName)"
      }
    }
  }

  documentation {
    content   = "Long-lived credentials were made: a key of a service account, or an API key. $${log.extracted_label.who} called $${log.extracted_label.what} on $${log.extracted_label.where}. Whoever holds them gets in, from anywhere. If nobody should have made them, delete them."
    mime_type = "text/markdown"
  }

  # At most one mail per incident every five minutes. Incidents close soon, so that a repeat notifies again.
  alert_strategy {
    auto_close = "1800s"

    notification_rate_limit {
      period = "300s"
    }
  }

  user_labels = {
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  # Created after the audit log: the first set-up must not raise this alert.
  depends_on = [google_project_iam_audit_config.main]
}

resource "google_monitoring_alert_policy" "broad_rights_given" {
  display_name          = "shop-prod: broad rights given"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: broad rights given"

    condition_matched_log {
      filter = "log_id(\"cloudaudit.googleapis.com/activity\") AND protoPayload.serviceName = \"cloudresourcemanager.googleapis.com\" AND (protoPayload.methodName:\"ProjectOwnership\" OR (protoPayload.serviceData.policyDelta.bindingDeltas.action = \"ADD\" AND protoPayload.serviceData.policyDelta.bindingDeltas.role = (\"roles/owner\" OR \"roles/editor\" OR \"roles/admin\" OR \"roles/writer\"))) AND NOT protoPayload.authenticationInfo.principalEmail = \"service-agent-manager@system.gserviceaccount.com\""

      label_extractors = {
        who   = "EXTRACT(protoPayload.authenticationInfo.principalEmail)"
        what  = "EXTRACT(protoPayload.methodName)"
        where = "EXTRACT(protoPayload.resourceName)"
      }
    }
  }

  documentation {
    content   = "The broadest rights were given: roles/owner, roles/editor, roles/admin or roles/writer. $${log.extracted_label.who} called $${log.extracted_label.what} on $${log.extracted_label.where}. If nobody should have, take the role away, and look for what was done with it."
    mime_type = "text/markdown"
  }

  # At most one mail per incident every five minutes. Incidents close soon, so that a repeat notifies again.
  alert_strategy {
    auto_close = "1800s"

    notification_rate_limit {
      period = "300s"
    }
  }

  user_labels = {
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  # Created after the audit log: the first set-up must not raise this alert.
  depends_on = [google_project_iam_audit_config.main]
}
