"""Short links: rows in Postgres, visits counted in Valkey."""
