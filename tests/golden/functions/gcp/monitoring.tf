# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Notification channels, alert policies, the dashboard, and how long logs are kept.

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

# ---- Alert policies

resource "google_monitoring_alert_policy" "error_rate" {
  display_name          = "darkroom-staging: server errors"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: server errors"

    # The metric exists once there was a first request.
    condition_prometheus_query_language {
      query                     = "sum(rate(loadbalancing_googleapis_com:https_request_count{monitored_resource=\"https_lb_rule\",url_map_name=\"darkroom-staging\",response_code_class=\"500\"}[5m])) / sum(rate(loadbalancing_googleapis_com:https_request_count{monitored_resource=\"https_lb_rule\",url_map_name=\"darkroom-staging\"}[5m])) > 0.01 and sum(increase(loadbalancing_googleapis_com:https_request_count{monitored_resource=\"https_lb_rule\",url_map_name=\"darkroom-staging\",response_code_class=\"500\"}[5m])) >= 5"
      duration                  = "300s"
      evaluation_interval       = "60s"
      disable_metric_validation = true
    }
  }

  documentation {
    content   = "More than 1% of requests, at least 5 in five minutes, end in a server error."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "web_service_latency" {
  display_name          = "darkroom-staging: web is slow"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: web is slow"

    condition_threshold {
      filter          = "metric.type = \"loadbalancing.googleapis.com/https/backend_latencies\" AND resource.type = \"https_lb_rule\" AND resource.labels.backend_target_name = \"darkroom-staging-web\""
      comparison      = "COMPARISON_GT"
      threshold_value = 1000
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_PERCENTILE_95"
        group_by_fields      = ["resource.label.backend_target_name"]
      }
    }
  }

  documentation {
    content   = "web: 5% of requests have taken longer than 1000 ms for 15 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "nat" {
  display_name          = "darkroom-staging: no ports for the way out"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: no ports for the way out"

    condition_threshold {
      filter          = "metric.type = \"router.googleapis.com/nat/dropped_sent_packets_count\" AND resource.type = \"nat_gateway\" AND metric.labels.reason = \"OUT_OF_RESOURCES\" AND resource.labels.gateway_name = \"${google_compute_router_nat.main.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = []
      }
    }
  }

  documentation {
    content   = "Cloud NAT has no port left for connections to the internet and drops them."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "web_service_cpu" {
  display_name          = "darkroom-staging: web CPU"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: web CPU"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/container/cpu/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.web.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0.8
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_MEAN"
        group_by_fields      = ["resource.label.service_name"]
      }
    }
  }

  documentation {
    content   = "web has used more than 80% of its CPU for 15 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "web_service_memory" {
  display_name          = "darkroom-staging: web memory"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: web memory"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/container/memory/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.web.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0.9
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_PERCENTILE_95"
        group_by_fields      = ["resource.label.service_name"]
      }
    }
  }

  documentation {
    content   = "web has used more than 90% of its memory for 15 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "web_service_not_ready" {
  display_name          = "darkroom-staging: web not deployed"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: web not deployed"

    condition_threshold {
      filter          = "metric.type = \"logging.googleapis.com/log_entry_count\" AND resource.type = \"cloud_run_revision\" AND metric.labels.log = \"cloudaudit.googleapis.com/system_event\" AND metric.labels.severity = \"ERROR\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.web.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = []
      }
    }
  }

  documentation {
    content   = "A new revision of web did not become ready. The one before it still runs."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "web_function_errors" {
  display_name          = "darkroom-staging: function web fails"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: function web fails"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/request_count\" AND resource.type = \"cloud_run_revision\" AND metric.labels.response_code_class = \"5xx\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.web.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = []
      }
    }
  }

  documentation {
    content   = "Function web has failed for 15 minutes: a crash, a timeout, or an event that it refused."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "web_function_turned_away" {
  display_name          = "darkroom-staging: function web is busy"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: function web is busy"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/request_count\" AND resource.type = \"cloud_run_revision\" AND metric.labels.response_code = \"429\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.web.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = []
      }
    }
  }

  documentation {
    content   = "More is asked of function web than its instances do at once, for 15 minutes: scaling.max of it."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "printer_service_cpu" {
  display_name          = "darkroom-staging: printer CPU"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: printer CPU"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/container/cpu/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.printer.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0.8
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_MEAN"
        group_by_fields      = ["resource.label.service_name"]
      }
    }
  }

  documentation {
    content   = "printer has used more than 80% of its CPU for 15 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "printer_service_memory" {
  display_name          = "darkroom-staging: printer memory"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: printer memory"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/container/memory/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.printer.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0.9
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_PERCENTILE_95"
        group_by_fields      = ["resource.label.service_name"]
      }
    }
  }

  documentation {
    content   = "printer has used more than 90% of its memory for 15 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "printer_service_not_ready" {
  display_name          = "darkroom-staging: printer not deployed"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: printer not deployed"

    condition_threshold {
      filter          = "metric.type = \"logging.googleapis.com/log_entry_count\" AND resource.type = \"cloud_run_revision\" AND metric.labels.log = \"cloudaudit.googleapis.com/system_event\" AND metric.labels.severity = \"ERROR\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.printer.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = []
      }
    }
  }

  documentation {
    content   = "A new revision of printer did not become ready. The one before it still runs."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "printer_function_errors" {
  display_name          = "darkroom-staging: function printer fails"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: function printer fails"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/request_count\" AND resource.type = \"cloud_run_revision\" AND metric.labels.response_code_class = \"5xx\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.printer.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = []
      }
    }
  }

  documentation {
    content   = "Function printer has failed for 15 minutes: a crash, a timeout, or an event that it refused."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "printer_function_turned_away" {
  display_name          = "darkroom-staging: function printer is busy"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: function printer is busy"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/request_count\" AND resource.type = \"cloud_run_revision\" AND metric.labels.response_code = \"429\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.printer.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = []
      }
    }
  }

  documentation {
    content   = "More is asked of function printer than its instances do at once, for 15 minutes: scaling.max of it."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "thumbnails_service_cpu" {
  display_name          = "darkroom-staging: thumbnails CPU"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: thumbnails CPU"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/container/cpu/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.thumbnails.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0.8
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_MEAN"
        group_by_fields      = ["resource.label.service_name"]
      }
    }
  }

  documentation {
    content   = "thumbnails has used more than 80% of its CPU for 15 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "thumbnails_service_memory" {
  display_name          = "darkroom-staging: thumbnails memory"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: thumbnails memory"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/container/memory/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.thumbnails.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0.9
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_PERCENTILE_95"
        group_by_fields      = ["resource.label.service_name"]
      }
    }
  }

  documentation {
    content   = "thumbnails has used more than 90% of its memory for 15 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "thumbnails_service_not_ready" {
  display_name          = "darkroom-staging: thumbnails not deployed"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: thumbnails not deployed"

    condition_threshold {
      filter          = "metric.type = \"logging.googleapis.com/log_entry_count\" AND resource.type = \"cloud_run_revision\" AND metric.labels.log = \"cloudaudit.googleapis.com/system_event\" AND metric.labels.severity = \"ERROR\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.thumbnails.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = []
      }
    }
  }

  documentation {
    content   = "A new revision of thumbnails did not become ready. The one before it still runs."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "thumbnails_function_errors" {
  display_name          = "darkroom-staging: function thumbnails fails"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: function thumbnails fails"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/request_count\" AND resource.type = \"cloud_run_revision\" AND metric.labels.response_code_class = \"5xx\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.thumbnails.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = []
      }
    }
  }

  documentation {
    content   = "Function thumbnails has failed for 15 minutes: a crash, a timeout, or an event that it refused."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "thumbnails_function_turned_away" {
  display_name          = "darkroom-staging: function thumbnails is busy"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: function thumbnails is busy"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/request_count\" AND resource.type = \"cloud_run_revision\" AND metric.labels.response_code = \"429\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.thumbnails.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = []
      }
    }
  }

  documentation {
    content   = "More is asked of function thumbnails than its instances do at once, for 15 minutes: scaling.max of it."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "thumbnails_objects_queue_dead_letters" {
  display_name          = "darkroom-staging: queue thumbnails-objects dead letters"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: queue thumbnails-objects dead letters"

    condition_threshold {
      filter          = "metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\" AND resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.thumbnails_objects_dead_letter.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_MAX"
      }
    }
  }

  documentation {
    content   = "Messages of thumbnails-objects failed 5 times: see darkroom-staging-thumbnails-objects-dead-letter."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "thumbnails_objects_queue_age" {
  display_name          = "darkroom-staging: queue thumbnails-objects age"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: queue thumbnails-objects age"

    condition_threshold {
      filter          = "metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.thumbnails_objects.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 3600
      duration        = "900s"

      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_MAX"
      }
    }
  }

  documentation {
    content   = "A message of thumbnails-objects has waited for more than 60 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "index_service_cpu" {
  display_name          = "darkroom-staging: index CPU"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: index CPU"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/container/cpu/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.index.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0.8
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_MEAN"
        group_by_fields      = ["resource.label.service_name"]
      }
    }
  }

  documentation {
    content   = "index has used more than 80% of its CPU for 15 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "index_service_memory" {
  display_name          = "darkroom-staging: index memory"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: index memory"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/container/memory/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.index.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0.9
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_PERCENTILE_95"
        group_by_fields      = ["resource.label.service_name"]
      }
    }
  }

  documentation {
    content   = "index has used more than 90% of its memory for 15 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "index_service_not_ready" {
  display_name          = "darkroom-staging: index not deployed"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: index not deployed"

    condition_threshold {
      filter          = "metric.type = \"logging.googleapis.com/log_entry_count\" AND resource.type = \"cloud_run_revision\" AND metric.labels.log = \"cloudaudit.googleapis.com/system_event\" AND metric.labels.severity = \"ERROR\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.index.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = []
      }
    }
  }

  documentation {
    content   = "A new revision of index did not become ready. The one before it still runs."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "index_function_errors" {
  display_name          = "darkroom-staging: function index fails"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: function index fails"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/request_count\" AND resource.type = \"cloud_run_revision\" AND metric.labels.response_code_class = \"5xx\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.index.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = []
      }
    }
  }

  documentation {
    content   = "Function index has failed for 15 minutes: a crash, a timeout, or an event that it refused."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "index_function_turned_away" {
  display_name          = "darkroom-staging: function index is busy"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: function index is busy"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/request_count\" AND resource.type = \"cloud_run_revision\" AND metric.labels.response_code = \"429\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.index.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = []
      }
    }
  }

  documentation {
    content   = "More is asked of function index than its instances do at once, for 15 minutes: scaling.max of it."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "index_objects_queue_dead_letters" {
  display_name          = "darkroom-staging: queue index-objects dead letters"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: queue index-objects dead letters"

    condition_threshold {
      filter          = "metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\" AND resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.index_objects_dead_letter.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_MAX"
      }
    }
  }

  documentation {
    content   = "Messages of index-objects failed 5 times: see darkroom-staging-index-objects-dead-letter."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "index_objects_queue_age" {
  display_name          = "darkroom-staging: queue index-objects age"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: queue index-objects age"

    condition_threshold {
      filter          = "metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.index_objects.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 3600
      duration        = "900s"

      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_MAX"
      }
    }
  }

  documentation {
    content   = "A message of index-objects has waited for more than 60 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "nightly_service_cpu" {
  display_name          = "darkroom-staging: nightly CPU"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: nightly CPU"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/container/cpu/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.nightly.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0.8
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_MEAN"
        group_by_fields      = ["resource.label.service_name"]
      }
    }
  }

  documentation {
    content   = "nightly has used more than 80% of its CPU for 15 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "nightly_service_memory" {
  display_name          = "darkroom-staging: nightly memory"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: nightly memory"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/container/memory/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.nightly.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0.9
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_PERCENTILE_95"
        group_by_fields      = ["resource.label.service_name"]
      }
    }
  }

  documentation {
    content   = "nightly has used more than 90% of its memory for 15 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "nightly_service_not_ready" {
  display_name          = "darkroom-staging: nightly not deployed"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: nightly not deployed"

    condition_threshold {
      filter          = "metric.type = \"logging.googleapis.com/log_entry_count\" AND resource.type = \"cloud_run_revision\" AND metric.labels.log = \"cloudaudit.googleapis.com/system_event\" AND metric.labels.severity = \"ERROR\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.nightly.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = []
      }
    }
  }

  documentation {
    content   = "A new revision of nightly did not become ready. The one before it still runs."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "nightly_function_errors" {
  display_name          = "darkroom-staging: function nightly fails"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: function nightly fails"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/request_count\" AND resource.type = \"cloud_run_revision\" AND metric.labels.response_code_class = \"5xx\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.nightly.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = []
      }
    }
  }

  documentation {
    content   = "Function nightly has failed for 15 minutes: a crash, a timeout, or an event that it refused."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "nightly_function_turned_away" {
  display_name          = "darkroom-staging: function nightly is busy"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: function nightly is busy"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/request_count\" AND resource.type = \"cloud_run_revision\" AND metric.labels.response_code = \"429\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.nightly.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = []
      }
    }
  }

  documentation {
    content   = "More is asked of function nightly than its instances do at once, for 15 minutes: scaling.max of it."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "nightly_not_started" {
  display_name          = "darkroom-staging: function nightly not started"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: function nightly not started"

    condition_threshold {
      filter          = "metric.type = \"logging.googleapis.com/log_entry_count\" AND resource.type = \"cloud_scheduler_job\" AND metric.labels.severity = \"ERROR\" AND resource.labels.job_id = \"${google_cloud_scheduler_job.nightly.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = []
      }
    }
  }

  documentation {
    content   = "Cloud Scheduler could not start function nightly, or the run failed. Its log tells why."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "albums_database_cpu" {
  display_name          = "darkroom-staging: database albums cpu"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: database albums cpu"

    condition_threshold {
      filter          = "metric.type = \"cloudsql.googleapis.com/database/cpu/utilization\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-photos:${google_sql_database_instance.albums.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0.8
      duration        = "900s"

      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_MEAN"
      }
    }
  }

  documentation {
    content   = "Database albums uses more than 80% of its CPU."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "albums_database_disk" {
  display_name          = "darkroom-staging: database albums disk"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: database albums disk"

    condition_threshold {
      filter          = "metric.type = \"cloudsql.googleapis.com/database/disk/bytes_used\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-photos:${google_sql_database_instance.albums.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 171798691840
      duration        = "900s"

      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_MEAN"
      }
    }
  }

  documentation {
    content   = "Database albums has filled 80% of the 200 GiB that its disk may grow to."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "albums_database_memory" {
  display_name          = "darkroom-staging: database albums memory"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: database albums memory"

    condition_threshold {
      filter          = "metric.type = \"cloudsql.googleapis.com/database/memory/utilization\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-photos:${google_sql_database_instance.albums.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0.95
      duration        = "900s"

      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_MEAN"
      }
    }
  }

  documentation {
    content   = "Database albums uses more than 95% of its memory."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "albums_database_connections" {
  display_name          = "darkroom-staging: database albums connections"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: database albums connections"

    condition_threshold {
      filter          = "metric.type = \"cloudsql.googleapis.com/database/postgresql/num_backends\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-photos:${google_sql_database_instance.albums.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 40
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_MEAN"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = ["resource.label.database_id"]
      }
    }
  }

  documentation {
    content   = "Database albums uses more than 80% of the 50 connections that it takes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "prints_queue_dead_letters" {
  display_name          = "darkroom-staging: queue prints dead letters"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: queue prints dead letters"

    condition_threshold {
      filter          = "metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\" AND resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.prints_dead_letter.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_MAX"
      }
    }
  }

  documentation {
    content   = "Messages of prints failed 5 times: see darkroom-staging-prints-dead-letter."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "prints_queue_age" {
  display_name          = "darkroom-staging: queue prints age"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "darkroom-staging: queue prints age"

    condition_threshold {
      filter          = "metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.prints.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 3600
      duration        = "900s"

      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_MAX"
      }
    }
  }

  documentation {
    content   = "A message of prints has waited for more than 60 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "darkroom"
    environment  = "staging"
    "managed-by" = "terraform"
    team         = "photos"
  }

  depends_on = [time_sleep.apis]
}

