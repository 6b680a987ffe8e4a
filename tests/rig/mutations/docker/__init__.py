"""Mutations of what is rendered for Docker."""
