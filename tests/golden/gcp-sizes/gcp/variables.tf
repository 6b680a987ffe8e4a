# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Input variables.

variable "images" {
  type = object({
    site    = string
    posters = string
  })
  description = "The image of each container, as registry/repository@sha256:digest"

  validation {
    condition     = alltrue([for image in values(var.images) : can(regex("@sha256:[0-9a-f]{64}$", image))])
    error_message = "Pin every image by its digest, such as example.com/shop/web@sha256:0123…, so that a deployment runs what was tested."
  }
}
