"""cloudgen attacked: hostile values, wrong files, secrets, kills, links, races. `make trust` runs all of it in full."""
