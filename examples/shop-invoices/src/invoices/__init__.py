"""Renders the invoices of the shop, one for each order that arrives in a bucket."""
