# The database: settings and the digest ledger. Two zones, daily backups, and any moment of the last week can be restored.
resource "google_sql_database_instance" "lambo" {
  name                = "lambo"
  region              = var.region
  database_version    = "POSTGRES_17"
  deletion_protection = var.deletion_protection
  depends_on          = [google_service_networking_connection.managed]

  settings {
    tier              = var.database_tier
    edition           = "ENTERPRISE"
    availability_type = "REGIONAL"
    disk_autoresize   = true

    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
      transaction_log_retention_days = 7
    }

    ip_configuration {
      ipv4_enabled    = false
      private_network = google_compute_network.lambo.id
      ssl_mode        = "ENCRYPTED_ONLY"
    }

    maintenance_window {
      day  = 7
      hour = 4
    }
  }
}

resource "google_sql_database" "lambo" {
  name     = "lambo"
  instance = google_sql_database_instance.lambo.name
}

resource "random_password" "database" {
  length  = 40
  special = false
}

resource "google_sql_user" "lambo" {
  name     = "lambo"
  instance = google_sql_database_instance.lambo.name
  password = random_password.database.result
}

# What processes share: answers, call budgets, the digest queue. Losing it costs time, never truth.
resource "google_redis_instance" "lambo" {
  name                    = "lambo"
  region                  = var.region
  tier                    = "STANDARD_HA"
  memory_size_gb          = var.redis_memory_gb
  redis_version           = "REDIS_7_2"
  authorized_network      = google_compute_network.lambo.id
  connect_mode            = "PRIVATE_SERVICE_ACCESS"
  auth_enabled            = true
  transit_encryption_mode = "DISABLED"
  redis_configs           = { "maxmemory-policy" = "noeviction" }
  depends_on              = [google_service_networking_connection.managed]
}
