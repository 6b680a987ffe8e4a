"""cloudgen: one provider-neutral YAML spec in, a Dockerfile and plain Terraform out."""

__version__ = "0.1.0"
