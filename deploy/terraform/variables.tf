variable "project" {
  description = "Id of the Google Cloud project that everything is made in."
  type        = string
}

variable "region" {
  description = "Region of everything that is not global, such as europe-west1. Choose one near most of the members."
  type        = string
  default     = "europe-west1"
}

variable "domain" {
  description = "Host name of the interactions endpoint, such as lambo.example.org; its A record must point to the output `address`."
  type        = string
}

variable "github_repository" {
  description = "owner/name of the repository whose workflow may push images and deploy. No other can."
  type        = string
}

variable "image" {
  description = "Image of the first deployment; later ones are the workflow's."
  type        = string
  default     = "us-docker.pkg.dev/cloudrun/container/hello"
}

variable "discord_public_key" {
  description = "The application's public key, 64 hexadecimal digits (General Information page of the developer portal). Not a secret."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.discord_public_key))
    error_message = "The public key has 64 hexadecimal digits."
  }
}

variable "discord_application_id" {
  description = "The application's id (General Information page of the developer portal). Not a secret."
  type        = string
}

variable "coingecko_plan" {
  description = "Plan that the CoinGecko key belongs to: demo, basic, analyst, lite or enterprise."
  type        = string
  default     = "demo"
}

variable "cors_origins" {
  description = "Web origins that may use the JSON API from a browser."
  type        = list(string)
  default     = []
}

variable "privacy_url" {
  description = "Privacy policy that /about links; empty for the one of the repository that package.json names."
  type        = string
  default     = ""
}

variable "terms_url" {
  description = "Terms of service that /about links; empty for those of the repository that package.json names."
  type        = string
  default     = ""
}

variable "support_url" {
  description = "Where people get help, such as a Discord invite; /about links it. Empty for none."
  type        = string
  default     = ""
}

variable "web_instances" {
  description = "Fewest and most answering processes. Two at the least, so that one may be lost."
  type        = object({ min = number, max = number })
  default     = { min = 2, max = 10 }
}

variable "worker_instances" {
  description = "How many processes post digests. The rate limit is shared, so that more of them are for safety, not for speed."
  type        = number
  default     = 2
}

variable "database_tier" {
  description = "Machine type of the PostgreSQL instance."
  type        = string
  default     = "db-g1-small"
}

variable "redis_memory_gb" {
  description = "Memory of the Redis instance, in GB. A cache and a queue: one is plenty."
  type        = number
  default     = 1
}

variable "requests_per_minute_per_address" {
  description = "Requests that one address may make in a minute before Cloud Armor answers 429. Discord's own come from many addresses."
  type        = number
  default     = 1200
}

variable "deletion_protection" {
  description = "False lets terraform destroy the database."
  type        = bool
  default     = true
}
