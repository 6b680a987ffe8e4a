"""A small shop: orders in Postgres, invoices in a bucket."""
