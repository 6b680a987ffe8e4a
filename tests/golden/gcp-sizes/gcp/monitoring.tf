# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Notification channels, alert policies, the dashboard, and how long logs are kept.

# ---- Alert policies

resource "google_monitoring_alert_policy" "error_rate" {
  display_name          = "media-prod: server errors"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = []

  conditions {
    display_name = "media-prod: server errors"

    # The metric exists once there was a first request.
    condition_prometheus_query_language {
      query                     = "sum(rate(loadbalancing_googleapis_com:https_request_count{monitored_resource=\"https_lb_rule\",url_map_name=\"media-prod\",response_code_class=\"500\"}[5m])) / sum(rate(loadbalancing_googleapis_com:https_request_count{monitored_resource=\"https_lb_rule\",url_map_name=\"media-prod\"}[5m])) > 0.01 and sum(increase(loadbalancing_googleapis_com:https_request_count{monitored_resource=\"https_lb_rule\",url_map_name=\"media-prod\",response_code_class=\"500\"}[5m])) >= 5"
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
    application  = "media"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "site_service_latency" {
  display_name          = "media-prod: site is slow"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "media-prod: site is slow"

    condition_threshold {
      filter          = "metric.type = \"loadbalancing.googleapis.com/https/backend_latencies\" AND resource.type = \"https_lb_rule\" AND resource.labels.backend_target_name = \"media-prod-site\""
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
    content   = "site: 5% of requests have taken longer than 1000 ms for 15 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "media"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "site_service_cpu" {
  display_name          = "media-prod: site CPU"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "media-prod: site CPU"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/container/cpu/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.site.name}\""
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
    content   = "site has used more than 80% of its CPU for 15 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "media"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "site_service_memory" {
  display_name          = "media-prod: site memory"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "media-prod: site memory"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/container/memory/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.site.name}\""
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
    content   = "site has used more than 90% of its memory for 15 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "media"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "site_service_not_ready" {
  display_name          = "media-prod: site not deployed"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "media-prod: site not deployed"

    condition_threshold {
      filter          = "metric.type = \"logging.googleapis.com/log_entry_count\" AND resource.type = \"cloud_run_revision\" AND metric.labels.log = \"cloudaudit.googleapis.com/system_event\" AND metric.labels.severity = \"ERROR\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.site.name}\""
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
    content   = "A new revision of site did not become ready. The one before it still runs."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "media"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "encoder_service_cpu" {
  display_name          = "media-prod: encoder CPU"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "media-prod: encoder CPU"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/container/cpu/utilizations\" AND resource.type = \"cloud_run_worker_pool\" AND resource.labels.worker_pool_name = \"${google_cloud_run_v2_worker_pool.encoder.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0.8
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_MEAN"
        group_by_fields      = ["resource.label.worker_pool_name"]
      }
    }
  }

  documentation {
    content   = "encoder has used more than 80% of its CPU for 15 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "media"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "encoder_service_memory" {
  display_name          = "media-prod: encoder memory"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "media-prod: encoder memory"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/container/memory/utilizations\" AND resource.type = \"cloud_run_worker_pool\" AND resource.labels.worker_pool_name = \"${google_cloud_run_v2_worker_pool.encoder.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0.9
      duration        = "900s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_PERCENTILE_95"
        group_by_fields      = ["resource.label.worker_pool_name"]
      }
    }
  }

  documentation {
    content   = "encoder has used more than 90% of its memory for 15 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "media"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "encoder_service_not_ready" {
  display_name          = "media-prod: encoder not deployed"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "media-prod: encoder not deployed"

    condition_threshold {
      filter          = "metric.type = \"logging.googleapis.com/log_entry_count\" AND resource.type = \"cloud_run_worker_pool\" AND metric.labels.log = \"cloudaudit.googleapis.com/system_event\" AND metric.labels.severity = \"ERROR\" AND resource.labels.worker_pool_name = \"${google_cloud_run_v2_worker_pool.encoder.name}\""
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
    content   = "A new revision of encoder did not become ready. The one before it still runs."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "media"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "posters_service_cpu" {
  display_name          = "media-prod: posters CPU"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "media-prod: posters CPU"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/container/cpu/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.posters.name}\""
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
    content   = "posters has used more than 80% of its CPU for 15 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "media"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "posters_service_memory" {
  display_name          = "media-prod: posters memory"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "media-prod: posters memory"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/container/memory/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.posters.name}\""
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
    content   = "posters has used more than 90% of its memory for 15 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "media"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "posters_service_not_ready" {
  display_name          = "media-prod: posters not deployed"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "media-prod: posters not deployed"

    condition_threshold {
      filter          = "metric.type = \"logging.googleapis.com/log_entry_count\" AND resource.type = \"cloud_run_revision\" AND metric.labels.log = \"cloudaudit.googleapis.com/system_event\" AND metric.labels.severity = \"ERROR\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.posters.name}\""
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
    content   = "A new revision of posters did not become ready. The one before it still runs."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "media"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "posters_function_errors" {
  display_name          = "media-prod: function posters fails"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "media-prod: function posters fails"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/request_count\" AND resource.type = \"cloud_run_revision\" AND metric.labels.response_code_class = \"5xx\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.posters.name}\""
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
    content   = "Function posters has failed for 15 minutes: a crash, a timeout, or an event that it refused."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "media"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "posters_function_turned_away" {
  display_name          = "media-prod: function posters is busy"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "media-prod: function posters is busy"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/request_count\" AND resource.type = \"cloud_run_revision\" AND metric.labels.response_code = \"429\" AND resource.labels.service_name = \"${google_cloud_run_v2_service.posters.name}\""
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
    content   = "More is asked of function posters than its instances do at once, for 15 minutes: scaling.max of it."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "media"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "posters_objects_queue_dead_letters" {
  display_name          = "media-prod: queue posters-objects dead letters"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "media-prod: queue posters-objects dead letters"

    condition_threshold {
      filter          = "metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\" AND resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.posters_objects_dead_letter.name}\""
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
    content   = "Messages of posters-objects failed 5 times: see media-prod-posters-objects-dead-letter."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "media"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "posters_objects_queue_age" {
  display_name          = "media-prod: queue posters-objects age"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "media-prod: queue posters-objects age"

    condition_threshold {
      filter          = "metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.posters_objects.name}\""
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
    content   = "A message of posters-objects has waited for more than 60 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "media"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "report_failed" {
  display_name          = "media-prod: job report failed"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "media-prod: job report failed"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/job/completed_execution_count\" AND resource.type = \"cloud_run_job\" AND metric.labels.result = \"failed\" AND resource.labels.job_name = \"${google_cloud_run_v2_job.report.name}\""
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
    content   = "An execution of the job report ended with an error after its last attempt. Its log is in Cloud Logging."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "media"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "report_not_started" {
  display_name          = "media-prod: job report not started"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "media-prod: job report not started"

    condition_threshold {
      filter          = "metric.type = \"logging.googleapis.com/log_entry_count\" AND resource.type = \"cloud_scheduler_job\" AND metric.labels.severity = \"ERROR\" AND resource.labels.job_id = \"${google_cloud_scheduler_job.report.name}\""
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
    content   = "Cloud Scheduler could not start the job report. Its log in Cloud Logging tells why."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "media"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "cache_cache_cpu" {
  display_name          = "media-prod: cache cache cpu"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "media-prod: cache cache cpu"

    condition_threshold {
      filter          = "metric.type = \"memorystore.googleapis.com/instance/cpu/maximum_utilization\" AND resource.type = \"memorystore.googleapis.com/Instance\" AND resource.labels.instance_id = \"${google_memorystore_instance.cache.instance_id}\""
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
    content   = "A node of cache cache uses more than 80% of its CPU."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "media"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "cache_cache_memory" {
  display_name          = "media-prod: cache cache memory"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "media-prod: cache cache memory"

    condition_threshold {
      filter          = "metric.type = \"memorystore.googleapis.com/instance/memory/maximum_utilization\" AND resource.type = \"memorystore.googleapis.com/Instance\" AND resource.labels.instance_id = \"${google_memorystore_instance.cache.instance_id}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0.85
      duration        = "900s"

      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_MEAN"
      }
    }
  }

  documentation {
    content   = "A node of cache cache uses more than 85% of its memory."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "media"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "jobs_queue_dead_letters" {
  display_name          = "media-prod: queue jobs dead letters"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "media-prod: queue jobs dead letters"

    condition_threshold {
      filter          = "metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\" AND resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.jobs_dead_letter.name}\""
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
    content   = "Messages of jobs failed 10 times: see media-prod-jobs-dead-letter."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "media"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "jobs_queue_age" {
  display_name          = "media-prod: queue jobs age"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "media-prod: queue jobs age"

    condition_threshold {
      filter          = "metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.jobs.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 6000
      duration        = "900s"

      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_MAX"
      }
    }
  }

  documentation {
    content   = "A message of jobs has waited for more than 100 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "media"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

# ---- Dashboard

resource "google_monitoring_dashboard" "main" {
  dashboard_json = jsonencode({
    displayName = "media-prod"
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
                      filter = "metric.type = \"loadbalancing.googleapis.com/https/request_count\" AND resource.type = \"https_lb_rule\" AND resource.labels.url_map_name = \"media-prod\""
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
                      filter = "metric.type = \"loadbalancing.googleapis.com/https/request_count\" AND resource.type = \"https_lb_rule\" AND resource.labels.url_map_name = \"media-prod\" AND metric.labels.response_code_class = 500"
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
                      filter = "metric.type = \"loadbalancing.googleapis.com/https/request_count\" AND resource.type = \"https_lb_rule\" AND resource.labels.url_map_name = \"media-prod\" AND metric.labels.response_code_class = 400"
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
                      filter = "metric.type = \"loadbalancing.googleapis.com/https/backend_latencies\" AND resource.type = \"https_lb_rule\" AND resource.labels.url_map_name = \"media-prod\""
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
                      filter = "metric.type = \"loadbalancing.googleapis.com/https/backend_latencies\" AND resource.type = \"https_lb_rule\" AND resource.labels.url_map_name = \"media-prod\""
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
        { yPos = 20, width = 48, height = 4, widget = { text = { content = "## Services", format = "MARKDOWN" } } },
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
                      filter = "metric.type = \"run.googleapis.com/container/instance_count\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = one_of(\"media-prod-site\", \"media-prod-posters\")"
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
                      filter = "metric.type = \"run.googleapis.com/container/cpu/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = one_of(\"media-prod-site\", \"media-prod-posters\")"
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
                      filter = "metric.type = \"run.googleapis.com/container/memory/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = one_of(\"media-prod-site\", \"media-prod-posters\")"
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
          width  = 48
          height = 4
          widget = {
            text = { content = "## Worker pools", format = "MARKDOWN" }
          }
        },
        {
          yPos   = 44
          width  = 16
          height = 16
          widget = {
            title = "Instances"
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = "metric.type = \"run.googleapis.com/container/instance_count\" AND resource.type = \"cloud_run_worker_pool\" AND resource.labels.worker_pool_name = one_of(\"media-prod-encoder\")"
                      aggregation = {
                        alignmentPeriod    = "60s"
                        perSeriesAligner   = "ALIGN_MAX"
                        crossSeriesReducer = "REDUCE_SUM"
                        groupByFields      = ["resource.label.worker_pool_name"]
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
          yPos   = 44
          width  = 16
          height = 16
          widget = {
            title = "CPU, share in use"
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = "metric.type = \"run.googleapis.com/container/cpu/utilizations\" AND resource.type = \"cloud_run_worker_pool\" AND resource.labels.worker_pool_name = one_of(\"media-prod-encoder\")"
                      aggregation = {
                        alignmentPeriod    = "60s"
                        perSeriesAligner   = "ALIGN_DELTA"
                        crossSeriesReducer = "REDUCE_MEAN"
                        groupByFields      = ["resource.label.worker_pool_name"]
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
          yPos   = 44
          width  = 16
          height = 16
          widget = {
            title = "Memory, share in use"
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = "metric.type = \"run.googleapis.com/container/memory/utilizations\" AND resource.type = \"cloud_run_worker_pool\" AND resource.labels.worker_pool_name = one_of(\"media-prod-encoder\")"
                      aggregation = {
                        alignmentPeriod    = "60s"
                        perSeriesAligner   = "ALIGN_DELTA"
                        crossSeriesReducer = "REDUCE_PERCENTILE_95"
                        groupByFields      = ["resource.label.worker_pool_name"]
                      }
                    }
                  }
                  plotType = "LINE"
                },
              ]
            }
          }
        },
        { yPos = 60, width = 48, height = 4, widget = { text = { content = "## Jobs", format = "MARKDOWN" } } },
        {
          yPos   = 64
          width  = 16
          height = 16
          widget = {
            title = "Executions"
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = "metric.type = \"run.googleapis.com/job/completed_execution_count\" AND resource.type = \"cloud_run_job\" AND resource.labels.job_name = one_of(\"media-prod-report\")"
                      aggregation = {
                        alignmentPeriod    = "60s"
                        perSeriesAligner   = "ALIGN_DELTA"
                        crossSeriesReducer = "REDUCE_SUM"
                        groupByFields      = ["resource.label.job_name", "metric.label.result"]
                      }
                    }
                  }
                  plotType = "LINE"
                },
              ]
            }
          }
        },
        { yPos = 80, width = 48, height = 4, widget = { text = { content = "## cache", format = "MARKDOWN" } } },
        {
          yPos   = 84
          width  = 16
          height = 16
          widget = {
            title = "A node of cache cache uses more than 80% of its CPU."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter      = "metric.type = \"memorystore.googleapis.com/instance/cpu/maximum_utilization\" AND resource.type = \"memorystore.googleapis.com/Instance\" AND resource.labels.instance_id = \"${google_memorystore_instance.cache.instance_id}\""
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
          yPos   = 84
          width  = 16
          height = 16
          widget = {
            title = "A node of cache cache uses more than 85% of its memory."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter      = "metric.type = \"memorystore.googleapis.com/instance/memory/maximum_utilization\" AND resource.type = \"memorystore.googleapis.com/Instance\" AND resource.labels.instance_id = \"${google_memorystore_instance.cache.instance_id}\""
                      aggregation = { alignmentPeriod = "60s", perSeriesAligner = "ALIGN_MEAN" }
                    }
                  }
                  plotType = "LINE"
                },
              ]
              thresholds = [{ label = "Alarm", value = 0.85 }]
            }
          }
        },
        { yPos = 100, width = 48, height = 4, widget = { text = { content = "## jobs", format = "MARKDOWN" } } },
        {
          yPos   = 104
          width  = 16
          height = 16
          widget = {
            title = "Messages of jobs failed 10 times: see media-prod-jobs-dead-letter."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter      = "metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\" AND resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.jobs_dead_letter.name}\""
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
          yPos   = 104
          width  = 16
          height = 16
          widget = {
            title = "A message of jobs has waited for more than 100 minutes."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter      = "metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.jobs.name}\""
                      aggregation = { alignmentPeriod = "60s", perSeriesAligner = "ALIGN_MAX" }
                    }
                  }
                  plotType = "LINE"
                },
              ]
              thresholds = [{ label = "Alarm", value = 6000 }]
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
  project        = "acme-media"
  location       = "us-central1"
  bucket_id      = "media-prod"
  retention_days = 365

  cmek_settings {
    kms_key_name = google_kms_crypto_key.main.id
  }

  # Kept in the state, so that it holds even after this block is removed.
  deletion_policy = "PREVENT"

  depends_on = [time_sleep.key]
}

resource "google_logging_project_sink" "main" {
  name                   = "media-prod"
  destination            = "logging.googleapis.com/${google_logging_project_bucket_config.main.id}"
  filter                 = "(resource.type = \"cloud_run_revision\" AND resource.labels.service_name = (\"media-prod-site\" OR \"media-prod-posters\")) OR (resource.type = \"cloud_run_job\" AND resource.labels.job_name = (\"media-prod-site-run\" OR \"media-prod-encoder-run\" OR \"media-prod-report\" OR \"media-prod-posters-run\")) OR (resource.type = \"cloud_run_worker_pool\" AND resource.labels.worker_pool_name = (\"media-prod-encoder\")) OR (resource.type = \"cloud_scheduler_job\" AND resource.labels.job_id = (\"media-prod-report\")) OR (resource.type = \"http_load_balancer\" AND resource.labels.url_map_name = (\"media-prod\")) OR (resource.type = \"gce_subnetwork\" AND resource.labels.subnetwork_name = \"${google_compute_subnetwork.main.name}\")"
  unique_writer_identity = true
}

# Keeps the same logs out of the project's default bucket.
resource "google_logging_project_exclusion" "main" {
  name   = "media-prod"
  filter = google_logging_project_sink.main.filter
}
