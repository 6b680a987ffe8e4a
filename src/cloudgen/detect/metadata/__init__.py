"""What the metadata of a project says: packages, locks, versions."""
