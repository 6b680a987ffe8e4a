"""Machines that start for real."""
