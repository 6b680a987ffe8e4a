"""What tests share: finding tools, comparing golden trees, driving Terraform, an AWS emulator, a Docker engine."""
