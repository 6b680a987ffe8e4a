"""Rules for AWS, and what they must catch."""
