"""A board that everybody can pin notes to."""
