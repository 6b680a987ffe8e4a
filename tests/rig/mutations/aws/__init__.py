"""Mutations of what is rendered for AWS."""
