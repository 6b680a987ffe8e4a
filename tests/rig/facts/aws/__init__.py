"""The facts on AWS."""