# ---- Dashboard

resource "google_monitoring_dashboard" "main" {
  dashboard_json = jsonencode({
    displayName = "darkroom-staging"
    mosaicLayout = {
      columns = 48
      tiles = [
        { width = 48, height = 4, widget = { text = { content = "## Requests", format = "MARKDOWN" } } },
        {
          yPos   = 4
          width  = 16
          height = 16
          widget = {
            title = "Requests a second"
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = "metric.type = \"loadbalancing.googleapis.com/https/request_count\" AND resource.type = \"https_lb_rule\" AND resource.labels.url_map_name = \"darkroom-staging\""
                      aggregation = {
                        alignmentPeriod    = "60s"
                        perSeriesAligner   = "ALIGN_RATE"
                        crossSeriesReducer = "REDUCE_SUM"
                        groupByFields      = ["resource.label.backend_target_name"]
                      }
                    }
                  }
                  plotType = "LINE"
                },
              ]
            }
          }
        },
        {
          xPos   = 16
          yPos   = 4
          width  = 16
          height = 16
          widget = {
            title = "Errors a second"
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = "metric.type = \"loadbalancing.googleapis.com/https/request_count\" AND resource.type = \"https_lb_rule\" AND resource.labels.url_map_name = \"darkroom-staging\" AND metric.labels.response_code_class = 500"
                      aggregation = {
                        alignmentPeriod    = "60s"
                        perSeriesAligner   = "ALIGN_RATE"
                        crossSeriesReducer = "REDUCE_SUM"
                      }
                    }
                  }
                  plotType       = "LINE"
                  legendTemplate = "5xx"
                },
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = "metric.type = \"loadbalancing.googleapis.com/https/request_count\" AND resource.type = \"https_lb_rule\" AND resource.labels.url_map_name = \"darkroom-staging\" AND metric.labels.response_code_class = 400"
                      aggregation = {
                        alignmentPeriod    = "60s"
                        perSeriesAligner   = "ALIGN_RATE"
                        crossSeriesReducer = "REDUCE_SUM"
                      }
                    }
                  }
                  plotType       = "LINE"
                  legendTemplate = "4xx"
                },
              ]
            }
          }
        },
        {
          xPos   = 32
          yPos   = 4
          width  = 16
          height = 16
          widget = {
            title = "Response time, milliseconds"
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = "metric.type = \"loadbalancing.googleapis.com/https/backend_latencies\" AND resource.type = \"https_lb_rule\" AND resource.labels.url_map_name = \"darkroom-staging\""
                      aggregation = {
                        alignmentPeriod    = "60s"
                        perSeriesAligner   = "ALIGN_DELTA"
                        crossSeriesReducer = "REDUCE_PERCENTILE_50"
                        groupByFields      = ["resource.label.backend_target_name"]
                      }
                    }
                  }
                  plotType       = "LINE"
                  legendTemplate = "p50"
                },
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = "metric.type = \"loadbalancing.googleapis.com/https/backend_latencies\" AND resource.type = \"https_lb_rule\" AND resource.labels.url_map_name = \"darkroom-staging\""
                      aggregation = {
                        alignmentPeriod    = "60s"
                        perSeriesAligner   = "ALIGN_DELTA"
                        crossSeriesReducer = "REDUCE_PERCENTILE_95"
                        groupByFields      = ["resource.label.backend_target_name"]
                      }
                    }
                  }
                  plotType       = "LINE"
                  legendTemplate = "p95"
                },
              ]
            }
          }
        },
        { yPos = 20, width = 48, height = 4, widget = { text = { content = "## Functions", format = "MARKDOWN" } } },
        {
          yPos   = 24
          width  = 16
          height = 16
          widget = {
            title = "Instances"
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = "metric.type = \"run.googleapis.com/container/instance_count\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = one_of(\"darkroom-staging-web\", \"darkroom-staging-nightly\", \"darkroom-staging-printer\", \"darkroom-staging-thumbnails\", \"darkroom-staging-index\")"
                      aggregation = {
                        alignmentPeriod    = "60s"
                        perSeriesAligner   = "ALIGN_MAX"
                        crossSeriesReducer = "REDUCE_SUM"
                        groupByFields      = ["resource.label.service_name"]
                      }
                    }
                  }
                  plotType = "LINE"
                },
              ]
            }
          }
        },
        {
          xPos   = 16
          yPos   = 24
          width  = 16
          height = 16
          widget = {
            title = "CPU, share in use"
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = "metric.type = \"run.googleapis.com/container/cpu/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = one_of(\"darkroom-staging-web\", \"darkroom-staging-nightly\", \"darkroom-staging-printer\", \"darkroom-staging-thumbnails\", \"darkroom-staging-index\")"
                      aggregation = {
                        alignmentPeriod    = "60s"
                        perSeriesAligner   = "ALIGN_DELTA"
                        crossSeriesReducer = "REDUCE_MEAN"
                        groupByFields      = ["resource.label.service_name"]
                      }
                    }
                  }
                  plotType = "LINE"
                },
              ]
            }
          }
        },
        {
          xPos   = 32
          yPos   = 24
          width  = 16
          height = 16
          widget = {
            title = "Memory, share in use"
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = "metric.type = \"run.googleapis.com/container/memory/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = one_of(\"darkroom-staging-web\", \"darkroom-staging-nightly\", \"darkroom-staging-printer\", \"darkroom-staging-thumbnails\", \"darkroom-staging-index\")"
                      aggregation = {
                        alignmentPeriod    = "60s"
                        perSeriesAligner   = "ALIGN_DELTA"
                        crossSeriesReducer = "REDUCE_PERCENTILE_95"
                        groupByFields      = ["resource.label.service_name"]
                      }
                    }
                  }
                  plotType = "LINE"
                },
              ]
            }
          }
        },
        {
          yPos   = 40
          width  = 16
          height = 16
          widget = {
            title = "Duration, ms"
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = "metric.type = \"run.googleapis.com/request_latencies\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = one_of(\"darkroom-staging-web\", \"darkroom-staging-nightly\", \"darkroom-staging-printer\", \"darkroom-staging-thumbnails\", \"darkroom-staging-index\")"
                      aggregation = {
                        alignmentPeriod    = "60s"
                        perSeriesAligner   = "ALIGN_DELTA"
                        crossSeriesReducer = "REDUCE_PERCENTILE_95"
                        groupByFields      = ["resource.label.service_name"]
                      }
                    }
                  }
                  plotType = "LINE"
                },
              ]
            }
          }
        },
        {
          xPos   = 16
          yPos   = 40
          width  = 16
          height = 16
          widget = {
            title = "Answers"
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = "metric.type = \"run.googleapis.com/request_count\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = one_of(\"darkroom-staging-web\", \"darkroom-staging-nightly\", \"darkroom-staging-printer\", \"darkroom-staging-thumbnails\", \"darkroom-staging-index\")"
                      aggregation = {
                        alignmentPeriod    = "60s"
                        perSeriesAligner   = "ALIGN_DELTA"
                        crossSeriesReducer = "REDUCE_SUM"
                        groupByFields      = ["resource.label.service_name", "metric.label.response_code_class"]
                      }
                    }
                  }
                  plotType = "LINE"
                },
              ]
            }
          }
        },
        { yPos = 56, width = 48, height = 4, widget = { text = { content = "## albums", format = "MARKDOWN" } } },
        {
          yPos   = 60
          width  = 16
          height = 16
          widget = {
            title = "Database albums uses more than 80% of its CPU."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter      = "metric.type = \"cloudsql.googleapis.com/database/cpu/utilization\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-photos:${google_sql_database_instance.albums.name}\""
                      aggregation = { alignmentPeriod = "60s", perSeriesAligner = "ALIGN_MEAN" }
                    }
                  }
                  plotType = "LINE"
                },
              ]
              thresholds = [{ label = "Alarm", value = 0.8 }]
            }
          }
        },
        {
          xPos   = 16
          yPos   = 60
          width  = 16
          height = 16
          widget = {
            title = "Database albums has filled 80% of the 200 GiB that its disk may grow to."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter      = "metric.type = \"cloudsql.googleapis.com/database/disk/bytes_used\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-photos:${google_sql_database_instance.albums.name}\""
                      aggregation = { alignmentPeriod = "60s", perSeriesAligner = "ALIGN_MEAN" }
                    }
                  }
                  plotType = "LINE"
                },
              ]
              thresholds = [{ label = "Alarm", value = 171798691840 }]
            }
          }
        },
        {
          xPos   = 32
          yPos   = 60
          width  = 16
          height = 16
          widget = {
            title = "Database albums uses more than 95% of its memory."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter      = "metric.type = \"cloudsql.googleapis.com/database/memory/utilization\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-photos:${google_sql_database_instance.albums.name}\""
                      aggregation = { alignmentPeriod = "60s", perSeriesAligner = "ALIGN_MEAN" }
                    }
                  }
                  plotType = "LINE"
                },
              ]
              thresholds = [{ label = "Alarm", value = 0.95 }]
            }
          }
        },
        {
          yPos   = 76
          width  = 16
          height = 16
          widget = {
            title = "Database albums uses more than 80% of the 50 connections that it takes."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = "metric.type = \"cloudsql.googleapis.com/database/postgresql/num_backends\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-photos:${google_sql_database_instance.albums.name}\""
                      aggregation = {
                        alignmentPeriod    = "60s"
                        perSeriesAligner   = "ALIGN_MEAN"
                        crossSeriesReducer = "REDUCE_SUM"
                        groupByFields      = ["resource.label.database_id"]
                      }
                    }
                  }
                  plotType = "LINE"
                },
              ]
              thresholds = [{ label = "Alarm", value = 40 }]
            }
          }
        },
        { yPos = 92, width = 48, height = 4, widget = { text = { content = "## prints", format = "MARKDOWN" } } },
        {
          yPos   = 96
          width  = 16
          height = 16
          widget = {
            title = "Messages of prints failed 5 times: see darkroom-staging-prints-dead-letter."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter      = "metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\" AND resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.prints_dead_letter.name}\""
                      aggregation = { alignmentPeriod = "60s", perSeriesAligner = "ALIGN_MAX" }
                    }
                  }
                  plotType = "LINE"
                },
              ]
            }
          }
        },
        {
          xPos   = 16
          yPos   = 96
          width  = 16
          height = 16
          widget = {
            title = "A message of prints has waited for more than 60 minutes."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter      = "metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.prints.name}\""
                      aggregation = { alignmentPeriod = "60s", perSeriesAligner = "ALIGN_MAX" }
                    }
                  }
                  plotType = "LINE"
                },
              ]
              thresholds = [{ label = "Alarm", value = 3600 }]
            }
          }
        },
      ]
    }
  })

  depends_on = [time_sleep.apis]
}

