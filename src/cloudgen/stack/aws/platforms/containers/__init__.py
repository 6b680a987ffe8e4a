"""Platform `containers`: tasks on ECS, as services, workers and jobs."""
