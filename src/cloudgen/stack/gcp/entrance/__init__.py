"""The public entrance: load balancer and domain."""
