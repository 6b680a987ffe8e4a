"""What Amazon's servers refuse, and hashicorp/aws lets pass until then."""
