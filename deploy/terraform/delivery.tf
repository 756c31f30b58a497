resource "google_artifact_registry_repository" "lambo" {
  repository_id = "lambo"
  location      = var.region
  format        = "DOCKER"
  depends_on    = [google_project_service.needed]

  cleanup_policies {
    id     = "keep-the-last-twenty"
    action = "KEEP"
    most_recent_versions {
      keep_count = 20
    }
  }
  cleanup_policies {
    id     = "delete-after-ninety-days"
    action = "DELETE"
    condition {
      older_than = "7776000s"
    }
  }
}

# The bot itself: reads its secrets, and nothing else.
resource "google_service_account" "bot" {
  account_id   = "lambo-bot"
  display_name = "What the bot runs as"
}

# The workflow: one identity pushes images, another deploys them; neither has a key.
resource "google_service_account" "pusher" {
  account_id   = "lambo-pusher"
  display_name = "Workflow: pushes images"
}

resource "google_service_account" "deployer" {
  account_id   = "lambo-deployer"
  display_name = "Workflow: deploys revisions"
}

resource "google_artifact_registry_repository_iam_member" "pusher_writes" {
  repository = google_artifact_registry_repository.lambo.name
  location   = var.region
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.pusher.member
}

resource "google_artifact_registry_repository_iam_member" "deployer_reads" {
  repository = google_artifact_registry_repository.lambo.name
  location   = var.region
  role       = "roles/artifactregistry.reader"
  member     = google_service_account.deployer.member
}

resource "google_cloud_run_v2_service_iam_member" "deployer_deploys" {
  for_each = google_cloud_run_v2_service.lambo
  name     = each.value.name
  location = var.region
  role     = "roles/run.developer"
  member   = google_service_account.deployer.member
}

resource "google_service_account_iam_member" "deployer_acts_as_bot" {
  service_account_id = google_service_account.bot.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.deployer.member
}

resource "google_iam_workload_identity_pool" "github" {
  workload_identity_pool_id = "github"
  depends_on                = [google_project_service.needed]
}

resource "google_iam_workload_identity_pool_provider" "github" {
  workload_identity_pool_id          = google_iam_workload_identity_pool.github.workload_identity_pool_id
  workload_identity_pool_provider_id = "github"
  attribute_mapping = {
    "google.subject"       = "assertion.sub"
    "attribute.repository" = "assertion.repository"
    "attribute.ref"        = "assertion.ref"
  }
  # Only this repository's main branch.
  attribute_condition = "assertion.repository == '${var.github_repository}' && assertion.ref == 'refs/heads/main'"
  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

resource "google_service_account_iam_member" "github_is" {
  for_each           = { pusher = google_service_account.pusher.name, deployer = google_service_account.deployer.name }
  service_account_id = each.value
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.github.name}/attribute.repository/${var.github_repository}"
}
