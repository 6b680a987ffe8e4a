# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Values that must be given to Terraform.

variable "images" {
  type = object({
    web        = string
    printer    = string
    thumbnails = string
    index      = string
    nightly    = string
  })
  description = "The image of each container, as registry/repository@sha256:digest"

  validation {
    condition     = alltrue([for image in values(var.images) : can(regex("@sha256:[0-9a-f]{64}$", image))])
    error_message = "Pin every image by its digest, such as example.com/shop/web@sha256:0123…, so that a deployment runs what was tested."
  }
}

variable "secret_values" {
  type        = map(string)
  description = "The values of secrets, by name: needed when a secret is made, and when its version was raised"
  default     = {}

  # Ephemeral: the value is neither in the state nor in a plan.
  sensitive = true
  ephemeral = true

  validation {
    condition     = alltrue([for name in keys(var.secret_values) : contains(["signing-key", "printer-token"], name)])
    error_message = "Known secrets are signing-key, printer-token."
  }

  validation {
    condition     = alltrue([for value in values(var.secret_values) : length(value) > 0])
    error_message = "A secret cannot be empty."
  }
}
