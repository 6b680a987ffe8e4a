"""The public entrance on AWS: the load balancer and the domain."""
