"""What the source code says, read as a syntax tree."""
