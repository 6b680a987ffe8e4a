"""The real hashicorp/aws provider: found, kept running, and asked for no more than a tree needs."""
