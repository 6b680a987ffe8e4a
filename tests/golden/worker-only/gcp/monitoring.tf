# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Notification channels, alert policies, the dashboard, and how long logs are kept.

# ---- Alert policies

resource "google_monitoring_alert_policy" "worker_service_cpu" {
  display_name          = "crawler-prod: worker CPU"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "crawler-prod: worker CPU"

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
    application  = "crawler"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "worker_service_memory" {
  display_name          = "crawler-prod: worker memory"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "crawler-prod: worker memory"

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
    application  = "crawler"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "worker_service_not_ready" {
  display_name          = "crawler-prod: worker not deployed"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "crawler-prod: worker not deployed"

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
    application  = "crawler"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "seeds_queue_dead_letters" {
  display_name          = "crawler-prod: queue seeds dead letters"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "crawler-prod: queue seeds dead letters"

    condition_threshold {
      filter          = "metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\" AND resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.seeds_dead_letter.name}\""
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
    content   = "Messages of seeds failed 5 times: see crawler-prod-seeds-dead-letter."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "crawler"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "seeds_queue_age" {
  display_name          = "crawler-prod: queue seeds age"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = []

  conditions {
    display_name = "crawler-prod: queue seeds age"

    condition_threshold {
      filter          = "metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.seeds.name}\""
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
    content   = "A message of seeds has waited for more than 60 minutes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "crawler"
    environment  = "production"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

# ---- Dashboard

resource "google_monitoring_dashboard" "main" {
  dashboard_json = jsonencode({
    displayName = "crawler-prod"
    mosaicLayout = {
      columns = 48
      tiles = [
        { width = 48, height = 4, widget = { text = { content = "## Worker pools", format = "MARKDOWN" } } },
        {
          yPos   = 4
          width  = 16
          height = 16
          widget = {
            title = "Instances"
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = "metric.type = \"run.googleapis.com/container/instance_count\" AND resource.type = \"cloud_run_worker_pool\" AND resource.labels.worker_pool_name = one_of(\"crawler-prod-worker\")"
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
          yPos   = 4
          width  = 16
          height = 16
          widget = {
            title = "CPU, share in use"
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = "metric.type = \"run.googleapis.com/container/cpu/utilizations\" AND resource.type = \"cloud_run_worker_pool\" AND resource.labels.worker_pool_name = one_of(\"crawler-prod-worker\")"
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
          yPos   = 4
          width  = 16
          height = 16
          widget = {
            title = "Memory, share in use"
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = "metric.type = \"run.googleapis.com/container/memory/utilizations\" AND resource.type = \"cloud_run_worker_pool\" AND resource.labels.worker_pool_name = one_of(\"crawler-prod-worker\")"
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
        { yPos = 20, width = 48, height = 4, widget = { text = { content = "## seeds", format = "MARKDOWN" } } },
        {
          yPos   = 24
          width  = 16
          height = 16
          widget = {
            title = "Messages of seeds failed 5 times: see crawler-prod-seeds-dead-letter."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter      = "metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\" AND resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.seeds_dead_letter.name}\""
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
          yPos   = 24
          width  = 16
          height = 16
          widget = {
            title = "A message of seeds has waited for more than 60 minutes."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter      = "metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.seeds.name}\""
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
  bucket_id      = "crawler-prod"
  retention_days = 365

  cmek_settings {
    kms_key_name = google_kms_crypto_key.main.id
  }

  # Kept in the state, so that it holds even after this block is removed.
  deletion_policy = "PREVENT"

  depends_on = [time_sleep.key]
}

resource "google_logging_project_sink" "main" {
  name                   = "crawler-prod"
  destination            = "logging.googleapis.com/${google_logging_project_bucket_config.main.id}"
  filter                 = "(resource.type = \"cloud_run_worker_pool\" AND resource.labels.worker_pool_name = (\"crawler-prod-worker\")) OR (resource.type = \"cloud_run_job\" AND resource.labels.job_name = (\"crawler-prod-worker-run\")) OR (resource.type = \"gce_subnetwork\" AND resource.labels.subnetwork_name = \"${google_compute_subnetwork.main.name}\")"
  unique_writer_identity = true
}

# Keeps the same logs out of the project's default bucket.
resource "google_logging_project_exclusion" "main" {
  name   = "crawler-prod"
  filter = google_logging_project_sink.main.filter
}
