"""The command `explain`: a field of the spec (field.py), a whole spec (spec.py), and its text (table.py)."""
