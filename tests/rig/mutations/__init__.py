"""Mutations: each puts one mistake into a template, and a check that every tree goes through must catch it."""
