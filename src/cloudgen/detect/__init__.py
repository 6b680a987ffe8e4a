"""Reads a Python application, so that `cloudgen init` can write a spec for it. Nothing of the application is run.

What a repository states about its own processes (`stated/`: Dockerfile, Procfile, compose, ...) is believed before what
its source code suggests (`code/`); `metadata/` reads packages, locks and versions. `reading` puts it together.
"""
