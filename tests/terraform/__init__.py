"""What the rendered Terraform says to Terraform itself, to the real AWS provider, and to an emulated AWS."""
