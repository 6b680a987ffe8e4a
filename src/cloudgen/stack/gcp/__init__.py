"""The stack of a deployment on Google Cloud. Not rendered yet: only its coordinates are known."""
