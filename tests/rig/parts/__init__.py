"""Parts of a stack for unit tests, made from a short spec."""
