output "address" {
  description = "IP address that the domain's A record must point to."
  value       = google_compute_global_address.lambo.address
}

output "interactions_endpoint" {
  description = "What to enter as Interactions Endpoint URL in Discord's developer portal."
  value       = "https://${var.domain}/interactions"
}

output "github_secrets" {
  description = "What the workflow wants as repository secrets."
  value = {
    GCP_PROJECT                    = var.project
    GCP_REGION                     = var.region
    GCP_WORKLOAD_IDENTITY_PROVIDER = google_iam_workload_identity_pool_provider.github.name
    GCP_PUSHER                     = google_service_account.pusher.email
    GCP_DEPLOYER                   = google_service_account.deployer.email
    LAMBO_URL                      = "https://${var.domain}"
  }
}
