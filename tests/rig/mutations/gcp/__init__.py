"""Mutations of what is rendered for Google Cloud."""
