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

# A request from several regions of the world, every minute.
resource "google_monitoring_uptime_check_config" "main" {
  display_name = "wiki-staging"
  timeout      = "10s"
  period       = "60s"

  http_check {
    path         = "/up"
    port         = 443
    use_ssl      = true
    validate_ssl = true
  }

  monitored_resource {
    type = "uptime_url"

    labels = {
      project_id = "acme-shop"
      host       = "example.org"
    }
  }

  user_labels = {
    application  = "wiki"
    environment  = "staging"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]

  # Another host needs another check. The alert policy is changed before the old check is deleted.
  lifecycle {
    create_before_destroy = true
  }
}

# ---- Alert policies

resource "google_monitoring_alert_policy" "error_rate" {
  display_name          = "wiki-staging: server errors"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "wiki-staging: server errors"

    # The metric exists once there was a first request.
    condition_prometheus_query_language {
      query                     = "sum(rate(loadbalancing_googleapis_com:https_request_count{monitored_resource=\"https_lb_rule\",url_map_name=\"wiki-staging\",response_code_class=\"500\"}[5m])) / sum(rate(loadbalancing_googleapis_com:https_request_count{monitored_resource=\"https_lb_rule\",url_map_name=\"wiki-staging\"}[5m])) > 0.01 and sum(increase(loadbalancing_googleapis_com:https_request_count{monitored_resource=\"https_lb_rule\",url_map_name=\"wiki-staging\",response_code_class=\"500\"}[5m])) >= 5"
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
    application  = "wiki"
    environment  = "staging"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "web_service_latency" {
  display_name          = "wiki-staging: web is slow"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "wiki-staging: web is slow"

    condition_threshold {
      filter          = "metric.type = \"loadbalancing.googleapis.com/https/backend_latencies\" AND resource.type = \"https_lb_rule\" AND resource.labels.backend_target_name = \"wiki-staging-web\""
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
    application  = "wiki"
    environment  = "staging"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "uptime" {
  display_name          = "wiki-staging: cannot be reached"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "wiki-staging: cannot be reached"

    condition_threshold {
      filter          = "metric.type = \"monitoring.googleapis.com/uptime_check/check_passed\" AND resource.type = \"uptime_url\" AND metric.labels.check_id = \"${google_monitoring_uptime_check_config.main.uptime_check_id}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 1
      duration        = "60s"

      aggregations {
        alignment_period     = "1200s"
        per_series_aligner   = "ALIGN_NEXT_OLDER"
        cross_series_reducer = "REDUCE_COUNT_FALSE"
        group_by_fields      = ["resource.label.host"]
      }
    }
  }

  documentation {
    content   = "The application does not answer requests from several places of the world."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "wiki"
    environment  = "staging"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "certificate" {
  display_name          = "wiki-staging: certificate ends soon"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "wiki-staging: certificate ends soon"

    condition_threshold {
      filter          = "metric.type = \"monitoring.googleapis.com/uptime_check/time_until_ssl_cert_expires\" AND resource.type = \"uptime_url\" AND metric.labels.check_id = \"${google_monitoring_uptime_check_config.main.uptime_check_id}\""
      comparison      = "COMPARISON_LT"
      threshold_value = 14
      duration        = "600s"

      aggregations {
        alignment_period     = "1200s"
        per_series_aligner   = "ALIGN_NEXT_OLDER"
        cross_series_reducer = "REDUCE_MEAN"
        group_by_fields      = ["resource.label.host"]
      }
    }
  }

  documentation {
    content   = "The certificate ends in less than 14 days and was not renewed. Look at the DNS record that proves the domain, and at CAA records of the domain."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "wiki"
    environment  = "staging"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "nat" {
  display_name          = "wiki-staging: no ports for the way out"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "wiki-staging: no ports for the way out"

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
    application  = "wiki"
    environment  = "staging"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "web_service_cpu" {
  display_name          = "wiki-staging: web CPU"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "wiki-staging: web CPU"

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
    application  = "wiki"
    environment  = "staging"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "web_service_memory" {
  display_name          = "wiki-staging: web memory"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "wiki-staging: web memory"

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
    application  = "wiki"
    environment  = "staging"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "web_service_not_ready" {
  display_name          = "wiki-staging: web not deployed"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "wiki-staging: web not deployed"

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
    application  = "wiki"
    environment  = "staging"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "pages_database_cpu" {
  display_name          = "wiki-staging: database pages cpu"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "wiki-staging: database pages cpu"

    condition_threshold {
      filter          = "metric.type = \"cloudsql.googleapis.com/database/cpu/utilization\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-shop:${google_sql_database_instance.pages.name}\""
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
    content   = "Database pages uses more than 80% of its CPU."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "wiki"
    environment  = "staging"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "pages_database_disk" {
  display_name          = "wiki-staging: database pages disk"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "wiki-staging: database pages disk"

    condition_threshold {
      filter          = "metric.type = \"cloudsql.googleapis.com/database/disk/bytes_used\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-shop:${google_sql_database_instance.pages.name}\""
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
    content   = "Database pages has filled 80% of the 200 GiB that its disk may grow to."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "wiki"
    environment  = "staging"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "pages_database_memory" {
  display_name          = "wiki-staging: database pages memory"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "wiki-staging: database pages memory"

    condition_threshold {
      filter          = "metric.type = \"cloudsql.googleapis.com/database/memory/utilization\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-shop:${google_sql_database_instance.pages.name}\""
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
    content   = "Database pages uses more than 95% of its memory."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "wiki"
    environment  = "staging"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "pages_database_connections" {
  display_name          = "wiki-staging: database pages connections"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = [google_monitoring_notification_channel.email_ops_example_com_af3c.name]

  conditions {
    display_name = "wiki-staging: database pages connections"

    condition_threshold {
      filter          = "metric.type = \"cloudsql.googleapis.com/database/network/connections\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-shop:${google_sql_database_instance.pages.name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 3200
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
    content   = "Database pages uses more than 80% of the 4000 connections that it takes."
    mime_type = "text/markdown"
  }

  # Incidents are closed after this time without a violation or without data.
  alert_strategy {
    auto_close = "1800s"
  }

  user_labels = {
    application  = "wiki"
    environment  = "staging"
    "managed-by" = "terraform"
  }

  depends_on = [time_sleep.apis]
}

# ---- Dashboard

resource "google_monitoring_dashboard" "main" {
  dashboard_json = jsonencode({
    displayName = "wiki-staging"
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
                      filter = "metric.type = \"loadbalancing.googleapis.com/https/request_count\" AND resource.type = \"https_lb_rule\" AND resource.labels.url_map_name = \"wiki-staging\""
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
                      filter = "metric.type = \"loadbalancing.googleapis.com/https/request_count\" AND resource.type = \"https_lb_rule\" AND resource.labels.url_map_name = \"wiki-staging\" AND metric.labels.response_code_class = 500"
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
                      filter = "metric.type = \"loadbalancing.googleapis.com/https/request_count\" AND resource.type = \"https_lb_rule\" AND resource.labels.url_map_name = \"wiki-staging\" AND metric.labels.response_code_class = 400"
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
                      filter = "metric.type = \"loadbalancing.googleapis.com/https/backend_latencies\" AND resource.type = \"https_lb_rule\" AND resource.labels.url_map_name = \"wiki-staging\""
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
                      filter = "metric.type = \"loadbalancing.googleapis.com/https/backend_latencies\" AND resource.type = \"https_lb_rule\" AND resource.labels.url_map_name = \"wiki-staging\""
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
                      filter = "metric.type = \"run.googleapis.com/container/instance_count\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = one_of(\"wiki-staging-web\")"
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
                      filter = "metric.type = \"run.googleapis.com/container/cpu/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = one_of(\"wiki-staging-web\")"
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
                      filter = "metric.type = \"run.googleapis.com/container/memory/utilizations\" AND resource.type = \"cloud_run_revision\" AND resource.labels.service_name = one_of(\"wiki-staging-web\")"
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
        { yPos = 40, width = 48, height = 4, widget = { text = { content = "## pages", format = "MARKDOWN" } } },
        {
          yPos   = 44
          width  = 16
          height = 16
          widget = {
            title = "Database pages uses more than 80% of its CPU."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter      = "metric.type = \"cloudsql.googleapis.com/database/cpu/utilization\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-shop:${google_sql_database_instance.pages.name}\""
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
          yPos   = 44
          width  = 16
          height = 16
          widget = {
            title = "Database pages has filled 80% of the 200 GiB that its disk may grow to."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter      = "metric.type = \"cloudsql.googleapis.com/database/disk/bytes_used\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-shop:${google_sql_database_instance.pages.name}\""
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
          yPos   = 44
          width  = 16
          height = 16
          widget = {
            title = "Database pages uses more than 95% of its memory."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter      = "metric.type = \"cloudsql.googleapis.com/database/memory/utilization\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-shop:${google_sql_database_instance.pages.name}\""
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
          yPos   = 60
          width  = 16
          height = 16
          widget = {
            title = "Database pages uses more than 80% of the 4000 connections that it takes."
            xyChart = {
              dataSets = [
                {
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = "metric.type = \"cloudsql.googleapis.com/database/network/connections\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-shop:${google_sql_database_instance.pages.name}\""
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
              thresholds = [{ label = "Alarm", value = 3200 }]
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
  bucket_id      = "wiki-staging"
  retention_days = 90

  cmek_settings {
    kms_key_name = google_kms_crypto_key.main.id
  }

  # Kept in the state, so that it holds even after this block is removed.
  deletion_policy = "DELETE"

  depends_on = [time_sleep.key]
}

resource "google_logging_project_sink" "main" {
  name                   = "wiki-staging"
  destination            = "logging.googleapis.com/${google_logging_project_bucket_config.main.id}"
  filter                 = "(resource.type = \"cloud_run_revision\" AND resource.labels.service_name = (\"wiki-staging-web\")) OR (resource.type = \"cloud_run_job\" AND resource.labels.job_name = (\"wiki-staging-web-run\")) OR (resource.type = \"http_load_balancer\" AND resource.labels.url_map_name = (\"wiki-staging\")) OR (resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"acme-shop:wiki-staging-pages-${random_id.pages.hex}\") OR (resource.type = \"gce_subnetwork\" AND resource.labels.subnetwork_name = \"${google_compute_subnetwork.main.name}\") OR (resource.type = \"nat_gateway\" AND resource.labels.gateway_name = \"${google_compute_router_nat.main.name}\")"
  unique_writer_identity = true
}

# Keeps the same logs out of the project's default bucket.
resource "google_logging_project_exclusion" "main" {
  name   = "wiki-staging"
  filter = google_logging_project_sink.main.filter
}
