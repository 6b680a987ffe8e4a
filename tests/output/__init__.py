"""Tests of the writer: comparing, writing, and what a killed run leaves. A package, because it has a conftest."""
