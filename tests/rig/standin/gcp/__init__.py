"""What the stand-in for hashicorp/google knows: computed values, and the rules of the servers."""
