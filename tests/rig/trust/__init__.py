"""Harnesses that attack cloudgen, each for as many cases as it is asked for. `python -m rig.trust` runs them all."""
