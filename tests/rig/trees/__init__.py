"""Rendering, and reading what was rendered: golden trees, examples, HCL."""
