locals {
  # Put in by hand, so that no state and no variable file ever holds them:
  #   printf %s "$TOKEN" | gcloud secrets versions add lambo-discord-token --data-file=-
  given_secrets = {
    DISCORD_TOKEN     = "lambo-discord-token"
    COINGECKO_API_KEY = "lambo-coingecko-api-key"
  }
  made_secrets = {
    DATABASE_URL = "postgres://lambo:${random_password.database.result}@${google_sql_database_instance.lambo.private_ip_address}:5432/lambo?sslmode=no-verify"
    REDIS_URL    = "redis://:${google_redis_instance.lambo.auth_string}@${google_redis_instance.lambo.host}:${google_redis_instance.lambo.port}"
  }
}

resource "google_secret_manager_secret" "given" {
  for_each  = local.given_secrets
  secret_id = each.value
  replication {
    auto {}
  }
  depends_on = [google_project_service.needed]
}

resource "google_secret_manager_secret" "made" {
  for_each  = toset(["DATABASE_URL", "REDIS_URL"])
  secret_id = "lambo-${lower(replace(each.key, "_", "-"))}"
  replication {
    auto {}
  }
  depends_on = [google_project_service.needed]
}

resource "google_secret_manager_secret_version" "made" {
  for_each    = google_secret_manager_secret.made
  secret      = each.value.id
  secret_data = local.made_secrets[each.key]
}

locals {
  secret_ids = merge(
    { for name, secret in google_secret_manager_secret.given : name => secret.secret_id },
    { for name, secret in google_secret_manager_secret.made : name => secret.secret_id },
  )
}

resource "google_secret_manager_secret_iam_member" "bot_reads" {
  for_each  = local.secret_ids
  secret_id = each.value
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.bot.member
}
