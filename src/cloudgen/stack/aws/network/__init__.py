"""The network on AWS: subnets, the way out, endpoints, and who may talk to whom."""
