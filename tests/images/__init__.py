"""Tests of the rendered Dockerfiles and compose files, built and run by a real engine."""
