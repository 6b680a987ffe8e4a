"""Reads a Python application, so that `cloudgen init` can write a spec for it. Nothing of the application is run."""
