"""Our own rules for what scanners cannot see, and the fields of the spec that switch a protection off."""
