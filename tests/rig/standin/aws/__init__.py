"""What the stand-in for hashicorp/aws knows: computed values, and the rules of the servers."""
