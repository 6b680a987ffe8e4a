"""Rules for Google Cloud, and what they must catch."""
