"""Deliberate defects: each one is put into a template, and a check that every tree goes through must catch it."""
