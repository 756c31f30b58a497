# Database and Redis have private addresses only; the services reach them over this network.
resource "google_compute_network" "lambo" {
  name                    = "lambo"
  auto_create_subnetworks = false
  depends_on              = [google_project_service.needed]
}

resource "google_compute_subnetwork" "services" {
  name                     = "lambo-services"
  network                  = google_compute_network.lambo.id
  region                   = var.region
  ip_cidr_range            = "10.10.0.0/24"
  private_ip_google_access = true
}

resource "google_compute_global_address" "managed" {
  name          = "lambo-managed"
  network       = google_compute_network.lambo.id
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  prefix_length = 20
}

resource "google_service_networking_connection" "managed" {
  network                 = google_compute_network.lambo.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.managed.name]
}
