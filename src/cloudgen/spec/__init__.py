"""The spec: what the user writes, and what is true on every cloud."""
