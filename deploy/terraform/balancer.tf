# One global address with TLS, in front of it Cloud Armor against floods, behind it whatever processes there are.
resource "google_compute_global_address" "lambo" {
  name       = "lambo"
  depends_on = [google_project_service.needed]
}

resource "google_compute_managed_ssl_certificate" "lambo" {
  name = "lambo"
  managed {
    domains = [var.domain]
  }
}

locals {
  # The revision that is being rolled out carries this tag; only the workflow asks for it, by a header, before it gets any traffic.
  backends = { live = null, candidate = "candidate" }
}

resource "google_compute_region_network_endpoint_group" "web" {
  for_each              = local.backends
  name                  = "lambo-web-${each.key}"
  region                = var.region
  network_endpoint_type = "SERVERLESS"
  cloud_run {
    service = google_cloud_run_v2_service.lambo["web"].name
    tag     = each.value
  }
}

resource "google_compute_security_policy" "lambo" {
  name = "lambo"

  adaptive_protection_config {
    layer_7_ddos_defense_config {
      enable = true
    }
  }

  rule {
    description = "An address that asks too much is told so"
    priority    = 1000
    action      = "throttle"
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"
      rate_limit_threshold {
        count        = var.requests_per_minute_per_address
        interval_sec = 60
      }
    }
  }

  rule {
    description = "Only these are for the outside; a path that is spelled with dots is none of them"
    priority    = 900
    action      = "deny(404)"
    match {
      expr {
        expression = "!request.path.matches('^/(interactions|readyz|api/v1/[a-z_]+([.]json)?|(api/(v1/project/core/)?)?process_request|c(/[^/.][^/]*(/picture[.]png)?)?|assets/[a-z0-9.]+|robots[.]txt|sitemap[.]xml)?/?$')"
      }
    }
  }

  rule {
    description = "Everything else"
    priority    = 2147483647
    action      = "allow"
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
  }
}

resource "google_compute_backend_service" "web" {
  for_each              = local.backends
  name                  = "lambo-web-${each.key}"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  security_policy       = google_compute_security_policy.lambo.id
  backend {
    group = google_compute_region_network_endpoint_group.web[each.key].id
  }
}

resource "google_compute_url_map" "lambo" {
  name            = "lambo"
  default_service = google_compute_backend_service.web["live"].id

  host_rule {
    hosts        = [var.domain]
    path_matcher = "lambo"
  }

  path_matcher {
    name            = "lambo"
    default_service = google_compute_backend_service.web["live"].id

    route_rules {
      priority = 1
      service  = google_compute_backend_service.web["candidate"].id
      match_rules {
        full_path_match = "/readyz"
        header_matches {
          header_name = "x-lambo-revision"
          exact_match = "candidate"
        }
      }
    }
  }
}

resource "google_compute_ssl_policy" "modern" {
  name            = "lambo"
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"
}

resource "google_compute_target_https_proxy" "lambo" {
  name             = "lambo"
  url_map          = google_compute_url_map.lambo.id
  ssl_certificates = [google_compute_managed_ssl_certificate.lambo.id]
  ssl_policy       = google_compute_ssl_policy.modern.id
}

resource "google_compute_global_forwarding_rule" "https" {
  name                  = "lambo-https"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.lambo.id
  port_range            = "443"
  target                = google_compute_target_https_proxy.lambo.id
}