# ---- Logs: kept as long as the spec says, in a bucket of their own

resource "google_logging_project_bucket_config" "main" {
  project        = "acme-photos"
  location       = "europe-west1"
  bucket_id      = "darkroom-staging"
  retention_days = 365

  cmek_settings {
    kms_key_name = google_kms_crypto_key.main.id
  }

  # Kept in the state, so that it holds even after this block is removed.
  deletion_policy = "DELETE"

  depends_on = [time_sleep.key]
}

resource "google_logging_project_sink" "main" {
  name                   = "darkroom-staging"
  destination            = "logging.googleapis.com/${google_logging_project_bucket_config.main.id}"
  filter                 = "(resource.type = \"cloud_run_revision\" AND resource.labels.service_name = (\"darkroom-staging-web\" OR \"darkroom-staging-nightly\" OR \"darkroom-staging-printer\" OR \"darkroom-staging-thumbnails\" OR \"darkroom-staging-index\")) OR (resource.type = \"cloud_scheduler_job\" AND resource.labels.job_id = (\"darkroom-staging-nightly\")) OR (resource.type = \"http_load_balancer\" AND resource.labels.url_map_name = (\"darkroom-staging\")) OR (resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-photos:darkroom-staging-albums-${random_id.albums.hex}\") OR (resource.type = \"gce_subnetwork\" AND resource.labels.subnetwork_name = \"${google_compute_subnetwork.main.name}\") OR (resource.type = \"nat_gateway\" AND resource.labels.gateway_name = \"${google_compute_router_nat.main.name}\")"
  unique_writer_identity = true
}

# Keeps the same logs out of the project's default bucket.
resource "google_logging_project_exclusion" "main" {
  name   = "darkroom-staging"
  filter = google_logging_project_sink.main.filter
}
