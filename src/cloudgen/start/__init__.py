"""`cloudgen init`: from what was read, asked and answered to a first spec. `draft` decides, `text` writes."""
