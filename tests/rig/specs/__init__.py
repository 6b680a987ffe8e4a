"""Specs that tests make up."""
