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
  display_name          = "shop-prod: server errors"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: server errors"

    # The metric exists once there was a first request.
    condition_prometheus_query_language {
      query                     = "sum(rate(loadbalancing_googleapis_com:https_request_count{monitored_resource=\"https_lb_rule\",url_map_name=\"shop-prod\",response_code_class=\"500\"}[5m])) / sum(rate(loadbalancing_googleapis_com:https_request_count{monitored_resource=\"https_lb_rule\",url_map_name=\"shop-prod\"}[5m])) > 0.01 and sum(increase(loadbalancing_googleapis_com:https_request_count{monitored_resource=\"https_lb_rule\",url_map_name=\"shop-prod\",response_code_class=\"500\"}[5m])) >= 5"
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
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "web_service_latency" {
  display_name          = "shop-prod: web is slow"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: web is slow"

    condition_threshold {
      filter          = "metric.type = \"loadbalancing.googleapis.com/https/backend_latencies\" AND resource.type = \"https_lb_rule\" AND resource.labels.backend_target_name = \"shop-prod-web\""
      comparison      = "COMPARISON_GT"
      threshold_value = 800
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
    content   = "web: 5% of requests have taken longer than 800 ms for 15 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "nat" {
  display_name          = "shop-prod: no ports for the way out"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: no ports for the way out"

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
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "web_service_cpu" {
  display_name          = "shop-prod: web CPU"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: web CPU"

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
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "web_service_memory" {
  display_name          = "shop-prod: web memory"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: web memory"

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
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "web_service_not_ready" {
  display_name          = "shop-prod: web not deployed"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: web not deployed"

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
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "worker_service_cpu" {
  display_name          = "shop-prod: worker CPU"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: worker CPU"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/container/cpu/utilizations\" AND resource.type = \"cloud_run_worker_pool\" AND resource.labels.worker_pool_name = \"${google_cloud_run_v2_worker_pool.worker.name}\""
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
    content   = "worker has used more than 80% of its CPU for 15 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "worker_service_memory" {
  display_name          = "shop-prod: worker memory"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: worker memory"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/container/memory/utilizations\" AND resource.type = \"cloud_run_worker_pool\" AND resource.labels.worker_pool_name = \"${google_cloud_run_v2_worker_pool.worker.name}\""
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
    content   = "worker has used more than 90% of its memory for 15 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "worker_service_not_ready" {
  display_name          = "shop-prod: worker not deployed"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: worker not deployed"

    condition_threshold {
      filter          = "metric.type = \"logging.googleapis.com/log_entry_count\" AND resource.type = \"cloud_run_worker_pool\" AND metric.labels.log = \"cloudaudit.googleapis.com/system_event\" AND metric.labels.severity = \"ERROR\" AND resource.labels.worker_pool_name = \"${google_cloud_run_v2_worker_pool.worker.name}\""
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
    content   = "A new revision of worker did not become ready. The one before it still runs."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "nightly_failed" {
  display_name          = "shop-prod: job nightly failed"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: job nightly failed"

    condition_threshold {
      filter          = "metric.type = \"run.googleapis.com/job/completed_execution_count\" AND resource.type = \"cloud_run_job\" AND metric.labels.result = \"failed\" AND resource.labels.job_name = \"${google_cloud_run_v2_job.nightly.name}\""
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
    content   = "An execution of the job nightly ended with an error after its last attempt. Its log is in Cloud Logging."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "nightly_not_started" {
  display_name          = "shop-prod: job nightly not started"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: job nightly not started"

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
    content   = "Cloud Scheduler could not start the job nightly. Its log in Cloud Logging tells why."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "orders_db_database_cpu" {
  display_name          = "shop-prod: database orders-db cpu"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: database orders-db cpu"

    condition_threshold {
      filter          = "metric.type = \"cloudsql.googleapis.com/database/cpu/utilization\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-shop:${google_sql_database_instance.orders_db.name}\""
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
    content   = "Database orders-db uses more than 80% of its CPU."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "orders_db_database_disk" {
  display_name          = "shop-prod: database orders-db disk"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: database orders-db disk"

    condition_threshold {
      filter          = "metric.type = \"cloudsql.googleapis.com/database/disk/bytes_used\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-shop:${google_sql_database_instance.orders_db.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 429496729600
      duration        = "900s"

      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_MEAN"
      }
    }
  }

  documentation {
    content   = "Database orders-db has filled 80% of the 500 GiB that its disk may grow to."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "orders_db_database_memory" {
  display_name          = "shop-prod: database orders-db memory"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: database orders-db memory"

    condition_threshold {
      filter          = "metric.type = \"cloudsql.googleapis.com/database/memory/utilization\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-shop:${google_sql_database_instance.orders_db.name}\""
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
    content   = "Database orders-db uses more than 95% of its memory."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "orders_db_database_connections" {
  display_name          = "shop-prod: database orders-db connections"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: database orders-db connections"

    condition_threshold {
      filter          = "metric.type = \"cloudsql.googleapis.com/database/postgresql/num_backends\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-shop:${google_sql_database_instance.orders_db.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 80
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
    content   = "Database orders-db uses more than 80% of the 100 connections that it takes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "sessions_cache_cpu" {
  display_name          = "shop-prod: cache sessions cpu"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: cache sessions cpu"

    condition_threshold {
      filter          = "metric.type = \"memorystore.googleapis.com/instance/cpu/maximum_utilization\" AND resource.type = \"memorystore.googleapis.com/Instance\" AND resource.labels.instance_id = \"${google_memorystore_instance.sessions.instance_id}\""
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
    content   = "A node of cache sessions uses more than 80% of its CPU."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "sessions_cache_memory" {
  display_name          = "shop-prod: cache sessions memory"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: cache sessions memory"

    condition_threshold {
      filter          = "metric.type = \"memorystore.googleapis.com/instance/memory/maximum_utilization\" AND resource.type = \"memorystore.googleapis.com/Instance\" AND resource.labels.instance_id = \"${google_memorystore_instance.sessions.instance_id}\""
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
    content   = "A node of cache sessions uses more than 85% of its memory."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "jobs_queue_dead_letters" {
  display_name          = "shop-prod: queue jobs dead letters"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: queue jobs dead letters"

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
    content   = "Messages of jobs failed 5 times: see shop-prod-jobs-dead-letter."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "jobs_queue_age" {
  display_name          = "shop-prod: queue jobs age"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "shop-prod: queue jobs age"

    condition_threshold {
      filter          = "metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.jobs.name}\""
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
    content   = "A message of jobs has waited for more than 60 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "shop"
    environment  = "production"
    "managed-by" = "terraform"
    team         = "shop"
  }

  depends_on = [time_sleep.apis]
}

# ---- Dashboard

resource "google_monitoring_dashboard" "main" {
  dashboard_json = jsonencode({
    displayName = "shop-prod"
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
                      filter = "metric.type = \"loadbalancing.googleapis.com/https/request_count\" AND resource.type = \"https_lb_rule\" AND resource.labels.url_map_name = \"shop-prod\""
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
                      filter = "metric.type = \"loadbalancing.googleapis.com/https/request_count\" AND resource.type = \"https_lb_rule\" AND resource.labels.url_map_name = \"shop-prod\" AND metric.labels.response_code_class = 500"
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
                      filter = "metric.type = \"loadbalancing.googleapis.com/https/request_count\" AND resource.type = \"https_lb_rule\" AND resource.labels.url_map_name = \"shop-prod\" AND metric.labels.response_code_class = 400"
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
                      filter = "metric.type = \"loadbalancing.googleapis.com/https/backend_latencies\" AND resource.type = \"https_lb_rule\" AND resource.labels.url_map_name = \"shop-prod\""
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
                      filter = "metric.type = \"loadbalancing.googleapis.com/https/backend_latencies\" AND resource.type = \"https_lb_rule\" AND resource.labels.url_map_name = \"shop-prod\""
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
                      filter = "metric.type = \"run.googleapis.com/container/instance_count\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = one_of(\"shop-prod-web\")"
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
                      filter = "metric.type = \"run.googleapis.com/container/cpu/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = one_of(\"shop-prod-web\")"
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
                      filter = "metric.type = \"run.googleapis.com/container/memory/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = one_of(\"shop-prod-web\")"
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
                      filter = "metric.type = \"run.googleapis.com/container/instance_count\" AND resource.type = \"cloud_run_worker_pool\" AND resource.labels.worker_pool_name = one_of(\"shop-prod-worker\")"
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
                      filter = "metric.type = \"run.googleapis.com/container/cpu/utilizations\" AND resource.type = \"cloud_run_worker_pool\" AND resource.labels.worker_pool_name = one_of(\"shop-prod-worker\")"
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
                      filter = "metric.type = \"run.googleapis.com/container/memory/utilizations\" AND resource.type = \"cloud_run_worker_pool\" AND resource.labels.worker_pool_name = one_of(\"shop-prod-worker\")"
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
                      filter = "metric.type = \"run.googleapis.com/job/completed_execution_count\" AND resource.type = \"cloud_run_job\" AND resource.labels.job_name = one_of(\"shop-prod-nightly\")"
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
        { yPos = 80, width = 48, height = 4, widget = { text = { content = "## orders-db", format = "MARKDOWN" } } },
        {
          yPos   = 84
          width  = 16
          height = 16
          widget = {
            title = "Database orders-db uses more than 80% of its CPU."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter      = "metric.type = \"cloudsql.googleapis.com/database/cpu/utilization\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-shop:${google_sql_database_instance.orders_db.name}\""
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
            title = "Database orders-db has filled 80% of the 500 GiB that its disk may grow to."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter      = "metric.type = \"cloudsql.googleapis.com/database/disk/bytes_used\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-shop:${google_sql_database_instance.orders_db.name}\""
                      aggregation = { alignmentPeriod = "60s", perSeriesAligner = "ALIGN_MEAN" }
                    }
                  }
                  plotType = "LINE"
                },
              ]
              thresholds = [{ label = "Alarm", value = 429496729600 }]
            }
          }
        },
        {
          xPos   = 32
          yPos   = 84
          width  = 16
          height = 16
          widget = {
            title = "Database orders-db uses more than 95% of its memory."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter      = "metric.type = \"cloudsql.googleapis.com/database/memory/utilization\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-shop:${google_sql_database_instance.orders_db.name}\""
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
          yPos   = 100
          width  = 16
          height = 16
          widget = {
            title = "Database orders-db uses more than 80% of the 100 connections that it takes."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = "metric.type = \"cloudsql.googleapis.com/database/postgresql/num_backends\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-shop:${google_sql_database_instance.orders_db.name}\""
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
              thresholds = [{ label = "Alarm", value = 80 }]
            }
          }
        },
        { yPos = 116, width = 48, height = 4, widget = { text = { content = "## sessions", format = "MARKDOWN" } } },
        {
          yPos   = 120
          width  = 16
          height = 16
          widget = {
            title = "A node of cache sessions uses more than 80% of its CPU."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter      = "metric.type = \"memorystore.googleapis.com/instance/cpu/maximum_utilization\" AND resource.type = \"memorystore.googleapis.com/Instance\" AND resource.labels.instance_id = \"${google_memorystore_instance.sessions.instance_id}\""
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
          yPos   = 120
          width  = 16
          height = 16
          widget = {
            title = "A node of cache sessions uses more than 85% of its memory."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter      = "metric.type = \"memorystore.googleapis.com/instance/memory/maximum_utilization\" AND resource.type = \"memorystore.googleapis.com/Instance\" AND resource.labels.instance_id = \"${google_memorystore_instance.sessions.instance_id}\""
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
        { yPos = 136, width = 48, height = 4, widget = { text = { content = "## jobs", format = "MARKDOWN" } } },
        {
          yPos   = 140
          width  = 16
          height = 16
          widget = {
            title = "Messages of jobs failed 5 times: see shop-prod-jobs-dead-letter."
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
          yPos   = 140
          width  = 16
          height = 16
          widget = {
            title = "A message of jobs has waited for more than 60 minutes."
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
  project        = "acme-shop"
  location       = "europe-west1"
  bucket_id      = "shop-prod"
  retention_days = 365

  cmek_settings {
    kms_key_name = google_kms_crypto_key.main.id
  }

  # Kept in the state, so that it holds even after this block is removed.
  deletion_policy = "PREVENT"

  depends_on = [time_sleep.key]
}

resource "google_logging_project_sink" "main" {
  name                   = "shop-prod"
  destination            = "logging.googleapis.com/${google_logging_project_bucket_config.main.id}"
  filter                 = "(resource.type = \"cloud_run_revision\" AND resource.labels.service_name = (\"shop-prod-web\")) OR (resource.type = \"cloud_run_job\" AND resource.labels.job_name = (\"shop-prod-web-run\" OR \"shop-prod-worker-run\" OR \"shop-prod-nightly\")) OR (resource.type = \"cloud_run_worker_pool\" AND resource.labels.worker_pool_name = (\"shop-prod-worker\")) OR (resource.type = \"cloud_scheduler_job\" AND resource.labels.job_id = (\"shop-prod-nightly\")) OR (resource.type = \"http_load_balancer\" AND resource.labels.url_map_name = (\"shop-prod\")) OR (resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-shop:shop-prod-orders-db-${random_id.orders_db.hex}\") OR (resource.type = \"gce_subnetwork\" AND resource.labels.subnetwork_name = \"${google_compute_subnetwork.main.name}\") OR (resource.type = \"nat_gateway\" AND resource.labels.gateway_name = \"${google_compute_router_nat.main.name}\")"
  unique_writer_identity = true
}

# Keeps the same logs out of the project's default bucket.
resource "google_logging_project_exclusion" "main" {
  name   = "shop-prod"
  filter = google_logging_project_sink.main.filter
}
