# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# What nobody should do unseen, and who is told of it. A deployment does none of it.

resource "google_monitoring_notification_channel" "email_1" {
  display_name = "ops@example.com"
  type         = "email"

  labels = {
    email_address = "ops@example.com"
  }

  # An address that is no longer told goes even while alert policies still name it.
  force_delete = true

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_notification_channel" "email_2" {
  display_name = "dev@example.com"
  type         = "email"

  labels = {
    email_address = "dev@example.com"
  }

  # An address that is no longer told goes even while alert policies still name it.
  force_delete = true

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "audit_trail" {
  display_name          = "portal-staging: audit trail changed"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = [google_monitoring_notification_channel.email_1.name, google_monitoring_notification_channel.email_2.name]

  conditions {
    display_name = "portal-staging: audit trail changed"

    condition_matched_log {
      filter = "log_id(\"cloudaudit.googleapis.com/activity\") AND (protoPayload.serviceData.policyDelta.auditConfigDeltas:* OR (protoPayload.methodName =~ \"^google.logging.v2.ConfigServiceV2.(Update|Delete)\" AND protoPayload.resourceName =~ \"/(buckets|exclusions|sinks)/portal-staging-audit$\"))"

      label_extractors = {
        who   = "EXTRACT(protoPayload.authenticationInfo.principalEmail)"
        what  = "EXTRACT(protoPayload.methodName)"
        where = "EXTRACT(protoPayload.resourceName)"
      }
    }
  }

  documentation {
    content   = "What is recorded in the project, where the record goes or how long it is kept was changed, or somebody tried to. If none of you meant to, apply account/ again, and read what else was done in that time.\n\n$${log.extracted_label.who} called $${log.extracted_label.what} on $${log.extracted_label.where}."
    mime_type = "text/markdown"
  }

  # Of the same thing, one mail in five minutes at most. What happened once stays open for a day.
  alert_strategy {
    auto_close = "86400s"

    notification_rate_limit {
      period = "300s"
    }
  }

  user_labels = {
    application   = "portal"
    environment   = "staging"
    "managed-by"  = "terraform"
    "cost-center" = "cc-42"
  }

  # Making the record for the first time is no change of it.
  depends_on = [google_project_iam_audit_config.main]
}

resource "google_monitoring_alert_policy" "keys" {
  display_name          = "portal-staging: key disabled or about to be destroyed"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = [google_monitoring_notification_channel.email_1.name, google_monitoring_notification_channel.email_2.name]

  conditions {
    display_name = "portal-staging: key disabled or about to be destroyed"

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
    content   = "A version of an encryption key was disabled, enabled or scheduled for destruction, or somebody tried to. Without it, what it encrypted cannot be read. If none of you meant to, restore and enable the version before its time is over.\n\n$${log.extracted_label.who} called $${log.extracted_label.what} on $${log.extracted_label.where}."
    mime_type = "text/markdown"
  }

  # Of the same thing, one mail in five minutes at most. What happened once stays open for a day.
  alert_strategy {
    auto_close = "86400s"

    notification_rate_limit {
      period = "300s"
    }
  }

  user_labels = {
    application   = "portal"
    environment   = "staging"
    "managed-by"  = "terraform"
    "cost-center" = "cc-42"
  }

  # Making the record for the first time is no change of it.
  depends_on = [google_project_iam_audit_config.main]
}

resource "google_monitoring_alert_policy" "credentials" {
  display_name          = "portal-staging: long-lived credential made"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_1.name, google_monitoring_notification_channel.email_2.name]

  conditions {
    display_name = "portal-staging: long-lived credential made"

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
    content   = "A key was made for a service account or an API, or somebody tried to. It works from anywhere, for whoever holds it, until it is deleted. If none of you needs it, delete it.\n\n$${log.extracted_label.who} called $${log.extracted_label.what} on $${log.extracted_label.where}."
    mime_type = "text/markdown"
  }

  # Of the same thing, one mail in five minutes at most. What happened once stays open for a day.
  alert_strategy {
    auto_close = "86400s"

    notification_rate_limit {
      period = "300s"
    }
  }

  user_labels = {
    application   = "portal"
    environment   = "staging"
    "managed-by"  = "terraform"
    "cost-center" = "cc-42"
  }

  # Making the record for the first time is no change of it.
  depends_on = [google_project_iam_audit_config.main]
}

resource "google_monitoring_alert_policy" "rights" {
  display_name          = "portal-staging: broadest rights given"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_1.name, google_monitoring_notification_channel.email_2.name]

  conditions {
    display_name = "portal-staging: broadest rights given"

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
    content   = "Somebody was given a role that reaches nearly everything in the project, was invited to own it, or somebody tried to. If none of you meant to, take it back, and read what was done with it.\n\n$${log.extracted_label.who} called $${log.extracted_label.what} on $${log.extracted_label.where}."
    mime_type = "text/markdown"
  }

  # Of the same thing, one mail in five minutes at most. What happened once stays open for a day.
  alert_strategy {
    auto_close = "86400s"

    notification_rate_limit {
      period = "300s"
    }
  }

  user_labels = {
    application   = "portal"
    environment   = "staging"
    "managed-by"  = "terraform"
    "cost-center" = "cc-42"
  }

  # Making the record for the first time is no change of it.
  depends_on = [google_project_iam_audit_config.main]
}
