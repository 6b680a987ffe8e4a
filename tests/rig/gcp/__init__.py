"""A fake of Google's control plane, strict about what it is sent, and lives of the real hashicorp/google on it."""
