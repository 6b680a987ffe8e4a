"""What containers connect to, one module a kind."""
