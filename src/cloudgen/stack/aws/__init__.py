"""The stack of a deployment on AWS: every decision, from names and sizes to grants and order."""
