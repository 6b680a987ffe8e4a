"""A stand-in for provider binaries: recorded schemas, served to the real Terraform over its plugin protocol."""
