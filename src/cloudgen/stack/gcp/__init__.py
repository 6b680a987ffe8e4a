"""The stack of a deployment on Google Cloud: every decision, from names and sizes to grants and order."""
