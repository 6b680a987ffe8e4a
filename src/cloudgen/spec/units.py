"""The units that values of the spec are held in, in multiples: durations in seconds, memory and disks in MiB."""

DAY = 86400
"""Seconds."""
GIB = 1024
"""MiB."""
