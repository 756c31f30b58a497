locals {
  settings = {
    HOST                   = "0.0.0.0"
    DISCORD_PUBLIC_KEY     = var.discord_public_key
    DISCORD_APPLICATION_ID = var.discord_application_id
    COINGECKO_PLAN         = var.coingecko_plan
    CORS_ORIGINS           = join(",", var.cors_origins)
    PRIVACY_URL            = var.privacy_url
    TERMS_URL              = var.terms_url
    SUPPORT_URL            = var.support_url
    # Cloud Run hands requests over from link-local addresses; the load balancer adds its client and its own address to X-Forwarded-For.
    TRUSTED_PROXIES = join(",", ["169.254.0.0/16", "130.211.0.0/22", "35.191.0.0/16", google_compute_global_address.lambo.address])
    # Cloud Run hands on one port only: metrics are for a sidecar, and no request from outside can reach them.
    METRICS_PORT = "9464"
    # The image's file system is read-only; what little is kept beside Redis lives in memory.
    DATA_DIR = "/tmp/lambo"
  }

  services = {
    web = {
      min = var.web_instances.min
      max = var.web_instances.max
      # Only the load balancer may reach it, so that nobody goes around Cloud Armor; the deployment's probe comes that way too.
      ingress = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
    }
    worker = {
      min     = var.worker_instances
      max     = var.worker_instances
      ingress = "INGRESS_TRAFFIC_INTERNAL_ONLY"
    }
  }
}

resource "google_cloud_run_v2_service" "lambo" {
  for_each            = local.services
  name                = "lambo-${each.key}"
  location            = var.region
  ingress             = each.value.ingress
  deletion_protection = var.deletion_protection
  depends_on          = [google_secret_manager_secret_version.made, google_secret_manager_secret_iam_member.bot_reads]

  template {
    service_account                  = google_service_account.bot.email
    timeout                          = "30s"
    max_instance_request_concurrency = 80

    scaling {
      min_instance_count = each.value.min
      max_instance_count = each.value.max
    }

    vpc_access {
      egress = "PRIVATE_RANGES_ONLY"
      network_interfaces {
        network    = google_compute_network.lambo.id
        subnetwork = google_compute_subnetwork.services.id
      }
    }

    containers {
      image = var.image

      ports {
        container_port = 3000
      }

      resources {
        limits = { cpu = "1", memory = "512Mi" }
        # Answers are edited after the first response, and digests are nobody's request: the processor must not be taken away between requests.
        cpu_idle          = false
        startup_cpu_boost = true
      }

      env {
        name  = "ROLE"
        value = each.key
      }

      dynamic "env" {
        for_each = local.settings
        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = local.secret_ids
        content {
          name = env.key
          value_source {
            secret_key_ref {
              secret  = env.value
              version = "latest"
            }
          }
        }
      }

      startup_probe {
        period_seconds    = 2
        failure_threshold = 30
        http_get {
          # Whoever is started while Discord, a price source or the database is away serves what it can: /readyz says what is wrong.
          path = "/livez"
        }
      }

      liveness_probe {
        period_seconds    = 15
        failure_threshold = 4
        http_get {
          path = "/livez"
        }
      }
    }
  }

  lifecycle {
    # Image, revision and traffic are the workflow's from the second deployment on.
    ignore_changes = [template[0].containers[0].image, template[0].revision, traffic, client, client_version]
  }
}

# Discord's requests carry a signature that the bot checks, not a Google identity.
resource "google_cloud_run_v2_service_iam_member" "everybody" {
  name     = google_cloud_run_v2_service.lambo["web"].name
  location = var.region
  role     = "roles/run.invoker"
  member   = "allUsers"
}
