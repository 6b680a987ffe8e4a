"""The facts on Google Cloud."""
