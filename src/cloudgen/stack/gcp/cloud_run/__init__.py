"""Cloud Run: what the platforms have in common that run containers on it, always or while something comes."""
