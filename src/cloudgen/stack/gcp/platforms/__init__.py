"""What runs containers on Google Cloud, one folder a platform of the spec."""
