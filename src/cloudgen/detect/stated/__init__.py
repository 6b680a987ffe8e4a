"""What a repository states about its own processes."""
