"""Platform `containers`: services, worker pools and jobs of Cloud Run."""
